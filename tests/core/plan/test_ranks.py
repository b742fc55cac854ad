"""Ranks and places: who comes back stands by its rank again, and every window is kept."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.plan.capacity import Capacity, Holiday
from earnest.core.plan.checker import Checker
from earnest.core.plan.counters import Resource
from earnest.core.plan.differences import Cause, breaks, differences
from earnest.core.plan.plan import Hold, Place, PlanOrder, Task
from earnest.core.plan.planner import fresh_plan, is_inside
from earnest.core.plan.ranks import gentle_start, ranks_restored
from earnest.core.plan.repair import Start, gentle_plan, may_stand, release, standing, without_lost
from tests.core.plan.plants import CAPACITY, MONDAY, signatures_of, task_of, tasks
from tests.core.plan.test_repair import published

NARROW = msgspec.structs.replace(
    CAPACITY,
    lines=(
        CAPACITY.lines[0],
        msgspec.structs.replace(CAPACITY.lines[1], models=("breeze",)),
    ),
    calendar=tuple(
        msgspec.structs.replace(each, shifts=1, cars_per_shift=1, weekdays=(1, 2, 3, 4, 5, 6, 7))
        for each in CAPACITY.calendar
    ),
)
"""One car a day on the only line that builds the kind, for four weeks; three days of transport."""

TWO_A_DAY = msgspec.structs.replace(
    NARROW,
    calendar=tuple(msgspec.structs.replace(each, cars_per_shift=2) for each in NARROW.calendar),
)

LAST_DAY = 27
NUMBERS = signatures_of(NARROW)
GREY = NUMBERS.number_of("aurora", ("grey",), "CN")
FAR = 100


def waiting(
    *days: int | None,
    arrives_by: int | None = FAR,
    frozen_until: int = 0,
    capacity: Capacity = NARROW,
) -> Task:
    """Orders of one kind in the order of service, each with its day on the northern line."""
    orders = tuple(
        PlanOrder(
            order_id=f"order-{number}",
            signature=GREY,
            current=None if day is None else Place(0, day),
            arrives_by=arrives_by,
        )
        for number, day in enumerate(days)
    )
    return task_of(orders, NUMBERS, capacity=capacity, frozen_until=frozen_until)


def changed(task: Task, number: int, **fields: object) -> Task:
    """The task with one order otherwise."""
    orders = list(task.orders)
    orders[number] = msgspec.structs.replace(orders[number], **fields)
    return msgspec.structs.replace(task, orders=tuple(orders))


def days_of(task: Task) -> tuple[int | None, ...]:
    """The days of everybody's place at the start."""
    return tuple(
        None if order.current is None else order.current.day
        for order in gentle_start(task).task.orders
    )


def test_who_comes_back_takes_the_place_of_its_rank_and_each_behind_it_moves_on_by_one() -> None:
    assert days_of(waiting(0, 9, 1, 2, 3)) == (0, 1, 2, 3, 9)


def test_where_the_ranks_stand_in_their_order_nothing_changes() -> None:
    start = Start(waiting(0, 1, 1, 2, capacity=TWO_A_DAY), {})

    assert ranks_restored(start) is start


def test_nobody_is_moved_behind_its_window() -> None:
    """A car takes three days to its market, so one that arrives by day 4 is built on day 1."""
    tight = changed(waiting(0, 9, 1, 2, 3), 2, arrives_by=4)

    assert days_of(tight) == (0, 2, 1, 3, 9)


def test_of_two_on_one_day_the_one_makes_room_whose_window_allows_it() -> None:
    assert days_of(changed(waiting(9, 1, 1, capacity=TWO_A_DAY), 2, arrives_by=4)) == (1, 9, 1)


def test_an_earlier_rank_never_makes_room_for_a_later_one() -> None:
    """The first could wait, but it is before the one that comes back; the last cannot."""
    assert days_of(changed(waiting(1, 9, 1, capacity=TWO_A_DAY), 2, arrives_by=4)) == (1, 9, 1)


def test_who_found_no_room_is_asked_again_once_another_came_back() -> None:
    assert days_of(waiting(None, 9, 2, arrives_by=12)) == (None, 2, 9)


def test_who_made_room_once_does_so_again_only_as_far_as_its_window_allows() -> None:
    """The last can wait until day 5, where it makes room for the first, and no longer."""
    assert days_of(changed(waiting(9, 8, 5, 3), 3, arrives_by=8)) == (3, 8, 9, 5)


