"""What a supposition does: the same plan with it and without it, side by side.

Orders move in every plan. Only what differs between the two was done by the supposition. Not here:
the changed capacity (`supposing.py`) and the moves of a plan (`differences.py`).
"""

from __future__ import annotations

from datetime import date

import msgspec

from earnest.core.plan.differences import Summary
from earnest.core.plan.plan import Plan, Task


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """`without` is the plan that would be made now from the capacity that counts, in figures.

    Against it, so many orders are built `earlier` or `later`; `lose_day` have a day only without
    what is supposed, `gain_day` only with it.
    """

    without: Summary
    earlier: int
    later: int
    lose_day: int
    gain_day: int


def effect_of(
    task: Task, plan: Plan, without_task: Task, without_plan: Plan, without: Summary
) -> Effect:
    """Compare two plans of the same orders, in the same order of service.

    Days are compared as dates: the documents behind the two may begin on different days.
    """
    earlier = later = lose_day = gain_day = 0
    for number in range(len(task.orders)):
        supposed, known = _day(task, plan, number), _day(without_task, without_plan, number)
        if supposed is None or known is None:
            lose_day += known is not None
            gain_day += supposed is not None
        else:
            earlier += supposed < known
            later += supposed > known
    return Effect(
        without=without, earlier=earlier, later=later, lose_day=lose_day, gain_day=gain_day
    )


def _day(task: Task, plan: Plan, number: int) -> date | None:
    place = plan.place(number)
    return None if place is None else task.grid.day(place.day)
