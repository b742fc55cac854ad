"""Courtesy: mail gives way to people who wait for an answer.

Not here: payouts and webhooks, which never wait for a launch to end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from earnest.desk.desk import Counts

BUSY_COMMANDS_PER_SECOND = 200.0
"""From this rate on the desk counts as busy; ordinary business is far below it."""

MAILS_PER_SECOND_WHILE_BUSY = 80.0
"""What still leaves during a launch, so that nobody waits for ever for a letter."""

MAILS_PER_SECOND = 400.0
"""What leaves in quiet times: refunds and deadlines share the process and must stay prompt."""

LOOK_SECONDS = 1.0
"""How often the desk's rate is taken."""


class Courtesy:
    """Paces mail: steadily in quiet times, slowly while the desk is busy."""

    def __init__(
        self,
        counts: Counts,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Watch these counts; `monotonic` is in seconds."""
        self._counts = counts
        self._monotonic = monotonic
        self._sleep = sleep
        self._looked_at = monotonic()
        self._commands = counts.commands
        self._is_busy = False
        self._free_at = 0.0

    async def turn(self, mails: int = 1) -> None:
        """Wait until the next mails may leave; a burst of quiet leads to no burst of mail."""
        now = self._monotonic()
        rate = MAILS_PER_SECOND_WHILE_BUSY if self._busy_now() else MAILS_PER_SECOND
        begins = max(self._free_at, now)
        self._free_at = begins + mails / rate
        if begins > now:
            await self._sleep(begins - now)

    def _busy_now(self) -> bool:
        now = self._monotonic()
        passed = now - self._looked_at
        if passed >= LOOK_SECONDS:
            rate = (self._counts.commands - self._commands) / passed
            self._is_busy = rate >= BUSY_COMMANDS_PER_SECOND
            self._looked_at, self._commands = now, self._counts.commands
        return self._is_busy
