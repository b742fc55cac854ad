"""Dates and amounts as lawyers write them.

A date and time without a zone is meant in the time zone of the terms; `T24:00` is the end of a
day. Not here: what a date is for.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from earnest.core.values.instant import Instant, zone
from earnest.core.values.money import Money

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?\s*(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_AMOUNT = re.compile(r"(-?)(\d{1,15})(?:\.(\d+))?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1990, 2200
"""Dates outside are slips of the pen: no rule of any pack is older."""

_END_OF_DAY = "24"
_NOON = time(12)

SECOND = timedelta(seconds=1)
"""The smallest time that a case can be written in."""


class Day(msgspec.Struct, frozen=True):
    """A whole day by the clock of a time zone, as the law counts days.

    An instant belongs to the day that a reader would name: a local midnight that ends a period
    is the end of the day before (Civil Code 203).
    """

    date: date
    time_zone: str

    def holds(self, instant: Instant) -> bool:
        """Whether a period that ends at this instant ends on this day."""
        last_moment = instant - timedelta(microseconds=1)
        return last_moment.astimezone(zone(self.time_zone)).date() == self.date


def day(text: str) -> date | None:
    """The date a text is, if it is one and nothing else."""
    if _DATE.fullmatch(text) is None:
        return None
    try:
        read = date.fromisoformat(text)
    except ValueError:
        return None
    return read if FIRST_YEAR <= read.year <= LAST_YEAR else None


def moment(text: str, time_zone: str) -> Instant | None:
    """The instant a text is, if it is a date with a time; in UTC."""
    match = _MOMENT.fullmatch(text)
    if match is None or day(match[1]) is None:
        return None
    date_text, hour, minute, second, offset = match.groups()
    ends_day = hour == _END_OF_DAY
    if ends_day and (minute, second or "00") != ("00", "00"):
        return None
    clock = f"{'00' if ends_day else hour}:{minute}:{second or '00'}"
    try:
        read = datetime.fromisoformat(f"{date_text}T{clock}{offset or ''}")
        if ends_day:
            read += timedelta(days=1)
        if read.tzinfo is None:
            read = read.replace(tzinfo=zone(time_zone))
        return read.astimezone(UTC)
    except ValueError:
        return None


def noon(of: date, time_zone: str) -> Instant:
    """Twelve o'clock of a day: when something happened of which only the date is known."""
    return datetime.combine(of, _NOON, zone(time_zone)).astimezone(UTC)


def money(text: str, currency: str, digits: int) -> Money | None:
    """The sum a text is, in minor units; None when it is no number or has too many decimals."""
    match = _AMOUNT.fullmatch(text)
    if match is None or len(match[3] or "") > digits:
        return None
    minor = int(match[2] + (match[3] or "").ljust(digits, "0"))
    return Money(-minor if match[1] else minor, currency)


def money_text(amount: Money, digits: int) -> str:
    """A sum for a reader: `313,900.00 CNY`."""
    sign = "-" if amount.amount < 0 else ""
    whole, minor = divmod(abs(amount.amount), 10**digits)
    fraction = f".{minor:0{digits}d}" if digits else ""
    return f"{sign}{whole:,}{fraction} {amount.currency}"


def instant_text(instant: Instant, time_zone: str) -> str:
    """An instant by the clock of a zone, to the minute unless seconds matter."""
    local = instant.astimezone(zone(time_zone))
    return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")
