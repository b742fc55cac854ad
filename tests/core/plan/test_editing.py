"""Edits of a capacity document: what was edited is otherwise, and everything else as it was."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.plan.calendar import cars_of
from earnest.core.plan.capacity import Capacity, Holiday, Receipt, Stretch
from earnest.core.plan.editing import DaysEdit, Edit, HolidayEdit, ReceiptEdit, edited
from earnest.core.plan.faults import CapacityFaultCode, faults_of
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core.plan.plants import CAPACITY, KNOWN, MONDAY, week

DAYS = 28


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def made(*edits: Edit, capacity: Capacity = CAPACITY) -> Capacity:
    """The document with these edits, which it takes."""
    document = edited(capacity, edits)
    assert isinstance(document, Capacity), document
    return document


def cars(capacity: Capacity, line: int = 0) -> tuple[int, ...]:
    return cars_of(capacity, capacity.lines[line])


def days_edit(first: int, last: int, cars_per_shift: int = 7) -> DaysEdit:
    """A shift of so many cars on the north line, from a day until before another."""
    return DaysEdit(
        line="north/1", begins=day(first), ends=day(last), shifts=1, cars_per_shift=cars_per_shift
    )


def test_a_line_works_otherwise_on_these_days_only() -> None:
    document = made(days_edit(1, 3))

    assert cars(document)[:8] == (4, 7, 7, 4, 4, 0, 0, 4)
    assert cars(document, 1) == cars(CAPACITY, 1)
    assert faults_of(document, KNOWN, MONDAY) == ()


def test_an_edit_of_working_days_leaves_the_others_without_work() -> None:
    edit = msgspec.structs.replace(days_edit(0, 7), weekdays=(1, 7))

    assert cars(made(edit))[:8] == (7, 0, 0, 0, 0, 0, 7, 4)


def test_a_holiday_is_said_once_and_taken_back() -> None:
    closed = HolidayEdit(plant="north", day=day(1), is_holiday=True)
    document = made(closed, closed)
    assert document.holidays == (Holiday("north", day(1)),)
    assert cars(document)[:3] == (4, 0, 4)

    assert made(HolidayEdit(plant="north", day=day(1), is_holiday=False), capacity=document) == (
        CAPACITY
    )


def test_a_receipt_takes_the_place_of_what_was_said_of_its_day() -> None:
    document = made(
        ReceiptEdit(part="chip", day=week(2), units=9),
        ReceiptEdit(part="chip", day=week(1), units=2),
    )

    assert document.receipts == (
        Receipt("chip", MONDAY, 1),
        Receipt("chip", week(1), 2),
        Receipt("chip", week(2), 9),
    )


@pytest.mark.parametrize(
    ("edit", "name", "known"),
    [
        (msgspec.structs.replace(days_edit(0, 1), line="west/1"), "west/1", "north/1, south/1"),
        (HolidayEdit(plant="west", day=MONDAY, is_holiday=True), "west", "north, south"),
        (ReceiptEdit(part="seat", day=MONDAY, units=1), "seat", "chip"),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_those_that_are(
    edit: Edit, name: str, known: str
) -> None:
    details = {"name": name, "known": known}
    assert edited(CAPACITY, [edit]) == Rejected(Reason.CAPACITY_NAME_UNKNOWN, details)


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (days_edit(26, 30), CapacityFaultCode.DAY_OUTSIDE),
        (days_edit(2, 1), CapacityFaultCode.STRETCH_EMPTY),
        (days_edit(1, 2, cars_per_shift=-1), CapacityFaultCode.NUMBER_NEGATIVE),
        (ReceiptEdit(part="chip", day=week(9), units=1), CapacityFaultCode.DAY_OUTSIDE),
        (HolidayEdit(plant="north", day=week(9), is_holiday=True), CapacityFaultCode.DAY_OUTSIDE),
    ],
)
def test_an_edit_that_makes_no_sense_is_a_fault_of_the_document(
    edit: Edit, code: CapacityFaultCode
) -> None:
    found = {each.code for each in faults_of(made(edit), KNOWN, MONDAY)}

    assert code in found


@given(
    st.integers(0, DAYS - 1),
    st.integers(1, DAYS),
    st.integers(0, 120),
    st.integers(0, 120),
    st.sets(st.integers(1, 7), min_size=1),
)
def test_days_that_were_not_edited_build_what_they_built(
    first: int, length: int, ramp_from: int, ramp_to: int, weekdays: set[int]
) -> None:
    ramp = Stretch(
        plant="north",
        line="1",
        begins=MONDAY,
        ends=week(4),
        shifts=2,
        cars_per_shift=9,
        weekdays=tuple(sorted(weekdays)),
        ramp_from=ramp_from,
        ramp_to=ramp_to,
    )
    before = msgspec.structs.replace(CAPACITY, calendar=(ramp, CAPACITY.calendar[1]))
    last = min(first + length, DAYS)

    after = made(days_edit(first, last), capacity=before)

    expected = [*cars(before)[:first], *[7] * (last - first), *cars(before)[last:]]
    assert list(cars(after)) == expected
    assert faults_of(after, KNOWN, MONDAY) == ()
