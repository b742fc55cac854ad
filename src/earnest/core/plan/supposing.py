"""What if: a capacity document with less or more of a plant, a line or a part on some days.

What comes out is a document like any other, so a plan is made from it in the same way. Not here:
publishing it, which nobody does with a supposition, and what it does (`effect.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import msgspec

from earnest.core.plan.calendar import cars_of
from earnest.core.plan.capacity import Capacity, Line, Receipt, Stretch
from earnest.core.plan.editing import name_unknown
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

WHOLE = 100

MOST_PERCENT = 1_000
"""Ten times what there is: more is no supposition about a plant, but a slip of the pen."""

_WRITTEN = re.compile(
    r"(?P<name>[^@=]+)(?:@(?P<begins>[^.=]*)\.\.(?P<ends>[^=]*))?=(?P<percent>-?\d+) ?%?"
)


class Supposition(msgspec.Struct, frozen=True, kw_only=True):
    """So many per cent of what a plant, a line (`plant/line`) or a part has, on `[begins, ends)`.

    Without days it is meant for the whole document. A part of a car, or of a unit, is none. As a
    text it is what people write: `north/1@2026-03-02..2026-03-16=50`.
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

    def __str__(self) -> str:
        """The supposition as it is written."""
        days = ""
        if self.begins is not None or self.ends is not None:
            days = f"@{self.begins or ''}..{self.ends or ''}"
        return f"{self.name}{days}={self.percent}"


def read_supposition(text: str) -> Supposition | Rejected:
    """A supposition as it is written: `NAME=PERCENT` or `NAME@FROM..UNTIL=PERCENT`.

    Either day may be left out. Rejections: `supposition_unreadable`.
    """
    found = _WRITTEN.fullmatch(text.strip())
    try:
        if found is not None:
            begins, ends = (
                date.fromisoformat(found[each]) if found[each] else None
                for each in ("begins", "ends")
            )
            percent = int(found["percent"])
            return Supposition(name=found["name"], percent=percent, begins=begins, ends=ends)
    except ValueError:
        # A day that is in no calendar, or a number longer than any.
        pass
    return Rejected(Reason.SUPPOSITION_UNREADABLE, {"supposition": text})


def unsuitable(
    capacity: Capacity, suppositions: Sequence[Supposition], today: date
) -> tuple[Rejected, ...]:
    """Why these suppositions of a sound document mean nothing; one for each that does not.

    Rejections: `capacity_name_unknown`, `supposition_percent_unsuitable`, `supposition_days_empty`
    where a range ends before it begins, `supposition_outside` where no day of it is still to come
    in the document, and `supposition_leaves_nothing` where no line would build a car any more.
    """
    found = tuple(
        why for each in suppositions if (why := _unsuitable(capacity, each, today)) is not None
    )
    if found or not suppositions:
        return found
    cars = _cars_from(capacity, today)
    if cars and not _cars_from(supposed(capacity, suppositions), today):
        told = {"supposition": " ".join(map(str, suppositions)), "cars": str(cars)}
        return (Rejected(Reason.SUPPOSITION_LEAVES_NOTHING, told),)
    return ()


def _unsuitable(capacity: Capacity, each: Supposition, today: date) -> Rejected | None:
    told = {"supposition": str(each)}
    unknown = name_unknown(each.name, names_in(capacity))
    if unknown is not None:
        return Rejected(unknown.reason, unknown.details | told)
    if not 0 <= each.percent <= MOST_PERCENT:
        return Rejected(Reason.SUPPOSITION_PERCENT_UNSUITABLE, told | {"most": str(MOST_PERCENT)})
    if each.begins is not None and each.ends is not None and each.ends <= each.begins:
        days = {"begins": str(each.begins), "ends": str(each.ends)}
        return Rejected(Reason.SUPPOSITION_DAYS_EMPTY, told | days)
    # Units of a part that came before today may still lie there; cars of before are built.
    is_part = capacity.part(each.name) is not None
    first = capacity.begins if is_part else max(capacity.begins, today)
    begins, ends = max(first, each.begins or first), min(capacity.ends, each.ends or capacity.ends)
    if ends <= begins:
        days = {"begins": str(first), "ends": str(capacity.ends)}
        return Rejected(Reason.SUPPOSITION_OUTSIDE, told | days)
    return None


def _cars_from(capacity: Capacity, today: date) -> int:
    """How many cars all lines can build from a day on."""
    first = max(0, (today - capacity.begins).days)
    return sum(sum(cars_of(capacity, line)[first:]) for line in capacity.lines)


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
