"""The bound that plans are measured against: right where it can be counted, and never above.

Not here: the figures (`docs/benchmarks.md`).
"""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given

from benchmarks.bound import least_waiting, waiting_of
from earnest.core.plan.plan import PlanOrder, Task
from earnest.core.plan.planner import fresh_plan
from tests.core.plan.plants import signatures_of, task_of, tasks


def _free(task: Task) -> Task:
    """Orders without holds and places: what the bound speaks about."""
    orders = (msgspec.structs.replace(order, hold=None) for order in task.orders)
    return msgspec.structs.replace(task, orders=tuple(orders))


def test_the_least_waiting_of_few_cars_can_be_counted() -> None:
    """Six of eight cars are built on the first day and two on the next."""
    signatures = signatures_of()
    plain = signatures.number_of("aurora", (), "CN")
    task = task_of(
        tuple(PlanOrder(order_id=str(number), signature=plain) for number in range(8)), signatures
    )

    assert least_waiting(task).waiting == pytest.approx(2)
    assert waiting_of(task, fresh_plan(task)) == 2


def test_a_part_makes_its_users_wait_and_one_without_a_day_waits_until_the_end() -> None:
    """One unit on the first day, three on day 14, and a fifth order for which none is left."""
    signatures = signatures_of()
    scarce = signatures.number_of("aurora", ("titanium",), "CN")
    task = task_of(
        tuple(PlanOrder(order_id=str(number), signature=scarce) for number in range(5)), signatures
    )

    assert least_waiting(task).waiting == pytest.approx(3 * 14 + 28)
    assert waiting_of(task, fresh_plan(task)) == 3 * 14 + 28


@given(tasks(placed=False))
def test_no_plan_waits_less_than_the_bound(task: Task) -> None:
    free = _free(task)
    if not any(free.earliest(order) < free.grid.days for order in free.orders):
        return

    assert least_waiting(free).waiting <= waiting_of(free, fresh_plan(free)) + 1e-6
