"""Room: what is left of each line, cap and part while cars move from later to earlier days.

The counters of a fresh plan answer faster but only fill up; here units come free again.
Not here: who moves (`improve.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from earnest.core.plan.calendar import Grid, PartGrid
from earnest.core.plan.counters import NOWHERE
from earnest.core.plan.plan import Task, cars_by_place
from earnest.core.plan.signature import Signature


class PartRoom:
    """Units of a part that are left on each day: of all receipts so far, or of the last one."""

    def __init__(self, part: PartGrid, days: int) -> None:
        arrivals = dict(part.arrivals)
        self.left: list[int] = []
        self.carries_over = part.carries_over
        self._stretches: dict[int, tuple[int, int]] = {}
        self.ends = [days] * days
        """The day after the last one that shares the units of a day."""
        units = 0
        for day in range(days):
            units = arrivals.get(day, 0) + (
                units if part.carries_over or day not in arrivals else 0
            )
            self.left.append(units)
        if not part.carries_over:
            end = days
            for day in range(days - 1, -1, -1):
                self.ends[day] = end
                if day in arrivals:
                    end = day

    def use(self, day: int, until: int, units: int) -> None:
        """Count units used from a day on, on the days before `until` that share them."""
        left = self.left
        self._stretches.clear()
        for each in range(self._start(day), min(until, self.ends[day])):
            left[each] -= units

    def _start(self, day: int) -> int:
        """Units that are kept are missing from their day on; others on all days of a receipt."""
        if self.carries_over:
            return day
        start = day
        while start > 0 and self.ends[start - 1] == self.ends[day]:
            start -= 1
        return start

    def blocked_until(self, day: int, until: int) -> int:
        """The day itself if a unit can be used on it instead of on `until`, else a later try."""
        if not self.carries_over:
            return day if until < self.ends[day] or self.left[day] > 0 else self.ends[day]
        empty, again = self._stretch(day)
        return day if until <= empty else min(again, until)

    def sharing(self, day: int, until: int) -> range:
        """The days on which a unit was used that would be enough for a car on a day; maybe none."""
        if not self.carries_over:
            return range(self._start(day), self.ends[day] if self.left[day] == 0 else 0)
        is_enough = min(self.left[day:until]) == 0
        return range(self._stretch(day)[0] + 1 if is_enough else 0)

    def days_beside(self, day: int) -> range:
        """The days whose users share one receipt with a day; none of a part that is kept."""
        return range(0) if self.carries_over else range(self._start(day), self.ends[day])

    def _stretch(self, day: int) -> tuple[int, int]:
        """The first day from one on without a unit, and the first after it with one.

        All who wait for a part ask the same on a day, so it is kept until a unit is used.
        """
        found = self._stretches.get(day)
        if found is None:
            left, days = self.left, len(self.left)
            empty = next((each for each in range(day, days) if left[each] < 1), days)
            again = next((each for each in range(empty, days) if left[each] > 0), days)
            found = self._stretches[day] = (empty, again)
        return found


class Room:
    """What is left of a grid, with cars on some places."""

    def __init__(self, grid: Grid) -> None:
        self._lines = [list(cars) for cars in grid.cars]
        self._caps = [list(cars) for cars in grid.caps]
        self._days = grid.days
        self.parts = [PartRoom(part, grid.days) for part in grid.parts]

    @classmethod
    def after(cls, task: Task, lines: Sequence[int], days: Sequence[int]) -> Room:
        """The room that is left when orders stand on these lines and days."""
        room = cls(task.grid)
        used = [[0] * task.grid.days for _ in task.grid.parts]
        for (number, line, day), cars in cars_by_place(task, lines, days).items():
            signature = task.signatures[number]
            room._count(signature, line, day, cars)
            for part in signature.parts:
                used[part][day] += cars
        for stock, counts in zip(room.parts, used, strict=True):
            for day, count in enumerate(counts):
                if count:
                    stock.use(day, task.grid.days, count)
        return room

    def has_line(self, day: int) -> bool:
        """Whether any line can build one more car on a day."""
        return any(left[day] > 0 for left in self._lines)

    def left_on(self, day: int) -> int:
        """The lines and caps with a unit left on a day, as bits."""
        rows = (*self._lines, *self._caps)
        return sum(1 << number for number, left in enumerate(rows) if left[day] > 0)

    def needed_by(self, signature: Signature) -> tuple[int, ...]:
        """What a car needs on each of its lines, as the same bits."""
        first_cap = len(self._lines)
        return tuple(
            (1 << line) | sum(1 << first_cap + row for row in rows)
            for line, rows in zip(signature.lines, signature.caps, strict=True)
        )

    def line_for(self, signature: Signature, day: int) -> int:
        """The line with most cars left on a day that has its options left; `NOWHERE` if none."""
        best, most = NOWHERE, 0
        for line, rows in zip(signature.lines, signature.caps, strict=True):
            left = self._lines[line][day]
            if left > most and all(self._caps[row][day] > 0 for row in rows):
                best, most = line, left
        return best

    def blocked_until(self, signature: Signature, day: int, until: int) -> int:
        """The day itself if every part lets a car move to it from `until`, else a later try."""
        return max(
            (self.parts[part].blocked_until(day, until) for part in signature.parts), default=day
        )

    def lacking(self, signature: Signature, day: int, until: int) -> list[int]:
        """The parts that keep a car on a later day, or from having any."""
        return [
            part for part in signature.parts if self.parts[part].blocked_until(day, until) > day
        ]

    def close(self, signature: Signature, day: int) -> None:
        """Leave nothing on a day of the lines that could build such a car, had it its parts."""
        for line, rows in zip(signature.lines, signature.caps, strict=True):
            if all(self._caps[row][day] > 0 for row in rows):
                self._lines[line][day] = min(self._lines[line][day], 0)

    def move(self, signature: Signature, before: tuple[int, int], after: tuple[int, int]) -> None:
        """Take a car from a place (or from nowhere) to an earlier one."""
        self._shift(signature, before, after, 1)

    def move_back(
        self, signature: Signature, after: tuple[int, int], before: tuple[int, int]
    ) -> None:
        """Undo a move, though others may have taken what it had left."""
        self._shift(signature, before, after, -1)

    def _shift(
        self, signature: Signature, before: tuple[int, int], after: tuple[int, int], cars: int
    ) -> None:
        line, day = before
        if day != NOWHERE:
            self._count(signature, line, day, -cars)
        self._count(signature, *after, cars)
        until = self._days if day == NOWHERE else day
        for part in signature.parts:
            room = self.parts[part]
            if room.carries_over or until >= room.ends[after[1]]:
                room.use(after[1], until, cars)
            if not room.carries_over and day != NOWHERE and until >= room.ends[after[1]]:
                room.use(day, self._days, -cars)

    def _count(self, signature: Signature, line: int, day: int, cars: int) -> None:
        self._lines[line][day] -= cars
        for row in signature.rows_on(line):
            self._caps[row][day] -= cars
