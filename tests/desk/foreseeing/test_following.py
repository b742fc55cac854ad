"""Following: the book holds everybody who waits, a second later at most, in every process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import msgspec
import pytest

from earnest.core.order.parts import Slot
from earnest.core.order.state import Order
from earnest.core.plan.calibration import SETTLING_DAYS, Basis
from earnest.core.values.instant import Window
from earnest.desk.desk import Desk
from earnest.desk.foreseeing.following import Foreseeing
from earnest.desk.planning.ports import Way
from earnest.desk.planning.task import week_of
from earnest.desk.ports import StoreUnavailable
from earnest.store.memory_moves import MemoryMoves
from tests.core.world import VIN
from tests.desk.planning.makers import CAPACITY, PlanningShop, day, with_stretch
from tests.desk.shop import PLAIN, QUEUE, START, in_shop


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


def following(shop: PlanningShop, desk: Desk | None = None) -> Foreseeing:
    """What keeps the book of a desk's library."""
    library = (desk or shop.desk).library
    return Foreseeing(shop.plans, MemoryMoves(shop.store), library, shop.clock.now, no_pause)


def next_day(shop: PlanningShop, desk: Desk | None = None) -> int:
    """How many days from today the next plain car is planned."""
    foresees = (desk or shop.desk).library.foresees
    assert foresees is not None
    now = shop.clock.now()
    seen = foresees.foresee(QUEUE, PLAIN, at=now, wanted_from=now, free_days=7)
    assert seen is not None
    assert seen.reason.planned is not None
    return (seen.reason.planned - now.date()).days


def visited(visit: Callable[[PlanningShop], Awaitable[None]]) -> None:
    in_shop(visit, PlanningShop())  # type: ignore[arg-type]  # every visit here wants this shop


def test_without_capacity_everything_is_as_before() -> None:
    async def visit(shop: PlanningShop) -> None:
        await following(shop).refresh()
        assert shop.desk.library.foresees is None
        order = await shop.deposited("ann")
        assert order.promise_reason is None

    visited(visit)


def test_a_book_begins_with_everybody_who_waits_and_follows_each_process() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await shop.deposited("ann")
        other = shop.another_desk()
        task = asyncio.create_task(other.run())
        here, there = following(shop), following(shop, other)
        await here.refresh()
        await there.refresh()
        begun = next_day(shop)
        assert next_day(shop, other) == begun

        order = await shop.deposited("bo")
        assert order.promise_reason is not None
        assert (next_day(shop), next_day(shop, other)) == (begun + 1, begun)
        await here.refresh()
        await there.refresh()
        await there.refresh()
        assert next_day(shop) == next_day(shop, other) == begun + 1
        task.cancel()

    visited(visit)


def test_who_withdraws_defers_and_comes_back_moves_the_others() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        ann, bo = await shop.deposited("ann"), await shop.deposited("bo")
        follows = following(shop)
        await follows.refresh()
        begun = next_day(shop)
        await shop.does(shop.command("Withdraw", ann, "buyer", "w"))
        await follows.refresh()
        assert next_day(shop) == begun - 1
        until = shop.clock.now() + timedelta(days=30)
        await shop.does(shop.command("Defer", bo, "buyer", "d", until=until))
        await follows.refresh()
        assert next_day(shop) == begun - 2
        await shop.does(shop.command("Resume", bo, "buyer", "r"))
        await follows.refresh()
        assert next_day(shop) == begun - 1

    visited(visit)


def test_scheduled_and_built_cars_keep_the_days_that_they_used() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        ann, bo = await shop.deposited("ann"), await shop.deposited("bo")
        shop.clock.advance(days=8)
        while await shop.fire():
            pass
        follows = following(shop)
        await follows.refresh()
        for order in (ann, bo):
            slot = Slot(plant="north", week=week_of(day(12)))
            command = shop.command("Schedule", order, "planning", f"s-{order.rank}", slot=slot)
            await shop.does(command)
        await shop.planned("plan", Way.FRESH)
        await follows.refresh()
        begun = next_day(shop)
        built = {"vin": VIN, "configuration": PLAIN}
        await shop.does(shop.command("RecordBuilt", ann, "planning", "b", **built))
        await follows.refresh()
        assert next_day(shop) == begun

    visited(visit)


def test_the_book_grows_old_and_still_promises_while_the_store_is_away() -> None:
    async def visit(shop: PlanningShop) -> None:
        class Enough(Exception):
            pass

        calls = 0

        async def two_pauses(_: float) -> None:
            nonlocal calls
            calls += 1
            if calls > 4:
                raise Enough

        await shop.build()
        moves = MemoryMoves(shop.store)
        follows = Foreseeing(shop.plans, moves, shop.desk.library, shop.clock.now, two_pauses)

        async def away() -> None:
            raise StoreUnavailable

        with pytest.raises(Enough):
            await follows.run()
        follows.refresh = away  # type: ignore[method-assign]  # the store is gone
        calls = 3
        with pytest.raises(Enough):
            await follows.run()
        assert shop.desk.library.foresees is not None

    visited(visit)


async def tendered_on(shop: PlanningShop, order: Order, delivery: int) -> Order:
    """The order's car, ready so many days from the first one; everything else is as usual."""
    await shop.does(shop.command("Lock", order, "timer", "lock"))
    slot = Slot(plant="north", week=week_of(day(delivery - 2)))
    await shop.does(shop.command("Schedule", order, "planning", "s", slot=slot))
    built = {"vin": VIN, "configuration": order.configuration}
    await shop.does(shop.command("RecordBuilt", order, "planning", "b", **built))
    shop.clock.instant = START + timedelta(days=delivery)
    begins = shop.clock.now() + timedelta(days=1)
    appointments = (Window(begins, begins + timedelta(hours=1)),)
    return await shop.does(
        shop.command(
            "Tender",
            order,
            "delivery",
            "t",
            vin=VIN,
            place="centre",
            appointments=appointments,
        )
    )


def test_what_became_of_a_promise_makes_the_windows_of_a_later_day() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build(
            with_stretch(msgspec.structs.replace(CAPACITY, ends=day(400)), ends=day(400))
        )
        follows = following(shop)
        await follows.refresh()
        order = await shop.deposited("ann")
        reason = order.promise_reason
        assert reason is not None
        assert (reason.planned, reason.given_on, reason.known_until) == (day(17), day(0), day(0))
        shop.clock.advance(days=8)
        await tendered_on(shop, order, 50)

        (outcome,) = shop.store.tables.outcomes.values()
        settled = day(20 + SETTLING_DAYS)
        assert (outcome.days, outcome.lead_days, outcome.counts_from) == (30, 17, settled)

        async def last_day_of_window(on: date) -> int:
            shop.clock.instant = START + (on - day(0))
            await follows.refresh()
            seen = await shop.deposited(f"on-{on}")
            told = seen.promise_reason
            assert told is not None
            assert told.basis is Basis.CONSTANT
            assert (told.known_until, told.errors) == (on, 0 if on < settled else 1)
            return told.last

        assert await last_day_of_window(settled - timedelta(days=1)) == 21
        assert await last_day_of_window(settled) == 30

    visited(visit)
