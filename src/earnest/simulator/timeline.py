"""The demo's time: moved forward at Earnest and at the payment provider together, on agreement.

Lives that wait for an instant wait here; when all of them wait, time jumps to the earliest of those
instants. So many lives share one clock without one of them missing what it came for. What is done
at an instant is not here.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from math import ceil
from time import perf_counter
from typing import TypeVar

import msgspec

from earnest.simulator.client import PATIENCE_S, Unanswered
from earnest.simulator.door import Door, Refusal
from earnest.simulator.wire import ConnectionLost

_ASK_AGAIN_S = 0.5
_SERVICE_UNAVAILABLE = 503

Result = TypeVar("Result")


class ClockShown(msgspec.Struct, frozen=True):
    """A clock's present and how far it runs ahead of the machine's, in seconds."""

    now: datetime
    offset_seconds: float


class Timeline:
    """The shared present of a replay."""

    def __init__(self, admin: Door, sandbox: Door) -> None:
        """Move the clocks of Earnest (with an admin's token) and of the sandbox."""
        self._admin = admin
        self._sandbox = sandbox
        self._offset_s = 0.0
        self._present: datetime | None = None
        self._read_at = 0.0
        self._active = 0
        self._order = 0
        self._waiting: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._moving: asyncio.Task[None] | None = None
        self.moves = 0

    def now(self) -> datetime:
        """The virtual present, carried on from when the clock was last read."""
        assert self._present is not None, "the clocks are read before anybody asks the time"
        return self._present + timedelta(seconds=perf_counter() - self._read_at)

    async def synchronise(self) -> None:
        """Read Earnest's clock, and set the provider's to it; the later of both counts."""
        shown = await self._admin.get("/demo/clock", ClockShown)
        status = await self._sandbox.get("/api/status", ClockShown)
        self._take(shown)
        await self._advance_to(max(shown.offset_seconds, ceil(status.offset_seconds)))

    async def advance(self, step: timedelta) -> None:
        """Move both clocks forward by this step, in whole seconds."""
        await self._advance_to(self._offset_s + ceil(step.total_seconds()))

    async def _advance_to(self, offset_s: float) -> None:
        """Ask until the clock is there. A lost answer is looked up, never moved twice."""
        started = perf_counter()
        while True:
            try:
                self._take(await self._moved(offset_s))
                break
            except (ConnectionLost, Refusal) as error:
                if isinstance(error, Refusal) and error.status != _SERVICE_UNAVAILABLE:
                    raise
                if perf_counter() - started > PATIENCE_S:
                    raise Unanswered("nobody moved the demo's clock") from error
                await asyncio.sleep(_ASK_AGAIN_S)
        self.moves += 1
        order = {"offset_seconds": self._offset_s}
        await self._sandbox.post("/api/clock", order, ClockShown)

    async def _moved(self, offset_s: float) -> ClockShown:
        """Look where Earnest's clock is and ask once for what is left to move."""
        shown = await self._admin.get("/demo/clock", ClockShown)
        if shown.offset_seconds >= offset_s:
            return shown
        step = {"advance_seconds": ceil(offset_s - shown.offset_seconds)}
        return await self._admin.post_once("/demo/clock", step, ClockShown)

    def _take(self, shown: ClockShown) -> None:
        self._offset_s = shown.offset_seconds
        self._present = shown.now
        self._read_at = perf_counter()

    async def live(self, lives: Sequence[Coroutine[object, object, Result]]) -> list[Result]:
        """Run lives that may wait here, and return what each of them came to, in order."""
        self._active = len(lives)
        tasks = [asyncio.create_task(self._lived(life)) for life in lives]
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            if self._moving is not None:
                self._moving.cancel()

    async def _lived(self, life: Coroutine[object, object, Result]) -> Result:
        try:
            return await life
        finally:
            self._rest()

    async def until(self, instant: datetime) -> None:
        """Wait for the instant; only for lives that `live` runs."""
        if self.now() >= instant:
            return
        reached = asyncio.get_running_loop().create_future()
        self._order += 1
        heapq.heappush(self._waiting, (instant, self._order, reached))
        self._rest()
        await reached

    def _rest(self) -> None:
        """One life fewer is busy; when none is, move time on."""
        self._active -= 1
        if self._active == 0 and self._waiting and (self._moving is None or self._moving.done()):
            self._moving = asyncio.create_task(self._move_on())

    async def _move_on(self) -> None:
        """Jump to the earliest instant waited for and wake everybody whose instant has come."""
        try:
            await self.advance(self._waiting[0][0] - self.now() + timedelta(seconds=1))
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            for _, _, reached in self._waiting:
                if not reached.done():
                    reached.set_exception(error)
            self._waiting.clear()
            return
        while self._waiting and self._waiting[0][0] <= self.now():
            _, _, reached = heapq.heappop(self._waiting)
            if not reached.done():
                self._active += 1
                reached.set_result(None)
