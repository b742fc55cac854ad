"""A gentle plan: the published one, changed only where it must be, or where it gets better.

Only orders that no longer fit leave their place: behind a resource that became short the last in
the order of service. They and new orders get the first free slots, and whoever agreed to it may
move to an earlier day. Not here: a plan from nothing (`planner.py`).
"""

from __future__ import annotations

from heapq import heappop, heappush

import msgspec

from earnest.core.plan.calendar import PartGrid
from earnest.core.plan.checker import Checker
from earnest.core.plan.counters import NOWHERE, Binding, Counters, Resource
from earnest.core.plan.improve import Pass
from earnest.core.plan.plan import (
    UNPLANNED_HOLDS,
    Place,
    Plan,
    PlanOrder,
    Task,
    cars_by_place,
)
from earnest.core.plan.planner import is_inside
from earnest.core.plan.yielding import LOOKS, Cautious, Yielding


class Start(msgspec.Struct, frozen=True):
    """What a plan is made from once it is known who has to leave, or may not keep, its place.

    `lost` are the cars of the task that were scheduled and no longer fit, with what is short.
    `before` are places of the published plan that others of the same kind have now, by their
    rank (`ranks.py`); the task has the new ones.
    """

    task: Task
    lost: dict[int, Binding]
    before: dict[int, Place | None] = {}

    def place_before(self, number: int) -> Place | None:
        """Where an order of the task stands in the published plan."""
        order = self.task.orders[number]
        return self.before.get(number, order.fixed or order.current)

    def comes_forward(self, number: int) -> bool:
        """Whether an order was given an earlier place because of its rank."""
        before, place = self.before.get(number), self.task.orders[number].current
        return before is not None and place is not None and place.day < before.day

    def makes_room(self, number: int) -> bool:
        """Whether an order handed its place on to an earlier rank."""
        before, place = self.before.get(number), self.task.orders[number].current
        return before is not None and (place is None or place.day > before.day)


def gentle_plan(task: Task, *, looks: int = LOOKS) -> Plan:
    """The published plan with the fewest changes: nobody who still fits moves to a later day.

    A plain pass is enough for nearly every plan. Where several things are short at once it may give
    the last unit of a part to who can be built sooner, though one before it could have used it
    later. Then those who came later yield, until nobody is overtaken. If that takes more than so
    many `looks` at orders, the cautious pass makes the plan.
    """
    lines, days, enters = standing(task)
    later = release(task, lines, days, [order.fixed is not None for order in task.orders])
    kept = [
        order.fixed is not None or (enters[number] and days[number] != NOWHERE)
        for number, order in enumerate(task.orders)
    ]
    return _with_causes(task, _passed(task, lines, days, kept, looks), later)


def _passed(task: Task, lines: list[int], days: list[int], kept: list[bool], looks: int) -> Plan:
    """The plan after every free slot was offered, without a word on what was short."""
    made = list(lines), list(days)
    Pass(task, *made, kept).run()
    plan = _plan(task, *made)
    if not any(task.signatures[order.signature].parts for order in task.orders):
        return plan
    if not any(Checker(task, plan, is_fresh=False).overtaken()):
        return plan
    made = list(lines), list(days)
    yielding = Yielding(task, *made, kept, looks)
    yielding.run()
    while passed_on := Checker(task, _plan(task, *made), is_fresh=False).passed_on():
        if not yielding.mend(passed_on):
            Cautious(task, lines, days, kept).run()
            return _plan(task, lines, days)
    return _plan(task, *made)


def _plan(task: Task, lines: list[int], days: list[int]) -> Plan:
    return Plan(capacity_digest=task.capacity_digest, lines=tuple(lines), days=tuple(days))


def _with_causes(task: Task, plan: Plan, later: dict[int, Binding]) -> Plan:
    """The plan with what is missing for those who found no place, and what sent others behind."""
    short = _short(task, plan)
    return msgspec.structs.replace(
        plan,
        short=short,
        later={number: cause for number, cause in later.items() if number not in short},
    )


def without_lost(task: Task) -> Start:
    """Take the fix from scheduled cars for which even the other fixed ones leave no capacity.

    They become ordinary orders of their old place, which the next plan moves with this cause.
    """
    lines = [NOWHERE] * len(task.orders)
    days = [NOWHERE] * len(task.orders)
    for number, order in enumerate(task.orders):
        if order.fixed is not None and is_inside(task, order.fixed):
            lines[number], days[number] = order.fixed.line, order.fixed.day
    lost = release(task, lines, days, [False] * len(task.orders))
    orders = tuple(
        msgspec.structs.replace(order, fixed=None, current=order.fixed) if number in lost else order
        for number, order in enumerate(task.orders)
    )
    return Start(msgspec.structs.replace(task, orders=orders), lost)


def standing(task: Task) -> tuple[list[int], list[int], list[bool]]:
    """Where everybody stands at first, and who of them enters the frozen zone there."""
    lines = [NOWHERE] * len(task.orders)
    days = [NOWHERE] * len(task.orders)
    enters = [False] * len(task.orders)
    for number, order in enumerate(task.orders):
        place = order.fixed or order.current
        if place is None or not is_inside(task, place):
            continue
        if order.fixed is None:
            if not may_stand(task, order):
                continue
            enters[number] = task.enters(order)
        lines[number], days[number] = place.line, place.day
    return lines, days, enters


