"""The fresh plan by a compiled loop: the same bytes as `planner.py`, some times faster.

It needs numpy and numba, the extra `planner`; whoever has not got them does not import this.
Not here: the loop (`loop.py`), and when it is worth loading a compiler (`desk/planning/fresh.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

import numpy as np
from numba import njit

from earnest.core.plan.calendar import Grid, PartGrid
from earnest.core.plan.counters import NOWHERE, Binding, Resource
from earnest.core.plan.loop import (
    ENTERS,
    FIXED,
    HORIZON,
    LEFT_OUT,
    LINE,
    NOTHING,
    OPTION,
    PART,
    PLANNED,
    PLANT,
    Answer,
    Kinds,
    Numbers,
    Served,
    Stock,
    open_up,
    serve,
)
from earnest.core.plan.plan import UNPLANNED_HOLDS, Plan, PlanOrder, Task
from earnest.core.plan.planner import is_inside

Loop = Callable[[Stock, Kinds, Served, Answer], None]

compiled_loop = njit()(serve)
"""Compiled when it is first used, which takes seconds; keeping what comes out is the desk's."""


def compiled_plan(task: Task, loop: Loop = compiled_loop) -> Plan:
    """What `fresh_plan` gives for the same task. `loop` may be the same one in plain Python."""
    count = len(task.orders)
    answer = Answer(
        line=np.full(count, NOWHERE, np.int64),
        day=np.full(count, NOWHERE, np.int64),
        short=np.full(count, NOTHING, np.int64),
        short_of=np.zeros(count, np.int64),
    )
    loop(_stock(task.grid), _kinds(task), _served(task), answer)
    bindings = _bindings(task.grid)
    short: dict[int, Binding] = {}
    later: dict[int, Binding] = {}
    for number in np.flatnonzero(answer.short).tolist():
        found = bindings[int(answer.short[number]), int(answer.short_of[number])]
        (short if answer.line[number] == NOWHERE else later)[number] = found
    return Plan(
        capacity_digest=task.capacity_digest,
        lines=tuple(answer.line.tolist()),
        days=tuple(answer.day.tolist()),
        short=short,
        later=later,
    )


def _array(numbers: Iterable[int]) -> Numbers:
    return np.array(list(numbers), dtype=np.int64)


def _table(rows: Sequence[Sequence[int]], days: int) -> Numbers:
    """Rows of one number a day; a table without rows has its days all the same."""
    return np.array(rows, dtype=np.int64).reshape(len(rows), days)


def _starts(lengths: Iterable[int]) -> Numbers:
    """Where each piece begins when pieces of these lengths are laid end to end."""
    return _array(accumulate(lengths, initial=0))


def _stock(grid: Grid) -> Stock:
    arrivals = [each for part in grid.parts for each in part.arrivals]
    stock = Stock(
        cars=_table(grid.cars, grid.days),
        caps=_table(grid.caps, grid.days),
        open_parts=np.zeros((len(grid.parts), grid.days), np.int64),
        carries_over=_array(part.carries_over for part in grid.parts),
        receipts_of=_starts(len(part.arrivals) for part in grid.parts),
        receipt_day=_array(day for day, _ in arrivals),
        receipt_left=_array(units for _, units in arrivals),
        latest=_table([_latest(part, grid.days) for part in grid.parts], grid.days),
    )
    for part in range(len(grid.parts)):
        open_up(stock, part)
    return stock


def _latest(part: PartGrid, days: int) -> list[int]:
    """The number of the last receipt until each day."""
    starts = [day for day, _ in part.arrivals]
    return [bisect_right(starts, day) - 1 for day in range(days)]


def _kinds(task: Task) -> Kinds:
    signatures = task.signatures
    rows = [row for signature in signatures for row in signature.caps]
    lines = _array(line for signature in signatures for line in signature.lines)
    return Kinds(
        lines_of=_starts(len(signature.lines) for signature in signatures),
        lines=lines,
        caps_of=_starts(len(row) for row in rows),
        caps=_array(cap for row in rows for cap in row),
        parts_of=_starts(len(signature.parts) for signature in signatures),
        parts=_array(part for signature in signatures for part in signature.parts),
        # Nobody looks for a place before the zone that is frozen.
        open_from=np.full(len(lines), min(task.frozen_until, task.grid.days), np.int64),
    )


def _served(task: Task) -> Served:
    orders = task.orders
    days = task.grid.days
    not_before = _array(order.not_before for order in orders)
    places = [order.current if order.fixed is None else order.fixed for order in orders]
    return Served(
        signature=_array(order.signature for order in orders),
        earliest=np.minimum(np.maximum(not_before, task.frozen_until), days),
        role=_array(_role(task, order) for order in orders),
        line=_array(NOWHERE if place is None else place.line for place in places),
        # Whoever has no day yet cannot be sent behind it.
        day=_array(days if place is None else place.day for place in places),
    )


def _role(task: Task, order: PlanOrder) -> int:
    """What the loop does with an order."""
    place = order.fixed
    if place is not None:
        return FIXED if is_inside(task, place) else LEFT_OUT
    if order.hold in UNPLANNED_HOLDS:
        return LEFT_OUT
    place = order.current
    return (
        ENTERS if place is not None and task.enters(order) and is_inside(task, place) else PLANNED
    )


def _bindings(grid: Grid) -> dict[tuple[int, int], Binding]:
    """The resource behind each kind and number."""
    found = {
        (PLANT, 0): Binding(Resource.PLANT, ""),
        (HORIZON, 0): Binding(Resource.HORIZON, ""),
    }
    for number, part in enumerate(grid.parts):
        found[PART, number] = Binding(Resource.PART, part.code)
    for number, (_, option) in enumerate(grid.cap_of):
        found[OPTION, number] = Binding(Resource.OPTION, option)
    for number, line in enumerate(grid.lines):
        found[LINE, number] = Binding(Resource.LINE, line.name)
    return found
