"""Calibration: how wide a window has to be, and that nothing is claimed from too few weeks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.plan.calibration import (
    CONSTANT_WEEKS,
    TARGET_MISS,
    Basis,
    Calibration,
    LeadTime,
    Margin,
    PlanError,
    cohort_of,
    lead_time,
    least_cohorts,
    quantile,
)

MONDAY = date(2025, 1, 6)
LEVELS = st.fractions(min_value=Fraction(1, 100), max_value=Fraction(1, 2), max_denominator=100)
COHORTS = st.lists(st.lists(st.integers(-60, 60), min_size=1, max_size=5), max_size=60)


def errors_of(cohorts: Sequence[Sequence[int]], lead_days: int = 30) -> list[PlanError]:
    return [
        PlanError(
            lane_group="max", cohort=MONDAY + timedelta(weeks=week), lead_days=lead_days, days=each
        )
        for week, errors in enumerate(cohorts)
        for each in errors
    ]


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-3, LeadTime.TO_4),
        (0, LeadTime.TO_4),
        (27, LeadTime.TO_4),
        (28, LeadTime.TO_8),
        (55, LeadTime.TO_8),
        (56, LeadTime.TO_16),
        (111, LeadTime.TO_16),
        (112, LeadTime.BEYOND),
        (900, LeadTime.BEYOND),
    ],
)
def test_a_lead_time_belongs_to_one_bucket(days: int, bucket: LeadTime) -> None:
    assert lead_time(days) is bucket


def test_a_cohort_is_a_week_from_monday_on() -> None:
    days = [MONDAY + timedelta(days=each) for each in range(7)]
    assert {cohort_of(day) for day in days} == {MONDAY}
    assert cohort_of(MONDAY + timedelta(days=7)) == MONDAY + timedelta(days=7)


@given(st.lists(st.integers(-60, 60), min_size=1, max_size=80), LEVELS)
def test_one_error_for_each_cohort_is_split_conformal(errors: list[int], miss: Fraction) -> None:
    place = ceil((len(errors) + 1) * (1 - miss))
    expected = sorted(errors)[place - 1] if place <= len(errors) else None
    assert quantile([[each] for each in errors], miss) == expected


@given(COHORTS, st.integers(1, 9))
def test_many_cars_of_one_week_count_no_more_than_one(cohorts: list[list[int]], times: int) -> None:
    assert quantile([each * times for each in cohorts], TARGET_MISS) == quantile(
        cohorts, TARGET_MISS
    )


@given(COHORTS, LEVELS, LEVELS)
def test_a_lower_level_never_gives_a_narrower_window(
    cohorts: list[list[int]], one: Fraction, other: Fraction
) -> None:
    calibration = Calibration(errors_of(cohorts))
    wide = calibration.margin("max", 30, min(one, other))
    narrow = calibration.margin("max", 30, max(one, other))
    assert wide.first <= narrow.first
    assert wide.last >= narrow.last
    assert wide.days >= narrow.days


@given(st.integers(2, 200).map(lambda parts: Fraction(1, parts)), COHORTS)
def test_nothing_is_claimed_from_too_few_cohorts(miss: Fraction, cohorts: list[list[int]]) -> None:
    margin = Calibration(errors_of(cohorts)).margin("max", 30, miss)
    expected = Basis.CALIBRATED if len(cohorts) >= least_cohorts(miss) else Basis.CONSTANT
    assert margin.basis is expected


def test_nineteen_weeks_are_the_least_for_nine_in_ten() -> None:
    assert least_cohorts(TARGET_MISS) == 19
    weeks = [[day] * 500 for day in range(18)]
    few = Calibration(errors_of(weeks)).margin("max", 30)
    assert few == Margin(first=-21, last=21, basis=Basis.CONSTANT, cohorts=18, errors=9_000)
    enough = Calibration(errors_of([*weeks, [3]])).margin("max", 30)
    assert enough == Margin(first=0, last=17, basis=Basis.CALIBRATED, cohorts=19, errors=9_001)


def test_without_data_the_margin_is_a_number_of_weeks() -> None:
    margin = Calibration().margin("max", 200)
    constant = 7 * CONSTANT_WEEKS
    assert (margin.first, margin.last) == (-constant, constant)
    assert margin.around(date(2025, 3, 31)) == (date(2025, 3, 10), date(2025, 4, 21))
    assert Calibration(weeks=1).margin("max", 200).days == 15


def test_a_constant_margin_holds_what_was_already_seen() -> None:
    margin = Calibration(errors_of([[-30], [45]])).margin("max", 30)
    assert (margin.first, margin.last, margin.basis) == (-30, 45, Basis.CONSTANT)


def test_lane_groups_and_lead_times_are_calibrated_apart() -> None:
    calibration = Calibration(errors_of([[5]] * 30, lead_days=30))
    assert calibration.margin("max", 35).basis is Basis.CALIBRATED
    assert calibration.margin("max", 60).basis is Basis.CONSTANT
    assert calibration.margin("pro", 30).basis is Basis.CONSTANT


@given(st.integers(0, 2**32))
def test_coverage_holds_on_exchangeable_cohorts(seed: int) -> None:
    """Whichever of the cohorts comes last: over all of them at most one car in ten is missed."""
    chance = random.Random(seed)
    shifts = [chance.gauss(0, 12) for _ in range(25)]
    cohorts = [
        [round(shift + chance.gauss(0, 5)) for _ in range(chance.choice((1, 3, 12)))]
        for shift in shifts
    ]
    missed = Fraction(0)
    for last, errors in enumerate(cohorts):
        margin = Calibration(errors_of(cohorts[:last] + cohorts[last + 1 :])).margin("max", 30)
        assert margin.basis is Basis.CALIBRATED
        outside = sum(not margin.first <= each <= margin.last for each in errors)
        missed += Fraction(outside, len(errors))
    assert missed <= TARGET_MISS * len(cohorts)


def test_pooled_cars_would_claim_too_much() -> None:
    """The negative control: counting cars instead of weeks misses far more than one in ten."""
    chance = random.Random(7)
    missed = trials = 0
    for _ in range(200):
        cohorts = [
            [round(shift + chance.gauss(0, 2)) for _ in range(50)]
            for shift in (chance.gauss(0, 12) for _ in range(5))
        ]
        *seen, last = cohorts
        pooled = [[each] for errors in seen for each in errors]
        high, low = (
            quantile(pooled, TARGET_MISS / 2),
            quantile([[-each for each in one] for one in pooled], TARGET_MISS / 2),
        )
        assert high is not None
        assert low is not None
        missed += sum(not -low <= each <= high for each in last)
        trials += len(last)
    assert missed / trials > 0.2
