"""Token buckets: how fast a provider may be called, by one process or by several together.

Not here: waiting lists. Who asks first is served first, because a turn is given out at once and
only its beginning is waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

BOOKED_SECONDS = 0.1
"""How long one booking is, or one call where that takes longer: the others wait for so long."""


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


class Turns(Protocol):
    """What several processes share of a provider's time. Raises `StoreUnavailable`."""

    async def book_turn(self, name: str, holder: str, seconds: float) -> float:
        """Book the next free so many seconds under a name; in how many seconds they begin."""


class SharedPace:
    """Lets a number of calls pass each second, by all processes that book under the same name.

    Each books a short time in which it alone calls, so that the pace holds over all of them and
    costs ten questions a second at most.
    """

    def __init__(
        self,
        per_second: float,
        *,
        turns: Turns,
        name: str,
        holder: str,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Begin with nothing booked; `holder` names this process."""
        assert per_second > 0, "a pace lets something pass"
        self._interval = 1 / per_second
        self._booked_seconds = max(1, int(BOOKED_SECONDS * per_second)) * self._interval
        self._turns = turns
        self._name = name
        self._holder = holder
        self._monotonic = monotonic
        self._sleep = sleep
        self._due = self._ends = monotonic()
        self._asking = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for the next free turn. Raises `StoreUnavailable`."""
        async with self._asking:
            wait = await self._next()
        if wait > 0:
            await self._sleep(wait)

    async def _next(self) -> float:
        """In how many seconds the next turn begins, which lies whole in what is booked."""
        now = self._monotonic()
        self._due = max(self._due, now)
        # A thousandth of a turn is far more than floats lose.
        if self._due + 0.999 * self._interval > self._ends:
            begins_in = await self._turns.book_turn(self._name, self._holder, self._booked_seconds)
            now = self._monotonic()
            self._due = now + begins_in
            self._ends = self._due + self._booked_seconds
        wait = self._due - now
        self._due += self._interval
        return wait
