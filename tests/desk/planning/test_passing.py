"""A published plan says why an order could not have used the slot of a later one."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order.parts import Slot
from earnest.core.order.state import Order
from earnest.core.plan.capacity import Receipt, TakeRate
from earnest.core.queue.overtaking import Why
from earnest.core.values.instant import Window
from earnest.desk.places.ports import ServedOrder
from earnest.desk.planning.passing import PlannedReasons
from earnest.desk.planning.task import week_of
from tests.desk.planning.makers import CAPACITY, PlanningShop, day
from tests.desk.shop import PLAIN, in_shop

WITH_RIM = Configuration("s7-standard", ("paint-aqua", "wheels-20"))
NO_RIMS = msgspec.structs.replace(CAPACITY, receipts=(Receipt("rim", day(40), 9),))


def served(shop: PlanningShop, order: Order, number: int, plant: str = "north") -> ServedOrder:
    """A later rank with a slot in the week of a day."""
    slot = Slot(plant=plant, week=week_of(day(number)))
    return ServedOrder(msgspec.structs.replace(order, slot=slot), shop.clock.now())


def with_window(order: Order, number: int) -> Order:
    """The order, promised from a day on."""
    begins = order.reserved_at + timedelta(days=number)
    return msgspec.structs.replace(order, promise=Window(begins, begins + timedelta(days=7)))


def test_without_a_plan_there_is_no_reason() -> None:
    async def visit(shop: PlanningShop) -> None:
        ann, bo = [await shop.does(shop.reserve(name)) for name in ("ann", "bo")]
        assert await PlannedReasons(shop.plans).why(ann, served(shop, bo, 10)) is None

    in_shop(visit, PlanningShop())  # type: ignore[arg-type]  # this visit wants this shop


def test_a_part_that_the_other_car_did_without_is_the_reason() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build(NO_RIMS)
        ann = await shop.does(shop.reserve("ann", configuration=WITH_RIM))
        bo, cy = [await shop.does(shop.reserve(name)) for name in ("bo", "cy")]
        dee = await shop.does(shop.reserve("dee", configuration=WITH_RIM))
        await shop.planned("first")
        reasons = PlannedReasons(shop.plans)
        ann, bo = with_window(ann, 1), with_window(bo, 1)

        assert await reasons.why(ann, served(shop, cy, 10)) is Why.SCARCE
        # The control: who needs the same, or has an earlier day, has no such reason.
        assert await reasons.why(bo, served(shop, cy, 10)) is None
        assert await reasons.why(ann, served(shop, dee, 10)) is None
        assert await reasons.why(bo, served(shop, dee, 59)) is None

    in_shop(visit, PlanningShop())  # type: ignore[arg-type]  # this visit wants this shop


def test_an_option_with_a_take_rate_cap_counts_like_a_part() -> None:
    async def visit(shop: PlanningShop) -> None:
        cap = TakeRate(plant="north", line="1", option="wheels-20", cars=2, of=9)
        await shop.build(
            msgspec.structs.replace(CAPACITY, parts=(), receipts=(), take_rates=(cap,))
        )
        ann = await shop.does(shop.reserve("ann", configuration=WITH_RIM))
        bo = await shop.does(shop.reserve("bo", configuration=PLAIN))
        await shop.planned("first")

        found = await PlannedReasons(shop.plans).why(with_window(ann, 1), served(shop, bo, 10))

        assert found is Why.SCARCE

    in_shop(visit, PlanningShop())  # type: ignore[arg-type]  # this visit wants this shop


def test_a_plant_that_does_not_build_the_car_is_the_reason() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        ann, bo = [await shop.does(shop.reserve(name)) for name in ("ann", "bo")]
        await shop.planned("first")
        reasons = PlannedReasons(shop.plans)

        assert await reasons.why(ann, served(shop, bo, 10, "south")) is Why.PLANT_NOT_ALLOWED
        no_slot = ServedOrder(bo, shop.clock.now())
        assert await reasons.why(ann, no_slot) is None

    in_shop(visit, PlanningShop())  # type: ignore[arg-type]  # this visit wants this shop


def test_who_had_deferred_does_not_push_another_behind_its_window() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        ann, bo = [await shop.does(shop.reserve(name)) for name in ("ann", "bo")]
        await shop.planned("first")
        reasons = PlannedReasons(shop.plans)
        ann, bo = with_window(ann, 1), with_window(bo, 1)
        was_away = msgspec.structs.replace(ann, deferrals_agreed=1)

        assert await reasons.why(was_away, served(shop, bo, 10)) is Why.ASKED_FOR_LATER
        # The control: who was never away, or passes one that could wait, has no such reason.
        assert await reasons.why(ann, served(shop, bo, 10)) is None
        assert await reasons.why(was_away, served(shop, with_window(bo, 50), 10)) is None

    in_shop(visit, PlanningShop())  # type: ignore[arg-type]  # this visit wants this shop


def test_before_its_window_a_car_comes_only_to_who_allowed_it() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        ann, bo = [await shop.does(shop.reserve(name)) for name in ("ann", "bo")]
        await shop.planned("first")
        reasons = PlannedReasons(shop.plans)
        ann = with_window(ann, 50)
        slot = served(shop, bo, 10)

        assert await reasons.why(ann, slot) is Why.ASKED_FOR_LATER
        allowed = msgspec.structs.replace(ann, is_earlier_allowed=True)
        assert await reasons.why(allowed, slot) is None

    in_shop(visit, PlanningShop())  # type: ignore[arg-type]  # this visit wants this shop
