"""What can be built on each day, what a plan takes of it, and what is left of lines and parts.

Not here: weeks (`weeks.py`), and counting what a plan takes (the store).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from earnest.core.plan.calendar import cars_of
from earnest.core.plan.capacity import Capacity, Line, Part


class DayLoad(msgspec.Struct, frozen=True, kw_only=True):
    """A line on a day: how it works, how many cars it can build, and how many a plan builds.

    `cars` is nothing on a holiday and on days of the week without work, whatever the shifts are.
    """

    day: date
    shifts: int
    cars_per_shift: int
    is_holiday: bool
    cars: int
    booked: int

    @property
    def free(self) -> int:
        """How many more cars fit; nothing where more are booked than can be built."""
        return max(0, self.cars - self.booked)


class PartDay(msgspec.Struct, frozen=True, kw_only=True):
    """A scarce part on a day: units that come, cars of the plan that need one, units left then.

    `left` is negative where the plan needs more than there is.
    """

    day: date
    units: int
    needed: int
    left: int


def line_days(
    capacity: Capacity, line: Line, begins: date, ends: date, booked: Mapping[date, int]
) -> tuple[DayLoad, ...]:
    """A line on each day of `[begins, ends)` of which a sound document speaks."""
    cars = cars_of(capacity, line)
    holidays = {each.day for each in capacity.holidays if each.plant == line.plant}
    own = [each for each in capacity.calendar if (each.plant, each.line) == (line.plant, line.code)]
    found = []
    for day in _days(capacity, begins, ends):
        stretch = next(each for each in own if each.begins <= day < each.ends)
        works = day.isoweekday() in stretch.weekdays
        found.append(
            DayLoad(
                day=day,
                shifts=stretch.shifts if works else 0,
                cars_per_shift=stretch.cars_per_shift,
                is_holiday=day in holidays,
                cars=cars[(day - capacity.begins).days],
                booked=booked.get(day, 0),
            )
        )
    return tuple(found)


def part_days(
    capacity: Capacity, part: Part, begins: date, ends: date, needed: Mapping[date, int]
) -> tuple[PartDay, ...]:
    """A part on each day of `[begins, ends)`; `needed` is counted from the document's first day.

    Units that are not kept are gone with the next receipt.
    """
    units: dict[date, int] = {}
    for receipt in capacity.receipts:
        if receipt.part == part.code:
            units[receipt.day] = units.get(receipt.day, 0) + receipt.units
    found = []
    left = 0
    for day in _days(capacity, capacity.begins, ends):
        if day in units:
            left = units[day] + (left if part.carries_over else 0)
        left -= needed.get(day, 0)
        if begins <= day:
            found.append(
                PartDay(day=day, units=units.get(day, 0), needed=needed.get(day, 0), left=left)
            )
    return tuple(found)


def _days(capacity: Capacity, begins: date, ends: date) -> list[date]:
    first, last = max(begins, capacity.begins), min(ends, capacity.ends)
    return [first + timedelta(days=number) for number in range(max(0, (last - first).days))]
