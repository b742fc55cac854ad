"""What if: a capacity document with less or more of a plant, a line or a part on some days.

What comes out is a document like any other, so a plan is made from it in the same way. Not here:
publishing it, which nobody does with a supposition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import msgspec

from earnest.core.plan.calendar import cars_of
from earnest.core.plan.capacity import Capacity, Line, Receipt, Stretch

WHOLE = 100


class Supposition(msgspec.Struct, frozen=True, kw_only=True):
    """So many per cent of what a plant, a line (`plant/line`) or a part has, on `[begins, ends)`.

    Without days it is meant for the whole document. A part of a car, or of a unit, is none.
    """

    name: str
    percent: int
    begins: date | None = None
    ends: date | None = None

    def on(self, day: date) -> bool:
        """Whether a day is meant."""
        return (self.begins is None or self.begins <= day) and (
            self.ends is None or day < self.ends
        )


def names_in(capacity: Capacity) -> tuple[str, ...]:
    """Everything that can be supposed to be more or less, by its name."""
    return (
        *(plant.code for plant in capacity.plants),
        *(line.name for line in capacity.lines),
        *(part.code for part in capacity.parts),
    )


def supposed(capacity: Capacity, suppositions: Sequence[Supposition]) -> Capacity:
    """A sound document with every supposition applied, one after another.

    A line of which something is supposed is written out day by day.
    """
    calendar = [
        stretch
        for line in capacity.lines
        for stretch in (
            _days(capacity, line, suppositions)
            if any(each.name in {line.plant, line.name} for each in suppositions)
            else _as_it_is(capacity, line)
        )
    ]
    receipts = tuple(_receipt(receipt, suppositions) for receipt in capacity.receipts)
    return msgspec.structs.replace(capacity, calendar=tuple(calendar), receipts=receipts)


def _as_it_is(capacity: Capacity, line: Line) -> Iterator[Stretch]:
    for stretch in capacity.calendar:
        if (stretch.plant, stretch.line) == (line.plant, line.code):
            yield stretch


def _days(capacity: Capacity, line: Line, suppositions: Sequence[Supposition]) -> Iterator[Stretch]:
    for number, cars in enumerate(cars_of(capacity, line)):
        day = capacity.begins + timedelta(days=number)
        left = cars
        for each in suppositions:
            if each.name in {line.plant, line.name} and each.on(day):
                left = left * each.percent // WHOLE
        yield Stretch(
            plant=line.plant,
            line=line.code,
            begins=day,
            ends=day + timedelta(days=1),
            shifts=1,
            cars_per_shift=left,
        )


def _receipt(receipt: Receipt, suppositions: Sequence[Supposition]) -> Receipt:
    units = receipt.units
    for each in suppositions:
        if each.name == receipt.part and each.on(receipt.day):
            units = units * each.percent // WHOLE
    return msgspec.structs.replace(receipt, units=units)
