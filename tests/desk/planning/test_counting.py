"""How promises stand is counted once for all who look, and again when it is no longer true."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta

import pytest

from earnest.desk.planning import counting as module
from earnest.desk.planning.counting import FRESH_FOR, WEEKS, PromiseCounts, first_week
from earnest.desk.planning.ports import PromisesCounted
from earnest.desk.ports import StoreUnavailable
from earnest.store.memory_plans import MemoryPlans
from tests.desk.planning.makers import TODAY, PlanningShop
from tests.desk.shop import in_shop

BEGINS = first_week(TODAY, WEEKS)
ENDS = BEGINS + timedelta(weeks=WEEKS)


class Counted(MemoryPlans):
    """Plans that note which days were counted, and may be slow or out of reach."""

    def __init__(self, shop: PlanningShop) -> None:
        super().__init__(shop.store)
        self.counted: list[tuple[date, date]] = []
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.is_away = False

    async def promise_counts(
        self, begins: date, ends: date, today: date
    ) -> Sequence[PromisesCounted]:
        """Count, once it may go on."""
        self.counted.append((begins, ends))
        await self.goes_on.wait()
        if self.is_away:
            raise StoreUnavailable("no connection")
        return await super().promise_counts(begins, ends, today)


def visited(
    visit: Callable[[PlanningShop, Counted, PromiseCounts], Awaitable[None]],
    *,
    patience_seconds: float = 60,
) -> None:
    async def with_counts(shop: PlanningShop) -> None:
        shop.plans = plans = Counted(shop)
        counts = PromiseCounts(plans, shop.clock.now, patience_seconds=patience_seconds)
        await visit(shop, plans, counts)

    in_shop(with_counts, PlanningShop())  # type: ignore[arg-type]  # every visit here wants this shop


def orders_of(promises: Sequence[PromisesCounted]) -> int:
    return sum(each.orders for each in promises)


def test_a_count_is_kept_for_some_minutes_and_until_another_plan_or_day() -> None:
    async def visit(shop: PlanningShop, plans: Counted, counts: PromiseCounts) -> None:
        await shop.build()
        await shop.deposited("ann")
        begun = shop.clock.now()
        first = await counts.between(BEGINS, ENDS)
        assert (first.counted_at, orders_of(first.promises)) == (begun, 1)
        await shop.deposited("bo")
        assert await counts.between(BEGINS, ENDS) == first

        shop.clock.advance(minutes=FRESH_FOR.seconds // 60 + 1)
        assert orders_of((await counts.between(BEGINS, ENDS)).promises) == 2
        await shop.planned("plan")
        assert (await counts.between(BEGINS, ENDS)).plan_version == 1
        shop.clock.advance(days=1)
        assert (await counts.between(BEGINS, ENDS)).today == TODAY + timedelta(days=1)
        assert plans.counted == [(BEGINS, ENDS)] * 4

    visited(visit)


def test_who_looks_while_a_new_count_takes_long_sees_the_kept_one() -> None:
    async def visit(shop: PlanningShop, plans: Counted, counts: PromiseCounts) -> None:
        await shop.deposited("ann")
        first = await counts.between(BEGINS, ENDS)
        shop.clock.advance(hours=1)
        plans.goes_on.clear()

        assert [await counts.between(BEGINS, ENDS) for _ in range(3)] == [first] * 3

        assert len(plans.counted) == 2
        plans.goes_on.set()
        again = first
        for _ in range(1_000):
            again = await counts.between(BEGINS, ENDS)
            if again is not first:
                break
            await asyncio.sleep(0)
        assert again.counted_at - first.counted_at == timedelta(hours=1)
        assert len(plans.counted) == 2

    visited(visit, patience_seconds=0)


def test_a_count_that_failed_is_made_again_by_whoever_looks_next() -> None:
    async def visit(shop: PlanningShop, plans: Counted, counts: PromiseCounts) -> None:
        await shop.deposited("ann")
        plans.is_away = True
        with pytest.raises(StoreUnavailable):
            await counts.between(BEGINS, ENDS)
        plans.is_away = False
        assert orders_of((await counts.between(BEGINS, ENDS)).promises) == 1

    visited(visit)


def test_only_so_many_counts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 1)

    async def visit(shop: PlanningShop, plans: Counted, counts: PromiseCounts) -> None:
        del shop
        for begins in (BEGINS, BEGINS - timedelta(weeks=WEEKS), BEGINS):
            await counts.between(begins, begins + timedelta(weeks=WEEKS))
        assert len(plans.counted) == 3

    visited(visit)


class _Stopped(Exception):
    pass


def test_a_server_counts_the_first_weeks_once_after_each_plan() -> None:
    async def visit(shop: PlanningShop, plans: Counted, counts: PromiseCounts) -> None:
        await shop.build()
        await shop.deposited("ann")
        looks = 0

        async def pause(seconds: float) -> None:
            nonlocal looks
            assert seconds == module.LOOK_SECONDS
            looks += 1
            assert len(plans.counted) == {1: 0, 2: 1, 3: 1, 4: 2}[looks]
            if looks in {1, 3}:
                await shop.planned(f"plan {looks}")
            if looks == 4:
                raise _Stopped

        with pytest.raises(_Stopped):
            await counts.run(pause)
        assert plans.counted == [(BEGINS, ENDS)] * 2

    visited(visit)
