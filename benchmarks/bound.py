"""The least that waiting can cost on a task: a linear program, solved by HiGHS through scipy.

Waiting costs one for each order and day, from the first day on which its car may be built until
the day on which it is; an order without a day waits until the horizon ends. The program has, for
each class and line, the cars built on each day, and for each class how many still wait at the end
of each day, which is what is summed up.

A class is the orders that may stand on the same lines, use the same parts and count as one first
day each: the program knows how many may be built from which day on. Whatever days it gives a class,
first come, first served inside it gives the same sum, so putting orders together changes nothing.
Caps of options are left out, and cars may be built in fractions. Both only allow more, so no plan
waits less than the program says. Holds, fixed cars and places of a published plan are not known
here: the bound is that of a plan from nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from earnest.core.plan.counters import NOWHERE
from earnest.core.plan.plan import Plan, Task

Kind = tuple[tuple[int, ...], tuple[int, ...]]
"""The lines and the parts of a class."""


class Bound(msgspec.Struct, frozen=True):
    """Days of waiting that no plan can go below, and how large the program was."""

    waiting: float
    variables: int
    rows: int


def waiting_of(task: Task, plan: Plan) -> int:
    """Days of waiting in a plan: the measure that the bound speaks about."""
    days = task.grid.days
    return sum(
        (days if day == NOWHERE else day) - task.earliest(order)
        for order, day in zip(task.orders, plan.days, strict=True)
    )


class Program:
    """The linear program of a task, row by row."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._days = task.grid.days
        self._coming = _coming(task)
        self._kinds = sorted(self._coming)
        self._built = {
            key: number * self._days
            for number, key in enumerate((kind, line) for kind in self._kinds for line in kind[0])
        }
        """The first variable of the cars of a class on a line: one for each day."""
        self._waits = {
            kind: (len(self._built) + number) * self._days
            for number, kind in enumerate(self._kinds)
        }
        """The first variable of those of a class who still wait: one for each day."""
        self._variables = (len(self._built) + len(self._kinds)) * self._days
        self._cells: list[tuple[int, int, int]] = []

    def solved(self) -> Bound:
        """The least waiting."""
        cost = np.zeros(self._variables)
        for first in self._waits.values():
            cost[first : first + self._days] = 1
        equal = list(self._queues())
        equal_cells, self._cells = self._cells, []
        most = [*self._lines(), *self._parts()]
        answer = linprog(
            cost,
            A_ub=self._matrix(self._cells, len(most)),
            b_ub=most,
            A_eq=self._matrix(equal_cells, len(equal)),
            b_eq=equal,
            method="highs",
        )
        assert answer.status == 0, answer.message
        return Bound(float(answer.fun), self._variables, len(equal) + len(most))

    def _queues(self) -> Iterator[int]:
        """Who waits at the end of a day: who waited before, and came, and was not built."""
        row = 0
        for kind in self._kinds:
            waits = self._waits[kind]
            for day in range(self._days):
                self._cells.append((row, waits + day, 1))
                if day:
                    self._cells.append((row, waits + day - 1, -1))
                self._cells.extend((row, self._built[kind, line] + day, 1) for line in kind[0])
                row += 1
                yield self._coming[kind][day]

    def _lines(self) -> Iterator[int]:
        """No line builds more than it can."""
        row = 0
        for line, cars in enumerate(self._task.grid.cars):
            users = [first for (_, on), first in self._built.items() if on == line]
            for day, units in enumerate(cars):
                self._cells.extend((row, first + day, 1) for first in users)
                row += 1
                yield units

    def _parts(self) -> Iterator[int]:
        """By no day are more units used than had come; a sum of days for each receipt and day.

        Units that are not kept may be used for ever here, which only allows more. A variable that
        sums up the use would make the rows shorter; that many parts there are not.
        """
        row = self._days * len(self._task.grid.cars)
        for number, part in enumerate(self._task.grid.parts):
            users = [first for (kind, _), first in self._built.items() if number in kind[1]]
            arrivals = part.arrivals or ((0, 0),)
            until = [day - 1 for day, _ in arrivals[1:]] + [self._days - 1]
            received = 0
            for (_, units), last in zip(arrivals, until, strict=True):
                received += units
                self._cells.extend(
                    (row, first + day, 1) for first in users for day in range(last + 1)
                )
                row += 1
                yield received

    def _matrix(self, cells: list[tuple[int, int, int]], rows: int) -> object:
        row, column, value = np.array(cells, dtype=np.int64).reshape(-1, 3).T
        return coo_matrix((value, (row, column)), shape=(rows, self._variables)).tocsr()


def _coming(task: Task) -> dict[Kind, list[int]]:
    """How many orders of each class may be built from each day on, and not before."""
    coming: dict[Kind, list[int]] = {}
    for order in task.orders:
        signature = task.signatures[order.signature]
        kind = (signature.lines, signature.parts)
        first = task.earliest(order)
        if first < task.grid.days:
            coming.setdefault(kind, [0] * task.grid.days)[first] += 1
    return coming


def least_waiting(task: Task) -> Bound:
    """The bound of a task."""
    return Program(task).solved()
