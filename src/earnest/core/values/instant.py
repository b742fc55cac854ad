"""Instants, half-open windows, and periods counted in days.

Not here: the current time. It is always an argument; only `gateways/clock.py` asks for it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import msgspec

Instant = datetime
"""A moment with a zone; UTC wherever it is stored or compared."""

_INSTANT = timedelta(microseconds=1)
_SATURDAY = 5


class Window(msgspec.Struct, frozen=True, gc=False):
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
    return midnight(local_day, time_zone)


@lru_cache(maxsize=4_096)
def midnight(local_day: date, time_zone: str) -> Instant:
    """The instant at which a local day begins; kept, because many share the same few days."""
    return datetime.combine(local_day, time(), zone(time_zone)).astimezone(UTC)


def end_of_business_day_after(start: Instant, days: int, time_zone: str) -> Instant:
    """The local midnight that ends a period of `days` working days after the start.

    Saturdays and Sundays do not count. Public holidays do, so that the period is never longer
    than the law's.
    """
    local_day = start.astimezone(zone(time_zone)).date()
    left = days
    while left:
        local_day += timedelta(days=1)
        left -= local_day.weekday() < _SATURDAY
    passed = local_day - start.astimezone(zone(time_zone)).date()
    return end_of_day_after(start, passed.days, time_zone)


def last_day_of(ends: Instant, time_zone: str) -> date:
    """The last local day of a half-open period: one that ends at midnight ends the day before."""
    return (ends - _INSTANT).astimezone(zone(time_zone)).date()


def days_late(due: Instant, at: Instant, time_zone: str) -> int:
    """Whole local days from the last day of a period to the day of an instant; zero in time."""
    return max(0, (at.astimezone(zone(time_zone)).date() - last_day_of(due, time_zone)).days)


def days_between(start: Instant, at: Instant, time_zone: str) -> int:
    """Local days that began after the day of the start, up to the day of an instant."""
    local = zone(time_zone)
    return max(0, (at.astimezone(local).date() - start.astimezone(local).date()).days)


@cache
def zone(name: str) -> ZoneInfo:
    """The time zone of a queue or of a terms version, by its IANA name."""
    return ZoneInfo(name)
