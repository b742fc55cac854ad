"""Who was overtaken is told once, after a plan run has settled, and with the reason that held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order.parts import Slot
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.queue.overtaking import Why
from earnest.core.terms.version import LOCK_CLAUSE
from earnest.core.values.instant import Window
from earnest.desk.desk import TRIES
from earnest.desk.places import passing
from earnest.desk.places.following import Places
from earnest.desk.places.passing import Passing
from earnest.desk.places.ports import ServedOrder
from earnest.desk.ports import StoreUnavailable
from earnest.store.memory_moves import MemoryMoves
from earnest.store.memory_reader import MemoryReader
from tests.desk.fakes import Fault
from tests.desk.shop import START, Shop, acknowledgement, in_shop
from tests.desk.test_allocating import VIN, give
from tests.desk.test_giving_on import refused_by_first

EARLY, LATE = "2026-W50", "2026-W51"


class Watched:
    """A shop and the job over it."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.places = Places(MemoryMoves(shop.store), shop.clock.now)
        self.job = self.started_again()

    def started_again(self) -> Passing:
        """The job of a server that has judged nobody yet."""
        events_of = MemoryReader(self.shop.store).events
        return Passing(self.shop.desk, self.places, events_of)

    async def look(self) -> int:
        """One look at places as they are now."""
        await self.places.refresh()
        return await self.job.look(self.shop.clock.now())

    async def locked(self, *buyers: str) -> list[Order]:
        """Orders of these buyers, in the order of their ranks, past their cooling-off."""
        orders = [await self.shop.deposited(buyer) for buyer in buyers]
        self.shop.clock.advance(days=8)
        while await self.shop.fire():
            pass
        return orders

    async def scheduled(self, order: Order, week: str = EARLY) -> None:
        """Give an order a slot."""
        slot = Slot(plant="north", week=week)
        await self.shop.does(
            self.shop.command("Schedule", order, "planning", f"slot-{order.rank}", slot=slot)
        )

    def told(self, order: Order) -> list[tuple[int, Why | None]]:
        """Who overtook an order, as it has it on record, and why."""
        now = self.shop.order(order.order_id)
        return [(each.by_rank, each.why) for each in now.overtaken]


def letters(shop: Shop, subject: str = "Overtaken") -> int:
    """How many letters about overtakings left, or about something else."""
    return sum(each.subject == subject for each in shop.store.tables.messages)


def test_who_was_passed_without_a_reason_is_told_once_after_an_hour() -> None:
    async def visit(shop: Shop) -> None:
        watched = Watched(shop)
        ann, bo, cy = await watched.locked("ann", "bo", "cy")
        await watched.scheduled(cy)
        shop.clock.advance(minutes=59)
        assert (await watched.look(), watched.told(ann)) == (0, [])
        shop.clock.advance(minutes=1)

        assert await watched.look() == 2
        assert await watched.look() == 0

        assert watched.told(ann) == watched.told(bo) == [(3, None)]
        assert watched.told(cy) == []
        assert letters(shop) == 2
        shop.check()

        watched.job = watched.started_again()
        assert await watched.look() == 2
        assert shop.kinds(ann).count("Overtaken") == 1

    in_shop(visit)


def test_the_middle_of_a_plan_run_is_no_inversion() -> None:
    async def visit(shop: Shop) -> None:
        watched = Watched(shop)
        ann, bo = await watched.locked("ann", "bo")
        await watched.scheduled(bo)
        shop.clock.advance(minutes=5)
        assert await watched.look() == 0
        await watched.scheduled(ann)
        shop.clock.advance(hours=2)

        assert await watched.look() == 0
        assert letters(shop) == 0

    in_shop(visit)


def test_a_justified_overtaking_says_its_reason_and_is_no_inversion() -> None:
    async def visit(shop: Shop) -> None:
        watched = Watched(shop)
        ann, bo = await watched.locked("ann", "bo")
        until = shop.clock.now() + timedelta(days=60)
        await shop.does(shop.command("Defer", ann, "buyer", "later", until=until))
        await watched.scheduled(bo)
        shop.clock.advance(hours=1)

        await watched.look()

        assert watched.told(ann) == [(2, Why.ASKED_FOR_LATER)]
        assert letters(shop) == 0

    in_shop(visit)


async def cooling_off_and_passed(watched: Watched) -> Order:
    """An order that still cools off while a later rank, locked early, got a slot."""
    shop = watched.shop
    ann, bo = await shop.deposited("ann"), await shop.deposited("bo")
    await lock_early(shop, bo)
    shop.clock.advance(days=2)
    await watched.scheduled(bo)
    shop.clock.advance(hours=1)
    return ann


