"""A stored plan checked again, after the world went on, and after somebody changed its rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import msgspec

from earnest.desk.planning.checking import Checked, StoredFinding, check_plan
from earnest.desk.planning.ports import PlannedSlot, Plans, PlanVersion, Way
from earnest.desk.ports import OrderKey, RecordedEvent
from tests.desk.planning.makers import RARE, PlanningShop, day
from tests.desk.shop import in_shop

Story = tuple[OrderKey, Sequence[RecordedEvent]]


def _in(visit: object) -> None:
    in_shop(visit, PlanningShop())  # type: ignore[arg-type]  # every visit here wants this shop


async def _stories(shop: PlanningShop, *, without: str = "") -> AsyncIterator[Story]:
    for key, events in shop.store.tables.events.items():
        if key.order_id != without:
            yield key, list(events)


async def _checked(shop: PlanningShop, version: int, *, without: str = "") -> Checked:
    plan = await shop.plans.plan(version)
    assert plan is not None
    return await check_plan(shop.plans, plan, _stories(shop, without=without))


async def _queue(shop: PlanningShop) -> None:
    await shop.build()
    for buyer in ("ann", "bo", "cem"):
        await shop.deposited(buyer)
        shop.clock.advance(minutes=1)


def test_who_resumes_has_the_place_of_its_rank_and_the_plan_passes() -> None:
    """Ann steps aside, bo and cem move up; she comes back before them, and nobody's window breaks.

    The control: had she kept away, they would have kept their days.
    """

    async def visit(shop: PlanningShop) -> None:
        await _queue(shop)
        await shop.planned("first")
        ann = min(shop.store.orders.values(), key=lambda each: each.rank)
        until = shop.clock.now() + timedelta(days=40)
        ann = await shop.does(shop.command("Defer", ann, "buyer", "d", until=until))
        shop.clock.advance(minutes=1)
        for order in sorted(shop.store.orders.values(), key=lambda each: each.rank)[1:]:
            await shop.does(shop.command("AllowEarlier", order, "buyer", f"e{order.rank}"))
        shop.clock.advance(minutes=1)
        await shop.planned("second")
        shop.clock.advance(minutes=1)
        control = await shop.tried()
        await shop.does(shop.command("Resume", ann, "buyer", "r"))
        shop.clock.advance(minutes=1)
        run = await shop.tried()
        await shop.planned("third")

        assert await shop.days(1) == [10, 11, 12]
        assert await shop.days(2) == [None, 10, 11]
        assert control.moves == ()
        assert [(each.cause, each.breaks_promise) for each in run.moves] == [
            ("first_plan", False),
            ("earlier_rank", False),
            ("earlier_rank", False),
        ]
        assert await shop.days(3) == [10, 11, 12]
        assert (await _checked(shop, 3)).passed

    _in(visit)


def test_a_plan_passes_also_after_orders_left() -> None:
    async def visit(shop: PlanningShop) -> None:
        await _queue(shop)
        await shop.planned("first", Way.FRESH)
        shop.clock.advance(minutes=1)
        bo = sorted(shop.store.orders.values(), key=lambda each: each.rank)[1]
        await shop.does(shop.command("Withdraw", bo, "buyer", "w"))
        await shop.does(shop.reserve("dan", configuration=RARE))
        shop.clock.advance(minutes=1)
        await shop.planned("second")

        first, second = await _checked(shop, 1), await _checked(shop, 2)

        assert first.passed
        assert (first.orders, first.placed) == (3, 3)
        assert second.passed
        assert (second.orders, second.placed) == (3, 3)

    _in(visit)


def test_a_scheduled_car_is_checked_where_it_stood() -> None:
    async def visit(shop: PlanningShop) -> None:
        await _queue(shop)
        shop.clock.advance(days=8)
        while await shop.fire():
            pass
        await shop.planned("first")
        shop.clock.advance(days=9)
        for number in range(1, 4):
            await shop.planned(f"later {number}")
            shop.clock.advance(days=1)

        assert (await _checked(shop, 4)).passed

    _in(visit)


class _Changed:
    """Plans in which somebody changed the days of two orders by hand."""

    def __init__(self, plans: Plans, days: dict[OrderKey, int]) -> None:
        self._plans = plans
        self._days = days

    def __getattr__(self, name: str) -> object:
        return getattr(self._plans, name)

    async def slots(self, version: int) -> AsyncIterator[PlannedSlot]:
        async for slot in self._plans.slots(version):
            number = self._days.get(slot.order)
            yield slot if number is None else msgspec.structs.replace(slot, day=day(number))


def test_days_that_were_exchanged_are_found() -> None:
    async def visit(shop: PlanningShop) -> None:
        await _queue(shop)
        await shop.planned("first", Way.FRESH)
        plan = await shop.plans.plan()
        assert isinstance(plan, PlanVersion)
        ann, bo, _ = (key for key, _ in sorted(_ranks(shop).items(), key=lambda each: each[1]))
        changed = _Changed(shop.plans, {ann: 11, bo: 10})

        found = await check_plan(changed, plan, _stories(shop))  # type: ignore[arg-type]  # the rest is passed on

        assert not found.passed
        assert not found.is_as_applied
        assert found.findings == (
            StoredFinding(breach="overtaken", day=str(day(11)), order_id=ann.order_id, resource=""),
        )
        full = _Changed(shop.plans, {ann: 11})
        found = await check_plan(full, plan, _stories(shop))  # type: ignore[arg-type]  # the rest is passed on
        assert [(each.breach, each.resource) for each in found.findings] == [
            ("line_overfull", "north/1"),
            ("later_than_needed", ""),
            ("later_than_needed", ""),
            ("later_than_needed", ""),
        ]

    _in(visit)


def test_a_plan_is_judged_by_the_day_on_which_it_was_applied() -> None:
    async def visit(shop: PlanningShop) -> None:
        await _queue(shop)
        await shop.planned("first", Way.FRESH)
        plan = await shop.plans.plan()
        assert isinstance(plan, PlanVersion)
        assert (await check_plan(shop.plans, plan, _stories(shop))).passed
        applied = plan.published_at + timedelta(days=2)
        late = msgspec.structs.replace(plan, published_at=applied)

        found = await check_plan(shop.plans, late, _stories(shop))

        assert [(each.breach, each.day) for each in found.findings] == [
            ("too_early", str(day(10))),
            ("too_early", str(day(11))),
        ]

    _in(visit)


def _ranks(shop: PlanningShop) -> dict[OrderKey, int]:
    return {key: order.rank for key, order in shop.store.orders.items()}


def test_an_order_that_is_gone_is_missing() -> None:
    async def visit(shop: PlanningShop) -> None:
        await _queue(shop)
        await shop.planned("first")
        key = next(iter(_ranks(shop)))

        found = await _checked(shop, 1, without=key.order_id)

        assert not found.passed
        assert found.missing == (key,)

    _in(visit)
