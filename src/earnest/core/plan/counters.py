"""Counters: what is left of each line, cap and part on each day, and the first day that still fits.

Days on which a resource has a unit left are the bits of one whole number, so the first day for a
car is the lowest bit of a few of them combined. Not here: who is served first (`planner.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from earnest.core.plan.calendar import Grid, PartGrid
from earnest.core.plan.signature import Signature

NOWHERE = -1
"""The day and line of a car that fits nowhere."""


class Resource(StrEnum):
    """What can be short."""

    PLANT = "plant"
    LINE = "line"
    OPTION = "option"
    PART = "part"
    HORIZON = "horizon"


class Binding(msgspec.Struct, frozen=True):
    """The resource that decides about a day: its kind, and its name in the capacity document."""

    kind: Resource
    name: str


class Found(msgspec.Struct, frozen=True):
    """The first day that fits, its line and plant, and what kept the car from an earlier one.

    Day and line are None, and the plant empty, where no day of the horizon fits. The binding
    resource is None where the first day asked for is free.
    """

    day: int | None
    line: int | None
    plant: str
    binding: Binding | None


class PartStock:
    """Receipts of one scarce part and what is left of each, on the days of the horizon.

    A car takes from the latest receipt that is not empty: earlier ones serve more days. Receipts
    before the first one that is not empty are then exactly used up by cars before it, so this is
    as exact as comparing the sums of every day, and faster.
    """

    def __init__(self, part: PartGrid, days: int) -> None:
        self._carries_over = part.carries_over
        self._starts = [day for day, _ in part.arrivals]
        self._ends = [*self._starts, days][1:]
        self._units = [units for _, units in part.arrivals]
        self._left = list(self._units)
        self._latest = [bisect_right(self._starts, day) - 1 for day in range(days)]
        self._used = [0] * days
        self._all = (1 << days) - 1
        self.open_days = 0
        self._look()

    def take(self, day: int) -> None:
        """Use one unit on a day; one that is missing comes out of a later receipt."""
        self._used[day] += 1
        receipt = self._serving(self._latest[day])
        if receipt != NOWHERE:
            self._left[receipt] -= 1
            if not self._left[receipt]:
                self._look()

    def give_back(self, day: int) -> None:
        """Undo a use. Who took which unit is worked out again, so nothing stays blocked."""
        self._used[day] -= 1
        self._left = list(self._units)
        for used_on, count in enumerate(self._used):
            wanted = count
            while wanted and (receipt := self._serving(self._latest[used_on])) != NOWHERE:
                taken = min(wanted, self._left[receipt])
                self._left[receipt] -= taken
                wanted -= taken
        self._look()

    def _serving(self, latest: int) -> int:
        """The receipt that a use comes out of, where `latest` is the last one before its day."""
        left = self._left
        if latest >= 0 and left[latest]:
            return latest
        if not self._carries_over:
            return NOWHERE
        for receipt in range(latest - 1, -1, -1):
            if left[receipt]:
                return receipt
        return next((each for each in range(latest + 1, len(left)) if left[each]), NOWHERE)

    def _look(self) -> None:
        """Find the days on which a unit is left."""
        days = 0
        for start, end, left in zip(self._starts, self._ends, self._left, strict=True):
            if left > 0 and self._carries_over:
                days = self._all >> start << start
                break
            if left > 0:
                days |= (1 << end) - (1 << start)
        self.open_days = days


class Counters:
    """What is left of a grid after some cars were placed.

    `signatures` may grow while the counters live: a number is looked up when it is asked for.
    """

    def __init__(self, grid: Grid, signatures: Sequence[Signature]) -> None:
        self._grid = grid
        self._signatures = signatures
        self._line_left = [list(cars) for cars in grid.cars]
        self._line_open = [open_days(cars) for cars in grid.cars]
        self._cap_left = [list(cars) for cars in grid.caps]
        self._cap_open = [open_days(cars) for cars in grid.caps]
        self._parts = [PartStock(part, grid.days) for part in grid.parts]
        self._every_day = (1 << grid.days) - 1

    def first(self, number: int, not_before: int) -> tuple[int, int]:
        """Day and line of the earliest slot for a signature; `NOWHERE` twice if none fits.

        Of two lines on one day the one with more cars left, then the first by name.
        """
        signature = self._signatures[number]
        days = self._every_day
        for part in signature.parts:
            days &= self._parts[part].open_days
        days = days >> not_before << not_before
        best_day, best_line = NOWHERE, NOWHERE
        for line, rows in zip(signature.lines, signature.caps, strict=True):
            fits = days & self._line_open[line]
            for row in rows:
                fits &= self._cap_open[row]
            if fits:
                day = (fits & -fits).bit_length() - 1
                if (
                    best_line == NOWHERE
                    or day < best_day
                    or (
                        day == best_day
                        and self._line_left[line][day] > self._line_left[best_line][day]
                    )
                ):
                    best_day, best_line = day, line
        return best_day, best_line

    def fits(self, number: int, line: int, day: int) -> bool:
        """Whether one more car of a signature fits on a line and day."""
        signature = self._signatures[number]
        bit = 1 << day
        if line not in signature.lines or not self._line_open[line] & bit:
            return False
        rows = signature.rows_on(line)
        return all(self._cap_open[row] & bit for row in rows) and all(
            self._parts[part].open_days & bit for part in signature.parts
        )

    def take(self, number: int, line: int, day: int, cars: int = 1) -> None:
        """Place a car, or several. One that stands fixed is placed even where nothing is left."""
        signature = self._signatures[number]
        bit = 1 << day
        left = self._line_left[line]
        if 0 < left[day] <= cars:
            self._line_open[line] ^= bit
        left[day] -= cars
        for row in signature.rows_on(line):
            of_row = self._cap_left[row]
            if 0 < of_row[day] <= cars:
                self._cap_open[row] ^= bit
            of_row[day] -= cars
        for part in signature.parts:
            for _ in range(cars):
                self._parts[part].take(day)

    def give_back(self, number: int, line: int, day: int) -> None:
        """Take a car out again: its units serve others."""
        signature = self._signatures[number]
        bit = 1 << day
        left = self._line_left[line]
        left[day] += 1
        if left[day] == 1:
            self._line_open[line] |= bit
        for row in signature.rows_on(line):
            of_row = self._cap_left[row]
            of_row[day] += 1
            if of_row[day] == 1:
                self._cap_open[row] |= bit
        for part in signature.parts:
            self._parts[part].give_back(day)

    def earliest(self, number: int, not_before: int) -> Found:
        """The first slot for a signature, with the resource that keeps it from an earlier day."""
        day, line = self.first(number, not_before)
        binding = self.binding(number, not_before, line)
        if line == NOWHERE:
            return Found(None, None, "", binding)
        return Found(day, line, self._grid.lines[line].plant, binding)

    def binding(self, number: int, not_before: int, line: int) -> Binding | None:
        """Which resource opens last, counted from a day: on a line, or where no line fits on any.

        Where two open on the same day, a part is named before an option and an option before a
        line: the scarcer thing. None if all are open on the day itself.
        """
        signature = self._signatures[number]
        if not signature.is_buildable:
            return Binding(Resource.PLANT, "")
        if not_before >= self._grid.days:
            return Binding(Resource.HORIZON, "")
        lines = signature.lines if line == NOWHERE else (line,)
        last = [self._last_to_open(signature, each, not_before) for each in lines]
        day, kind, name = min(last, key=lambda found: found[0])
        return None if day <= not_before else Binding(kind, name)

    def _last_to_open(
        self, signature: Signature, line: int, not_before: int
    ) -> tuple[int, Resource, str]:
        """The day, kind and name of what opens last on a line; the scarcer thing comes first."""
        grid = self._grid
        last, kind, name = NOWHERE, Resource.LINE, grid.lines[line].name
        for part in signature.parts:
            day = self._opens(self._parts[part].open_days, not_before)
            if day > last:
                last, kind, name = day, Resource.PART, grid.parts[part].code
        for row in signature.rows_on(line):
            day = self._opens(self._cap_open[row], not_before)
            if day > last:
                last, kind, name = day, Resource.OPTION, grid.cap_of[row][1]
        day = self._opens(self._line_open[line], not_before)
        return (day, Resource.LINE, grid.lines[line].name) if day > last else (last, kind, name)

    def _opens(self, days: int, not_before: int) -> int:
        """The first open day at or after a day; the end of the horizon if there is none."""
        days = days >> not_before << not_before
        return (days & -days).bit_length() - 1 if days else self._grid.days


def open_days(left: Sequence[int]) -> int:
    """The days with a unit left, as bits."""
    return sum(1 << day for day, units in enumerate(left) if units > 0)
