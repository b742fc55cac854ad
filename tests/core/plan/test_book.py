"""The book and the promise: the next car's day, its reason, and what leaving frees."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.plan.book import Book
from earnest.core.plan.calibration import Basis, Calibration, Margin, PlanError
from earnest.core.plan.counters import Binding, Resource
from earnest.core.plan.plan import Place, PlanOrder
from earnest.core.plan.planner import fresh_plan
from earnest.core.plan.possible import Possible
from earnest.core.plan.promise import (
    PromiseReason,
    Replanned,
    earliest_arrival,
    promised_anew,
    window_around,
)
from earnest.core.values.instant import Window, zone
from tests.core.plan.plants import CAPACITY, MONDAY, signatures_of, task_of, week, written

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
ZONE = "Asia/Shanghai"
KINDS = (
    ("aurora", ("grey",), "CN"),
    ("aurora", ("wheels_21",), "CN"),
    ("aurora", ("titanium",), "CN"),
    ("breeze", ("grey",), "DE"),
    ("aurora", ("grey",), "FR"),
)


def book(calibration: Calibration | None = None) -> Book:
    return Book(CAPACITY, written(), calibration)


def number(of: Book, kind: int) -> int:
    return of.signatures.number_of(*KINDS[kind])


@given(st.lists(st.integers(0, 4), max_size=60))
def test_the_book_places_cars_where_a_plan_run_would(kinds: list[int]) -> None:
    signatures = signatures_of()
    orders = tuple(
        PlanOrder(order_id=str(place), signature=signatures.number_of(*KINDS[kind]))
        for place, kind in enumerate(kinds)
    )
    plan = fresh_plan(task_of(orders, signatures))
    ours = book()
    placed = [ours.take(number(ours, kind), 0) for kind in kinds]

    assert placed == [plan.place(each) for each in range(len(kinds))]


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=60), st.integers(0, 4))
def test_what_is_foreseen_is_what_the_next_car_gets(
    steps: list[tuple[int, bool]], kind: int
) -> None:
    ours = book()
    for each, leaves in steps:
        if leaves:
            ours.leave(number(ours, each))
        else:
            ours.take(number(ours, each), 0)
    seen = ours.foresee(number(ours, kind), "any", 0, time_zone=ZONE, now=NOW)
    again = ours.foresee(number(ours, kind), "any", 0, time_zone=ZONE, now=NOW)
    place = ours.take(number(ours, kind), 0)

    assert seen == again
    assert (seen.window is None) is (place is None)
    assert seen.reason.planned == (None if place is None else MONDAY + timedelta(days=place.day))


@given(st.lists(st.integers(0, 3), max_size=60), st.lists(st.integers(0, 3), max_size=20))
def test_cars_of_one_place_can_be_fixed_together(kinds: list[int], leave: list[int]) -> None:
    one_by_one, together = book(), book()
    standing = Counter(
        (kind, place)
        for kind in kinds
        if (place := one_by_one.take(number(one_by_one, kind), 0)) is not None
    )
    for (kind, place), cars in standing.items():
        together.fix(number(together, kind), place, cars)
    for kind in leave:
        one_by_one.leave(number(one_by_one, kind))
        together.leave(number(together, kind))

    for kind in range(4):
        seen = [
            ours.foresee(number(ours, kind), "any", 0, time_zone=ZONE, now=NOW)
            for ours in (one_by_one, together)
        ]
        assert seen[0] == seen[1]


@given(st.lists(st.booleans(), max_size=60))
def test_who_comes_later_is_never_promised_a_day_before_those_of_its_kind(
    steps: list[bool],
) -> None:
    """A place that falls free in the middle serves those who wait behind it, not the next buyer."""
    ours = book()
    kind = number(ours, 0)
    waiting: list[Place] = []
    for leaves in steps:
        if leaves:
            ours.leave(kind)
            waiting = sorted(waiting, key=lambda place: (place.day, place.line))[:-1]
        else:
            place = ours.take(kind, 0)
            if place is None:
                continue
            assert all(each.day <= place.day for each in waiting)
            waiting.append(place)


def test_a_reason_names_the_part_with_who_is_before_and_what_comes() -> None:
    ours = book()
    titanium = number(ours, 2)
    ours.take(titanium, 0)
    seen = ours.foresee(titanium, "aurora", 7, time_zone=ZONE, now=NOW)

    assert seen.reason == PromiseReason(
        capacity=CAPACITY.digest,
        horizon=week(4),
        lane_group="aurora",
        ahead=1,
        weekly=1,
        resource=Resource.PART,
        name="chip",
        planned=week(2),
        plant="north",
        transport_days=3,
        first=-21,
        last=21,
        basis=Basis.CONSTANT,
        given_on=MONDAY,
        earliest=date(2026, 3, 12),
    )
    assert seen.window == Window(
        datetime(2026, 3, 11, 16, tzinfo=UTC), datetime(2026, 4, 9, 16, tzinfo=UTC)
    )


def test_a_reason_names_an_option_and_a_line() -> None:
    ours = book()
    wheels = number(ours, 1)
    for _ in range(24):
        ours.take(wheels, 0)
    of_option = ours.foresee(wheels, "aurora", 0, time_zone=ZONE, now=NOW).reason
    breeze = number(ours, 3)
    for _ in range(8):
        ours.take(breeze, 0)
    of_line = ours.foresee(breeze, "breeze", 0, time_zone=ZONE, now=NOW).reason

    assert (of_option.resource, of_option.name) in {
        (Resource.OPTION, "wheels_21"),
        (Resource.LINE, "south/1"),
    }
    assert (of_line.resource, of_line.name, of_line.weekly) == (Resource.LINE, "south/1", 14)
    assert of_line.ahead > 8


def test_the_first_free_day_needs_no_reason() -> None:
    ours = book()
    reason = ours.foresee(number(ours, 0), "aurora", 0, time_zone=ZONE, now=NOW).reason
    assert (reason.resource, reason.name, reason.ahead) == (None, "", 0)


def test_what_no_plant_builds_and_what_fits_nowhere_is_said_at_once() -> None:
    ours = book()
    nowhere = ours.foresee(number(ours, 4), "aurora", 0, time_zone=ZONE, now=NOW)
    assert (nowhere.window, nowhere.reason.resource) == (None, Resource.PLANT)
    titanium = number(ours, 2)
    for _ in range(4):
        ours.take(titanium, 0)
    assert ours.take(titanium, 0) is None
    full = ours.foresee(titanium, "aurora", 0, time_zone=ZONE, now=NOW)
    assert full.window is None
    assert (full.reason.name, full.reason.ahead, full.reason.horizon) == ("chip", 4, week(4))
    late = ours.foresee(number(ours, 0), "aurora", 400, time_zone=ZONE, now=NOW)
    assert (late.window, late.reason.resource) == (None, Resource.HORIZON)


def test_who_fitted_nowhere_frees_nothing() -> None:
    ours = book()
    ours.leave(number(ours, 0))
    ours.fix(number(ours, 0), Place(0, 0))
    ours.leave(number(ours, 0))
    ours.leave(number(ours, 0))
    assert ours.take(number(ours, 0), 0) == Place(0, 0)


def test_a_fixed_car_may_stand_on_a_line_that_does_not_build_it() -> None:
    ours = book()
    breeze = number(ours, 3)
    ours.fix(breeze, Place(0, 0))
    assert ours.foresee(breeze, "breeze", 0, time_zone=ZONE, now=NOW).reason.planned == MONDAY


def test_nobody_enters_the_frozen_zone_while_cooling_off() -> None:
    assert book().first_day(MONDAY + timedelta(days=2), 7) == 2 + 7 + 7


def by_rank(ours: Book, kind: int, ahead: int, not_before: int = 0) -> PromiseReason:
    """The reason for a car with so many of its kind before it by rank."""
    seen = ours.foresee_by_rank(
        number(ours, kind), "any", not_before, ahead=ahead, time_zone=ZONE, now=NOW
    )
    return seen.reason


def test_who_comes_back_is_foreseen_at_the_place_of_its_rank_and_not_at_the_end() -> None:
    """Two chips until the third week: who has one before it gets the second place again."""
    ours = book()
    for _ in range(3):
        ours.take(number(ours, 2), 0)

    first, second, third = (by_rank(ours, 2, ahead) for ahead in range(3))
    assert (first.planned, first.rank_ahead, first.resource) == (MONDAY, 0, None)
    assert (second.planned, third.planned) == (week(2), week(2))
    assert by_rank(ours, 2, 0, 15).planned == week(2) + timedelta(days=1)


def test_a_free_day_before_the_place_of_its_rank_comes_first() -> None:
    ours = book()
    ours.fix(number(ours, 0), Place(0, 9))

    assert by_rank(ours, 0, 0).planned == MONDAY
    assert by_rank(ours, 0, 0).rank_ahead is None
    assert by_rank(ours, 0, 5).planned == MONDAY


def test_a_kind_of_which_nobody_stands_is_foreseen_as_for_the_next_one() -> None:
    ours = book()

    assert (
        by_rank(ours, 3, 0)
        == ours.foresee(number(ours, 3), "any", 0, time_zone=ZONE, now=NOW).reason
    )


def test_a_place_on_a_line_that_no_longer_builds_the_kind_is_nobodys_rank() -> None:
    ours = book()
    for _ in range(4):
        ours.take(number(ours, 2), 0)
    breeze = number(ours, 3)
    ours.fix(breeze, Place(0, 0))

    assert by_rank(ours, 3, 0).rank_ahead is None


@given(st.lists(st.integers(0, 4), max_size=60), st.integers(0, 4), st.integers(0, 70))
def test_a_rank_is_never_foreseen_behind_the_next_car(
    kinds: list[int], kind: int, ahead: int
) -> None:
    ours = book()
    for each in kinds:
        ours.take(number(ours, each), 0)
    seen = by_rank(ours, kind, ahead)
    last = ours.foresee(number(ours, kind), "any", 0, time_zone=ZONE, now=NOW).reason

    if last.planned is None:
        assert seen.planned is None or ahead < kinds.count(kind)
    else:
        assert seen.planned is not None
        assert seen.planned <= last.planned


def test_the_margin_of_the_lane_group_makes_the_window() -> None:
    errors = [
        PlanError(lane_group="aurora", cohort=MONDAY - timedelta(weeks=each), lead_days=3, days=2)
        for each in range(30)
    ]
    ours = book(Calibration(errors))
    seen = ours.foresee(number(ours, 0), "aurora", 0, time_zone=ZONE, now=NOW)

    assert (seen.reason.basis, seen.reason.cohorts) == (Basis.CALIBRATED, 30)
    assert seen.window == Window(
        datetime(2026, 3, 6, 16, tzinfo=UTC), datetime(2026, 3, 7, 16, tzinfo=UTC)
    )


def test_a_window_never_begins_before_tomorrow() -> None:
    margin = Margin(first=-9, last=-5, basis=Basis.CONSTANT, cohorts=0, errors=0)
    earliest = earliest_arrival(date(2026, 2, 2), date(2026, 3, 2), MONDAY)
    window = window_around(date(2026, 3, 2), margin, earliest, ZONE)
    assert window == Window(
        datetime(2026, 3, 2, 16, tzinfo=UTC), datetime(2026, 3, 3, 16, tzinfo=UTC)
    )


def replanned(
    planned: date | None, binding: Binding | None = None, possible_from: date | None = None
) -> Replanned:
    return Replanned(
        capacity="c",
        horizon=week(4),
        lane_group="aurora",
        planned=planned,
        plant="north",
        transport_days=3,
        binding=binding,
        possible_from=possible_from,
    )


def test_a_window_after_a_plan_is_as_wide_as_that_of_whoever_reserves_then() -> None:
    errors = [
        PlanError(lane_group="aurora", cohort=MONDAY - timedelta(weeks=each), lead_days=3, days=2)
        for each in range(30)
    ]
    known = Calibration(errors, known_until=MONDAY)
    ours = book(known)
    new = ours.foresee(number(ours, 0), "aurora", 0, time_zone=ZONE, now=NOW)
    assert new.reason.planned is not None
    anew = promised_anew(replanned(new.reason.planned), known, ZONE, NOW)

    assert anew.window == new.window
    assert (anew.reason.first, anew.reason.last, anew.reason.known_until) == (2, 2, MONDAY)
    assert anew.reason.resource is None


def test_without_a_day_the_window_is_a_hope_after_the_published_capacity() -> None:
    binding = Binding(Resource.PART, "chip")
    hope = promised_anew(replanned(None, binding), Calibration(), ZONE, NOW)

    begins = datetime(2026, 4, 1, 16, tzinfo=UTC)
    assert hope.window == Window(begins, begins + timedelta(days=22))
    assert (hope.reason.planned, hope.reason.resource, hope.reason.name) == (None, "part", "chip")


def test_the_first_arrival_asks_for_days_caps_and_parts_and_for_nobody_else() -> None:
    signatures = signatures_of()
    possible = Possible(written(), signatures)

    def arrival(kind: int, not_before: int) -> int | None:
        return possible.first_arrival(signatures.number_of(*KINDS[kind]), not_before)

    # From a Saturday on the south builds at once, and the north on Monday; both arrive on day 10.
    assert [arrival(0, day) for day in (-3, 4, 5, 6, 7)] == [3, 7, 10, 10, 10]
    assert arrival(1, 5) == 10
    assert arrival(3, 0) == 30
    assert (arrival(4, 0), arrival(0, 28)) == (None, None)
    late = msgspec.structs.replace(CAPACITY, receipts=CAPACITY.receipts[1:])
    titanium = signatures_of(late)
    assert Possible(written(late), titanium).first_arrival(titanium.number_of(*KINDS[2]), 0) == 17


@given(
    st.lists(st.integers(0, 3), max_size=60),
    st.integers(0, 3),
    st.integers(0, 27),
    st.integers(-40, 3),
)
def test_no_window_begins_before_a_car_could_arrive(
    before: list[int], kind: int, not_before: int, days: int
) -> None:
    """Who stands before moves the planned day and never the earliest one; the margin stays."""
    errors = [
        PlanError(
            lane_group="aurora", cohort=MONDAY - timedelta(weeks=each), lead_days=0, days=days
        )
        for each in range(30)
    ]
    ours = book(Calibration(errors))
    alone = ours.foresee(number(ours, kind), "aurora", not_before, time_zone=ZONE, now=NOW)
    for each in before:
        ours.take(number(ours, each), 0)
    seen = ours.foresee(number(ours, kind), "aurora", not_before, time_zone=ZONE, now=NOW)
    reason = seen.reason
    if seen.window is None or alone.window is None:
        return

    assert reason.earliest == alone.reason.earliest
    assert reason.arrives is not None
    assert reason.earliest is not None
    begins = seen.window.begins.astimezone(zone(ZONE)).date()
    assert begins == reason.arrives + timedelta(days=reason.begins)
    assert MONDAY < reason.earliest <= begins
    assert reason.first in {days, -21}


def test_a_place_that_is_sooner_than_any_free_day_is_a_possible_one() -> None:
    """A slot of the frozen zone that was given on arrives before whoever has no place yet could."""
    given_on = promised_anew(
        replanned(week(1), possible_from=week(2)), Calibration(), ZONE, NOW
    ).reason
    later = promised_anew(
        replanned(week(3), possible_from=week(2)), Calibration(), ZONE, NOW
    ).reason

    assert (given_on.earliest, given_on.begins) == (week(1) + timedelta(days=3), 0)
    assert (later.earliest, later.begins) == (week(2), -10)
