"""A token bucket: how fast a provider may be called.

Not here: waiting lists. Who asks first is served first, because a turn is given out at once and
only its beginning is waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Pace:
    """Lets a number of calls pass each second, and a burst after a quiet time."""

    def __init__(
        self,
        per_second: float,
        *,
        burst: int = 1,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Begin with a full bucket; `monotonic` is in seconds. Raises `ValueError`."""
        if per_second <= 0 or burst < 1:
            raise ValueError(
                f"a pace needs a rate above zero and a burst of at least one call, not "
                f"{per_second} a second and {burst}"
            )
        self._interval = 1 / per_second
        self._allowance = (burst - 1) * self._interval
        self._monotonic = monotonic
        self._sleep = sleep
        self._due = monotonic()

    async def turn(self) -> None:
        """Wait for the next free turn."""
        now = self._monotonic()
        self._due = max(self._due, now)
        wait = self._due - self._allowance - now
        self._due += self._interval
        if wait > 0:
            await self._sleep(wait)
