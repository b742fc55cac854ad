"""Instants, half-open windows, and periods counted in days.

Not here: the current time. It is always an argument; only `gateways/clock.py` asks for it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

Instant = datetime
"""A moment with a zone; UTC wherever it is stored or compared."""


class Window(msgspec.Struct, frozen=True):
    """A half-open stretch of time `[begins, ends)`: the end itself is outside."""

    begins: Instant
    ends: Instant

    def __contains__(self, instant: Instant) -> bool:
        """Whether the instant lies inside; a deadline that falls on `ends` has passed."""
        return self.begins <= instant < self.ends


def hours_later(start: Instant, hours: int) -> Instant:
    """The instant a number of whole hours after the start."""
    return start + timedelta(hours=hours)


def weeks_later(start: Instant, weeks: int) -> Instant:
    """The instant a number of whole weeks after the start."""
    return start + timedelta(weeks=weeks)


def end_of_day_after(start: Instant, days: int, time_zone: str) -> Instant:
    """The local midnight that ends a period of `days` whole days after the start.

    The day of the start is not counted and the last day counts to its end (Civil Code 201
    and 203), so a period in days is never shorter than the person who got it would count.
    """
    local_day = start.astimezone(zone(time_zone)).date() + timedelta(days=days + 1)
    midnight = datetime(local_day.year, local_day.month, local_day.day, tzinfo=zone(time_zone))
    return midnight.astimezone(UTC)


@cache
def zone(name: str) -> ZoneInfo:
    """The time zone of a queue or of a terms version, by its IANA name."""
    return ZoneInfo(name)
