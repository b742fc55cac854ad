"""Cars per line and day, caps and receipts per day: a capacity document written out as numbers.

Days are counted from the document's first day, which is day 0. Not here: what orders take of
it (`counters.py`).
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from earnest.core.plan.capacity import Capacity, Line, Stretch, TakeRate

WHOLE = 100


class PartGrid(msgspec.Struct, frozen=True):
    """A scarce part: on which days units come, and how many, from the first day on."""

    code: str
    carries_over: bool
    arrivals: tuple[tuple[int, int], ...]


class Grid(msgspec.Struct, frozen=True):
    """A whole capacity document as numbers per day.

    `cars[line][day]`; `caps[row][day]` with the line and the option of each row in `cap_of`.
    """

    begins: date
    days: int
    lines: tuple[Line, ...]
    cars: tuple[tuple[int, ...], ...]
    cap_of: tuple[tuple[int, str], ...]
    caps: tuple[tuple[int, ...], ...]
    parts: tuple[PartGrid, ...]

    def index(self, day: date) -> int:
        """The number of a day; negative before the first day."""
        return (day - self.begins).days

    def day(self, index: int) -> date:
        """The day with this number."""
        return self.begins + timedelta(days=index)


def written_out(capacity: Capacity) -> Grid:
    """Every line, cap and part of a sound document, day by day."""
    lines = tuple(sorted(capacity.lines, key=lambda line: (line.plant, line.code)))
    cars = tuple(cars_of(capacity, line) for line in lines)
    number = {(line.plant, line.code): index for index, line in enumerate(lines)}
    rates = sorted(
        capacity.take_rates, key=lambda rate: (number[rate.plant, rate.line], rate.option)
    )
    return Grid(
        begins=capacity.begins,
        days=capacity.days,
        lines=lines,
        cars=cars,
        cap_of=tuple((number[rate.plant, rate.line], rate.option) for rate in rates),
        caps=tuple(_caps(rate, cars[number[rate.plant, rate.line]]) for rate in rates),
        parts=_parts(capacity),
    )


def cars_of(capacity: Capacity, line: Line) -> tuple[int, ...]:
    """What a line can build on each day of a sound document."""
    cars = [0] * capacity.days
    for stretch in capacity.calendar:
        if (stretch.plant, stretch.line) == (line.plant, line.code):
            for day in range((stretch.ends - stretch.begins).days):
                cars[(stretch.begins - capacity.begins).days + day] = cars_in(stretch, day)
    for holiday in capacity.holidays:
        if holiday.plant == line.plant:
            cars[(holiday.day - capacity.begins).days] = 0
    return tuple(cars)


def cars_on(capacity: Capacity, line: Line, day: date) -> int:
    """What a line can build on one day; nothing on days that the document does not speak about."""
    cars = cars_of(capacity, line)
    number = (day - capacity.begins).days
    return cars[number] if 0 <= number < len(cars) else 0


def cars_in(stretch: Stretch, day: int) -> int:
    """Cars on a day of a stretch. The ramp is straight, and a part of a car is none."""
    if (stretch.begins + timedelta(days=day)).isoweekday() not in stretch.weekdays:
        return 0
    last = (stretch.ends - stretch.begins).days - 1
    ramp = stretch.ramp_from * (last - day) + stretch.ramp_to * day if last else stretch.ramp_from
    return stretch.shifts * stretch.cars_per_shift * ramp // (max(1, last) * WHOLE)


def _caps(rate: TakeRate, cars: tuple[int, ...]) -> tuple[int, ...]:
    """Cars with the option on each day: the share of the day's cars, less the margin."""
    return tuple(rate.margin * each * rate.cars // (rate.of * WHOLE) for each in cars)


def _parts(capacity: Capacity) -> tuple[PartGrid, ...]:
    """Receipts of each part by day; two of one day are one."""
    arrivals: dict[str, dict[int, int]] = {part.code: {} for part in capacity.parts}
    for receipt in capacity.receipts:
        day = (receipt.day - capacity.begins).days
        of_part = arrivals[receipt.part]
        of_part[day] = of_part.get(day, 0) + receipt.units
    return tuple(
        PartGrid(part.code, part.carries_over, tuple(sorted(arrivals[part.code].items())))
        for part in sorted(capacity.parts, key=lambda part: part.code)
    )
