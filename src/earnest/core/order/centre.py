"""A delivery centre: where it is, when it is open, and which times can be booked there.

A car takes one bay for one appointment, so there are never more appointments at the same time
than bays. Not here: who chooses a centre (`preparing.py`) and booking a time (`tender.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Annotated
from zoneinfo import available_timezones

import msgspec
from msgspec import Meta

from earnest.core.catalogue.model import Names
from earnest.core.values.ids import CentreId
from earnest.core.values.instant import Instant, Window, zone

DAYS_AHEAD = 60
"""How many days from now a time can be booked."""

MOST_OFFERED = 3
"""How many free times a refusal names."""

CENTRE_CODE = "^[a-z0-9][a-z0-9-]{1,39}$"
"""How the code of a centre is written: it stands in addresses of pages."""

_SHORTEST, _LONGEST = 15, 480
_MOST_BAYS = 100
_LONGEST_TEXT = 200

LANGUAGES = frozenset({"en", "zh-Hans"})
"""Languages in which a centre has to be named, because buyers of both read about it."""

ShortText = Annotated[str, Meta(max_length=_LONGEST_TEXT)]
CentreNames = Annotated[dict[ShortText, ShortText], Meta(max_length=10)]


class Hours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A centre is open on a day of the week (Monday is 1) from one local time to another."""

    weekday: Annotated[int, Meta(ge=1, le=7)]
    opens: Annotated[time, Meta(tz=False)]
    closes: Annotated[time, Meta(tz=False)]


class Centre(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place where cars are inspected and handed over.

    `minutes` is how long an appointment takes its bay. `closed_on` are days on which it is closed
    against its `hours`. Without hours nothing can be booked there and no buyer can choose it.
    """

    centre_id: Annotated[CentreId, Meta(pattern=CENTRE_CODE)]
    names: CentreNames
    regions: CentreNames
    addresses: CentreNames
    time_zone: ShortText
    bays: Annotated[int, Meta(ge=1, le=_MOST_BAYS)]
    minutes: Annotated[int, Meta(ge=_SHORTEST, le=_LONGEST)]
    hours: Annotated[tuple[Hours, ...], Meta(max_length=28)]
    closed_on: Annotated[tuple[date, ...], Meta(max_length=400)] = ()

    @property
    def is_open(self) -> bool:
        """Whether buyers can choose it."""
        return bool(self.hours)

    def times_on(self, day: date) -> Iterator[Window]:
        """Every time that can be booked on a local day, one after the other."""
        if day in self.closed_on:
            return
        step = timedelta(minutes=self.minutes)
        for hours in self.hours:
            if hours.weekday != day.isoweekday():
                continue
            begins, closes = self._at(day, hours.opens), self._at(day, hours.closes)
            while begins + step <= closes:
                yield Window(begins, begins + step)
                begins += step

    def has_time(self, window: Window, now: Instant) -> bool:
        """Whether a window is one of the times that can be booked now; far ones come nearer."""
        is_near = window.begins - now <= timedelta(days=DAYS_AHEAD)
        return is_near and window in self.times_on(self.day_of(window.begins))

    def day_of(self, at: Instant) -> date:
        """The local day of an instant."""
        return at.astimezone(zone(self.time_zone)).date()

    def _at(self, day: date, hour: time) -> Instant:
        return datetime.combine(day, hour, zone(self.time_zone)).astimezone(UTC)


def faulty_field(centre: Centre) -> str | None:
    """The first field of a centre that makes no sense, by name; None where all is well."""
    texts: dict[str, Names] = {
        "names": centre.names,
        "regions": centre.regions,
        "addresses": centre.addresses,
    }
    for field, names in texts.items():
        if not {tag for tag, text in names.items() if text.strip()} >= LANGUAGES:
            return field
    if centre.time_zone not in available_timezones():
        return "time_zone"
    opened = sorted(centre.hours, key=lambda each: (each.weekday, each.opens))
    if any(each.closes <= each.opens for each in opened):
        return "hours"
    for earlier, later in pairwise(opened):
        if earlier.weekday == later.weekday and later.opens < earlier.closes:
            return "hours"
    return None


class BayTaken(msgspec.Struct, frozen=True):
    """An appointment takes a bay, counted from 1."""

    bay: int
    window: Window


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """The centre to which a car goes, and the bay and time that its buyer booked there, if any."""

    centre_id: CentreId
    booked: BayTaken | None = None


class FreeTime(msgspec.Struct, frozen=True, kw_only=True):
    """A time that can be booked, and how many bays are free then."""

    window: Window
    bays: int


class CentreStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A centre with the bays that are taken by others than the order in question."""

    centre: Centre
    taken: tuple[BayTaken, ...] = ()

    def free_bays(self, window: Window) -> list[int]:
        """The bays that nobody has for any part of a window."""
        held = {each.bay for each in self.taken if overlap(each.window, window)}
        return [bay for bay in range(1, self.centre.bays + 1) if bay not in held]

    def free_times(self, now: Instant, days: int = DAYS_AHEAD) -> Iterator[FreeTime]:
        """Every time with a free bay that has not begun, the soonest first."""
        today = self.centre.day_of(now)
        for ahead in range(days):
            for window in self.centre.times_on(today + timedelta(days=ahead)):
                bays = len(self.free_bays(window)) if window.begins > now else 0
                if bays:
                    yield FreeTime(window=window, bays=bays)


def overlap(one: Window, other: Window) -> bool:
    """Whether two windows share an instant."""
    return one.begins < other.ends and other.begins < one.ends
