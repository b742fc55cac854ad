"""Keeping the picture of all queues at most a second old, by reading what was committed since.

Reads are served from the picture alone, so that they stay up while writes are saturated. Not here:
the picture itself (`snapshot.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.desk.places.ports import Moves
from earnest.desk.places.snapshot import Snapshot
from earnest.desk.ports import StoreUnavailable

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 0.5
"""How long the picture rests between two looks; with the look itself it stays below a second."""

COUNT_EVERY = 120
"""Looks between two counts of who is in the cooling-off period: about a minute."""

AT_ONCE = 500
"""Moves added before others get their turn: a few thousandths of a second."""


class Places:
    """The picture, how old it is, and what is counted beside it now and then."""

    def __init__(
        self,
        moves: Moves,
        now: Callable[[], Instant],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Begin with nothing; `run` or `refresh` reads it."""
        self.moves = moves
        self._now = now
        self._sleep = sleep
        self._cursor: str | None = None
        self._looks = 0
        self.snapshot = Snapshot()
        self.as_of: Instant | None = None
        self.cooling_off: Mapping[QueueId, int] = {}
        self.cooling_off_as_of: Instant | None = None

    async def refresh(self) -> None:
        """Bring the picture up to what is committed now. Raises `StoreUnavailable`."""
        looked_at = self._now()
        if self._cursor is None:
            await self._begin()
        else:
            await self._go_on(self._cursor)
        self.as_of = looked_at
        if self._looks % COUNT_EVERY == 0:
            self.cooling_off = await self.moves.cooling_off()
            self.cooling_off_as_of = looked_at
        self._looks += 1

    async def _begin(self) -> None:
        """Read every move. The picture is shown only once it is whole."""
        snapshot = Snapshot(await self.moves.queues())
        cursor = None
        async for piece in self.moves.every_move():
            cursor = piece.cursor
            for first in range(0, len(piece.moves), AT_ONCE):
                snapshot.add(piece.moves[first : first + AT_ONCE])
                await self._sleep(0)
        self.snapshot, self._cursor = snapshot, cursor

    async def _go_on(self, cursor: str) -> None:
        read = await self.moves.moves_since(cursor)
        unknown = {move.queue_id for move in read.moves} - self.snapshot.books.keys()
        if unknown or self._looks % COUNT_EVERY == 0:
            self.snapshot.know(await self.moves.queues())
        for first in range(0, len(read.moves), AT_ONCE):
            self.snapshot.add(read.moves[first : first + AT_ONCE])
            await self._sleep(0)
        self._cursor = read.cursor

    async def run(self) -> None:
        """Follow for ever; when the store is away the picture grows old and is still shown."""
        while True:
            try:
                await self.refresh()
            except StoreUnavailable:
                log.warning("places_wait_for_store")
            await self._sleep(PAUSE_SECONDS)