async def lock_early(shop: Shop, order: Order) -> None:
    """Its buyer gives up the rest of the cooling-off period."""
    accepted = acknowledgement(LOCK_CLAUSE, shop.clock.now())
    await shop.does(shop.command("Lock", order, "buyer", "early", acknowledgement=accepted))


async def later(shop: Shop, order: Order, weeks: int) -> None:
    """The window of an order moves to so many weeks after the opening."""
    begins = START + timedelta(weeks=weeks)
    promise = Window(begins, begins + timedelta(days=7))
    command = shop.command(
        "RevisePromise", order, "planning", f"p-{weeks}", promise=promise, cause="wheels"
    )
    await shop.does(command)


def test_a_justified_overtaking_is_a_letter_once_and_only_when_the_window_moves() -> None:
    async def visit(shop: Shop) -> None:
        watched = Watched(shop)
        ann = await cooling_off_and_passed(watched)
        await watched.look()
        assert watched.told(ann) == [(2, Why.COOLING_OFF)]
        assert (letters(shop), letters(shop, "Reminded")) == (0, 0)

        await later(shop, ann, 30)
        await later(shop, ann, 40)
        assert (letters(shop), letters(shop, "Reminded")) == (0, 1)
        shop.check()

    in_shop(visit)


def test_what_is_found_out_after_the_window_moved_is_told_then() -> None:
    async def visit(shop: Shop) -> None:
        watched = Watched(shop)
        ann = await cooling_off_and_passed(watched)
        await later(shop, ann, 30)
        assert letters(shop, "Reminded") == 0
        await watched.look()
        assert (letters(shop), letters(shop, "Reminded")) == (0, 1)

    in_shop(visit)


def test_those_who_may_have_no_reason_are_judged_before_a_crowd_that_cools_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def visit(shop: Shop) -> None:
        watched = Watched(shop)
        early = [await shop.deposited(f"early-{each}") for each in range(3)]
        bo, cy = await shop.deposited("bo"), await shop.deposited("cy")
        await lock_early(shop, bo)
        await lock_early(shop, cy)
        shop.clock.advance(days=2)
        await watched.scheduled(cy)
        shop.clock.advance(hours=1)
        monkeypatch.setattr(passing, "AT_MOST", 1)

        assert await watched.look() == 1
        assert (watched.told(bo), watched.told(early[0])) == ([(5, None)], [])
        assert await watched.look() == 1
        assert watched.told(early[0]) == [(5, Why.COOLING_OFF)]

    in_shop(visit)


def test_a_later_overtaking_without_a_reason_is_told_after_one_with() -> None:
    async def visit(shop: Shop) -> None:
        watched = Watched(shop)
        ann, bo, cy, di = await watched.locked("ann", "bo", "cy", "di")
        until = shop.clock.now() + timedelta(days=60)
        await shop.does(shop.command("Defer", ann, "buyer", "later", until=until))
        await watched.scheduled(bo)
        await watched.scheduled(cy)
        shop.clock.advance(hours=1)
        await watched.look()
        await shop.does(shop.command("Resume", ann, "buyer", "back"))
        await watched.scheduled(di)
        shop.clock.advance(hours=1)

        assert await watched.look() == 1

        assert watched.told(ann) == [(2, Why.ASKED_FOR_LATER), (4, None)]

    in_shop(visit)


MAX = Configuration("s7-max", ("interior-grey", "paint-aqua", "wheels-19"))
HOOKED = Configuration("s7-max", ("interior-grey", "paint-aqua", "tow-hook", "wheels-19"))
"""The same lane: a tow hook is an extra, which opens none."""


async def given_on(watched: Watched, between: Configuration, *, is_deferred: bool = False) -> Order:
    """The car of a first order goes to the third; the second, of this configuration, is passed."""
    shop = watched.shop
    chosen = {"ann": HOOKED, "bo": between, "cy": HOOKED}
    asked = [shop.reserve(name, configuration=each) for name, each in chosen.items()]
    orders = [await shop.does(each) for each in asked]
    for order in orders:
        await shop.does(shop.payment(order))
    shop.clock.advance(days=8)
    while await shop.fire():
        pass
    (ann, bo, _), cy = orders, asked[2]
    await watched.scheduled(ann)
    built = {"vin": VIN, "configuration": HOOKED}
    await shop.does(shop.command("RecordBuilt", ann, "planning", "built", **built))
    await shop.does(shop.command("CancelByBuyer", ann, "buyer", "leave"))
    if is_deferred:
        until = shop.clock.now() + timedelta(days=60)
        await shop.does(shop.command("Defer", bo, "buyer", "later", until=until))
    await shop.does(give(shop, asked[0], cy))
    shop.clock.advance(hours=1)
    return bo


