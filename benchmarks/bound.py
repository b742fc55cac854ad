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

The program knows no first come, first served either. A second bound tells what that costs: the
orders are cut into cohorts by rank, and the first cohort may wait no longer in sum than in a plan,
nor the first two, the first three and so on. Whatever waits less than this bound takes from those
who came before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import msgspec
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from earnest.core.plan.counters import NOWHERE
from earnest.core.plan.plan import Plan, Task

Kind = tuple[int, tuple[int, ...], tuple[int, ...]]
"""The cohort, the lines and the parts of a class."""


class Bound(msgspec.Struct, frozen=True):
    """Days of waiting that no plan can go below, and how large the program was."""

    waiting: float
    variables: int
    rows: int


def waiting_of(task: Task, plan: Plan) -> int:
    """Days of waiting in a plan: the measure that the bound speaks about."""
    return _waiting_of_first(task, plan, 1)[0]


def _waiting_of_first(task: Task, plan: Plan, cohorts: int) -> list[int]:
    """The waiting of the first cohort, of the first two, and so on to that of all."""
    days = task.grid.days
    waiting = [0] * cohorts
    for number, (order, day) in enumerate(zip(task.orders, plan.days, strict=True)):
        until = days if day == NOWHERE else day
        waiting[number * cohorts // len(task.orders)] += until - task.earliest(order)
    return list(accumulate(waiting))


class Program:
    """The linear program of a task, row by row.

    `most_waiting` is what the first cohort may wait at most, the first two, and so on; all orders
    are one cohort, which may wait as long as it likes, if it is empty.
    """

    def __init__(self, task: Task, most_waiting: Sequence[int] = ()) -> None:
        self._task = task
        self._days = task.grid.days
        self._most_waiting = most_waiting
        self._coming = _coming(task, len(most_waiting) + 1)
        self._kinds = sorted(self._coming)
        self._built = {
            key: number * self._days
            for number, key in enumerate((kind, line) for kind in self._kinds for line in kind[1])
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
        most = [*self._lines(), *self._parts(), *self._cohorts()]
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
                self._cells.extend((row, self._built[kind, line] + day, 1) for line in kind[1])
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
            users = [first for (kind, _), first in self._built.items() if number in kind[2]]
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

    def _cohorts(self) -> Iterator[int]:
        """The first cohorts wait no longer than they may."""
        row = 1 + max(row for row, _, _ in self._cells)
        for last, most in enumerate(self._most_waiting):
            for kind, first in self._waits.items():
                if kind[0] <= last:
                    self._cells.extend((row, first + day, 1) for day in range(self._days))
            row += 1
            yield most

    def _matrix(self, cells: list[tuple[int, int, int]], rows: int) -> object:
        row, column, value = np.array(cells, dtype=np.int64).reshape(-1, 3).T
        return coo_matrix((value, (row, column)), shape=(rows, self._variables)).tocsr()


def _coming(task: Task, cohorts: int) -> dict[Kind, list[int]]:
    """How many orders of each class may be built from each day on, and not before."""
    coming: dict[Kind, list[int]] = {}
    for number, order in enumerate(task.orders):
        signature = task.signatures[order.signature]
        cohort = number * cohorts // len(task.orders)
        kind = (cohort, signature.lines, signature.parts)
        first = task.earliest(order)
        if first < task.grid.days:
            coming.setdefault(kind, [0] * task.grid.days)[first] += 1
    return coming


def least_waiting(task: Task) -> Bound:
    """The bound of a task."""
    return Program(task).solved()


def least_fair_waiting(task: Task, plan: Plan, cohorts: int) -> Bound:
    """The bound when no cohort may wait less at the expense of those before it.

    More cohorts bring the bound nearer to the plan, and take the solver longer.
    """
    return Program(task, _waiting_of_first(task, plan, cohorts)[:-1]).solved()