def test_a_place_that_is_gone_is_nobodys_to_hand_on() -> None:
    """Day 3 is closed: who stood there leaves it, and the one before it keeps its day."""
    holiday = Holiday(plant="north", day=MONDAY + timedelta(days=3))
    closed = msgspec.structs.replace(NARROW, holidays=(holiday,))
    task = changed(waiting(7, 3, capacity=closed), 0, arrives_by=10)
    start = gentle_start(task)

    assert days_of(task) == (7, 3)
    assert gentle_plan(start.task).days[0] <= 7
    # The control: while the day is open, the earlier rank comes forward to it.
    assert days_of(changed(waiting(7, 3), 0, arrives_by=10)) == (3, 7)


def test_who_uses_a_part_that_ran_short_hands_nothing_on() -> None:
    numbers = signatures_of()
    chip = numbers.number_of("aurora", ("titanium",), "CN")
    days = (18, 0, 1)
    orders = tuple(
        PlanOrder(order_id=str(day), signature=chip, current=Place(0, day)) for day in days
    )

    assert days_of(task_of(orders, numbers)) == days
    assert days_of(task_of(orders[:2], numbers)) == (0, 18)


SOUTH_TOO = signatures_of()
ON_BOTH = SOUTH_TOO.number_of("aurora", ("grey",), "CN")


@pytest.mark.parametrize(
    ("places", "ends", "after"),
    [
        # A car from the south travels five days, one from the north three.
        (((0, 9), (1, 8)), (12, FAR), ((0, 9), (1, 8))),
        (((0, 9), (1, 8)), (13, FAR), ((1, 8), (0, 9))),
        (((0, 9), (0, 8)), (FAR, 12), ((0, 8), (0, 9))),
        (((1, 9), (0, 8)), (FAR, 13), ((1, 9), (0, 8))),
        (((1, 9), (0, 8)), (FAR, 14), ((0, 8), (1, 9))),
    ],
)
def test_a_window_is_judged_by_the_line_that_builds_the_car(
    places: tuple[tuple[int, int], ...],
    ends: tuple[int, int],
    after: tuple[tuple[int, int], ...],
) -> None:
    orders = tuple(
        PlanOrder(order_id=str(end), signature=ON_BOTH, current=Place(*place), arrives_by=end)
        for place, end in zip(places, ends, strict=True)
    )
    start = gentle_start(task_of(orders, SOUTH_TOO))

    assert tuple(order.current for order in start.task.orders) == tuple(
        Place(*place) for place in after
    )


def test_who_makes_room_and_then_finds_an_earlier_free_day_has_that_cause() -> None:
    start = gentle_start(waiting(9, 4))
    moves = list(differences(start, gentle_plan(start.task)))

    assert days_of(start.task) == (4, 9)
    assert [(move.cause, move.after) for move in moves] == [
        (Cause.OWN_RANK, Place(0, 0)),
        (Cause.SLOT_FREE, Place(0, 1)),
    ]


def test_two_without_a_place_come_back_one_after_the_other() -> None:
    assert days_of(waiting(None, None, 0, 1, 2)) == (0, 1, 2, None, None)


def test_who_is_promised_a_later_window_is_not_pulled_in_before_it() -> None:
    assert days_of(changed(waiting(9, 1, 2, 3), 0, pull_in_from=2)) == (2, 1, 3, 9)


def test_who_stands_in_the_frozen_zone_stays_there() -> None:
    assert days_of(waiting(9, 0, 1, 7, 8, frozen_until=2)) == (7, 0, 1, 8, 9)


def test_a_deferred_order_gets_no_place_and_a_scheduled_one_gives_none_up() -> None:
    task = changed(waiting(9, None, 1, 2), 2, current=None, fixed=Place(0, 1))
    task = changed(task, 1, hold=Hold.DEFERRED)

    assert days_of(task) == (2, None, None, 9)


def test_for_one_without_a_place_the_last_that_can_wait_gives_its_own_up() -> None:
    """It is planned as one that just came, but never before the day that it had."""
    start = gentle_start(waiting(None, 0, 1, 2))
    moves = list(differences(start, gentle_plan(start.task)))

    assert days_of(start.task) == (0, 1, 2, None)
    assert start.task.orders[3].not_before == 2
    assert [(move.cause, move.after) for move in moves] == [
        (Cause.FIRST_PLAN, Place(0, 0)),
        *((Cause.EARLIER_RANK, Place(0, day)) for day in (1, 2, 3)),
    ]


def test_who_gave_its_place_up_keeps_it_if_an_earlier_day_is_free() -> None:
    start = gentle_start(waiting(None, 1, 2, 3))

    assert gentle_plan(start.task).days == (0, 1, 2, 3)


def test_where_nobody_behind_can_wait_it_is_planned_behind_them() -> None:
    task = waiting(None, 1, 2, arrives_by=4)

    assert days_of(task) == (None, 1, 2)