def test_a_car_with_other_extras_overtakes_nobody() -> None:
    async def visit(shop: Shop) -> None:
        watched = Watched(shop)
        bo = await given_on(watched, MAX)

        await watched.look()

        assert watched.told(bo) == []
        assert letters(shop) == 0
        shop.check()

    in_shop(visit)


def test_a_car_that_could_have_been_the_own_one_is_told_with_its_reason() -> None:
    async def visit(shop: Shop) -> None:
        watched = Watched(shop)
        bo = await given_on(watched, HOOKED, is_deferred=True)

        await watched.look()

        assert watched.told(bo) == [(3, Why.ASKED_FOR_LATER)]
        assert letters(shop) == 0
        shop.check()

    in_shop(visit)


def test_who_refused_a_car_is_not_overtaken_by_whoever_takes_it() -> None:
    async def visit(shop: Shop) -> None:
        watched = Watched(shop)
        ann, bo, _ = await refused_by_first(shop)
        await shop.does(give(shop, ann, bo))
        shop.clock.advance(hours=1)

        await watched.look()

        assert shop.order(ann.order_id).stage is Stage.LOCKED
        assert watched.told(shop.order(ann.order_id)) == []
        assert letters(shop) == 0

    in_shop(visit)


def test_a_slot_that_moved_behind_a_later_rank_is_looked_at_again() -> None:
    async def visit(shop: Shop) -> None:
        watched = Watched(shop)
        ann, bo = await watched.locked("ann", "bo")
        await watched.scheduled(ann)
        await watched.scheduled(bo)
        shop.clock.advance(hours=1)
        assert await watched.look() == 0
        moved = Slot(plant="north", week=LATE)
        await shop.does(
            shop.command("Reschedule", ann, "planning", "moved", slot=moved, cause="line")
        )

        assert await watched.look() == 1
        assert watched.told(ann) == [(2, None)]

    in_shop(visit)


def test_one_look_judges_only_so_many_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def visit(shop: Shop) -> None:
        watched = Watched(shop)
        (bo, cy) = await watched.locked("bo", "cy")
        await watched.scheduled(cy)
        shop.clock.advance(hours=1)
        monkeypatch.setattr(passing, "AT_MOST", 0)
        assert (await watched.look(), watched.told(bo)) == (0, [])
        monkeypatch.setattr(passing, "AT_MOST", 1)
        assert (await watched.look(), watched.told(bo)) == (1, [(2, None)])

    in_shop(visit)


class _Stopped(Exception):
    pass


class AwayOnce(MemoryMoves):
    """Moves whose store cannot be reached at the first look."""

    looks = 0

    async def served_orders(self) -> Sequence[ServedOrder]:
        """Nothing at first."""
        self.looks += 1
        if self.looks == 1:
            raise StoreUnavailable("no connection")
        return await super().served_orders()


def test_a_look_that_could_not_write_is_made_again() -> None:
    async def visit(shop: Shop) -> None:
        watched = Watched(shop)
        ann, bo = await watched.locked("ann", "bo")
        await watched.scheduled(bo)
        shop.clock.advance(hours=1)
        shop.store.faults.extend([Fault.AT_OPENING] * 2 * TRIES)
        await watched.look()
        assert watched.told(ann) == []
        shop.store.faults.clear()

        await watched.look()

        assert watched.told(ann) == [(2, None)]

    in_shop(visit)


def test_the_job_waits_for_the_store_and_goes_on() -> None:
    async def visit(shop: Shop) -> None:
        watched = Watched(shop)
        ann, bo = await watched.locked("ann", "bo")
        await watched.scheduled(bo)
        shop.clock.advance(hours=1)
        moves = AwayOnce(shop.store)
        places = Places(moves, shop.clock.now)
        await places.refresh()
        job = Passing(shop.desk, places, MemoryReader(shop.store).events)

        async def pause(seconds: float) -> None:
            assert seconds == passing.LOOK_SECONDS
            if moves.looks == 2:
                raise _Stopped

        with pytest.raises(_Stopped):
            await job.run(shop.clock.now, pause)

        assert watched.told(ann) == [(2, None)]

    in_shop(visit)
