"""How promises turn out: judged once, against the first day, and counted only when it is fair."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.order.events import Tendered
from earnest.core.order.state import Order
from earnest.core.order.turned_out import PromiseOutcome, outcome_of
from earnest.core.plan.calibration import (
    SETTLING_DAYS,
    TARGET_MISS,
    Basis,
    Calibration,
    PlanError,
    cohort_of,
)
from earnest.core.plan.promise import PromiseReason
from tests.core import world
from tests.core.orders import order_after

ZONE = "Asia/Shanghai"
GIVEN = date(2024, 7, 3)
PLANNED = date(2024, 9, 2)
REASON = PromiseReason(
    capacity="c",
    horizon=date(2025, 6, 30),
    lane_group="aurora",
    planned=PLANNED,
    transport_days=5,
    given_on=GIVEN,
)


def tendered(day: date, hour: int = 10) -> Tendered:
    return Tendered(
        at=world.local(day.year, day.month, day.day, hour),
        tender_number=1,
        vin=world.VIN,
        place="centre",
        appointments=(),
    )


def order_with(reason: PromiseReason | None) -> Order:
    return msgspec.structs.replace(order_after("Shipped"), promise_reason=reason)


@pytest.mark.parametrize(
    ("ready", "days", "counts_from"),
    [
        (date(2024, 9, 7), 0, date(2024, 10, 19)),
        (date(2024, 9, 1), -6, date(2024, 10, 19)),
        (date(2024, 9, 20), 13, date(2024, 10, 19)),
        (date(2024, 10, 18), 41, date(2024, 10, 19)),
        (date(2024, 12, 1), 85, date(2024, 12, 2)),
    ],
)
def test_a_car_is_judged_by_the_day_it_was_due(ready: date, days: int, counts_from: date) -> None:
    order = order_with(REASON)
    assert outcome_of(order, tendered(ready), ZONE) == PromiseOutcome(
        buyer_id=order.buyer_id,
        order_id=order.order_id,
        lane_group="aurora",
        given_on=GIVEN,
        lead_days=61,
        days=days,
        counts_from=counts_from,
    )


def test_the_day_is_that_of_the_order_and_not_of_greenwich() -> None:
    early = outcome_of(order_with(REASON), tendered(date(2024, 9, 7), hour=1), ZONE)
    assert early is not None
    assert early.days == 0
    assert early.error == PlanError(
        lane_group="aurora", cohort=date(2024, 7, 1), lead_days=61, days=0
    )


@pytest.mark.parametrize(
    "reason",
    [
        None,
        msgspec.structs.replace(REASON, planned=None),
        msgspec.structs.replace(REASON, given_on=None),
    ],
)
def test_a_window_of_the_terms_alone_teaches_nothing(reason: PromiseReason | None) -> None:
    assert outcome_of(order_with(reason), tendered(PLANNED), ZONE) is None


class World:
    """Promises of some weeks, whose errors share a shift for each week: exchangeable cohorts."""

    def __init__(self, seed: int, weeks: int = 70, cars: int = 12) -> None:
        chance = random.Random(seed)
        self.outcomes: list[tuple[date, PromiseOutcome]] = []
        for week in range(weeks):
            given_on = GIVEN + timedelta(weeks=week)
            shift = chance.gauss(0, 9)
            for _ in range(cars):
                days = max(-30, round(shift + chance.gauss(0, 6)))
                due = given_on + timedelta(days=35)
                arrived = due + timedelta(days=days)
                settled = due + timedelta(days=SETTLING_DAYS)
                outcome = PromiseOutcome(
                    buyer_id=world.BUYER,
                    order_id=world.ORDER,
                    lane_group="aurora",
                    given_on=given_on,
                    lead_days=35,
                    days=days,
                    counts_from=max(arrived + timedelta(days=1), settled),
                )
                self.outcomes.append((arrived, outcome))

    def known_on(self, day: date) -> Calibration:
        """The calibration of a day, as the store would give it."""
        known = (each.error for _, each in self.outcomes if each.counts_from <= day)
        return Calibration(known, known_until=day)

    def known_at_once(self, day: date) -> Calibration:
        """What it would be if every car counted when it came: the negative control."""
        return Calibration(each.error for arrived, each in self.outcomes if arrived < day)

    def missed(self, *, at_once: bool = False) -> Iterator[float]:
        """For each week in which a claim was made, the share of its cars outside."""
        weeks: dict[date, list[int]] = {}
        for _, each in self.outcomes:
            weeks.setdefault(each.given_on, []).append(each.days)
        for given_on, days in weeks.items():
            known = self.known_at_once(given_on) if at_once else self.known_on(given_on)
            margin = known.margin("aurora", 35)
            if margin.basis is Basis.CALIBRATED:
                yield sum(not margin.first <= each <= margin.last for each in days) / len(days)


def test_over_many_worlds_at_most_one_promise_in_ten_is_missed() -> None:
    shares = [share for seed in range(12) for share in World(seed).missed()]
    assert len(shares) > 300
    assert sum(shares) / len(shares) <= float(TARGET_MISS)


def test_counting_the_early_ones_first_would_promise_too_early() -> None:
    """The negative control: at any moment the cars of the last weeks that came are the early."""
    for seed in range(6):
        world_of = World(seed, weeks=40)
        day = GIVEN + timedelta(weeks=26)
        hasty = world_of.known_at_once(day).margin("aurora", 35)
        fair = world_of.known_on(day).margin("aurora", 35)
        assert hasty.cohorts > fair.cohorts
    early = [
        each.days
        for seed in range(6)
        for arrived, each in World(seed).outcomes
        if arrived < GIVEN + timedelta(weeks=26) and each.given_on > GIVEN + timedelta(weeks=22)
    ]
    assert sum(early) / len(early) < -5


@given(st.integers(0, 2**16), st.integers(20, 60))
def test_nothing_that_happens_after_a_day_changes_its_margins(seed: int, week: int) -> None:
    seen = World(seed, weeks=70, cars=2)
    day = GIVEN + timedelta(weeks=week)
    before = seen.known_on(day).margin("aurora", 35)
    seen.outcomes = [
        (arrived, each)
        if arrived < day
        else (arrived, msgspec.structs.replace(each, days=each.days + 100))
        for arrived, each in seen.outcomes
    ]
    assert seen.known_on(day).margin("aurora", 35) == before
    assert all(cohort_of(each.given_on) == each.error.cohort for _, each in seen.outcomes)
