"""Days that are over: an export of what counts can be imported, if it says the same of them."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from earnest.core.plan.capacity import Capacity, Holiday, Line, Receipt, Stretch
from earnest.core.plan.faults import CapacityFault, CapacityFaultCode, faults_of
from tests.core.plan.plants import CAPACITY, KNOWN, MONDAY, week

TODAY = week(1)


def _faults(document: Capacity, published: Capacity | None = CAPACITY) -> tuple[CapacityFault, ...]:
    return faults_of(document, KNOWN, TODAY, published)


def _past(
    day: date, table: str = "capacity", row: int | None = None, **named: str
) -> tuple[CapacityFault, ...]:
    details = {"day": str(day), "today": str(TODAY), **named}
    return (CapacityFault(table, row, CapacityFaultCode.DAY_PAST, details),)


def test_what_counts_may_be_imported_again() -> None:
    assert _faults(CAPACITY) == ()


def test_days_to_come_may_change() -> None:
    closed = msgspec.structs.replace(CAPACITY, holidays=(Holiday("north", TODAY),))
    more = msgspec.structs.replace(
        CAPACITY, receipts=(*CAPACITY.receipts, Receipt("chip", TODAY, 5))
    )

    assert _faults(closed) == ()
    assert _faults(more) == ()


def test_a_day_that_is_over_may_not_change() -> None:
    tuesday = MONDAY + timedelta(days=1)
    closed = msgspec.structs.replace(CAPACITY, holidays=(Holiday("north", tuesday),))
    more = msgspec.structs.replace(
        CAPACITY, receipts=(Receipt("chip", MONDAY, 2), *CAPACITY.receipts[1:])
    )

    both = (Holiday("south", TODAY), Holiday("north", tuesday))
    assert _faults(closed) == _past(tuesday, "holidays", 0, line="north/1")
    assert _faults(msgspec.structs.replace(closed, holidays=both)) == _past(
        tuesday, "holidays", 1, line="north/1"
    )
    assert _faults(more) == _past(MONDAY, "receipts", 0, part="chip")


def test_what_is_gone_stands_in_no_row() -> None:
    fewer = msgspec.structs.replace(
        CAPACITY, lines=CAPACITY.lines[1:], calendar=CAPACITY.calendar[1:]
    )
    without_line = msgspec.structs.replace(fewer, plants=CAPACITY.plants[1:], take_rates=())
    later = msgspec.structs.replace(
        CAPACITY, receipts=(Receipt("chip", TODAY, 1), *CAPACITY.receipts[1:])
    )

    assert _faults(without_line) == _past(MONDAY, "lines", None, line="north/1")
    assert _faults(later) == _past(MONDAY, "receipts", None, part="chip")


def test_a_new_line_may_not_have_built_anything() -> None:
    line = Line(plant="south", code="2", models=("breeze",))
    stretch = Stretch(
        plant="south", line="2", begins=MONDAY, ends=week(4), shifts=1, cars_per_shift=1
    )
    new = msgspec.structs.replace(
        CAPACITY, lines=(*CAPACITY.lines, line), calendar=(*CAPACITY.calendar, stretch)
    )

    assert _faults(new) == _past(MONDAY, "calendar", 2, line="south/2")


def test_another_beginning_in_the_past_is_refused() -> None:
    earlier = msgspec.structs.replace(CAPACITY, begins=week(-1))

    assert _faults(CAPACITY, None) == _past(MONDAY)
    assert _faults(CAPACITY, earlier) == _past(MONDAY)


def test_a_document_that_begins_today_has_no_past() -> None:
    assert faults_of(CAPACITY, KNOWN, MONDAY, CAPACITY) == ()


def test_other_faults_are_said_first() -> None:
    wrong = msgspec.structs.replace(CAPACITY, frozen_days=-1, receipts=CAPACITY.receipts[1:])

    assert [fault.code for fault in _faults(wrong)] == [CapacityFaultCode.NUMBER_NEGATIVE]
