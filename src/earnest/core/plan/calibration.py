"""Calibration: from what became of earlier promises to the width of the next window.

An error is the actual day less the day that was planned when the promise was given. Cars of one
week share their suppliers and their plant, so their errors move together: what counts is how many
weeks were seen (cohorts), not how many cars. Each cohort therefore weighs the same, and the next
cohort is one more that was not seen yet (split conformal prediction for groups; PLANNING 7).

Not here: the planned day itself (`counters.py`) and the words of a promise (`promise.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import lcm

import msgspec

TARGET_MISS = Fraction(1, 10)
"""The share of cars that may fall outside their window: one in ten."""

CONSTANT_WEEKS = 3
"""The margin on either side while there are too few cohorts, in weeks.

Cars of one reservation week of a real ramp left the line within 16 days before and 19 days after
the median of their week (5 % to 95 %); three weeks hold that, and a constant margin is robust
(Hopp and Sturgis 2001).
"""

SETTLING_DAYS = 2 * CONSTANT_WEEKS * 7
"""How long after its planned arrival an outcome waits before it counts, in days.

Of the promises of one week the cars that come early are known first. Counted at once, they would
make windows that are too early; so each waits as long as the slow ones of its week may take.
"""

BUCKET_DAYS = (28, 56, 112)
"""Where one bucket of lead times ends and the next begins."""

_WEEK = 7


class LeadTime(StrEnum):
    """How far away the planned day was when the promise was given, in weeks."""

    TO_4 = "0-4"
    TO_8 = "4-8"
    TO_16 = "8-16"
    BEYOND = "16+"


class Basis(StrEnum):
    """What a margin rests on."""

    CONSTANT = "constant"
    """Too few cohorts were seen: a fixed number of weeks, and no claim how often it holds."""

    CALIBRATED = "calibrated"
    """Enough cohorts were seen to claim the target."""


class PlanError(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one promise: `days` is actual less planned, so late is positive.

    `cohort` is the Monday of the week in which the promise was given, `cars` how many of it had
    this very error.
    """

    lane_group: str
    cohort: date
    lead_days: int
    days: int
    cars: int = 1


class Margin(msgspec.Struct, frozen=True, kw_only=True):
    """The window around a planned day: from `first` to `last` days after it, both inside.

    `first` is negative where cars may come before the planned day. `cohorts` and `errors` say
    on how much it rests.
    """

    first: int
    last: int
    basis: Basis
    cohorts: int
    errors: int

    @property
    def days(self) -> int:
        """How many days the window has."""
        return self.last - self.first + 1

    def around(self, planned: date) -> tuple[date, date]:
        """The first and the last day of the window around a planned day."""
        return planned + timedelta(days=self.first), planned + timedelta(days=self.last)


_BUCKETS = tuple(LeadTime)


def lead_time(lead_days: int) -> LeadTime:
    """The bucket of a lead time in days; what lies in the past counts as no lead at all."""
    return _BUCKETS[bisect_right(BUCKET_DAYS, lead_days)]


def cohort_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def least_cohorts(miss: Fraction) -> int:
    """How many cohorts it takes before a window for this miss can be claimed at all.

    Half of the misses lie on each side, so ceil((m + 1)(1 - miss / 2)) has to be at most m.
    """
    return -int(1 - 2 / miss)


def quantile(cohorts: Iterable[Iterable[int]], miss: Fraction) -> int | None:
    """The least value that the next error exceeds with a chance of at most `miss`.

    Every cohort weighs 1 / (m + 1), shared by its errors; what is left belongs to the cohort that
    was not seen yet and counts as endless. With one error for each cohort this is the
    ceil((m + 1)(1 - miss))-th smallest error. None when that one was not seen. A cohort is given
    as its errors, or as how many cars had each of them.
    """
    groups = [errors for each in cohorts if (errors := Counter(each))]
    # In units of which every cohort has the same whole number, nothing is rounded.
    units = lcm(*(errors.total() for errors in groups))
    weights: dict[int, int] = {}
    for errors in groups:
        share = units // errors.total()
        for value, cars in errors.items():
            weights[value] = weights.get(value, 0) + cars * share
    wanted = (1 - miss) * units * (len(groups) + 1)
    reached = 0
    for value in sorted(weights):
        reached += weights[value]
        if reached >= wanted:
            return value
    return None


class Calibration:
    """Everything that became of earlier promises, ready to give margins.

    `known_until` is the day on which that was known: who reads the outcomes that count by then
    gets the same margins again.
    """

    def __init__(
        self,
        errors: Iterable[PlanError] = (),
        *,
        weeks: int = CONSTANT_WEEKS,
        known_until: date | None = None,
    ) -> None:
        """Sort errors by lane group, lead time and cohort; `weeks` is the constant margin."""
        self.known_until = known_until
        self._weeks = weeks
        self._errors: dict[tuple[str, LeadTime], dict[date, Counter[int]]] = {}
        self._known: dict[tuple[str, LeadTime, int, int], Margin] = {}
        for error in errors:
            cohorts = self._errors.setdefault((error.lane_group, lead_time(error.lead_days)), {})
            cohorts.setdefault(error.cohort, Counter())[error.days] += error.cars

    def margin(self, lane_group: str, lead_days: int, level: Fraction = TARGET_MISS) -> Margin:
        """The margin for a lane group at this lead time.

        From too few cohorts nothing is claimed: the constant margin then, and never less than
        what was already seen, so that a lower level never gives a narrower window.
        """
        bucket = lead_time(lead_days)
        # A fraction takes longer to hash than everything else that is done for a promise.
        key = (lane_group, bucket, level.numerator, level.denominator)
        known = self._known.get(key)
        if known is None:
            errors = self._errors.get((lane_group, bucket), {})
            known = self._known[key] = self._computed(errors, level)
        return known

    def _computed(self, cohorts: dict[date, Counter[int]], level: Fraction) -> Margin:
        last = quantile(cohorts.values(), level / 2)
        early = ({-days: cars for days, cars in errors.items()} for errors in cohorts.values())
        first = quantile(early, level / 2)
        count = sum(errors.total() for errors in cohorts.values())
        if first is not None and last is not None:
            return Margin(
                first=-first,
                last=last,
                basis=Basis.CALIBRATED,
                cohorts=len(cohorts),
                errors=count,
            )
        constant = self._weeks * _WEEK
        seen = [each for errors in cohorts.values() for each in errors]
        return Margin(
            first=min(-constant, *seen, 0),
            last=max(constant, *seen, 0),
            basis=Basis.CONSTANT,
            cohorts=len(cohorts),
            errors=count,
        )
