"""Edits of a capacity document: days of a line, a holiday of a plant, receipts of a part.

What comes out is a document like any other, with everything that was not edited as it was; whether
it is sound is for `faults.py` to say. Not here: a share more or less in thought (`supposing.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TypeAlias

import msgspec

from earnest.core.plan.calendar import cars_in
from earnest.core.plan.capacity import EVERY_DAY, Capacity, Holiday, Receipt, Stretch
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


class DaysEdit(msgspec.Struct, frozen=True, kw_only=True, tag="days", tag_field="kind"):
    """How a line (`plant/line`) works on the days of `[begins, ends)`, holidays apart.

    On days of the week that are not among `weekdays` it does not work.
    """

    line: str
    begins: date
    ends: date
    shifts: int
    cars_per_shift: int
    weekdays: tuple[int, ...] = EVERY_DAY


class HolidayEdit(msgspec.Struct, frozen=True, kw_only=True, tag="holiday", tag_field="kind"):
    """Whether a plant does not build on a day, whatever its lines say."""

    plant: str
    day: date
    is_holiday: bool


class ReceiptEdit(msgspec.Struct, frozen=True, kw_only=True, tag="receipt", tag_field="kind"):
    """How many units of a part come on a day, in place of what was said of that day."""

    part: str
    day: date
    units: int


Edit: TypeAlias = DaysEdit | HolidayEdit | ReceiptEdit


def edited(capacity: Capacity, edits: Iterable[Edit]) -> Capacity | Rejected:
    """A document with every edit made, one after another.

    Rejections: `capacity_name_unknown` for a line, plant or part that it does not have.
    """
    for edit in edits:
        unknown = _unknown(capacity, edit)
        if unknown is not None:
            return unknown
        capacity = _edited(capacity, edit)
    return capacity


def _unknown(capacity: Capacity, edit: Edit) -> Rejected | None:
    match edit:
        case DaysEdit():
            return name_unknown(edit.line, [line.name for line in capacity.lines])
        case HolidayEdit():
            return name_unknown(edit.plant, [plant.code for plant in capacity.plants])
    return name_unknown(edit.part, [part.code for part in capacity.parts])


def name_unknown(name: str, known: Iterable[str]) -> Rejected | None:
    """Why a name means nothing, with those that do; None where it means something."""
    names = sorted(known)
    if name in names:
        return None
    return Rejected(Reason.CAPACITY_NAME_UNKNOWN, {"name": name, "known": ", ".join(names) or "-"})


def _edited(capacity: Capacity, edit: Edit) -> Capacity:
    changed = msgspec.structs.replace
    match edit:
        case DaysEdit():
            return changed(capacity, calendar=tuple(_days(capacity, edit)))
        case HolidayEdit():
            others = [
                each
                for each in capacity.holidays
                if (each.plant, each.day) != (edit.plant, edit.day)
            ]
            kept = [Holiday(edit.plant, edit.day)] if edit.is_holiday else []
            return changed(capacity, holidays=(*others, *kept))
    rest = (each for each in capacity.receipts if (each.part, each.day) != (edit.part, edit.day))
    receipts = [*rest, Receipt(edit.part, edit.day, edit.units)]
    return changed(capacity, receipts=tuple(sorted(receipts, key=_by_part_and_day)))


def _by_part_and_day(receipt: Receipt) -> tuple[str, date]:
    return receipt.part, receipt.day


def _days(capacity: Capacity, edit: DaysEdit) -> Iterator[Stretch]:
    """Every stretch, those of the line cut where the edit begins and ends; it comes last."""
    for stretch in capacity.calendar:
        if f"{stretch.plant}/{stretch.line}" != edit.line:
            yield stretch
        else:
            yield from _around(stretch, edit)
    plant, _, line = edit.line.rpartition("/")
    yield Stretch(
        plant=plant,
        line=line,
        begins=edit.begins,
        ends=edit.ends,
        shifts=edit.shifts,
        cars_per_shift=edit.cars_per_shift,
        weekdays=edit.weekdays,
    )


def _around(stretch: Stretch, edit: DaysEdit) -> Iterator[Stretch]:
    """What is left of a stretch before and after an edit; each day builds what it built."""
    if stretch.ends <= edit.begins or edit.ends <= stretch.begins:
        yield stretch
        return
    for begins, ends in ((stretch.begins, edit.begins), (edit.ends, stretch.ends)):
        if begins < ends:
            yield from _part(stretch, begins, ends)


def _part(stretch: Stretch, begins: date, ends: date) -> Iterator[Stretch]:
    """A part of a stretch. A ramp has no whole per cent in its middle, so it goes day by day."""
    if stretch.ramp_from == stretch.ramp_to:
        yield msgspec.structs.replace(stretch, begins=begins, ends=ends)
        return
    for number in range((begins - stretch.begins).days, (ends - stretch.begins).days):
        day = stretch.begins + timedelta(days=number)
        yield Stretch(
            plant=stretch.plant,
            line=stretch.line,
            begins=day,
            ends=day + timedelta(days=1),
            shifts=1,
            cars_per_shift=cars_in(stretch, number),
        )
