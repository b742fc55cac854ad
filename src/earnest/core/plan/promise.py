"""A promise: the window for a car from its planned day, with the reason why it is that one.

The reason is the resource that decided: how many cars stand before this one for it, and how many
of it come in a week. Not here: finding the day (`book.py`, `counters.py`), how wide a window has
to be (`calibration.py`), and the words (`desk/telling`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec

from earnest.core.plan.calibration import Basis, Margin
from earnest.core.plan.counters import Resource
from earnest.core.values.instant import Instant, Window, zone

_DAY = timedelta(days=1)


class PromiseReason(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a window is the one that is shown; kept with the order for ever (US-01, CN-30).

    `resource` decided, by its kind and its name in the capacity document: `ahead` cars stand
    before this one for it and about `weekly` of it come in a week. It is None where the first
    possible day was free. `planned` is the day on which the car is to be built (None where no day
    of the horizon, up to `horizon`, is free), `first` and `last` the days of the window after the
    day of arrival, `basis` on what they rest: on `errors` cars of `cohorts` weeks, as they were
    known on the day `known_until`. `given_on` is the local day on which this was said.
    """

    capacity: str
    horizon: date
    lane_group: str
    ahead: int = 0
    weekly: int = 0
    resource: Resource | None = None
    name: str = ""
    planned: date | None = None
    plant: str = ""
    transport_days: int = 0
    first: int = 0
    last: int = 0
    basis: Basis = Basis.CONSTANT
    cohorts: int = 0
    errors: int = 0
    known_until: date | None = None
    given_on: date | None = None


class Foreseen(msgspec.Struct, frozen=True):
    """What can be promised now: a window, or None where the car fits nowhere in the horizon."""

    window: Window | None
    reason: PromiseReason


def window_around(
    planned: date, transport_days: int, margin: Margin, time_zone: str, now: Instant
) -> Window:
    """The window of arrival around a planned day, in whole local days; tomorrow at the earliest."""
    first, last = margin.around(planned + timedelta(days=transport_days))
    tomorrow = now.astimezone(zone(time_zone)).date() + timedelta(days=1)
    first = max(first, tomorrow)
    return Window(_begin(first, time_zone), _begin(max(last, first) + _DAY, time_zone))


def _begin(day: date, time_zone: str) -> Instant:
    """The local midnight with which a day begins."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone(time_zone))
    return midnight.astimezone(UTC)
