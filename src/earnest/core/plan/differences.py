"""What a plan changes: who moves, from where to where, why, and which promises it breaks.

Each order that moves has exactly one cause. Not here: telling buyers (`desk/planning`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from earnest.core.plan.counters import NOWHERE, Binding
from earnest.core.plan.plan import UNPLANNED_HOLDS, Hold, Place, Plan, PlanOrder, Task
from earnest.core.plan.repair import Start


class Cause(StrEnum):
    """Why an order's place changes.

    `own_rank` is who came back and stands again before the later ranks of its kind,
    `earlier_rank` who makes room for it.
    """

    FIRST_PLAN = "first_plan"
    SLOT_FREE = "slot_free"
    OWN_RANK = "own_rank"
    EARLIER_RANK = "earlier_rank"
    SHORT = "short"
    HELD = "held"
    ASKED_FOR_LATER = "asked_for_later"
    NOT_BUILT_THERE = "not_built_there"
    SAME_DAY = "same_day"


class Move(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An order (by number) whose place changes, with its cause.

    `binding` is the resource behind `short`, `hold` what is behind `held`. Without `after` the
    order has no place in the new plan. `was_over` says that a broken promise ended before the
    plan was made, so that no plan could have kept it.
    """

    number: int
    before: Place | None
    after: Place | None
    cause: Cause
    binding: Binding | None = None
    hold: Hold | None = None
    breaks_promise: bool = False
    was_over: bool = False

    @property
    def is_later(self) -> bool:
        """Whether the car comes later than planned, or not at all."""
        return self.before is not None and (self.after is None or self.after.day > self.before.day)

    @property
    def is_earlier(self) -> bool:
        """Whether the car comes earlier than planned."""
        return (
            self.before is not None and self.after is not None and self.after.day < self.before.day
        )


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A plan in figures: orders with a place, those that do not fit, moves and promises.

    `promises_over` ended before the plan was made; `promises_broken` are those that it breaks.
    `mean_wait` is how many days from that of the plan it takes until a car is built, of those that
    are still to be built; None where none is, and in figures of before it was counted.
    """

    orders: int
    placed: int
    not_planned: int
    short: dict[str, int]
    earlier: int
    later: int
    newly_placed: int
    promises_broken: int
    mean_day: float | None
    promises_over: int = 0
    mean_wait: float | None = None

    @property
    def without_day(self) -> int:
        """How many are to be planned and fit nowhere."""
        return self.orders - self.placed - self.not_planned

    @property
    def moving(self) -> int:
        """How many get another day than in the published plan, or their first."""
        return self.earlier + self.later + self.newly_placed


def differences(start: Start, plan: Plan) -> Iterator[Move]:
    """Every order whose place changes by a plan that was made from a start."""
    task = start.task
    for number, order in enumerate(task.orders):
        before, after = start.place_before(number), plan.place(number)
        if before == after or (after is None and order.fixed is not None):
            continue
        cause, binding = _cause(start, plan, number)
        is_broken = breaks(task, order, before, after)
        yield Move(
            number=number,
            before=before,
            after=after,
            cause=cause,
            binding=binding,
            hold=order.hold if cause is Cause.HELD else None,
            breaks_promise=is_broken,
            was_over=is_broken and order.arrives_by is not None and order.arrives_by < task.today,
        )


def _cause(start: Start, plan: Plan, number: int) -> tuple[Cause, Binding | None]:
    """The one cause of a changed place; the first that holds."""
    task = start.task
    order, after = task.orders[number], plan.place(number)
    before = start.place_before(number)
    binding = plan.short.get(number) or start.lost.get(number) or plan.later.get(number)
    if order.hold in UNPLANNED_HOLDS:
        return Cause.HELD, None
    if before is None:
        return (Cause.FIRST_PLAN, None) if after is not None else (Cause.SHORT, binding)
    if after is not None and after.day < before.day:
        return Cause.OWN_RANK if start.comes_forward(number) else Cause.SLOT_FREE, None
    if before.day < order.not_before:
        return Cause.ASKED_FOR_LATER, None
    if order.hold is not None and before.day < task.frozen_until:
        return Cause.HELD, None
    if after is not None and after.day == before.day:
        return Cause.SAME_DAY, None
    if binding is not None:
        return Cause.SHORT, binding
    return Cause.EARLIER_RANK if start.makes_room(number) else Cause.NOT_BUILT_THERE, None


def breaks(task: Task, order: PlanOrder, before: Place | None, after: Place | None) -> bool:
    """Whether a promise that the old place kept is broken by the new one.

    An order without a place breaks it only where its window ends inside the published capacity:
    what can be built after that, nobody knows yet.
    """
    if order.arrives_by is None or order.hold in UNPLANNED_HOLDS:
        return False
    if before is not None and task.arrival(order, before.line, before.day) > order.arrives_by:
        return False
    if after is None:
        farthest = max(task.transport[order.signature], default=0)
        return order.arrives_by < task.grid.days + farthest
    return task.arrival(order, after.line, after.day) > order.arrives_by


def summary_of(task: Task, plan: Plan, moves: list[Move]) -> Summary:
    """The figures of a plan and of what it changes."""
    placed = [day for day in plan.days if day != NOWHERE]
    waits = [day - task.today for day in placed if day >= task.today]
    short = Counter(
        f"{binding.kind.value} {binding.name}".strip() for binding in plan.short.values()
    )
    return Summary(
        orders=len(task.orders),
        placed=len(placed),
        not_planned=sum(
            order.hold in UNPLANNED_HOLDS and day == NOWHERE
            for order, day in zip(task.orders, plan.days, strict=True)
        ),
        short=dict(sorted(short.items())),
        earlier=sum(move.is_earlier for move in moves),
        later=sum(move.is_later for move in moves),
        newly_placed=sum(move.before is None and move.after is not None for move in moves),
        promises_broken=sum(move.breaks_promise and not move.was_over for move in moves),
        promises_over=sum(move.was_over for move in moves),
        mean_day=sum(placed) / len(placed) if placed else None,
        mean_wait=sum(waits) / len(waits) if waits else None,
    )
