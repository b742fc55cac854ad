"""What one server process sees at its doors, written down once a second for whoever watches.

Not here: putting the figures of all processes together (`api/watching.py`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from earnest.desk.ports import StoreUnavailable
from earnest.desk.watching import ServerFigures
from earnest.web.house import House

log = structlog.get_logger(__name__)

EVERY_SECONDS = 1.0
MINUTE = 60
"""How many of the last writings the latencies are taken over."""


class FiguresKeeper:
    """Writes down what this process saw. `server` is a name that no other process has."""

    def __init__(self, house: House, server: str) -> None:
        self._house = house
        self._server = server
        self._before: deque[tuple[int, ...]] = deque([self._counted()], maxlen=MINUTE)

    async def write(self) -> None:
        """Write the figures of now, and what was counted of looks since the last time."""
        house, counts = self._house, self._house.counts
        now, before = self._counted(), self._before[0]
        self._before.append(now)
        await house.watching.put(
            ServerFigures(
                server=self._server,
                at=house.clock.now(),
                waiting=house.desk.waiting,
                turned_away=house.desk.counts.full,
                answers={str(status): number for status, number in counts.reservations.items()},
                messages={str(status): number for status, number in counts.webhooks.items()},
                latencies=tuple([new - old for new, old in zip(now, before, strict=True)]),
                troubled=tuple(sorted(x for x, health in house.parts.items() if health.rests)),
            )
        )
        if counts.looks:
            looks = dict(counts.looks)
            await house.watching.add_looks(looks)
            for key, number in looks.items():
                counts.looks[key] -= number
                if not counts.looks[key]:
                    del counts.looks[key]

    async def run(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Write for ever."""
        while True:
            try:
                await self.write()
            except StoreUnavailable:
                log.warning("figures_wait_for_store")
            await sleep(EVERY_SECONDS)

    def _counted(self) -> tuple[int, ...]:
        return tuple(self._house.counts.latencies.counts)
