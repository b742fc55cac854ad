"""Looking for ever: what a server does every so often, and goes on with when the store was away.

Not here: what is looked for; each job says that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from earnest.core.values.instant import Instant
from earnest.desk.ports import StoreUnavailable

log = structlog.get_logger(__name__)

Sleep = Callable[[float], Awaitable[object]]


async def keep_looking(
    look: Callable[[Instant], Awaitable[object]],
    now: Callable[[], Instant],
    *,
    seconds: float,
    waits: str,
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Look every so many seconds, for ever.

    `waits` is what the log says while the store cannot be reached; the next look comes all the
    same. Anything else that goes wrong ends the job, for its supervisor to begin again.
    """
    while True:
        try:
            await look(now())
        except StoreUnavailable:
            log.warning(waits)
        await sleep(seconds)
