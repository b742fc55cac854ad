"""The promised windows of an order as a picture: where on a line of months each of them lay.

Places are percentages of the width, so that text keeps its size on every screen. Not here: the
drawing itself, which a template makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from babel.dates import format_skeleton

from earnest.core.values.instant import Instant, Window, zone

_ROOM = timedelta(days=10)
_MOST_LABELS = 5
_MONTHS = 12


class Bar(msgspec.Struct, frozen=True):
    """A window: where it begins, how wide it is, and whether it is the one shown now."""

    x: float
    width: float
    is_now: bool


class Month(msgspec.Struct, frozen=True):
    """The first of a month; `name` is empty where there is no room, so that names do not touch."""

    x: float
    name: str


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """Windows from the first to the last, the months below them, and where today is."""

    bars: tuple[Bar, ...]
    binding: Bar
    months: tuple[Month, ...]
    today: float | None


def picture_of(
    shown: Sequence[Window], binding: Window, now: Instant, time_zone: str, language: str
) -> Picture:
    """The picture of the windows that were shown, the last one being that of now."""
    windows = [*shown, binding]
    begins = min(now, *(each.begins for each in windows)) - _ROOM
    ends = max(now, *(each.ends for each in windows)) + _ROOM
    whole = (ends - begins) / timedelta(seconds=1)

    def place(at: Instant) -> float:
        return round((at - begins) / timedelta(seconds=1) / whole * 100, 2)

    def bar(window: Window, *, is_now: bool) -> Bar:
        x = place(window.begins)
        return Bar(x, round(place(window.ends) - x, 2), is_now)

    firsts = _firsts_of_months(begins, ends, time_zone)
    every = -(-len(firsts) // _MOST_LABELS)
    return Picture(
        bars=tuple(
            bar(each, is_now=number == len(shown)) for number, each in enumerate(shown, start=1)
        ),
        binding=bar(binding, is_now=False),
        months=tuple(
            Month(place(each), _name(each, language) if number % every == 0 else "")
            for number, each in enumerate(firsts)
        ),
        today=place(now),
    )


def _name(first: Instant, language: str) -> str:
    """What a month is called; the first of a year says which."""
    locale = language.replace("-", "_")
    wanted = "yMMM" if first.month == 1 else "MMM"
    return format_skeleton(wanted, first, locale=locale)


def _firsts_of_months(begins: Instant, ends: Instant, time_zone: str) -> list[Instant]:
    local = begins.astimezone(zone(time_zone)).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    found = []
    while local < ends:
        if local >= begins:
            found.append(local)
        year, month = divmod(local.year * _MONTHS + local.month, _MONTHS)
        local = local.replace(year=year, month=month + 1)
    return found
