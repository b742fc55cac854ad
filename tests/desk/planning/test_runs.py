"""Dry runs beside the doors: made in turn, kept with their pages, and ended whatever goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta

import msgspec
import pytest

from earnest.core.plan.supposing import Supposition
from earnest.core.values.reason import Reason
from earnest.desk.planning import runs as module
from earnest.desk.planning.ports import WaitingOrder, Way
from earnest.desk.planning.runs import (
    ABANDONED_AFTER,
    KEPT_FOR,
    MOST_WAITING,
    PlanRun,
    PlanRuns,
    RunWanted,
    Step,
    TooManyRuns,
    every_move,
)
from earnest.desk.ports import StoreUnavailable
from earnest.store.memory_plan_runs import MemoryPlanRuns
from earnest.store.memory_plans import MemoryPlans
from tests.desk.planning.makers import PlanningShop, act, day, with_stretch
from tests.desk.shop import in_shop


class Watched(MemoryPlanRuns):
    """Runs that remember every step that was said."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []

    async def say(self, run: PlanRun, pages: object = ()) -> None:
        self.steps.append(run.step)
        await super().say(run, pages)  # type: ignore[arg-type]  # as they come


class House:
    """A shop with two orders and the runs beside it."""

    def __init__(
        self,
        shop: PlanningShop,
        plans: MemoryPlans | None = None,
        *,
        patience_seconds: float = 60,
    ) -> None:
        self.shop = shop
        self.kept = Watched()
        self.runs = PlanRuns(
            plans or shop.plans,
            self.kept,
            shop.store,
            shop.clock.now,
            patience_seconds=patience_seconds,
        )

    async def made(self, run_id: str = "one", **wanted: object) -> PlanRun:
        """A run that was started and made."""
        at_work = asyncio.create_task(self.runs.run())
        try:
            return await self.started(run_id, **wanted)
        finally:
            at_work.cancel()
            await asyncio.gather(at_work, return_exceptions=True)

    async def started(self, run_id: str = "one", **wanted: object) -> PlanRun:
        """A run that was started."""
        asked = RunWanted(**wanted)  # type: ignore[arg-type]  # its own fields
        return await self.runs.start(run_id, act("key", self.shop.clock.now()), asked)


def visited(visit: Callable[[PlanningShop], Awaitable[None]]) -> None:
    in_shop(visit, PlanningShop())  # type: ignore[arg-type]  # every visit here wants this shop


def test_a_run_says_its_steps_and_keeps_who_moves_page_by_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "ON_A_PAGE", 2)

    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        for name in ("ann", "bo", "cem"):
            await shop.deposited(name)
        here = House(shop)

        run = await here.made()

        assert here.kept.steps == [Step.READING, Step.PLANNING, Step.WRITING, Step.DONE]
        tried = await shop.tried()
        assert run.outcome is not None
        assert (run.outcome.digest, run.outcome.basis) == (tried.digest, tried.basis)
        assert (run.outcome.moves, run.outcome.pages, run.outcome.shifts) == (3, 2, ())
        (lane,) = run.outcome.lanes
        assert (lane.orders, lane.placed, lane.newly_placed) == (3, 3, 3)
        pages = [list(page) async for page in every_move(here.kept, run)]
        assert [len(page) for page in pages] == [2, 1]
        assert [each.day for page in pages for each in page] == sorted(
            each.day for each in tried.moves if each.day is not None
        )
        assert await here.kept.moves("one", 3) == ()

    visited(visit)


def test_a_run_in_thought_tells_whose_promises_would_break_first() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        for name in ("ann", "bo"):
            await shop.deposited(name)
        await shop.planned("first")
        here = House(shop)

        stop = Supposition(name="north", percent=0, ends=day(59))
        stopped = await here.made(suppositions=(stop,))
        fewer = await here.made("two", capacity=with_stretch(cars_per_shift=0), instead_of=1)

        for run in (stopped, fewer):
            assert run.outcome is not None
            assert run.outcome.summary.later == 2
            effect = run.outcome.effect
            assert effect is not None
            # Without it nobody would move.
            assert (effect.without.placed, effect.without.moving) == (2, 0)
        assert stopped.outcome is not None
        assert fewer.outcome is not None
        assert [(each.weeks, each.orders) for each in stopped.outcome.shifts] == [(7, 1), (None, 1)]
        assert [(each.weeks, each.orders) for each in fewer.outcome.shifts] == [(None, 2)]
        ours = [run.outcome.effect for run in (stopped, fewer) if run.outcome is not None]
        assert [(each.later, each.lose_day) for each in ours if each is not None] == [
            (1, 1),
            (0, 2),
        ]
        assert await shop.plans.capacity_history() != []
        assert len(await shop.plans.capacity_history()) == 1

    visited(visit)


def test_a_run_without_capacity_is_refused_and_one_with_a_first_document_is_made() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.deposited("ann")
        here = House(shop)

        refused = await here.made()
        made = await here.made("two", capacity=with_stretch(), way=Way.FRESH)

        assert refused.rejected is not None
        assert (refused.step, refused.rejected.reason) == (Step.REFUSED, Reason.CAPACITY_MISSING)
        assert made.outcome is not None
        assert (made.step, made.outcome.basis.capacity_version) == (Step.DONE, 0)
        # Nothing else is published to compare it with.
        assert made.outcome.effect is None

    visited(visit)


def test_a_number_that_is_known_starts_nothing_and_old_runs_are_forgotten() -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        here = House(shop)
        first = await here.made()
        shop.clock.advance(minutes=1)

        assert await here.made(way=Way.FRESH) == first

        shop.clock.advance(days=KEPT_FOR.days)
        await here.made("two")
        assert await here.kept.run("one") is None
        assert await here.kept.moves("one", 1) == ()

    visited(visit)


def test_only_so_many_wait_and_a_run_nobody_makes_is_abandoned() -> None:
    async def visit(shop: PlanningShop) -> None:
        here = House(shop, patience_seconds=0)
        run = await here.started("0")
        for number in range(1, MOST_WAITING):
            await here.started(str(number))
        with pytest.raises(TooManyRuns):
            await here.started("one too many")
        assert run.step is Step.WAITING
        assert not run.is_abandoned(shop.clock.now() + ABANDONED_AFTER)
        assert run.is_abandoned(shop.clock.now() + ABANDONED_AFTER + timedelta(seconds=1))
        shop.clock.advance(minutes=5)
        await here.runs.give_sign(shop.clock.now())
        heard = await here.kept.run("0")
        assert heard is not None
        assert not heard.is_abandoned(shop.clock.now() + ABANDONED_AFTER)
        done = msgspec.structs.replace(run, step=Step.DONE)
        assert not done.is_abandoned(shop.clock.now() + KEPT_FOR)

    visited(visit)


class Broken(MemoryPlans):
    """Plans in which reading who waits goes wrong, first in one way and then in another."""

    wrong: type[Exception] = RuntimeError

    async def waiting(self, since: date) -> AsyncIterator[WaitingOrder]:
        """Nobody can be read."""
        async for order in super().waiting(since):
            yield order
        raise self.wrong("as planned")


def test_what_goes_wrong_ends_one_run_and_not_the_next() -> None:
    async def visit(shop: PlanningShop) -> None:
        plans = Broken(shop.store)
        here = House(shop, plans)
        document = with_stretch()

        assert (await here.made(capacity=document)).step is Step.FAILED

        plans.wrong = StoreUnavailable
        left = await here.made("two", capacity=document)
        assert left.step is Step.READING

    visited(visit)
