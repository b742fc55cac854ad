"""The parts that run for ever beside the doors: one that fails is started again, the others go on.

Every part handles what it expects (a database that is away, a desk that is full) by itself. What
comes out of one is a defect: it is logged with its traceback, counted for metrics, and the part
starts again after a pause that grows while it keeps failing. Not here: the parts, and the desk,
which is never started again in the same process (`running.py` says why). Whole processes are
`crew.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

import msgspec
import structlog

FIRST_REST_SECONDS = 1.0
LONGEST_REST_SECONDS = 60.0
"""The rest before a start doubles from the first up to this while a part keeps failing."""

RAN_WELL_SECONDS = 120.0
"""A part that ran for so long rests only for the first rest again when it fails."""

log = structlog.get_logger(__name__)

Run = Callable[[], Coroutine[None, None, None]]
"""Runs a part for ever; called again, it begins anew from what the database says."""


class Part(msgspec.Struct, frozen=True):
    """Something that runs for ever, under the name that logs and metrics know it by."""

    name: str
    run: Run


class PartEnded(Exception):
    """A part that runs for ever came to an end without saying why."""


class Health(msgspec.Struct):
    """How often a part failed since the process started, and whether it rests now."""

    failures: int = 0
    rests: bool = False


class Supervisor:
    """Keeps parts running. `health` has every part that was ever started."""

    def __init__(
        self,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Nothing runs yet; `monotonic` measures how long a part ran, in seconds."""
        self.health: dict[str, Health] = {}
        self._monotonic = monotonic
        self._sleep = sleep

    async def keep(self, part: Part) -> None:
        """Run a part for ever, again and again if it must be; cancel the task to stop."""
        health = self.health.setdefault(part.name, Health())
        rest = FIRST_REST_SECONDS
        while True:
            started = self._monotonic()
            try:
                await part.run()
                defect: Exception = PartEnded(part.name)
            except Exception as failure:  # noqa: BLE001 - whatever it is, the others go on
                defect = failure
            if self._monotonic() - started >= RAN_WELL_SECONDS:
                rest = FIRST_REST_SECONDS
            health.failures += 1
            log.error(
                "part_failed",
                part=part.name,
                failures=health.failures,
                again_after_seconds=rest,
                exc_info=defect,
            )
            health.rests = True
            await self._sleep(rest)
            health.rests = False
            rest = min(rest * 2, LONGEST_REST_SECONDS)
