"""The checker finds each breach that a bad plan can have, and accepts each reason that holds."""

from __future__ import annotations

import msgspec
import pytest

from earnest.core.plan.checker import Breach, Checker, Finding
from earnest.core.plan.counters import NOWHERE
from earnest.core.plan.plan import Hold, Place, Plan, PlanOrder, Task
from tests.core.plan.plants import CAPACITY, signatures_of, task_of

AURORA, WHEELS, TITANIUM, BREEZE = range(4)


def _task(*orders: tuple[int, dict[str, object]], frozen_until: int = 0) -> Task:
    signatures = signatures_of()
    for model, options in (
        ("aurora", ()),
        ("aurora", ("wheels_21",)),
        ("aurora", ("titanium",)),
        ("breeze", ()),
    ):
        signatures.number_of(model, options, "CN")
    return task_of(
        tuple(
            msgspec.structs.replace(PlanOrder(order_id=str(number), signature=signature), **fields)
            for number, (signature, fields) in enumerate(orders)
        ),
        signatures,
        frozen_until=frozen_until,
    )


def _checked(
    task: Task, *places: tuple[int, int], is_fresh: bool = True
) -> list[tuple[Breach, int, int | None, str]]:
    plan = Plan(
        capacity_digest=CAPACITY.digest,
        lines=tuple(line for line, _ in places),
        days=tuple(day for _, day in places),
    )
    findings = Checker(task, plan, is_fresh=is_fresh).findings()
    return [(each.breach, each.day, each.number, each.resource) for each in findings]


NONE = (NOWHERE, NOWHERE)


def test_a_line_an_option_and_a_part_can_be_exceeded() -> None:
    task = _task(*[(WHEELS, {})] * 5, *[(TITANIUM, {})] * 2)

    found = _checked(task, *[(0, 0)] * 5, (1, 0), (1, 0))

    assert found == [
        (Breach.LINE_OVERFULL, 0, None, "north/1"),
        (Breach.OPTION_OVERFULL, 0, None, "wheels_21"),
        *[(Breach.PART_OVERUSED, 0, None, "chip")],
    ]


def test_a_part_is_overused_on_the_day_of_the_use_too_many() -> None:
    task = _task((TITANIUM, {}), (TITANIUM, {}))

    assert _checked(task, (0, 1), (0, 2)) == [
        (Breach.PART_OVERUSED, 2, None, "chip"),
        (Breach.LATER_THAN_NEEDED, 1, 0, ""),
    ]


def test_what_is_fixed_may_exceed_what_is_left() -> None:
    fixed: dict[str, object] = {"fixed": Place(0, 0)}
    task = _task(*[(WHEELS, fixed)] * 5)

    assert _checked(task, *[(0, 0)] * 5) == []


@pytest.mark.parametrize(
    ("order", "place", "expected"),
    [
        ((BREEZE, {}), (0, 3), [(Breach.WRONG_LINE, 3, 0, "")]),
        ((AURORA, {"not_before": 5}), (0, 4), [(Breach.TOO_EARLY, 4, 0, "")]),
        ((AURORA, {}), (0, 2), [(Breach.TOO_EARLY, 2, 0, "")]),
        (
            (AURORA, {"current": Place(0, 2), "hold": Hold.COOLING_OFF}),
            (0, 2),
            [(Breach.TOO_EARLY, 2, 0, "")],
        ),
        ((AURORA, {"current": Place(0, 2)}), (0, 2), []),
        ((AURORA, {"fixed": Place(0, 1)}), (0, 2), [(Breach.FIXED_MOVED, 2, 0, "")]),
        ((AURORA, {"fixed": Place(0, -1)}), NONE, []),
        ((AURORA, {"hold": Hold.DEFERRED}), (0, 3), [(Breach.HELD_PLANNED, 3, 0, "")]),
        ((AURORA, {"hold": Hold.DEFERRED}), NONE, []),
        ((AURORA, {}), NONE, [(Breach.LATER_THAN_NEEDED, 28, 0, "")]),
    ],
)
def test_an_order_has_its_own_breaches(
    order: tuple[int, dict[str, object]],
    place: tuple[int, int],
    expected: list[tuple[Breach, int, int | None, str]],
) -> None:
    found = _checked(_task(order, frozen_until=3), place)

    assert [each for each in found if each[0] is not Breach.LATER_THAN_NEEDED or each[1] == 28] == (
        expected
    )


def test_a_later_order_on_a_day_that_was_open_has_overtaken() -> None:
    task = _task((AURORA, {}), (AURORA, {}))

    assert _checked(task, (0, 1), (0, 0)) == [(Breach.OVERTAKEN, 1, 0, "")]
    assert _checked(task, (0, 1), (0, 0), is_fresh=False) == [(Breach.OVERTAKEN, 1, 0, "")]


def test_a_day_that_earlier_ranks_filled_was_not_open() -> None:
    task = _task((WHEELS, {}), (WHEELS, {}), (WHEELS, {}), (AURORA, {}))

    assert _checked(task, (0, 0), (0, 0), (1, 0), (0, 0)) == []


def test_who_keeps_a_place_of_the_published_plan_overtakes_nobody() -> None:
    task = _task((AURORA, {"current": Place(0, 4)}), (AURORA, {"current": Place(0, 0)}))

    assert _checked(task, (0, 4), (0, 0), is_fresh=False) == []
    assert _checked(task, (0, 4), (0, 0)) == [(Breach.OVERTAKEN, 4, 0, "")]


def test_who_asked_not_to_be_built_earlier_is_not_overtaken() -> None:
    task = _task(
        (AURORA, {"current": Place(0, 4), "pull_in_from": 28}),
        (AURORA, {"current": Place(0, 9)}),
    )

    assert _checked(task, (0, 4), (0, 0), is_fresh=False) == []


def test_who_had_a_unit_of_a_part_keeps_it() -> None:
    task = _task(
        (TITANIUM, {"current": Place(0, 14)}),
        (TITANIUM, {"current": Place(0, 3)}),
    )

    assert _checked(task, (0, 14), (0, 0), is_fresh=False) == []


def test_a_part_that_is_not_kept_counts_from_receipt_to_receipt() -> None:
    parts = (msgspec.structs.replace(CAPACITY.parts[0], carries_over=False),)
    capacity = msgspec.structs.replace(CAPACITY, parts=parts)
    signatures = signatures_of(capacity)
    number = signatures.number_of("aurora", ("titanium",), "CN")
    orders = tuple(PlanOrder(order_id=str(each), signature=number) for each in range(3))
    task = task_of(orders, signatures, capacity=capacity)

    assert _checked(task, (0, 0), (0, 14), (0, 14)) == []
    assert _checked(task, (0, 0), (0, 1), (0, 15)) == [
        (Breach.PART_OVERUSED, 1, None, "chip"),
        (Breach.LATER_THAN_NEEDED, 15, 2, ""),
    ]


def test_a_finding_can_be_compared() -> None:
    assert Finding(Breach.OVERTAKEN, 1, 0) == Finding(Breach.OVERTAKEN, 1, 0)
