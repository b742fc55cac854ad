"""A slot that falls free inside the frozen zone goes to the next, earlier for somebody only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest

from earnest.core.order.parts import Slot
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.values.instant import Window
from earnest.desk.answer import Answer
from earnest.desk.desk import TRIES
from earnest.desk.foreseeing.following import Foreseeing
from earnest.desk.planning import freed
from earnest.desk.planning.carrying import carry_out
from earnest.desk.planning.freed import FreedSlots
from earnest.desk.planning.task import week_of
from earnest.desk.ports import OrderKey, StoreUnavailable
from earnest.store.memory_given_cars import MemoryCars
from earnest.store.memory_moves import MemoryMoves
from earnest.store.memory_reader import MemoryReader
from tests.core.world import VIN
from tests.desk.fakes import Fault
from tests.desk.foreseeing.test_following import following
from tests.desk.planning.makers import RARE, PlanningShop, day, with_stretch
from tests.desk.shop import PLAIN, in_shop

NEXT = Slot(plant="north", week=week_of(day(18)))
AFTER = Slot(plant="north", week=week_of(day(21)))


class Watched:
    """A shop whose plan has put some orders into the frozen zone, and the job over it."""

    def __init__(self, shop: PlanningShop) -> None:
        self.shop = shop
        self.left = MemoryCars(shop.store)
        self.job = FreedSlots(shop.desk, shop.plans, MemoryMoves(shop.store), self.left)
        self.follows: Foreseeing = following(shop)

    async def look(self) -> int:
        """One look with live counters as they are now."""
        await self.follows.refresh()
        return await self.job.look(self.shop.clock.now())

    async def scheduled(self, *buyers: str, earlier: bool = True, cars: int = 1) -> list[Order]:
        """Orders of these buyers, so many on a day, the first six days inside the frozen zone."""
        shop = self.shop
        await shop.build(with_stretch(cars_per_shift=cars))
        orders = [await shop.deposited(buyer) for buyer in buyers]
        for order in orders if earlier else ():
            await shop.does(shop.command("AllowEarlier", order, "buyer", "e", is_allowed=True))
        shop.clock.advance(days=8)
        while await shop.fire():
            pass
        await shop.planned("first")
        shop.clock.advance(days=6)
        plan = await shop.planned("second")
        assert await shop.days(2) == [18 + each // cars for each in range(len(buyers))]
        reader = MemoryReader(shop.store)
        await carry_out(shop.desk, shop.plans, reader, plan, shop.clock.now())
        return [self.now(order) for order in orders]

    def now(self, order: Order) -> Order:
        """The order as it is stored."""
        return self.shop.order(order.order_id)


def visited(visit: object) -> None:
    in_shop(visit, PlanningShop())  # type: ignore[arg-type]  # every visit here wants this shop


MANY = [f"b{each}" for each in range(12)]


async def left_by_first(watched: Watched, **fields: bool) -> list[Order]:
    """The first cancels inside the frozen zone, so that its slot falls free."""
    orders = await watched.scheduled(*MANY, **fields)
    assert orders[0].slot == NEXT
    shop = watched.shop
    await shop.does(shop.command("CancelByBuyer", orders[0], "buyer", "leave"))
    assert watched.now(orders[0]).freed_slots == (NEXT,)
    return orders


def test_a_freed_slot_goes_to_the_first_whose_own_is_later_with_good_news() -> None:
    async def visit(shop: PlanningShop) -> None:
        watched = Watched(shop)
        orders = await left_by_first(watched)
        before = [watched.now(each) for each in orders]
        assert [week_of(day(18 + each)) for each in (2, 3)] == [NEXT.week, AFTER.week]
        assert [each.slot for each in orders[2:4]] == [NEXT, AFTER]

        assert await watched.look() == 1

        taker = watched.now(orders[3])
        assert (taker.stage, taker.slot, taker.freed_slots) == (Stage.SCHEDULED, NEXT, (AFTER,))
        assert taker.promise.ends < orders[3].promise.ends
        assert taker.binding_promise == orders[3].binding_promise
        assert shop.kinds(taker)[-2:] == ["Rescheduled", "PromiseRevised"]
        assert shop.store.tables.messages[-1].subject == "PromiseRevised"
        assert watched.now(orders[0]).freed_slots == ()
        assert shop.kinds(orders[0])[-1] == "SlotTaken"
        others = [each for each in range(len(MANY)) if each not in {0, 3}]
        assert [watched.now(orders[each]) for each in others] == [before[each] for each in others]
        shop.check()

    visited(visit)


def test_the_slot_of_whoever_moved_up_goes_on_to_the_next_locked_one() -> None:
    async def visit(shop: PlanningShop) -> None:
        watched = Watched(shop)
        orders = await left_by_first(watched)
        assert [await watched.look() for _ in range(3)] == [1, 1, 0]

        last = watched.now(orders[10])
        assert (orders[10].stage, last.stage, last.slot) == (Stage.LOCKED, Stage.SCHEDULED, AFTER)
        assert shop.kinds(last)[-2:] == ["Scheduled", "PromiseRevised"]
        left = [each.freed_slots for each in shop.store.orders.values() if each.freed_slots]
        assert left == []
        # The next plan knows both where they are now, and moves nobody later.
        plan = await shop.planned("third")
        assert plan.summary.later == 0
        shop.check()

    visited(visit)


@pytest.mark.parametrize("how", ["Defer", "AllocateCar"])
def test_who_defers_or_gets_a_car_leaves_the_slot_too(how: str) -> None:
    async def visit(shop: PlanningShop) -> None:
        watched = Watched(shop)
        orders = await watched.scheduled(*MANY)
        if how == "Defer":
            until = shop.clock.now() + timedelta(days=60)
            await shop.does(shop.command("Defer", orders[0], "buyer", "d", until=until))
            answer = shop.command("AnswerDeferral", orders[0], "sales", "yes", agreed=True)
            await shop.does(answer)
        else:
            built = {"vin": VIN, "configuration": PLAIN}
            await shop.does(shop.command("RecordBuilt", orders[1], "planning", "b", **built))
            await shop.does(shop.command("CancelByBuyer", orders[1], "buyer", "leave"))
            taking = {"from_buyer_id": orders[1].buyer_id, "from_order_id": orders[1].order_id}
            await shop.does(
                shop.command("AllocateCar", orders[0], "planning", "car", vin=VIN, **taking)
            )
        assert watched.now(orders[0]).freed_slots == (NEXT,)
        assert await watched.look() == 1
        assert watched.now(orders[3]).slot == NEXT

    visited(visit)


def test_nobody_comes_before_the_promised_window_without_having_allowed_it() -> None:
    async def visit(shop: PlanningShop) -> None:
        watched = Watched(shop)
        await left_by_first(watched, earlier=False)
        assert await watched.look() == 0

    visited(visit)


def test_who_cools_off_or_wants_another_kind_of_car_is_passed_by() -> None:
    async def visit(shop: PlanningShop) -> None:
        watched = Watched(shop)
        orders = await left_by_first(watched)
        for each in orders[1:]:
            await shop.does(shop.command("CancelByBuyer", each, "buyer", "leave"))
        await shop.deposited("cools-off")
        await shop.does(shop.payment(await shop.does(shop.reserve("rare", configuration=RARE))))
        assert await watched.look() == 0

    visited(visit)


def test_without_a_plan_or_counters_or_a_day_to_come_nothing_is_given() -> None:
    async def visit(shop: PlanningShop) -> None:
        watched = Watched(shop)
        assert await watched.job.look(shop.clock.now()) == 0
        await left_by_first(watched)
        assert await watched.job.look(shop.clock.now()) == 0
        shop.clock.advance(days=4)
        assert week_of(shop.clock.now().date()) == NEXT.week
        assert await watched.look() == 0
        await shop.planned("third")
        assert await watched.look() == 0

    visited(visit)


def test_a_slot_is_given_on_also_after_a_plan_that_knows_its_giver_no_more() -> None:
    async def visit(shop: PlanningShop) -> None:
        watched = Watched(shop)
        orders = await left_by_first(watched)
        await shop.planned("third")
        key = OrderKey(orders[0].buyer_id, orders[0].order_id)
        assert await shop.plans.slot_of(key) is None

        assert await watched.look() == 1

        assert watched.now(orders[3]).slot == NEXT
        assert watched.now(orders[0]).freed_slots == ()
        shop.check()

    visited(visit)


@pytest.mark.parametrize(("cars", "code"), [(0, "1"), (1, "2")])
def test_a_slot_of_a_day_that_is_built_no_more_is_not_given_on(cars: int, code: str) -> None:
    async def visit(shop: PlanningShop) -> None:
        watched = Watched(shop)
        orders = await left_by_first(watched)
        changed = with_stretch(line=code, cars_per_shift=cars)
        line = msgspec.structs.replace(changed.lines[0], code=code)
        await shop.build(msgspec.structs.replace(changed, lines=(line,)), "less")
        await shop.planned("third")

        assert await watched.look() == 0
        assert watched.now(orders[0]).freed_slots == (NEXT,)

    visited(visit)


def test_what_the_line_builds_less_before_any_plan_knows_it_is_not_given_on() -> None:
    async def visit(shop: PlanningShop) -> None:
        watched = Watched(shop)
        orders = await left_by_first(watched)
        await shop.build(with_stretch(cars_per_shift=0), "less")

        assert await watched.look() == 0
        assert watched.now(orders[0]).freed_slots == (NEXT,)

    visited(visit)


@pytest.mark.parametrize("is_planned", [True, False])
def test_of_slots_of_a_day_no_more_are_given_on_than_it_still_builds(*, is_planned: bool) -> None:
    async def visit(shop: PlanningShop) -> None:
        watched = Watched(shop)
        orders = await watched.scheduled(*MANY, cars=2)
        for order in orders[:2]:
            assert order.slot == NEXT
            await shop.does(shop.command("CancelByBuyer", order, "buyer", "leave"))
        await shop.build(with_stretch(cars_per_shift=1), "less")
        if is_planned:
            await shop.planned("third")

        assert await watched.look() == 1
        assert await watched.look() == 0
        assert [len(watched.now(each).freed_slots) for each in orders[:2]] == [0, 1]
        now = [watched.now(each) for each in orders]
        assert sum((each.stage, each.slot) == (Stage.SCHEDULED, NEXT) for each in now) == 5

    visited(visit)


def test_a_look_that_could_not_write_is_made_again() -> None:
    async def visit(shop: PlanningShop) -> None:
        watched = Watched(shop)
        await left_by_first(watched)
        shop.store.faults.extend([Fault.AT_OPENING] * 2 * TRIES)
        assert await watched.look() == 0
        shop.store.faults.clear()
        assert await watched.look() == 1

    visited(visit)


def test_a_slot_that_is_gone_or_no_earlier_is_not_taken() -> None:
    async def visit(shop: PlanningShop) -> None:
        watched = Watched(shop)
        orders = await left_by_first(watched)
        promise = Window(shop.clock.now(), shop.clock.now() + timedelta(days=9))
        for slot, giver in ((AFTER, orders[0]), (NEXT, orders[1])):
            command = shop.command(
                "TakeSlot",
                orders[10],
                "planning",
                f"t-{giver.rank}",
                slot=slot,
                from_buyer_id=giver.buyer_id,
                from_order_id=giver.order_id,
                promise=promise,
            )
            answer = await shop.desk.submit(command, "x")
            assert isinstance(answer, Answer)
            assert answer.reason == "nothing_due"
        by_hand = shop.command(
            "RecordSlotTaken",
            orders[0],
            "planning",
            "hand",
            slot=NEXT,
            to_order_id=orders[5].order_id,
        )
        answer = await shop.desk.submit(by_hand, "x")
        assert isinstance(answer, Answer)
        assert answer.reason == "nothing_due"

    visited(visit)


class _Stopped(Exception):
    pass


class AwayOnce(MemoryCars):
    """Slots whose store cannot be reached at the first look."""

    looks = 0

    async def left_slots(self, week: str) -> Sequence[Order]:
        """Nothing at first."""
        self.looks += 1
        if self.looks == 1:
            raise StoreUnavailable("no connection")
        return await super().left_slots(week)


def test_the_job_waits_for_the_store_and_goes_on() -> None:
    async def visit(shop: PlanningShop) -> None:
        watched = Watched(shop)
        orders = await left_by_first(watched)
        await watched.follows.refresh()
        left = AwayOnce(shop.store)
        job = FreedSlots(shop.desk, shop.plans, MemoryMoves(shop.store), left)

        async def pause(seconds: float) -> None:
            assert seconds == freed.LOOK_SECONDS
            if left.looks == 2:
                raise _Stopped

        with pytest.raises(_Stopped):
            await job.run(shop.clock.now, pause)
        assert watched.now(orders[3]).slot == NEXT

    visited(visit)
