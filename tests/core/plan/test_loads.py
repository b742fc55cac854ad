"""What is left of lines and parts, day by day."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.plan.capacity import Holiday, Receipt
from earnest.core.plan.loads import DayLoad, PartDay, line_days, part_days
from tests.core.plan.plants import CAPACITY, MONDAY, week

DAY = timedelta(days=1)


def test_a_line_says_how_it_works_and_what_is_free() -> None:
    capacity = msgspec.structs.replace(CAPACITY, holidays=(Holiday("north", MONDAY),))
    friday = MONDAY + 4 * DAY
    booked = {friday: 3, friday + DAY: 1}

    days = line_days(capacity, capacity.lines[0], MONDAY - DAY, MONDAY + 6 * DAY, booked)

    assert [each.day for each in days] == [MONDAY + number * DAY for number in range(6)]
    assert days[0] == DayLoad(
        day=MONDAY, shifts=1, cars_per_shift=4, is_holiday=True, cars=0, booked=0
    )
    assert [(each.cars, each.booked, each.free) for each in days[4:]] == [(4, 3, 1), (0, 1, 0)]
    assert days[5].shifts == 0
    assert line_days(capacity, capacity.lines[0], week(4), week(5), {}) == ()


def test_units_of_a_part_that_keeps_are_added_up() -> None:
    others = (*CAPACITY.receipts, Receipt("of another part", week(2), 9))
    capacity = msgspec.structs.replace(CAPACITY, receipts=others)

    days = part_days(capacity, CAPACITY.parts[0], week(2), week(2) + 2 * DAY, {MONDAY: 2})

    assert days == (
        PartDay(day=week(2), units=3, needed=0, left=2),
        PartDay(day=week(2) + DAY, units=0, needed=0, left=2),
    )


def test_units_that_do_not_keep_are_gone_with_the_next_receipt() -> None:
    part = msgspec.structs.replace(CAPACITY.parts[0], carries_over=False)
    needed = {MONDAY: 2, week(2): 1}

    days = part_days(CAPACITY, part, MONDAY, week(2) + DAY, needed)

    assert [days[0].left, days[13].left, days[14].left] == [-1, -1, 2]
