"""Capacity by week, and what one document changes of another."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.plan.capacity import Holiday, Receipt
from earnest.core.plan.weeks import Resource, Week, WeekChange, by_week, changes_of
from tests.core.plan.plants import CAPACITY, MONDAY, week


def _cars(number: int, line: str) -> Week:
    return Week(week(number), Resource.CARS, line)


def _chips(number: int) -> Week:
    return Week(week(number), Resource.PART, "chip")


def test_cars_and_parts_are_counted_by_the_monday_of_their_week() -> None:
    counted = by_week(CAPACITY)

    assert counted == {
        **{_cars(number, "north/1"): 20 for number in range(4)},
        **{_cars(number, "south/1"): 14 for number in range(4)},
        _chips(0): 1,
        _chips(2): 3,
    }
    assert list(counted) == sorted(counted)


def test_a_week_that_has_begun_counts_from_a_day_on() -> None:
    counted = by_week(CAPACITY, week(2) + timedelta(days=4))

    assert counted == {
        _cars(2, "north/1"): 4,
        _cars(3, "north/1"): 20,
        _cars(2, "south/1"): 6,
        _cars(3, "south/1"): 14,
    }
    assert by_week(CAPACITY, week(-1)) == by_week(CAPACITY)


def test_the_first_document_changes_everything() -> None:
    changes = changes_of(None, CAPACITY)

    assert changes.begins == (None, MONDAY)
    assert changes.ends == (None, week(4))
    assert changes.frozen_days == (None, 7)
    assert changes.tables == ("plants", "lines", "take_rates", "parts")
    assert len(changes.weeks) == len(by_week(CAPACITY))
    assert not changes.is_nothing


def test_the_same_document_changes_nothing() -> None:
    assert changes_of(CAPACITY, CAPACITY).is_nothing


def test_a_holiday_and_a_late_receipt_change_two_weeks_each() -> None:
    after = msgspec.structs.replace(
        CAPACITY,
        holidays=(Holiday("north", week(1)),),
        receipts=(CAPACITY.receipts[0], Receipt("chip", week(3), 3)),
        take_rates=(),
    )

    changes = changes_of(CAPACITY, after)

    assert changes.weeks == (
        WeekChange(_cars(1, "north/1"), 20, 16),
        WeekChange(_chips(2), 3, 0),
        WeekChange(_chips(3), 0, 3),
    )
    assert changes.tables == ("take_rates",)
    assert not changes.is_nothing


def test_days_that_are_over_are_no_change() -> None:
    later = msgspec.structs.replace(
        CAPACITY,
        begins=week(1),
        calendar=tuple(msgspec.structs.replace(each, begins=week(1)) for each in CAPACITY.calendar),
        receipts=CAPACITY.receipts[1:],
    )

    changes = changes_of(CAPACITY, later)

    assert (changes.weeks, changes.tables) == ((), ())
    assert changes.begins == (MONDAY, week(1))
