"""How a promise stands: judged by the tender, by the calendar, and before that by the plan."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from earnest.core.order.promise_health import (
    Planned,
    PromiseState,
    health_of,
    promise_state,
)
from earnest.core.order.stage import Stage
from earnest.core.plan.promise import PromiseReason
from tests.core.orders import order_after
from tests.core.world import local

State = PromiseState
TODAY = local(2024, 4, 1).date()
REASON = PromiseReason(
    capacity="capacity",
    horizon=TODAY + timedelta(days=400),
    lane_group="aurora",
    planned=TODAY + timedelta(days=30),
    transport_days=3,
    first=-2,
    last=4,
    given_on=TODAY,
)
LAST_DAY = TODAY + timedelta(days=37)
"""The last day of the window: planned, driven there, and four days more."""


@pytest.mark.parametrize(
    ("late_days", "state"),
    [(-3, State.EARLY), (-2, State.KEPT), (4, State.KEPT), (5, State.BROKEN)],
)
def test_a_car_that_stood_ready_decides_whatever_came_later(late_days: int, state: State) -> None:
    for stage in ("Tendered", "HandedOver"):
        order = msgspec.structs.replace(order_after(stage), promise_reason=REASON)
        assert promise_state(order, late_days, Planned(None), LAST_DAY) is state


@pytest.mark.parametrize(
    ("days_before", "late_days", "state"),
    [(1, -2, State.EARLY), (1, -1, State.KEPT), (5, -3, State.EARLY), (5, -2, State.KEPT)],
)
def test_a_window_begins_when_a_car_can_arrive_and_never_before_its_margin(
    days_before: int, late_days: int, state: State
) -> None:
    assert REASON.arrives is not None
    cut = msgspec.structs.replace(REASON, earliest=REASON.arrives - timedelta(days=days_before))
    order = msgspec.structs.replace(order_after("Tendered"), promise_reason=cut)

    assert promise_state(order, late_days, None, TODAY) is state


@pytest.mark.parametrize(
    ("late_days", "state"), [(-1, State.EARLY), (0, State.KEPT), (1, State.BROKEN)]
)
def test_a_margin_that_ends_before_a_car_can_arrive_leaves_the_day_on_which_it_can(
    late_days: int, state: State
) -> None:
    assert REASON.arrives is not None
    early = msgspec.structs.replace(REASON, first=-9, last=-4, earliest=REASON.arrives)
    order = msgspec.structs.replace(order_after("Tendered"), promise_reason=early)

    assert promise_state(order, late_days, None, TODAY) is state
    waiting = msgspec.structs.replace(order_after("Locked"), promise_reason=early)
    assert promise_state(waiting, None, None, REASON.arrives) is State.OPEN


@pytest.mark.parametrize(
    ("planned", "days_left", "state"),
    [
        (None, 0, State.OPEN),
        (None, -1, State.BROKEN),
        (Planned(LAST_DAY), 0, State.OPEN),
        (Planned(LAST_DAY + timedelta(days=1)), 0, State.AT_RISK),
        (Planned(None), 0, State.AT_RISK),
        (Planned(LAST_DAY), -1, State.BROKEN),
    ],
)
def test_before_that_the_calendar_and_the_plan_say_it(
    planned: Planned | None, days_left: int, state: State
) -> None:
    order = msgspec.structs.replace(order_after("Locked"), promise_reason=REASON)
    today = LAST_DAY - timedelta(days=days_left)

    assert promise_state(order, None, planned, today) is state


@pytest.mark.parametrize(
    ("event", "fields", "state"),
    [
        ("Locked", {"stage": Stage.CANCELLED, "promise_reason": REASON}, State.LEFT),
        ("Locked", {"promise_reason": REASON, "deferral": "later"}, State.PUT_OFF),
        ("Locked", {}, State.BY_TERMS),
        (
            "Locked",
            {"promise_reason": msgspec.structs.replace(REASON, planned=None)},
            State.BY_TERMS,
        ),
    ],
)
def test_what_nobody_holds_to_its_window_is_no_broken_promise(
    event: str, fields: dict[str, Any], state: State
) -> None:
    order = msgspec.structs.replace(order_after(event), **fields)

    assert promise_state(order, None, Planned(None), LAST_DAY + timedelta(days=9)) is state


def test_a_cohort_compares_what_it_kept_with_what_it_claimed() -> None:
    counted = [
        (State.KEPT, True, 7),
        (State.EARLY, True, 1),
        (State.BROKEN, True, 2),
        (State.OPEN, True, 5),
        (State.LEFT, False, 4),
        (State.BY_TERMS, False, 1),
    ]
    health = health_of(counted)

    assert (health.promised, health.judged) == (20, 10)
    assert (health.share, health.claim) == (Fraction(7, 10), Fraction(9, 10))
    assert health_of([*counted, (State.AT_RISK, False, 1)]).claim is None
    empty = health_of([(State.LEFT, True, 1)])
    assert (empty.share, empty.claim, empty.judged) == (None, None, 0)
