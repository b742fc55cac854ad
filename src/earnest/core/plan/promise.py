"""A promise: the window for a car from its planned day, with the reason why it is that one.

The reason is the resource that decided: how many cars stand before this one for it, and how many
of it come in a week. Not here: finding the day (`book.py`, `counters.py`), how wide a window has
to be (`calibration.py`), and the words (`desk/telling`).
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from earnest.core.plan.calibration import Basis, Calibration, Margin
from earnest.core.plan.counters import Binding, Resource
from earnest.core.values.instant import Instant, Window, midnight, zone

_DAY = timedelta(days=1)


class PromiseReason(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a window is the one that is shown; kept with the order for ever (US-01, CN-30).

    `resource` decided, by its kind and its name in the capacity document: `ahead` cars stand
    before this one for it and about `weekly` of it come in a week. It is None where the first
    possible day was free. `planned` is the day on which the car is to be built (None where no day
    of the horizon, up to `horizon`, is free), `first` and `last` the days of the window after the
    day of arrival, `basis` on what they rest: on `errors` cars of `cohorts` weeks, as they were
    known on the day `known_until`. `given_on` is the local day on which this was said. Where the
    rank of an order decided, because it came back, `rank_ahead` cars of its kind are before it.
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
    rank_ahead: int | None = None


class Foreseen(msgspec.Struct, frozen=True):
    """What can be promised now: a window, or None where the car fits nowhere in the horizon."""

    window: Window | None
    reason: PromiseReason


class Replanned(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan decided for an order that was promised something else.

    `planned` is its day, or None where the capacity up to `horizon` has none, `binding` what was
    short. `transport_days` are those of its line, or the most of any.
    """

    capacity: str
    horizon: date
    lane_group: str
    planned: date | None
    plant: str
    transport_days: int
    binding: Binding | None


def promised_anew(
    plan: Replanned, calibration: Calibration, time_zone: str, now: Instant
) -> Foreseen:
    """The window after a plan, as wide as whoever reserves now would get it for that day.

    Without a day it begins where the published capacity ends: no more than a hope, which is to be
    told as one without a date.
    """
    given_on = now.astimezone(zone(time_zone)).date()
    planned = plan.horizon if plan.planned is None else plan.planned
    margin = calibration.margin(plan.lane_group, (planned - given_on).days)
    if plan.planned is None:
        margin = msgspec.structs.replace(margin, first=0)
    binding = plan.binding
    reason = PromiseReason(
        capacity=plan.capacity,
        horizon=plan.horizon,
        lane_group=plan.lane_group,
        resource=None if binding is None else binding.kind,
        name="" if binding is None else binding.name,
        planned=plan.planned,
        plant=plan.plant,
        transport_days=plan.transport_days,
        first=margin.first,
        last=margin.last,
        basis=margin.basis,
        cohorts=margin.cohorts,
        errors=margin.errors,
        known_until=calibration.known_until,
        given_on=given_on,
    )
    return Foreseen(window_around(planned, plan.transport_days, margin, time_zone, now), reason)


def window_around(
    planned: date, transport_days: int, margin: Margin, time_zone: str, now: Instant
) -> Window:
    """The window of arrival around a planned day, in whole local days; tomorrow at the earliest."""
    first, last = margin.around(planned + timedelta(days=transport_days))
    tomorrow = now.astimezone(zone(time_zone)).date() + timedelta(days=1)
    first = max(first, tomorrow)
    return Window(midnight(first, time_zone), midnight(max(last, first) + _DAY, time_zone))
