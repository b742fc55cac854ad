"""The compiled planner gives the same bytes as the plain one; its loop also runs uncompiled.

Not here: what is right (`test_planner.py`): the plain planner is what counts.
"""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given

from earnest.core.plan.calendar import PartGrid
from earnest.core.plan.capacity import Part, Receipt
from earnest.core.plan.compiled import compiled_loop, compiled_plan
from earnest.core.plan.counters import Binding, Resource
from earnest.core.plan.loop import serve
from earnest.core.plan.plan import Hold, Place, PlanOrder, Task, digest_of
from earnest.core.plan.planner import fresh_plan
from tests.core.plan.plants import CAPACITY, MONDAY, signatures_of, task_of, tasks


def _same(task: Task) -> None:
    """Both loops give what the plain planner gives, to the byte."""
    plain = fresh_plan(task)

    for loop in (serve, compiled_loop):
        made = compiled_plan(task, loop)
        assert made == plain
        assert msgspec.json.encode(made) == msgspec.json.encode(plain)
        assert digest_of(task, made) == digest_of(task, plain)


@given(tasks())
def test_the_compiled_planner_gives_the_same_bytes(task: Task) -> None:
    _same(task)


def _order(number: int, model: str, *options: str, **fields: object) -> tuple[PlanOrder, str]:
    signature = _SIGNATURES.number_of(model, options, "CN")
    order = PlanOrder(order_id=str(number), signature=signature)
    return msgspec.structs.replace(order, **fields), model


_SIGNATURES = signatures_of()


def test_every_way_of_being_served_comes_out_alike() -> None:
    orders = (
        _order(0, "aurora", fixed=Place(0, 1)),
        _order(1, "breeze", fixed=Place(0, 1)),
        _order(2, "aurora", fixed=Place(0, -3)),
        _order(3, "aurora", current=Place(1, 1)),
        _order(4, "breeze", current=Place(0, 1)),
        _order(5, "aurora", current=Place(0, 90)),
        _order(6, "aurora", hold=Hold.DEFERRED, current=Place(1, 1)),
        _order(7, "aurora", hold=Hold.COOLING_OFF, current=Place(1, 1)),
        _order(8, "aurora", "titanium", "wheels_21", current=Place(1, 2)),
        _order(9, "aurora", "titanium", "wheels_21", current=Place(1, 2)),
        _order(10, "aurora", "titanium", not_before=20),
        _order(11, "aurora", "titanium", not_before=20),
        _order(12, "aurora", "titanium"),
        _order(13, "comet"),
        _order(14, "breeze", not_before=99),
        *(_order(number, "breeze", not_before=27) for number in range(15, 19)),
    )
    task = task_of(tuple(order for order, _ in orders), _SIGNATURES, frozen_until=2)

    plan = fresh_plan(task)

    _same(task)
    assert {number: str(binding.kind) for number, binding in plan.short.items()} == {
        12: "part",
        13: "plant",
        14: "horizon",
        17: "line",
        18: "line",
    }
    assert {number: str(binding.kind) for number, binding in plan.later.items()} == {9: "part"}


@pytest.mark.parametrize("carries_over", [True, False])
def test_parts_come_out_of_the_same_receipts(carries_over: bool) -> None:  # noqa: FBT001 - a row of the table
    """Fixed cars before the first receipt, on empty ones, and more of them than there are units."""
    titanium = _SIGNATURES.number_of("aurora", ("titanium",), "CN")
    plain = _SIGNATURES.number_of("aurora", ("wheels_21",), "CN")
    orders = tuple(
        PlanOrder(order_id=f"{number}-{day}", signature=titanium, fixed=Place(0, day))
        for number, day in enumerate((0, 0, 3, 3, 5, 5, 9, 9, 9, 9, 9))
    )
    free = tuple(PlanOrder(order_id=str(each), signature=titanium) for each in range(3))
    others = tuple(PlanOrder(order_id=f"p{each}", signature=plain) for each in range(9))
    task = task_of((*orders, *free, *others), _SIGNATURES)
    part = PartGrid("chip", carries_over, ((3, 1), (4, 2), (9, 4), (15, 2)))

    _same(msgspec.structs.replace(task, grid=msgspec.structs.replace(task.grid, parts=(part,))))


def test_what_opens_last_is_named_alike() -> None:
    """Two parts for one option, of which the first is the scarcer, and a cap that is full."""
    capacity = msgspec.structs.replace(
        CAPACITY,
        parts=(*CAPACITY.parts, Part(code="rim", options=("titanium",))),
        receipts=(*CAPACITY.receipts, Receipt("rim", MONDAY, 9)),
    )
    signatures = signatures_of(capacity)
    scarce = signatures.number_of("aurora", ("titanium",), "CN")
    capped = signatures.number_of("aurora", ("wheels_21",), "CN")
    orders = (
        *(PlanOrder(order_id=f"s{each}", signature=scarce, current=Place(0, 0)) for each in "ab"),
        *(
            PlanOrder(order_id=f"c{each}", signature=capped, current=Place(0, 0))
            for each in "abcde"
        ),
    )
    task = task_of(orders, signatures, capacity=capacity)

    assert fresh_plan(task).later == {
        1: Binding(Resource.PART, "chip"),
        6: Binding(Resource.OPTION, "wheels_21"),
    }
    _same(task)


def test_a_task_without_orders_or_parts_comes_out_alike() -> None:
    _same(task_of((), signatures_of()))
    bare = msgspec.structs.replace(CAPACITY, parts=(), receipts=(), take_rates=())
    signatures = signatures_of(bare)
    order = PlanOrder(order_id="1", signature=signatures.number_of("aurora", (), "CN"))
    _same(task_of((order,), signatures, capacity=bare))
