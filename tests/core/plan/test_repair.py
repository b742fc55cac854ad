"""The gentle plan: nobody moves later but who no longer fits, and freed slots go in rank order."""

from __future__ import annotations

from datetime import date

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.plan.calendar import Grid, PartGrid
from earnest.core.plan.capacity import Line
from earnest.core.plan.checker import Checker
from earnest.core.plan.counters import NOWHERE, Binding, Resource
from earnest.core.plan.differences import Cause, differences, summary_of
from earnest.core.plan.plan import Hold, Place, Plan, PlanOrder, Task
from earnest.core.plan.planner import fresh_plan
from earnest.core.plan.repair import Start, gentle_plan, without_lost
from earnest.core.plan.signature import Signature
from tests.core.plan.plants import CAPACITY, grids, signatures_of, task_of, tasks


def published(task: Task, plan: Plan) -> Task:
    """The task of the day after: each order stands where the plan put it."""
    orders = tuple(
        msgspec.structs.replace(order, current=plan.place(number))
        for number, order in enumerate(task.orders)
    )
    return msgspec.structs.replace(task, orders=orders)


def _is_less(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    return any(then > now for then, now in zip(before, after, strict=True))


def users_of_short(before: Grid, after: Grid, task: Task) -> set[int]:
    """Numbers of the orders that use a line, cap or part of which there is less than before."""
    short_lines = {line for line in range(2) if _is_less(before.cars[line], after.cars[line])}
    short_rows = {row for row in range(3) if _is_less(before.caps[row], after.caps[row])}
    short_parts = {part for part in range(2) if before.parts[part] != after.parts[part]}
    found = set()
    for number, order in enumerate(task.orders):
        signature = task.signatures[order.signature]
        if (
            short_lines.intersection(signature.lines)
            or short_rows.intersection(row for rows in signature.caps for row in rows)
            or short_parts.intersection(signature.parts)
        ):
            found.add(number)
    return found


@given(tasks(), grids())
def test_a_gentle_plan_breaks_nothing_overtakes_nobody_and_comes_out_the_same_again(
    task: Task, grid: Grid
) -> None:
    task = without_lost(task).task
    plan = gentle_plan(task)

    assert Checker(task, plan, is_fresh=False).findings() == ()
    assert gentle_plan(task) == plan

    shocked = without_lost(msgspec.structs.replace(published(task, plan), grid=grid)).task
    assert Checker(shocked, gentle_plan(shocked), is_fresh=False).findings() == ()


def last_part() -> Task:
    """The first needs an option that has room on the last day only, and the one unit of a part."""
    signatures = (
        Signature((0,), ((0,),), (0,)),
        Signature((0,), ((),), (0,)),
        Signature((0,), ((),), ()),
        Signature((1,), ((),), ()),
    )
    newcomers = [PlanOrder(order_id=f"order-{each}", signature=each) for each in range(3)]
    return Task(
        capacity_digest="capacity",
        grid=Grid(
            begins=date(2026, 3, 2),
            days=2,
            lines=(Line(plant="p", code="1", models=()), Line(plant="q", code="1", models=())),
            cars=((1, 1), (1, 0)),
            cap_of=((0, "x"),),
            caps=((0, 1),),
            parts=(PartGrid(code="m", carries_over=True, arrivals=((0, 1),)),),
        ),
        signatures=signatures,
        transport=((0,), (0,), (0,), (0,)),
        orders=(*newcomers, PlanOrder(order_id="order-3", signature=3, current=Place(1, 0))),
        today=0,
        frozen_until=0,
    )


def test_the_last_part_is_kept_for_who_comes_first_though_others_could_be_built_sooner() -> None:
    task = last_part()

    plan = gentle_plan(task)

    assert plan.days == (1, NOWHERE, 0, 0)
    assert plan.days == fresh_plan(task).days
    assert Checker(task, plan, is_fresh=False).findings() == ()


def test_a_slot_that_stays_free_until_the_next_plan_is_said_as_the_line_that_is_missing() -> None:
    task = last_part()

    plan = gentle_plan(task, looks=0)

    assert plan.days == (1, NOWHERE, NOWHERE, 0)
    assert plan.short[2] == Binding(Resource.LINE, "p/1")
    assert Checker(task, plan, is_fresh=False).findings() == ()


def test_who_stands_later_is_not_passed_by_a_newcomer_that_uses_the_part_sooner() -> None:
    """The second could move to the day on which its option has room, were its part not gone."""
    signatures = (Signature((0,), ((),), (0,)), Signature((1,), ((0,),), (0,)))
    task = Task(
        capacity_digest="capacity",
        grid=Grid(
            begins=date(2026, 3, 2),
            days=4,
            lines=(
                Line(plant="p", code="1", models=()),
                Line(plant="q", code="1", models=()),
            ),
            cars=((1, 0, 0, 0), (0, 1, 0, 1)),
            cap_of=((1, "x"),),
            caps=((0, 1, 0, 1),),
            parts=(PartGrid(code="m", carries_over=True, arrivals=((0, 1),)),),
        ),
        signatures=signatures,
        transport=((0,), (0,)),
        orders=(
            PlanOrder(order_id="order-0", signature=1, current=Place(1, 3)),
            PlanOrder(order_id="order-1", signature=0),
        ),
        today=0,
        frozen_until=0,
    )

    plan = gentle_plan(task)

    assert plan.days == (1, NOWHERE)
    assert Checker(task, plan, is_fresh=False).findings() == ()


def test_a_place_that_the_capacity_no_longer_has_is_left_for_the_first_free_one() -> None:
    numbers = signatures_of()
    plain = numbers.number_of("aurora", ("grey",), "CN")
    gone = PlanOrder(order_id="order-1", signature=plain, current=Place(0, 10_000))
    task = task_of((gone,), numbers)

    assert gentle_plan(task).days == fresh_plan(task).days


@given(tasks(placed=False), st.sets(st.integers(0, 13)))
def test_improving_moves_nobody_to_a_later_day(task: Task, gone: set[int]) -> None:
    standing = published(task, fresh_plan(task))
    orders = tuple(
        msgspec.structs.replace(order, hold=Hold.DEFERRED) if number in gone else order
        for number, order in enumerate(standing.orders)
    )
    standing = msgspec.structs.replace(standing, orders=orders)

    plan = gentle_plan(standing)

    for order, day in zip(standing.orders, plan.days, strict=True):
        if order.current is not None and order.hold is not Hold.DEFERRED:
            assert NOWHERE < day <= order.current.day
            assert day == order.current.day or day >= order.pull_in_from
    assert plan.later == {}


@given(tasks(placed=False), grids())
def test_a_shortage_sends_back_only_orders_that_use_what_is_short(task: Task, grid: Grid) -> None:
    standing = published(task, fresh_plan(task))
    shocked = msgspec.structs.replace(standing, grid=grid)
    users = users_of_short(standing.grid, grid, standing)

    plan = gentle_plan(shocked)

    for number, order in enumerate(shocked.orders):
        if order.current is not None and number not in users:
            assert NOWHERE < plan.days[number] <= order.current.day


@given(tasks(), grids())
def test_each_move_has_one_cause(task: Task, grid: Grid) -> None:
    left = without_lost(msgspec.structs.replace(task, grid=grid))

    for plan in (gentle_plan(left.task), fresh_plan(left.task)):
        moves = list(differences(left, plan))
        for move in moves:
            assert (move.binding is not None) == (move.cause is Cause.SHORT)
            assert (move.hold is not None) == (move.cause is Cause.HELD)
        summary = summary_of(left.task, plan, moves)
        assert summary.placed + summary.not_planned + sum(summary.short.values()) <= (
            summary.orders
        )


def test_a_car_may_move_to_an_earlier_receipt_of_a_part_that_is_not_kept() -> None:
    parts = (msgspec.structs.replace(CAPACITY.parts[0], carries_over=False),)
    capacity = msgspec.structs.replace(CAPACITY, parts=parts)
    signatures = signatures_of(capacity)
    number = signatures.number_of("aurora", ("titanium",), "CN")
    order = PlanOrder(order_id="1", signature=number, current=Place(0, 15))

    plan = gentle_plan(task_of((order,), signatures, capacity=capacity))

    assert plan.days == (0,)


def test_another_line_on_the_same_day_is_said_as_such() -> None:
    numbers = signatures_of()
    plain = numbers.number_of("aurora", ("grey",), "CN")
    order = PlanOrder(order_id="order-1", signature=plain, current=Place(0, 1))
    task = task_of((order,), numbers)
    plan = Plan(capacity_digest=task.capacity_digest, lines=(1,), days=(1,))

    (move,) = differences(Start(task, {}), plan)

    assert (move.after, move.cause, move.binding) == (Place(1, 1), Cause.SAME_DAY, None)
