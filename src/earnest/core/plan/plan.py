"""A plan: every order that waits, in the order of service, and the day and line of each.

Not here: making one (`planner.py`, `improve.py`, `repair.py`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from operator import attrgetter

import msgspec

from earnest.core.plan.calendar import Grid
from earnest.core.plan.counters import NOWHERE, Binding
from earnest.core.plan.signature import Signature


class Hold(StrEnum):
    """Why an order may not enter the frozen zone yet, or is not planned at all."""

    COOLING_OFF = "cooling_off"
    UNPAID = "unpaid"
    ANSWER_OPEN = "answer_open"
    DEFERRED = "deferred"
    WAITING_LIST = "waiting_list"


UNPLANNED_HOLDS = frozenset({Hold.DEFERRED, Hold.WAITING_LIST})
"""Holds under which nothing is planned: a deferred order is built only on the buyer's request."""


class Place(msgspec.Struct, frozen=True, gc=False):
    """A line and a day, both by their numbers in the grid."""

    line: int
    day: int


class PlanOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An order as a plan sees it. The order of service is the order in which they are given.

    `not_before` is the first day on which its car may be built. `fixed` is the place of a car
    that is scheduled, `current` that of the published plan. `arrives_by` is the last day on which
    the promise lets the car arrive, `pull_in_from` the first to which it may be moved earlier
    without asking: a car before its promised window needs the buyer's consent.
    """

    order_id: str
    signature: int
    not_before: int = 0
    hold: Hold | None = None
    fixed: Place | None = None
    current: Place | None = None
    pull_in_from: int = 0
    arrives_by: int | None = None


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan is made from: the numbers of the capacity, the orders, and the day of the run.

    Days before `frozen_until` belong to cars that are fixed, or that reach them in the plan that
    is published; nobody else is placed there.
    """

    capacity_digest: str
    grid: Grid
    signatures: tuple[Signature, ...]
    transport: tuple[tuple[int, ...], ...]
    orders: tuple[PlanOrder, ...]
    today: int
    frozen_until: int

    def enters(self, order: PlanOrder) -> bool:
        """Whether an order stands in the frozen zone of the published plan and may stay there."""
        place = order.current
        return (
            place is not None
            and place.day < self.frozen_until
            and order.fixed is None
            and order.hold is None
            and place.day >= self.today
            and place.day >= order.not_before
        )

    def earliest(self, order: PlanOrder) -> int:
        """The first day on which an order that is not fixed may be placed."""
        if order.not_before <= self.frozen_until <= self.grid.days:
            return self.frozen_until
        return min(max(order.not_before, self.frozen_until), self.grid.days)

    def offered_from(self, order: PlanOrder) -> int:
        """The same, for an order with a place: not before the day to which it may be pulled in."""
        first = self.earliest(order)
        place = order.current
        if place is None or place.day <= first or order.pull_in_from <= first:
            return first
        return min(place.day, order.pull_in_from, self.grid.days)

    def arrival(self, order: PlanOrder, line: int, day: int) -> int:
        """The day on which a car built on a line and day reaches its market."""
        lines = self.signatures[order.signature].lines
        if line not in lines:
            return day
        return day + self.transport[order.signature][lines.index(line)]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Day and line of every order of a task, in its order; `NOWHERE` for one without a place.

    `short` says, by the number of the order, which resource is missing for one that does not fit
    in the horizon; orders that are not to be planned are not in it. `later` says what sent an
    order behind its day in the published plan.
    """

    capacity_digest: str
    lines: tuple[int, ...]
    days: tuple[int, ...]
    short: dict[int, Binding] = {}
    later: dict[int, Binding] = {}

    def place(self, number: int) -> Place | None:
        """Where the order with this number stands."""
        if self.days[number] == NOWHERE:
            return None
        return Place(self.lines[number], self.days[number])


def cars_by_place(
    task: Task, lines: Sequence[int], days: Sequence[int]
) -> Counter[tuple[int, int, int]]:
    """How many cars of each signature stand on each line and day.

    Half a million orders stand on some thousand such places, so whoever only counts looks at those.
    """
    signatures = map(attrgetter("signature"), task.orders)
    cars = Counter(zip(signatures, lines, days, strict=True))
    for signature in range(len(task.signatures)):
        cars.pop((signature, NOWHERE, NOWHERE), None)
    return cars


def digest_of(task: Task, plan: Plan) -> str:
    """The name of a plan's content: the same task gives the same digest, on every machine."""
    sha = hashlib.sha256()
    sha.update(plan.capacity_digest.encode())
    names = [line.name for line in task.grid.lines]
    begins = task.grid.begins.isoformat()
    sha.update(f"\n{begins}\n".encode())
    rows = [
        f"{order.order_id} {names[line] if line >= 0 else ''} {day}\n"
        for order, line, day in zip(task.orders, plan.lines, plan.days, strict=True)
    ]
    sha.update("".join(rows).encode())
    return sha.hexdigest()
