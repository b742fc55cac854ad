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
    of the horizon, up to `horizon`, is free), `first` and `last` the days of the margin after the
    day of arrival, `basis` on what they rest: on `errors` cars of `cohorts` weeks, as they were
    known on the day `known_until`. `given_on` is the local day on which this was said. Where the
    rank of an order decided, because it came back, `rank_ahead` cars of its kind are before it.

    The window never begins before `earliest`, the first day on which such a car could arrive
    whoever stands before it. Reasons without it are of a time when windows began with their margin.
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
    earliest: date | None = None
    rank_ahead: int | None = None

    @property
    def arrives(self) -> date | None:
        """The day on which the car is to arrive; None where it has no day."""
        if self.planned is None:
            return None
        return self.planned + timedelta(days=self.transport_days)

    @property
    def begins(self) -> int:
        """The first day of the window after the day of arrival, as it was shown."""
        if self.arrives is None or self.earliest is None:
            return self.first
        return max(self.first, (self.earliest - self.arrives).days)

    @property
    def ends(self) -> int:
        """The last day of the window after the day of arrival, as it was shown.

        A margin may end before the first day on which such a car can arrive; then it is that one.
        """
        return max(self.last, self.begins)


class Foreseen(msgspec.Struct, frozen=True):
    """What can be promised now: a window, or None where the car fits nowhere in the horizon."""

    window: Window | None
    reason: PromiseReason


class Replanned(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan decided for an order that was promised something else.

    `planned` is its day, or None where the capacity up to `horizon` has none, `binding` what was
    short. `transport_days` are those of its line, or the most of any. `possible_from` is the first
    day on which a car that has no place yet could arrive, None where none could.
    """

    capacity: str
    horizon: date
    lane_group: str
    planned: date | None
    plant: str
    transport_days: int
    binding: Binding | None
    possible_from: date | None


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
    arrives = planned + timedelta(days=plan.transport_days)
    earliest = earliest_arrival(plan.possible_from, arrives, given_on)
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
        earliest=earliest,
    )
    return Foreseen(window_around(arrives, margin, earliest, time_zone), reason)


def earliest_arrival(possible_from: date | None, arrives: date, given_on: date) -> date:
    """The first day on which a window may begin: no car can arrive sooner.

    It is the day on which a car could arrive whoever stands before it, or that of a place which it
    has already, where that is sooner; and the day after the promise at the earliest.
    """
    possible = arrives if possible_from is None else min(possible_from, arrives)
    return max(possible, given_on + _DAY)


def window_around(arrives: date, margin: Margin, earliest: date, time_zone: str) -> Window:
    """The window around a day of arrival, in whole local days, from the earliest day on."""
    first, last = margin.around(arrives)
    first = max(first, earliest)
    return Window(midnight(first, time_zone), midnight(max(last, first) + _DAY, time_zone))
