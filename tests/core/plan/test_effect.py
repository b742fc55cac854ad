"""What a supposition does, apart from what would happen anyway."""

from __future__ import annotations

import msgspec
from hypothesis import given

from earnest.core.plan.differences import differences, summary_of
from earnest.core.plan.effect import Effect, effect_of
from earnest.core.plan.plan import Plan, Task
from earnest.core.plan.planner import fresh_plan
from earnest.core.plan.repair import gentle_plan, without_lost
from tests.core.plan.plants import DAYS, tasks


def made(task: Task, *, fresh: bool = False) -> tuple[Task, Plan]:
    """A task with its plan."""
    left = without_lost(task).task
    return left, (fresh_plan if fresh else gentle_plan)(left)


def effect(one: tuple[Task, Plan], other: tuple[Task, Plan]) -> Effect:
    """The effect of a plan against another."""
    task, plan = other
    return effect_of(
        *one, *other, summary_of(task, plan, list(differences(without_lost(task), plan)))
    )


@given(tasks())
def test_what_supposes_nothing_does_nothing(task: Task) -> None:
    found = effect(made(task), made(task))

    assert (found.earlier, found.later, found.lose_day, found.gain_day) == (0, 0, 0, 0)
    assert found.without.orders == len(task.orders)


@given(tasks(), tasks())
def test_the_effect_is_the_difference_and_turned_round_its_opposite(task: Task, less: Task) -> None:
    """With another grid, as when a line builds less; everybody who has a day is counted once."""
    supposed = msgspec.structs.replace(task, grid=less.grid)
    one, other = made(supposed, fresh=True), made(task, fresh=True)
    there, back = effect(one, other), effect(other, one)

    assert (there.earlier, there.later) == (back.later, back.earlier)
    assert (there.lose_day, there.gain_day) == (back.gain_day, back.lose_day)
    assert back.without.placed - there.without.placed == there.gain_day - there.lose_day
    assert there.earlier + there.later + there.lose_day <= there.without.placed


@given(tasks())
def test_a_wait_is_counted_from_the_day_of_the_plan(task: Task) -> None:
    left, plan = made(task)
    found = summary_of(left, plan, [])
    waits = [day - left.today for day in plan.days if day >= left.today]

    assert found.mean_wait == (sum(waits) / len(waits) if waits else None)
    assert found.mean_wait is None or 0 <= found.mean_wait < DAYS
    assert found.without_day == found.orders - found.placed - found.not_planned
    assert found.moving == 0