def may_stand(task: Task, order: PlanOrder) -> bool:
    """Whether an order's own facts still let it stand where the published plan has it."""
    place = order.current
    assert place is not None, "asked only about an order with a place"
    if order.hold in UNPLANNED_HOLDS:
        return False
    if place.line not in task.signatures[order.signature].lines:
        return False
    return place.day >= task.earliest(order) or task.enters(order)


def release(task: Task, lines: list[int], days: list[int], fixed: list[bool]) -> dict[int, Binding]:
    """Take the last in the order of service off whatever is overfull; says what was short."""
    released: dict[int, Binding] = {}
    places, rows = _overfull(task, lines, days)

    def release(numbers: list[int], units: int, binding: Binding) -> None:
        standing = [number for number in numbers if days[number] != NOWHERE]
        loose = [number for number in standing if not fixed[number]]
        for number in loose[max(0, len(loose) - max(0, len(standing) - units)) :]:
            released[number] = binding
            lines[number] = days[number] = NOWHERE

    for (row, day), numbers in sorted(rows.items()):
        option = task.grid.cap_of[row][1]
        release(numbers, task.grid.caps[row][day], Binding(Resource.OPTION, option))
    for index, part in enumerate(task.grid.parts):
        for number in _too_many(task, index, part, days, fixed):
            released[number] = Binding(Resource.PART, part.code)
            lines[number] = days[number] = NOWHERE
    for (line, day), numbers in sorted(places.items()):
        name = task.grid.lines[line].name
        release(numbers, task.grid.cars[line][day], Binding(Resource.LINE, name))
    return released


_Standing = dict[tuple[int, int], list[int]]
"""Orders by their numbers, by the line (or the row of a cap) and the day that they share."""


def _overfull(task: Task, lines: list[int], days: list[int]) -> tuple[_Standing, _Standing]:
    """Lines and caps with more cars on a day than they have units, and whose cars those are."""
    cars = [list(units) for units in task.grid.cars]
    caps = [list(units) for units in task.grid.caps]
    for (signature, line, day), taken in cars_by_place(task, lines, days).items():
        cars[line][day] -= taken
        for row in task.signatures[signature].rows_on(line):
            caps[row][day] -= taken
    places = _below_zero(cars)
    rows = _below_zero(caps)
    if not places and not rows:
        return places, rows
    for number, (order, line, day) in enumerate(zip(task.orders, lines, days, strict=True)):
        if day == NOWHERE:
            continue
        if (line, day) in places:
            places[line, day].append(number)
        for row in task.signatures[order.signature].rows_on(line):
            if (row, day) in rows:
                rows[row, day].append(number)
    return places, rows


def _below_zero(left: list[list[int]]) -> _Standing:
    return {
        (row, day): []
        for row, of_days in enumerate(left)
        for day, units in enumerate(of_days)
        if units < 0
    }


def _too_many(
    task: Task, index: int, part: PartGrid, days: list[int], fixed: list[bool]
) -> list[int]:
    """Users of a part for whom no unit has come by their day, the last ones first."""
    uses = [index in signature.parts for signature in task.signatures]
    users: list[list[int]] = [[] for _ in range(task.grid.days)]
    for number, day in enumerate(days):
        if day != NOWHERE and uses[task.orders[number].signature]:
            users[day].append(number)
    arrivals = dict(part.arrivals)
    found: list[int] = []
    loose: list[int] = []
    units = 0
    for day, numbers in enumerate(users):
        if day in arrivals and not part.carries_over:
            units, loose = 0, []
        units += arrivals.get(day, 0) - len(numbers)
        for number in numbers:
            if not fixed[number]:
                heappush(loose, -number)
        while units < 0 and loose:
            found.append(-heappop(loose))
            units += 1
    return found


def _short(task: Task, plan: Plan) -> dict[int, Binding]:
    """Orders without a place that should have one, each with what is missing."""
    unplaced = [
        number
        for number, order in enumerate(task.orders)
        if plan.days[number] == NOWHERE
        and order.fixed is None
        and order.hold not in UNPLANNED_HOLDS
    ]
    if not unplaced:
        return {}
    counters = Counters(task.grid, task.signatures)
    for (signature, line, day), cars in cars_by_place(task, plan.lines, plan.days).items():
        counters.take(signature, line, day, cars)
    found: dict[int, Binding] = {}
    known: dict[tuple[int, int], Binding | None] = {}
    for number in unplaced:
        order = task.orders[number]
        asked = (order.signature, task.offered_from(order))
        if asked not in known:
            known[asked] = counters.binding(*asked, NOWHERE)
        found[number] = known[asked] or _kept_free(task, order)
    return found


def _kept_free(task: Task, order: PlanOrder) -> Binding:
    """What is missing where a slot stays free for who comes first: the line, for now."""
    line = task.signatures[order.signature].lines[0]
    return Binding(Resource.LINE, task.grid.lines[line].name)
