"""Dry runs that go on beside the doors: started, looked at while they go on, and kept for a week.

A plan of hundreds of thousands of orders takes longer than anybody waits for an answer. So a run is
written down when it is asked for, says in which step it is, and its result is kept page by page,
where every process finds it. A process makes one at a time, in a thread, and says of all it has
that it lives. One that died with its process stays where it was and is called abandoned as soon as
that sign is missing for a minute. Not here: making the plan (`running.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

import msgspec
import structlog

from earnest.core.plan.capacity import Capacity
from earnest.core.plan.differences import Summary
from earnest.core.plan.effect import Effect
from earnest.core.plan.supposing import Supposition, supposed
from earnest.core.plan.unbuildable import Unbuilt
from earnest.core.queue.lane import Lane
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.desk.looking import Sleep, keep_looking
from earnest.desk.planning.figures import (
    LaneFigures,
    WeekShift,
    lane_figures,
    lanes_of,
    week_shifts,
)
from earnest.desk.planning.ports import Basis, PlannedSlot, Plans, Way
from earnest.desk.planning.publishing import OnSale, unbuilt_by
from earnest.desk.planning.running import Made, make, rows
from earnest.desk.ports import StoreUnavailable
from earnest.desk.publishing import Act

log = structlog.get_logger(__name__)

KEPT_FOR = timedelta(days=7)
"""How long a run is kept."""

ABANDONED_AFTER = timedelta(minutes=1)
"""After so long without a sign of life a run is not expected to end any more."""

SIGN_SECONDS = 10.0
"""How often a process says that the runs it has are not lost; many times before they would be."""

PATIENCE_SECONDS = 1.0
"""So long whoever starts a run waits for it; a plan of few orders is made by then."""

MOST_WAITING = 20
"""Runs that wait in one process at most."""

ON_A_PAGE = 100
"""Moves that are kept and shown together."""


class Step(StrEnum):
    """Where a run is. Codes are part of the interface and are never renamed."""

    WAITING = "waiting"
    READING = "reading"
    PLANNING = "planning"
    WRITING = "writing"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


ENDED = frozenset({Step.DONE, Step.REFUSED, Step.FAILED})


class RunWanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a dry run is to be made from.

    `capacity` is a document that may be published in place of version `instead_of` once its effect
    was seen. `suppositions` change what there is in thought; nothing of such a run can be kept.
    """

    way: Way = Way.GENTLE
    capacity: Capacity | None = None
    instead_of: int | None = None
    suppositions: tuple[Supposition, ...] = ()

    @property
    def is_in_thought(self) -> bool:
        """Whether the plan is of another capacity than the one that counts."""
        return self.capacity is not None or bool(self.suppositions)


class RunOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came out of a run; its `moves` are kept on pages, the first to look at on top.

    `effect` is what a run in thought changes of the plan that would be made without it. `unbuilt`
    is what no line of a document of its own builds, said before anybody publishes that.
    """

    digest: str
    basis: Basis
    summary: Summary
    frozen_until: date
    moves: int
    lanes: tuple[LaneFigures, ...]
    shifts: tuple[WeekShift, ...]
    effect: Effect | None = None
    unbuilt: tuple[Unbuilt, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages of moves there are."""
        return -(-self.moves // ON_A_PAGE)


class PlanRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run: who asked for what and when, in which step it is and since when, what came out.

    `content_hash` tells a repeated request from another one. `rejected` says why no plan could be
    made. `heard_at` is when its process last gave a sign of life.
    """

    run_id: str
    actor_id: str
    content_hash: str
    wanted: RunWanted
    asked_at: Instant
    step: Step = Step.WAITING
    step_at: Instant
    outcome: RunOutcome | None = None
    rejected: Rejected | None = None
    heard_at: Instant | None = None

    def is_abandoned(self, now: Instant) -> bool:
        """Whether nothing is to be expected of it any more."""
        heard_at = max(self.step_at, self.heard_at or self.step_at)
        return self.step not in ENDED and now - heard_at > ABANDONED_AFTER


class KeptRuns(Protocol):
    """Runs in the database. Every method raises `StoreUnavailable`."""

    async def add(self, run: PlanRun) -> bool:
        """Write a run down; whether its number was new."""

    async def run(self, run_id: str) -> PlanRun | None:
        """A run by its number."""

    async def say(self, run: PlanRun, pages: Iterable[Sequence[PlannedSlot]] = ()) -> None:
        """Write down how far a run is, and with its outcome the pages of its moves."""

    async def hear(self, run_ids: Sequence[str], at: Instant) -> None:
        """Note that the process which has these runs lived at an instant."""

    async def moves(self, run_id: str, page: int) -> Sequence[PlannedSlot]:
        """A page of a run's moves, counted from 1; nothing behind the last one."""

    async def forget(self, before: Instant) -> None:
        """Forget the runs that were asked for before an instant."""


class TooManyRuns(Exception):
    """So many runs wait here that another one would have to wait for very long."""


class PlanRuns:
    """Starts runs and makes them, one after another."""

    def __init__(
        self,
        plans: Plans,
        kept: KeptRuns,
        on_sale: OnSale,
        now: Callable[[], Instant],
        *,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        """Begin with nothing to do; `run` makes what is started."""
        self.kept = kept
        self._plans = plans
        self._on_sale = on_sale
        self._now = now
        self._patience_seconds = patience_seconds
        self._waiting: asyncio.Queue[PlanRun] = asyncio.Queue(MOST_WAITING)
        self._made: dict[str, asyncio.Event] = {}

    async def start(self, run_id: str, act: Act, wanted: RunWanted) -> PlanRun:
        """Write a run down and let it wait for its turn; a number that is known starts nothing.

        It is returned as it is a moment later. Raises `TooManyRuns` and `StoreUnavailable`.
        """
        if self._waiting.full():
            raise TooManyRuns
        now = self._now()
        run = PlanRun(
            run_id=run_id,
            actor_id=act.actor_id,
            content_hash=act.content_hash,
            wanted=wanted,
            asked_at=now,
            step_at=now,
        )
        await self.kept.forget(now - KEPT_FOR)
        if await self.kept.add(run):
            made = self._made[run_id] = asyncio.Event()
            await self._waiting.put(run)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience_seconds):
                    await made.wait()
        return await self.kept.run(run_id) or run

    async def run(self, sleep: Sleep = asyncio.sleep) -> None:
        """Make what was started, and say of all that waits here that it is not lost, for ever."""
        waits = "plan_runs_wait_for_store"
        async with asyncio.TaskGroup() as group:
            group.create_task(
                keep_looking(
                    self.give_sign, self._now, seconds=SIGN_SECONDS, waits=waits, sleep=sleep
                )
            )
            while True:
                await self.make(await self._waiting.get())

    async def give_sign(self, now: Instant) -> None:
        """Say that this process lives, if it has any run. Raises `StoreUnavailable`."""
        if self._made:
            await self.kept.hear(tuple(self._made), now)

    async def make(self, run: PlanRun) -> None:
        """Make one run. What goes wrong ends this run and no other."""
        try:
            await self._make(run)
        except StoreUnavailable:
            # Whoever looks at it finds it abandoned and starts it again.
            log.warning("plan_run_left_for_store", run=run.run_id)
        except Exception:  # a fault of one document must not keep the next run from its turn
            log.exception("plan_run_failed", run=run.run_id)
            await self._say(run, Step.FAILED)
        finally:
            self._made.pop(run.run_id, asyncio.Event()).set()

    async def _make(self, run: PlanRun) -> None:
        run = await self._say(run, Step.READING)
        made = await make(
            self._plans,
            run.wanted.way,
            self._now(),
            supposed=await self._capacity(run.wanted),
            planning=lambda: self._say(run, Step.PLANNING),
        )
        if isinstance(made, Rejected):
            await self._say(run, Step.REFUSED, rejected=made)
            return
        run = await self._say(run, Step.WRITING)
        lanes = await lanes_of(self._on_sale, made.orders)
        slots, outcome = await asyncio.to_thread(_outcome, made, map(lanes.of, made.orders))
        document = run.wanted.capacity
        if document is not None:
            unbuilt = await unbuilt_by(self._plans, self._on_sale, document, self._now())
            outcome = msgspec.structs.replace(outcome, unbuilt=unbuilt)
        await self._say(run, Step.DONE, _pages(slots), outcome=outcome)

    async def _capacity(self, wanted: RunWanted) -> Capacity | None:
        """The document to plan with, if it is another one than the published one."""
        if not wanted.is_in_thought:
            return None
        document = wanted.capacity
        if document is None:
            published = await self._plans.capacity()
            if published is None:
                return None
            document = published.capacity
        return supposed(document, wanted.suppositions)

    async def _say(
        self,
        run: PlanRun,
        step: Step,
        pages: Iterable[Sequence[PlannedSlot]] = (),
        **came_out: object,
    ) -> PlanRun:
        said = msgspec.structs.replace(run, step=step, step_at=self._now(), **came_out)
        await self.kept.say(said, pages)
        return said


def _pages(slots: list[PlannedSlot]) -> Iterator[Sequence[PlannedSlot]]:
    for first in range(0, len(slots), ON_A_PAGE):
        yield slots[first : first + ON_A_PAGE]


def _outcome(made: Made, lanes: Iterable[Lane]) -> tuple[list[PlannedSlot], RunOutcome]:
    """The moves of a plan, with broken promises on top and then by day, and its figures."""
    every = list(rows(made))
    numbers = sorted(move.number for move in made.moves)
    moved = [every[number] for number in numbers]
    outcome = RunOutcome(
        digest=made.digest,
        basis=made.basis,
        summary=made.summary,
        frozen_until=made.frozen_until,
        moves=len(moved),
        lanes=lane_figures(lanes, every),
        shifts=week_shifts(moved),
        effect=made.effect,
    )
    moved.sort(key=lambda slot: (not slot.breaks_promise, slot.day or date.max, slot.order))
    return moved, outcome


async def every_move(kept: KeptRuns, run: PlanRun) -> AsyncIterator[Sequence[PlannedSlot]]:
    """The moves of a run page by page."""
    assert run.outcome is not None, "only a run that is done has moves"
    for page in range(1, run.outcome.pages + 1):
        yield await kept.moves(run.run_id, page)