def test_behind_a_full_horizon_only_who_is_promised_nothing_in_it_gives_a_place_up() -> None:
    task = waiting(None, *range(LAST_DAY + 1), arrives_by=LAST_DAY + 3)

    assert days_of(task) == (None, *range(LAST_DAY + 1))

    start = gentle_start(changed(task, 5, arrives_by=FAR))

    assert days_of(start.task) == (0, 1, 2, 3, 4, None, *range(5, LAST_DAY + 1))
    gone = list(differences(start, gentle_plan(start.task)))[-1]
    assert (gone.number, gone.after, gone.cause, gone.breaks_promise) == (
        5,
        None,
        Cause.SHORT,
        False,
    )


def test_who_comes_back_and_who_makes_room_each_have_a_cause() -> None:
    start = gentle_start(waiting(4, 0, 1, 2, 3))
    moves = list(differences(start, gentle_plan(start.task)))

    assert [(move.cause, move.after) for move in moves] == [
        (Cause.OWN_RANK, Place(0, 0)),
        *((Cause.EARLIER_RANK, Place(0, day)) for day in (1, 2, 3, 4)),
    ]


@given(tasks())
def test_places_change_hands_inside_a_kind_and_no_window_is_broken(task: Task) -> None:
    before = without_lost(task)
    start = ranks_restored(before)

    assert ranks_restored(before) == start
    given_up: Counter[tuple[int, Place]] = Counter()
    taken: Counter[tuple[int, Place]] = Counter()
    for number, order in enumerate(before.task.orders):
        now = start.task.orders[number]
        if number not in start.before:
            assert now == order
            continue
        assert start.before[number] == order.current
        if _is_free_to_move(task, order) and order.current is not None:
            given_up[order.signature, order.current] += 1
        if now.current is not None:
            taken[order.signature, now.current] += 1
            assert may_stand(start.task, now)
            assert now.current.day >= start.task.offered_from(order)
            # Who had no place of its own cannot be promised that one is early enough.
            stood = _is_free_to_move(task, order)
            assert not (stood and breaks(start.task, order, order.current, now.current))
    assert taken <= given_up


@given(tasks())
def test_no_later_rank_of_the_kind_could_still_wait_for_an_earlier_one(task: Task) -> None:
    """Whoever stands on the day of its choice before an earlier rank could not stand on its day.

    Places that are lost, or whose cars lack a part, are not handed on: ranks say who leaves them.
    """
    start = gentle_start(task)
    orders = start.task.orders
    free = _free_to_move(without_lost(task).task, start.task)
    for number in free:
        order, place = orders[number], orders[number].current
        assert place is not None
        for other in (orders[each] for each in free if each > number):
            if other.signature != order.signature:
                continue
            assert other.current is not None
            could_use = task.offered_from(order) <= other.current.day < place.day
            arrives = task.arrival(other, place.line, place.day)
            assert not could_use or (other.arrives_by is not None and arrives > other.arrives_by)


def _free_to_move(before: Task, after: Task) -> list[int]:
    """Who stands on a place that is not frozen, and where nothing was short."""
    lines, days, _ = standing(before)
    gone = release(before, lines, days, [order.fixed is not None for order in before.orders])
    lost = {before.orders[number].current for number in gone}
    codes = {binding.name for binding in gone.values() if binding.kind is Resource.PART}
    short = {number for number, part in enumerate(before.grid.parts) if part.code in codes}
    return [
        number
        for number, order in enumerate(after.orders)
        if _is_free_to_move(after, order)
        and order.current not in lost
        and short.isdisjoint(after.signatures[order.signature].parts)
    ]


def _is_free_to_move(task: Task, order: PlanOrder) -> bool:
    place = order.current
    return (
        place is not None
        and order.fixed is None
        and is_inside(task, place)
        and may_stand(task, order)
        and not task.enters(order)
    )


@given(tasks(placed=False), st.sets(st.integers(0, 13)))
def test_who_defers_and_comes_back_breaks_no_promise_and_overtakes_nobody(
    task: Task, away: set[int]
) -> None:
    """The whole way: a plan, some defer, a plan without them, they come back, a plan with all."""
    standing = published(task, fresh_plan(task))
    deferred = tuple(
        msgspec.structs.replace(order, hold=Hold.DEFERRED) if number in away else order
        for number, order in enumerate(standing.orders)
    )
    without = msgspec.structs.replace(standing, orders=deferred)
    start = gentle_start(without)
    between = published(without, gentle_plan(start.task))
    back = tuple(
        msgspec.structs.replace(order, hold=standing.orders[number].hold)
        for number, order in enumerate(between.orders)
    )

    start = gentle_start(msgspec.structs.replace(between, orders=back))
    plan = gentle_plan(start.task)

    assert Checker(start.task, plan, is_fresh=False).findings() == ()
    for move in differences(start, plan):
        assert move.before is None or not move.breaks_promise
