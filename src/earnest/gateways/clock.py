"""The one place that asks the machine for the time, and the clock that demonstrations move forward.

It is not a source of time for the rules: those take ``now`` as an argument, and the doors and
workers that call them read it here once per command.
"""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC, aware, to the microsecond."""
        return datetime.now(tz=UTC)

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start that never run backwards, for measuring only.

        Moving a virtual clock does not touch this figure: a measurement stays true while time is
        moved under it.
        """
        return time.monotonic()


class VirtualClock(Clock):
    """The machine's clock plus an offset that may grow but never shrink.

    The offset is given at construction and the caller stores it, so that a restart does not send
    the world back in time: rights that have run out would come alive again.
    """

    def __init__(self, offset: timedelta = timedelta(0), *, source: Clock | None = None) -> None:
        """Start ``offset`` ahead of ``source``; raise ``ValueError`` for a negative offset."""
        if offset < timedelta(0):
            message = f"the clock may only be ahead of the machine, not behind it: {offset}"
            raise ValueError(message)
        self._offset = offset
        self._source = source if source is not None else Clock()

    @property
    def offset(self) -> timedelta:
        """Say how far this clock runs ahead of its source."""
        return self._offset

    def now(self) -> datetime:
        """Return the virtual present in UTC, aware, to the microsecond."""
        return self._source.now() + self._offset

    def monotonic(self) -> float:
        """Return the source's measuring clock, which the offset does not move."""
        return self._source.monotonic()

    def advance(self, step: timedelta) -> timedelta:
        """Move forward by ``step`` and return the new offset for the caller to store.

        Raise ``ValueError`` for a negative step: time moves forward only.
        """
        if step < timedelta(0):
            message = f"the clock moves only forward; a step of {step} would move it back"
            raise ValueError(message)
        self._offset += step
        return self._offset
