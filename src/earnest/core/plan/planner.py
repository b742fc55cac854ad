"""The planner: every order in the order of service gets the earliest day that still fits.

So nobody is overtaken unless a named resource was used up before, or the day was too early for
the order itself. Not here: changing a published plan gently (`improve.py`, `repair.py`).
"""

from __future__ import annotations

from earnest.core.plan.counters import NOWHERE, Binding, Counters
from earnest.core.plan.plan import UNPLANNED_HOLDS, Place, Plan, Task


def fresh_plan(task: Task) -> Plan:
    """A plan from nothing: only what is fixed, or enters the frozen zone, stays where it is."""
    counters = Counters(task.grid, task.signatures)
    lines = [NOWHERE] * len(task.orders)
    days = [NOWHERE] * len(task.orders)
    short: dict[int, Binding] = {}
    later: dict[int, Binding] = {}
    committed = commit(task, counters)
    for number, place in committed.items():
        lines[number], days[number] = place.line, place.day
    for number, order in enumerate(task.orders):
        if order.fixed is not None or number in committed or order.hold in UNPLANNED_HOLDS:
            continue
        day, line = counters.first(order.signature, task.earliest(order))
        if line == NOWHERE:
            binding = counters.binding(order.signature, task.earliest(order), NOWHERE)
            assert binding is not None, "an order fits where every resource is open"
            short[number] = binding
            continue
        if order.current is not None and day > order.current.day:
            binding = counters.binding(order.signature, task.earliest(order), line)
            if binding is not None:
                later[number] = binding
        counters.take(order.signature, line, day)
        lines[number], days[number] = line, day
    return Plan(
        capacity_digest=task.capacity_digest,
        lines=tuple(lines),
        days=tuple(days),
        short=short,
        later=later,
    )


def commit(task: Task, counters: Counters) -> dict[int, Place]:
    """Take what is fixed, then what enters the frozen zone and still fits there.

    A fixed place outside the grid (a car that is late, a line that is gone) takes nothing.
    """
    committed: dict[int, Place] = {}
    for number, order in enumerate(task.orders):
        place = order.fixed
        if place is not None and is_inside(task, place):
            counters.take(order.signature, place.line, place.day)
            committed[number] = place
    for number, order in enumerate(task.orders):
        place = order.current
        if place is None or not task.enters(order) or not is_inside(task, place):
            continue
        if counters.fits(order.signature, place.line, place.day):
            counters.take(order.signature, place.line, place.day)
            committed[number] = place
    return committed


def is_inside(task: Task, place: Place) -> bool:
    """Whether a place is one of the grid."""
    return 0 <= place.line < len(task.grid.lines) and 0 <= place.day < task.grid.days
