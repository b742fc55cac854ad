"""How promises stand, counted beside the doors and kept for some minutes.

Whether a promise holds depends on its order, its car, the published plan and the day, so each is
read to be counted: seconds where hundreds of thousands wait. Nobody at the doors should wait for
that each time. So a count is kept with its instant, and the weeks that planners look at first are
counted when a plan was applied. Not here: how one promise stands (`core/order/promise_health.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import msgspec

from earnest.core.plan.calibration import cohort_of
from earnest.core.values.instant import Instant
from earnest.desk.looking import Sleep, keep_looking
from earnest.desk.planning.ports import Plans, PromisesCounted
from earnest.desk.planning.task import plan_day

WEEKS = 12
"""Weeks of reservations that are looked at if nobody says how many."""

FRESH_FOR = timedelta(minutes=5)
"""So old a count may be without being made again when somebody looks."""

PATIENCE_SECONDS = 0.3
"""So long whoever looks waits for a new count before the one that is kept is shown."""

LOOK_SECONDS = 30.0
"""How often a server looks whether a plan was applied or a day began."""

MOST_KEPT = 50


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Promises of some weeks as they stood at an instant, by the day and the plan of then."""

    counted_at: Instant
    today: date
    plan_version: int | None
    promises: tuple[PromisesCounted, ...]


_Days = tuple[date, date]


class PromiseCounts:
    """Counts promises, each stretch of weeks once at a time, and keeps what came out."""

    def __init__(
        self,
        plans: Plans,
        now: Callable[[], Instant],
        *,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        """Begin with nothing counted."""
        self._plans = plans
        self._now = now
        self._patience_seconds = patience_seconds
        self._kept: dict[_Days, Counts] = {}
        self._counting: dict[_Days, asyncio.Task[Counts]] = {}

    async def between(self, begins: date, ends: date) -> Counts:
        """How the promises to those stand who reserved on the days of `[begins, ends)`.

        Where that takes long it is the count of some time ago, as it says. Raises
        `StoreUnavailable`.
        """
        days = (begins, ends)
        kept = self._kept.get(days)
        if kept is None:
            return await asyncio.shield(await self._begun(days))
        if await self._is_of_now(kept) and self._now() - kept.counted_at <= FRESH_FOR:
            return kept
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience_seconds):
                return await asyncio.shield(await self._begun(days))
        return kept

    async def today(self) -> date:
        """The day by the calendar of the first queue."""
        queues = await self._plans.queues()
        return plan_day(queues, self._now())

    async def look(self, now: Instant) -> None:  # noqa: ARG002 - every job is told when it looks
        """Count the weeks that are looked at first, if a plan was applied since or a day began.

        Without a plan nobody looks.
        """
        if await self._plans.plan() is None:
            return
        begins = first_week(await self.today(), WEEKS)
        days = (begins, begins + timedelta(weeks=WEEKS))
        kept = self._kept.get(days)
        if kept is None or not await self._is_of_now(kept):
            await asyncio.shield(await self._begun(days))

    async def run(self, sleep: Sleep = asyncio.sleep) -> None:
        """Look for ever."""
        waits = "promise_counts_wait_for_store"
        await keep_looking(self.look, self._now, seconds=LOOK_SECONDS, waits=waits, sleep=sleep)

    async def _is_of_now(self, kept: Counts) -> bool:
        return (kept.plan_version, kept.today) == (await self._version(), await self.today())

    async def _version(self) -> int | None:
        plan = await self._plans.plan()
        return None if plan is None else plan.version

    async def _begun(self, days: _Days) -> asyncio.Task[Counts]:
        """The count of these days that goes on, or a new one."""
        today, version, now = await self.today(), await self._version(), self._now()
        counting = self._counting.get(days)
        if counting is None:
            counting = asyncio.create_task(self._count(days, today, version, now))
            self._counting[days] = counting
            counting.add_done_callback(lambda done: self._ended(days, done))
        return counting

    async def _count(self, days: _Days, today: date, version: int | None, now: Instant) -> Counts:
        promises = await self._plans.promise_counts(*days, today)
        return Counts(counted_at=now, today=today, plan_version=version, promises=tuple(promises))

    def _ended(self, days: _Days, done: asyncio.Task[Counts]) -> None:
        """Keep what came out. A count that failed is made again by whoever looks next."""
        del self._counting[days]
        if done.cancelled() or done.exception() is not None:
            return
        self._kept.pop(days, None)
        self._kept[days] = done.result()
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]


def first_week(day: date, weeks: int) -> date:
    """The Monday of the first of so many weeks, of which the last is that of a day."""
    return cohort_of(day) - timedelta(weeks=weeks - 1)
