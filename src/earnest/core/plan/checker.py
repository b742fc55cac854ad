"""An independent check of a plan: capacity, parts, dates, plants, and nobody overtaken unjustly.

It shares no counter with the planner. A resource *closes* on a day for everybody behind the order
that took its last unit; an order was overtaken unjustly if a later one stands on an earlier day
that was still open to it. The closing number is the first order of service that finds nothing.
Not here: making plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from heapq import heappop, heappush
from itertools import accumulate

import msgspec

from earnest.core.plan.calendar import PartGrid
from earnest.core.plan.counters import NOWHERE
from earnest.core.plan.plan import UNPLANNED_HOLDS, Plan, PlanOrder, Task

_NEVER = 1 << 60
"""The closing number of what stays open for everybody."""


class Breach(StrEnum):
    """What can be wrong with a plan."""

    LINE_OVERFULL = "line_overfull"
    OPTION_OVERFULL = "option_overfull"
    PART_OVERUSED = "part_overused"
    WRONG_LINE = "wrong_line"
    TOO_EARLY = "too_early"
    FIXED_MOVED = "fixed_moved"
    HELD_PLANNED = "held_planned"
    OVERTAKEN = "overtaken"
    LATER_THAN_NEEDED = "later_than_needed"


class Finding(msgspec.Struct, frozen=True):
    """One breach: about an order of the task (by number), or about a resource, on a day."""

    breach: Breach
    day: int
    number: int | None = None
    resource: str = ""


class _OpenTo:
    """A line as a signature sees it: each day was open to all numbers below this one.

    `passed` is the same where somebody came to stand there, and else that one's lower number.
    """

    def __init__(self, line: int, closing: list[int], passed: list[int], frozen_until: int) -> None:
        self.line = line
        self.passed = passed
        self._closing = closing
        self._frozen_until = frozen_until
        self._running = list(accumulate(closing[frozen_until:], max))

    def until_number(self, first: int, until: int) -> int:
        """The greatest number to which any of these days was open; there is at least one."""
        if first == self._frozen_until:
            return self._running[until - first - 1]
        return max(self._closing[first:until])


class Checker:
    """The check of one plan. `is_fresh`: made from nothing, so nobody keeps a place by habit."""

    def __init__(self, task: Task, plan: Plan, *, is_fresh: bool) -> None:
        self._task = task
        self._plan = plan
        self._is_fresh = is_fresh
        self._days = task.grid.days
        self._committed = [self._is_committed(*each) for each in enumerate(task.orders)]
        self._kept = [self._is_kept(*each) for each in enumerate(task.orders)]

    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong; nothing for a right plan."""
        return (*self._places(), *self._cars(), *self._used_parts(), *self.overtaken())

    def _is_committed(self, number: int, order: PlanOrder) -> bool:
        """Whether an order stands where it was fixed, or stays in the frozen zone."""
        if order.fixed is not None:
            return self._plan.days[number] != NOWHERE
        return self._task.enters(order) and self._has_stayed(number, order)

    def _is_kept(self, number: int, order: PlanOrder) -> bool:
        """Whether an order is where it was: nobody behind it moved it away."""
        if self._committed[number]:
            return True
        return not self._is_fresh and self._has_stayed(number, order)

    def _has_stayed(self, number: int, order: PlanOrder) -> bool:
        """Whether an order stands where the published plan has it."""
        place, day = order.current, self._plan.days[number]
        if place is None or day == NOWHERE:
            return False
        return (place.line, place.day) == (self._plan.lines[number], day)

    def _places(self) -> Iterator[Finding]:
        """Lines, dates and holds, order by order."""
        task = self._task
        for number, order in enumerate(task.orders):
            place = self._plan.place(number)
            if place is None:
                continue
            if order.fixed is not None:
                if place != order.fixed:
                    yield Finding(Breach.FIXED_MOVED, place.day, number)
                continue
            if place.line not in task.signatures[order.signature].lines:
                yield Finding(Breach.WRONG_LINE, place.day, number)
            if order.hold in UNPLANNED_HOLDS:
                yield Finding(Breach.HELD_PLANNED, place.day, number)
            first = order.not_before if self._committed[number] else task.earliest(order)
            if place.day < first:
                yield Finding(Breach.TOO_EARLY, place.day, number)

    def _users(self) -> Iterator[tuple[int, int, int]]:
        """Every placed order: its number, line and day."""
        for number, (line, day) in enumerate(zip(self._plan.lines, self._plan.days, strict=True)):
            if day != NOWHERE:
                yield number, line, day

    def _cars(self) -> Iterator[Finding]:
        """Lines and caps that hold more than they can, beyond cars that were fixed there."""
        grid = self._task.grid
        lines: dict[tuple[int, int], list[int]] = {}
        caps: dict[tuple[int, int], list[int]] = {}
        for number, line, day in self._users():
            lines.setdefault((line, day), []).append(number)
            for row in self._rows(number, line):
                caps.setdefault((row, day), []).append(number)
        for (line, day), numbers in sorted(lines.items()):
            if self._is_over(numbers, grid.cars[line][day]):
                yield Finding(Breach.LINE_OVERFULL, day, resource=grid.lines[line].name)
        for (row, day), numbers in sorted(caps.items()):
            if self._is_over(numbers, grid.caps[row][day]):
                yield Finding(Breach.OPTION_OVERFULL, day, resource=grid.cap_of[row][1])

    def _is_over(self, numbers: list[int], units: int) -> bool:
        return len(numbers) > max(units, sum(self._committed[number] for number in numbers))

    def _rows(self, number: int, line: int) -> tuple[int, ...]:
        return self._task.signatures[self._task.orders[number].signature].rows_on(line)

    def _users_of(self, part: int) -> list[list[int]]:
        """The numbers of the orders that use a part, by day."""
        users: list[list[int]] = [[] for _ in range(self._days)]
        uses = [part in signature.parts for signature in self._task.signatures]
        for number, _, day in self._users():
            if uses[self._task.orders[number].signature]:
                users[day].append(number)
        return users

    def _used_parts(self) -> Iterator[Finding]:
        """Days by which more units were used than had come, beyond what was fixed."""
        for part, grid in enumerate(self._task.grid.parts):
            arrivals = dict(grid.arrivals)
            received = used = fixed = 0
            for day, numbers in enumerate(self._users_of(part)):
                if day in arrivals and not grid.carries_over:
                    received = used = fixed = 0
                received += arrivals.get(day, 0)
                used += len(numbers)
                fixed += sum(self._committed[number] for number in numbers)
                if numbers and used > max(received, fixed):
                    yield Finding(Breach.PART_OVERUSED, day, resource=grid.code)

    def overtaken(self) -> Iterator[Finding]:
        """Orders that a later one passed on a day which was open to them, by their numbers."""
        for number, first, until, open_lines in self._waits():
            if any(max(each.passed[first:until]) > number for each in open_lines):
                yield Finding(Breach.OVERTAKEN, until, number)
            elif self._is_fresh and open_lines:
                yield Finding(Breach.LATER_THAN_NEEDED, until, number)

    def passed_on(self) -> dict[tuple[int, int], int]:
        """Lines and days on which somebody was overtaken, each with the first of those orders."""
        found: dict[tuple[int, int], int] = {}
        for number, first, until, open_lines in self._waits():
            for each in open_lines:
                for day in range(first, until):
                    if each.passed[day] > number:
                        found.setdefault((each.line, day), number)
        return found

    def _waits(self) -> Iterator[tuple[int, int, int, list[_OpenTo]]]:
        """Who waits for a day: from which day until when, and the lines that were open on one."""
        task = self._task
        of_lines = self._closing_of_lines()
        parts = [self._closing_of_part(part, grid) for part, grid in enumerate(task.grid.parts)]
        open_to: dict[int, list[_OpenTo]] = {}
        for number, order in enumerate(task.orders):
            if order.fixed is not None or order.hold in UNPLANNED_HOLDS or self._committed[number]:
                continue
            day = self._plan.days[number]
            first = task.earliest(order) if self._is_fresh else task.offered_from(order)
            until = self._days if day == NOWHERE else day
            if until <= first:
                continue
            if order.signature not in open_to:
                open_to[order.signature] = [
                    self._open_to(order.signature, at, of_lines, parts)
                    for at in range(len(task.signatures[order.signature].lines))
                ]
            open_lines = [
                each
                for each in open_to[order.signature]
                if each.until_number(first, until) > number
            ]
            yield number, first, until, open_lines

    def _open_to(
        self,
        signature: int,
        at: int,
        of_lines: tuple[list[list[int]], list[list[int]], list[list[int]]],
        parts: list[list[int]],
    ) -> _OpenTo:
        """What was open on a line to the orders of a signature, and who stands there."""
        lines, caps, latest = of_lines
        of = self._task.signatures[signature]
        line = of.lines[at]
        rows = [lines[line], *(caps[row] for row in of.caps[at]), *(parts[p] for p in of.parts)]
        closing = [min(each) for each in zip(*rows, strict=True)]
        passed = [min(each) for each in zip(closing, latest[line], strict=True)]
        return _OpenTo(line, closing, passed, self._task.frozen_until)

    def _closing_of_lines(self) -> tuple[list[list[int]], list[list[int]], list[list[int]]]:
        """By line and by cap, for each day: from which number on nothing was left.

        And for each line the last number that came to stand there, without those who kept a place.
        """
        grid = self._task.grid
        lines: list[list[list[int]]] = [[[] for _ in range(self._days)] for _ in grid.lines]
        caps: list[list[list[int]]] = [[[] for _ in range(self._days)] for _ in grid.caps]
        latest = [[NOWHERE] * self._days for _ in grid.lines]
        for number, line, day in self._users():
            served = NOWHERE if self._kept[number] else number
            lines[line][day].append(served)
            for row in self._rows(number, line):
                caps[row][day].append(served)
            latest[line][day] = max(latest[line][day], served)
        closing_lines = [_closings(*each) for each in zip(lines, grid.cars, strict=True)]
        closing_caps = [_closings(*each) for each in zip(caps, grid.caps, strict=True)]
        return closing_lines, closing_caps, latest

    def _closing_of_part(self, part: int, grid: PartGrid) -> list[int]:
        """For each day the number from which on the part was used up, then or on any later day.

        Whoever had a place in the published plan had its unit already.
        """
        arrivals = dict(grid.arrivals)
        closing: list[int] = []
        first: list[int] = []
        others: list[int] = []
        units = 0
        for day, numbers in enumerate(self._users_of(part)):
            if day in arrivals and not grid.carries_over:
                units, first, others = 0, [], []
            units += arrivals.get(day, 0)
            while len(first) < units and others:
                heappush(first, -heappop(others))
            for number in numbers:
                heappush(first, -(NOWHERE if self._had_its_unit(number) else number))
                if len(first) > units:
                    heappush(others, -heappop(first))
            if not units:
                closing.append(0)
            else:
                closing.append(1 - first[0] if len(first) == units else _NEVER)
        return _from_any_later_day(closing, grid)

    def _had_its_unit(self, number: int) -> bool:
        if self._kept[number]:
            return True
        return not self._is_fresh and self._task.orders[number].current is not None


def _closings(users: list[list[int]], units: tuple[int, ...]) -> list[int]:
    """For each day the first number that found nothing; `_NEVER` where a unit is left."""
    return [
        0 if not left else 1 + sorted(numbers)[left - 1] if len(numbers) >= left else _NEVER
        for numbers, left in zip(users, units, strict=True)
    ]


def _from_any_later_day(closing: list[int], grid: PartGrid) -> list[int]:
    """What is used up on a later day cannot be used before: within a receipt, or at all."""
    borders = {day for day, _ in grid.arrivals} if not grid.carries_over else frozenset()
    for day in range(len(closing) - 2, -1, -1):
        if day + 1 not in borders:
            closing[day] = min(closing[day], closing[day + 1])
    return closing
