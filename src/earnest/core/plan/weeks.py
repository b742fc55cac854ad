"""A capacity document week by week, and what one document changes of another.

Planners think in weeks: cars of a line and units of a part, by the Monday on which a week begins.
Not here: days (`calendar.py`), and what a plan makes of a change (`differences.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from earnest.core.plan.calendar import written_out
from earnest.core.plan.capacity import Capacity


class Resource(StrEnum):
    """What is counted by week."""

    CARS = "cars"
    PART = "part"


class Week(msgspec.Struct, frozen=True, order=True):
    """A line or a part in the week that begins on a Monday."""

    begins: date
    resource: Resource
    name: str


class WeekChange(msgspec.Struct, frozen=True):
    """A week in which there is more or less of something than before."""

    week: Week
    before: int
    after: int


class CapacityChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What a document changes: days, numbers by week, and tables with rules that differ."""

    begins: tuple[date | None, date]
    ends: tuple[date | None, date]
    frozen_days: tuple[int | None, int]
    weeks: tuple[WeekChange, ...]
    tables: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether both documents say the same of the days that the newer one speaks about."""
        pairs = (self.begins, self.ends, self.frozen_days)
        return not self.weeks and not self.tables and all(a == b for a, b in pairs)


RULES = ("plants", "lines", "take_rates", "parts")
"""Tables that say what may be built where, and are not counted by week."""


def by_week(capacity: Capacity, since: date | None = None) -> dict[Week, int]:
    """Cars of each line and receipts of each part of a sound document, from a day on."""
    grid = written_out(capacity)
    counted: dict[Week, int] = {}
    first = 0 if since is None else max(0, grid.index(since))
    for line, cars in zip(grid.lines, grid.cars, strict=True):
        for day in range(first, grid.days):
            week = Week(_monday(grid.day(day)), Resource.CARS, line.name)
            counted[week] = counted.get(week, 0) + cars[day]
    for receipt in capacity.receipts:
        if receipt.day >= grid.day(first):
            week = Week(_monday(receipt.day), Resource.PART, receipt.part)
            counted[week] = counted.get(week, 0) + receipt.units
    return dict(sorted(counted.items()))


def changes_of(before: Capacity | None, after: Capacity) -> CapacityChanges:
    """What changes when a document takes the place of another; everything where none was.

    Days before the newer document begins are over and are not compared.
    """
    return CapacityChanges(
        begins=(None if before is None else before.begins, after.begins),
        ends=(None if before is None else before.ends, after.ends),
        frozen_days=(None if before is None else before.frozen_days, after.frozen_days),
        weeks=tuple(_week_changes(before, after)),
        tables=tuple(
            table
            for table in RULES
            if (() if before is None else getattr(before, table)) != getattr(after, table)
        ),
    )


def _week_changes(before: Capacity | None, after: Capacity) -> Iterator[WeekChange]:
    was = {} if before is None else by_week(before, after.begins)
    will_be = by_week(after)
    for week in sorted({*was, *will_be}):
        change = WeekChange(week, was.get(week, 0), will_be.get(week, 0))
        if change.before != change.after:
            yield change


def _monday(day: date) -> date:
    return day - timedelta(days=day.isoweekday() - 1)
