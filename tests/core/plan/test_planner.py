"""The planner: rank order, the earliest day that fits, and what is said when none does."""

from __future__ import annotations

import msgspec
from hypothesis import given

from earnest.core.plan.checker import Checker
from earnest.core.plan.counters import NOWHERE, Binding, Resource
from earnest.core.plan.plan import Hold, Place, PlanOrder, Task, digest_of
from earnest.core.plan.planner import fresh_plan
from tests.core.plan.plants import signatures_of, task_of, tasks


def _task(*options: tuple[str, ...], **changes: object) -> Task:
    """A task with one order of an aurora for each tuple of options."""
    signatures = signatures_of()
    orders = tuple(
        PlanOrder(order_id=str(number), signature=signatures.number_of("aurora", each, "CN"))
        for number, each in enumerate(options)
    )
    return task_of(orders, signatures, **changes)  # type: ignore[arg-type]  # passed on as given


def _with(task: Task, number: int, **fields: object) -> Task:
    orders = list(task.orders)
    orders[number] = msgspec.structs.replace(orders[number], **fields)
    return msgspec.structs.replace(task, orders=tuple(orders))


def test_the_first_rank_gets_the_first_day_on_the_line_with_more_left() -> None:
    plan = fresh_plan(_task(*[()] * 8))

    assert plan.days == (0, 0, 0, 0, 0, 0, 1, 1)
    assert plan.lines == (0, 0, 0, 1, 0, 1, 0, 0)


def test_nobody_waits_for_an_option_that_others_want() -> None:
    plan = fresh_plan(_task(("wheels_21",), ("wheels_21",), ("wheels_21",), ()))

    assert [plan.place(number) for number in range(4)] == [
        Place(0, 0),
        Place(0, 0),
        Place(1, 0),
        Place(0, 0),
    ]


def test_a_scarce_part_sends_only_its_users_back() -> None:
    plan = fresh_plan(_task(("titanium",), ("titanium",), ()))

    assert plan.days == (0, 14, 0)


def test_who_does_not_fit_in_the_horizon_is_said_with_what_is_missing() -> None:
    plan = fresh_plan(_task(*[("titanium",)] * 5))

    assert plan.days == (0, 14, 14, 14, NOWHERE)
    assert plan.short == {4: Binding(Resource.PART, "chip")}


def test_a_configuration_that_no_plant_builds_is_said() -> None:
    signatures = signatures_of()
    order = PlanOrder(order_id="1", signature=signatures.number_of("comet", (), "CN"))

    plan = fresh_plan(task_of((order,), signatures))

    assert plan.short == {0: Binding(Resource.PLANT, "")}


def test_a_deferred_order_is_not_planned_and_one_that_cools_off_stays_out_of_the_frozen_zone() -> (
    None
):
    task = _task((), (), frozen_until=3)
    task = _with(task, 0, hold=Hold.DEFERRED)
    task = _with(task, 1, hold=Hold.COOLING_OFF, current=Place(0, 1))

    plan = fresh_plan(task)

    assert plan.days == (NOWHERE, 3)
    assert plan.short == {}


def test_an_order_that_reaches_the_frozen_zone_stays_where_it_was_planned() -> None:
    task = _with(_task((), (), frozen_until=3), 1, current=Place(0, 1))

    assert fresh_plan(task).days == (3, 1)


def test_a_fixed_car_stands_even_on_a_day_that_is_full() -> None:
    task = _task(*[()] * 7)
    task = _with(task, 6, fixed=Place(0, 0))

    plan = fresh_plan(task)

    assert plan.days == (0, 0, 0, 0, 0, 1, 0)


def test_a_fixed_place_outside_the_calendar_takes_nothing() -> None:
    task = _with(_task(()), 0, fixed=Place(0, -4))

    assert fresh_plan(task).days == (NOWHERE,)


def test_a_car_arrives_after_its_transport() -> None:
    task = _task(())

    assert task.arrival(task.orders[0], 1, 4) == 9
    assert _breeze_on_north() == 4


def _breeze_on_north() -> int:
    """The arrival of a car that stands fixed on a line which no longer builds it."""
    signatures = signatures_of()
    order = PlanOrder(order_id="1", signature=signatures.number_of("breeze", (), "CN"))
    return task_of((order,), signatures).arrival(order, 0, 4)


def test_the_same_task_gives_the_same_bytes() -> None:
    task = _task((), ("titanium",))
    again = _task((), ("titanium",))

    assert digest_of(task, fresh_plan(task)) == digest_of(again, fresh_plan(again))
    assert digest_of(task, fresh_plan(task)) == (
        "b40676348123f4dc71c5541fabd63410d5069eb200863fbe29e7d56d253008a1"
    )


@given(tasks())
def test_a_fresh_plan_breaks_nothing_and_overtakes_nobody(task: Task) -> None:
    plan = fresh_plan(task)

    assert Checker(task, plan, is_fresh=True).findings() == ()


@given(tasks(placed=False))
def test_a_lane_is_first_in_first_out(task: Task) -> None:
    plan = fresh_plan(task)
    last: dict[tuple[int, int], int] = {}

    for order, day in zip(task.orders, plan.days, strict=True):
        if order.hold not in {Hold.DEFERRED, Hold.WAITING_LIST}:
            lane = (order.signature, task.earliest(order))
            served = task.grid.days if day == NOWHERE else day
            assert served >= last.get(lane, 0)
            last[lane] = served


@given(tasks())
def test_whoever_is_not_planned_is_named_with_a_missing_resource(task: Task) -> None:
    plan = fresh_plan(task)

    for number, order in enumerate(task.orders):
        silent = order.fixed is not None or order.hold in {Hold.DEFERRED, Hold.WAITING_LIST}
        assert (number in plan.short) == (plan.days[number] == NOWHERE and not silent)
