"""The desk: whatever waits when the last commit returned becomes the next transaction.

Reservations and everything else wait in two lanes, each with a transaction of its own: while the
database commits the one, the other is decided. What concerns one order never overtakes itself.

Not here: how a group is decided (`group.py`) and how it is stored (`store/`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeAlias

import msgspec
import structlog

from earnest.core.order.commands import Command, Reserve
from earnest.core.timers import Deadline
from earnest.core.values.instant import Instant
from earnest.desk.answer import Answer
from earnest.desk.group import Asked, Group, KeyReused, command_key, lookup_of, order_key
from earnest.desk.library import Library
from earnest.desk.ports import CommandKey, OrderKey, Store, StoreUnavailable
from earnest.desk.taking import with_places

log = structlog.get_logger(__name__)

GROUP_LIMIT = 500
"""Commands in one transaction at most (RELIABILITY 2.2: more gains little and waits longer)."""

QUEUE_LIMIT = 4_000
"""Commands that may wait in a lane; at two thousand a second the last waits two seconds.

Each lane has a limit of its own, so that a surge of reservations never turns a payment away.
"""

RETRY_AFTER_SECONDS = 2
"""What a caller is told when the queue is full or the database is away."""

TRIES = 6
"""How often a group is run when the connection is lost, half a second doubling in between."""


class DeskFull(Exception):
    """The queue is full or the desk stopped; nothing happened and the same key stays valid."""


class KeyRunning(Exception):
    """A command with this key is being decided right now."""


class CommandFailed(Exception):
    """Deciding this one command failed by a defect; nothing of it was stored."""


Result: TypeAlias = Answer | KeyReused
_Waiting: TypeAlias = tuple[Asked, "asyncio.Future[Result]", "_Lane"]


class Counts(msgspec.Struct):
    """What the desk did since it started, for metrics."""

    groups: int = 0
    commands: int = 0
    full: int = 0
    retries: int = 0


class _Lane:
    """Commands that wait for one kind of transaction, in the order in which they came.

    `orders` counts the commands that are not answered yet, by the order that they concern.
    """

    def __init__(self) -> None:
        self.waiting: deque[_Waiting] = deque()
        self.something = asyncio.Event()
        self.orders: dict[OrderKey, int] = {}

    def add(self, asked: Asked, future: asyncio.Future[Result]) -> None:
        """Let a command wait behind the others."""
        key = order_key(asked.command)
        self.orders[key] = self.orders.get(key, 0) + 1
        self.waiting.append((asked, future, self))
        self.something.set()

    def answered(self, command: Command) -> None:
        """Forget a command that was answered."""
        key = order_key(command)
        left = self.orders.pop(key) - 1
        if left:
            self.orders[key] = left

    def next_group(self, limit: int) -> list[_Waiting]:
        """Whatever waits now, up to the limit."""
        size = min(len(self.waiting), limit)
        group = [self.waiting.popleft() for _ in range(size)]
        if not self.waiting:
            self.something.clear()
        return group


class Desk:
    """The one write path. Everybody's commands go through `submit`."""

    def __init__(
        self,
        store: Store,
        library: Library,
        now: Callable[[], Instant],
        *,
        webhooks: bool = False,
        queue_limit: int = QUEUE_LIMIT,
        group_limit: int = GROUP_LIMIT,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Prepare an idle desk; `run` has to be awaited in a task of its own.

        `sleep` is how the desk waits between two tries when the connection was lost. Whether
        events are told to the maker's systems (`webhooks`) may change while it runs.
        """
        assert group_limit > 0, "a desk that decides nobody would turn for ever"
        self._store = store
        self._library = library
        self._now = now
        self.webhooks = webhooks
        self._queue_limit = queue_limit
        self._group_limit = group_limit
        self._sleep = sleep
        self._stopped = False
        # Reservations lock the counters of queues and no order; all others the other way round.
        self._reservations = _Lane()
        self._others = _Lane()
        self._running: set[CommandKey] = set()
        self.counts = Counts()

    @property
    def library(self) -> Library:
        """The terms, catalogues and offers this desk decides by."""
        return self._library

    @property
    def waiting(self) -> int:
        """How many commands wait for the next transactions."""
        return len(self._reservations.waiting) + len(self._others.waiting)

    async def submit(
        self,
        command: Command,
        content_hash: str,
        fired: Deadline | None = None,
        *,
        unkeyed: bool = False,
    ) -> Result:
        """Decide a command and answer after the commit.

        Idempotency has three answers: new, the first answer again, or `KeyReused` for the same
        key with other content. Raises `KeyRunning`, `DeskFull`, `StoreUnavailable` (the same
        key stays valid) and `CommandFailed`. The answer to a command of the machine itself
        that is `unkeyed` is not kept: asked again, it is decided anew.
        """
        key = command_key(command)
        if key in self._running:
            raise KeyRunning
        lane = self._lane_of(command)
        if self._stopped or len(lane.waiting) >= self._queue_limit:
            self.counts.full += 1
            raise DeskFull
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._running.add(key)
        lane.add(Asked(command, content_hash, fired, unkeyed), future)
        # Whoever gives up waiting cancels only this future; the command is decided all the same.
        return await future

    async def run(self) -> None:
        """Take groups for ever; cancel the task to stop between two groups.

        A group under way is finished first. Whoever still waits then is told `DeskFull`.
        """
        try:
            await self._library.refresh_offers()
            async with asyncio.TaskGroup() as lanes:
                lanes.create_task(self._serve(self._reservations))
                lanes.create_task(self._serve(self._others))
        finally:
            self._stopped = True
            for lane in (self._reservations, self._others):
                group = lane.next_group(self._queue_limit)
                self._release(group, [DeskFull() for _ in group])

    def _lane_of(self, command: Command) -> _Lane:
        """Where a command waits: behind the reservation of its own order, should that wait too."""
        reserves = isinstance(command, Reserve)
        if reserves or order_key(command) in self._reservations.orders:
            return self._reservations
        return self._others

    async def _serve(self, lane: _Lane) -> None:
        while True:
            await lane.something.wait()
            await self._finish(self._answer(lane.next_group(self._group_limit)))

    @staticmethod
    async def _finish(work: Coroutine[Any, Any, None]) -> None:
        """Wait for work that has to come to its end even if the waiting is cancelled."""
        task = asyncio.create_task(work)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await task
            raise

    async def _answer(self, group: list[_Waiting]) -> None:
        try:
            results = await self._carry_out([asked for asked, _, _ in group])
        except StoreUnavailable as lost:
            self._release(group, _each(lost, group))
        except Exception as defect:
            log.exception("group_failed", commands=len(group), exc_info=defect)
            for waiting in group:
                await self._answer_alone(waiting)
        else:
            self._release(group, results)

    async def _answer_alone(self, waiting: _Waiting) -> None:
        """Run one command of a failed group again, so that only the defective one fails.

        One that was alone is run again as well: a key that another process took at the same
        moment is found by then.
        """
        command = waiting[0].command
        try:
            results = await self._carry_out([waiting[0]])
        except StoreUnavailable as lost:
            self._release([waiting], [lost])
        except Exception as defect:
            log.exception("command_failed", kind=type(command).__name__, exc_info=defect)
            failed = CommandFailed(type(command).__name__)
            failed.__cause__ = defect
            self._release([waiting], [failed])
        else:
            self._release([waiting], results)

    def _release(self, group: list[_Waiting], results: Sequence[Result | Exception]) -> None:
        for (asked, future, lane), result in zip(group, results, strict=True):
            self._running.discard(command_key(asked.command))
            lane.answered(asked.command)
            if future.done():
                continue
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)

    async def _carry_out(self, group: Sequence[Asked]) -> list[Result]:
        """Run the group in one transaction, again if the connection was lost.

        A lost connection leaves the commit unknown. The next run waits for the locks of the
        old transaction and looks the keys up, so nothing is done twice.
        """
        wait = 0.5
        for attempt in range(1, TRIES + 1):
            try:
                return await self._one_transaction(group)
            except StoreUnavailable:
                self.counts.retries += 1
                if attempt == TRIES:
                    raise
                log.warning("store_unavailable", attempt=attempt, commands=len(group))
                await self._sleep(wait)
                wait *= 2
        raise AssertionError("the loop returns or raises")

    async def _one_transaction(self, group: Sequence[Asked]) -> list[Result]:
        async with self._store.transaction() as transaction:
            commands = [asked.command for asked in group]
            lookup = with_places(lookup_of(group), commands, self._library.has_campaign)
            loaded = await transaction.load(lookup)
            await self._library.fetch_for(loaded)
            deciding = Group(
                loaded,
                self._library.facts_of,
                self._now(),
                lane_of=self._library.lane_of,
                webhooks=self.webhooks,
            )
            results: list[Result] = [deciding.decide(asked) for asked in group]
            await transaction.save(deciding.changes())
        self.counts.groups += 1
        self.counts.commands += len(group)
        return results


def _each(lost: StoreUnavailable, group: Sequence[_Waiting]) -> list[Exception]:
    """An exception for each who waits: one raised in many tasks would mix their tracebacks."""
    return [StoreUnavailable(str(lost)) for _ in group]
