"""Places in the queue: what is ahead, what moved, and why; replaying the causes gives the place."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.queue.lane import Lane, lane_named
from earnest.core.queue.move import Cause, Direction, Standing, direction_of, moves_between
from earnest.core.queue.overtaking import Passed, Served, overtaken
from earnest.core.queue.position import (
    Position,
    ahead,
    joined,
    moves_ahead,
    position,
    waiting_after,
)
from tests.core.crowds import BEGIN, BLUE, IN, OUT, RED, changed_lane, crowd, move


def test_a_lane_is_the_model_and_its_answers_in_any_order() -> None:
    assert lane_named("s7", ["red", "19"]) == "s7/19/red" == lane_named("s7", ["19", "red"])


def test_a_place_is_told_with_everything_that_changed_it() -> None:
    moves = [
        *(move(rank, IN, Cause.RESERVED, minutes=rank) for rank in range(1, 7)),
        move(7, IN, Cause.RESERVED, BLUE, minutes=7),
        move(1, OUT, Cause.BUILT, minutes=8),
        move(2, OUT, Cause.DEFERRED, minutes=9),
        move(3, OUT, Cause.WITHDRAWN, minutes=10),
        move(6, OUT, Cause.WITHDRAWN, minutes=11),
        move(2, IN, Cause.RESUMED, minutes=12),
        *changed_lane(4, minutes=13),
        move(8, 0, Cause.WITHDRAWN, minutes=14),
        move(2, 0, Cause.WITHDRAWN, minutes=14),
    ]

    assert position(moves, 5) == Position(
        lane=RED,
        rank=5,
        ahead_in_lane=1,
        ahead_in_queue=2,
        at_joining=4,
        since={
            Direction.LEFT: 1,
            Direction.DEFERRED: 1,
            Direction.SERVED: 1,
            Direction.OTHER_LANE: 1,
            Direction.CAME: 1,
        },
    )
    assert [(each.rank, each.change, each.cause) for each in moves_ahead(moves, 5)] == [
        (1, OUT, Cause.BUILT),
        (2, OUT, Cause.DEFERRED),
        (3, OUT, Cause.WITHDRAWN),
        (2, IN, Cause.RESUMED),
        (4, OUT, Cause.CONFIGURATION_CHANGED),
    ]


def test_who_changes_the_configuration_joins_the_other_lane_at_the_old_rank() -> None:
    moves = [
        move(1, IN, Cause.RESERVED, BLUE),
        move(2, IN, Cause.RESERVED, RED),
        move(3, IN, Cause.RESERVED, BLUE),
        *changed_lane(2),
    ]

    place = position(moves, 3)
    assert place is not None
    assert (place.ahead_in_lane, place.at_joining, place.since[Direction.CAME]) == (2, 1, 1)
    place = position(moves, 2)
    assert place is not None
    assert (place.lane, place.ahead_in_lane, place.at_joining) == (BLUE, 1, 1)


def test_stepping_aside_and_coming_back_keeps_the_history() -> None:
    moves = [
        move(1, IN, Cause.RESERVED),
        move(2, IN, Cause.RESERVED),
        move(2, OUT, Cause.DEFERRED),
        move(1, OUT, Cause.BUILT),
        move(2, IN, Cause.RESUMED),
    ]

    assert joined(moves, 2) == 1
    assert [each.cause for each in moves_ahead(moves, 2)] == [Cause.BUILT]


def test_an_unknown_rank_has_no_place() -> None:
    assert position([], 1) is None
    assert moves_ahead([], 1) == ()


ASIDE, WAITS = Standing(RED, waits=False), Standing(RED)


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (None, None, []),
        (WAITS, WAITS, []),
        (ASIDE, ASIDE, []),
        (ASIDE, Standing(BLUE, waits=False), []),
        (None, WAITS, [(RED, 1)]),
        (WAITS, None, [(RED, -1)]),
        (WAITS, ASIDE, [(RED, -1)]),
        (ASIDE, WAITS, [(RED, 1)]),
        (ASIDE, Standing(BLUE), [(BLUE, 1)]),
        (WAITS, Standing(BLUE), [(RED, -1), (BLUE, 1)]),
        (WAITS, Standing(BLUE, waits=False), [(RED, -1)]),
        (ASIDE, None, [(RED, 0)]),
        (None, ASIDE, [(RED, 0)]),
    ],
)
def test_moves_follow_from_how_an_order_stood_and_stands(
    before: Standing | None, after: Standing | None, changes: list[tuple[Lane, int]]
) -> None:
    found = moves_between(before, after, rank=1, cause=Cause.WITHDRAWN, at=BEGIN)

    assert [(each.lane, each.change) for each in found] == changes


def test_a_rank_waits_in_one_lane_at_a_time_and_leaves_where_it_waits() -> None:
    with pytest.raises(AssertionError, match="one lane at a time"):
        waiting_after([move(1, IN, Cause.RESERVED), move(1, IN, Cause.RESUMED)])
    with pytest.raises(AssertionError, match="leaves where it waits"):
        waiting_after([move(1, IN, Cause.RESERVED), move(1, OUT, Cause.BUILT, BLUE)])


def test_every_cause_has_a_direction_for_those_behind() -> None:
    assert {direction_of(-1, cause) for cause in Cause} == set(Direction) - {Direction.CAME}
    assert {direction_of(1, cause) for cause in Cause} == {Direction.CAME}


@given(st.randoms(use_true_random=False), st.integers(1, 60))
def test_replaying_the_causes_gives_the_place(chance: Random, steps: int) -> None:
    moves = crowd(chance, steps)

    for rank in range(1, max(each.rank for each in moves) + 1):
        place = position(moves, rank)
        assert place is not None
        lines = moves_ahead(moves, rank)
        assert place.at_joining + sum(each.change for each in lines) == place.ahead_in_lane
        since = place.since
        assert place.ahead_in_lane == (
            place.at_joining
            - since[Direction.LEFT]
            - since[Direction.DEFERRED]
            - since[Direction.SERVED]
            - since[Direction.OTHER_LANE]
            + since[Direction.CAME]
        )
        assert sum(since.values()) == len(lines)


@given(st.randoms(use_true_random=False), st.integers(1, 60))
def test_every_line_brings_exactly_those_behind_it_in_its_lane_one_nearer_or_farther(
    chance: Random, steps: int
) -> None:
    moves = crowd(chance, steps)
    last = moves[-1]
    before, after = waiting_after(moves[:-1]), waiting_after(moves)

    for rank, lane in after.items():
        moved = lane == last.lane and last.rank < rank
        difference = ahead(after, rank, lane) - ahead(before, rank, lane)
        assert difference == (last.change if moved else 0)


def served(rank: int, time: str, minutes: int = 0, lane: Lane = RED) -> Served:
    """A rank with a slot."""
    return Served(lane=lane, rank=rank, time=time, given_at=BEGIN + timedelta(minutes=minutes))


def test_an_earlier_slot_of_a_later_rank_in_the_same_lane_is_an_overtaking() -> None:
    waiting = [Passed(lane=RED, rank=5), Passed(lane=RED, rank=2, time="2024-W32")]
    slots = [
        served(4, "2024-W31", minutes=2),
        served(3, "2024-W30", minutes=3),
        served(6, "2024-W32", minutes=1),
        served(7, "", lane=BLUE),
    ]

    found = [(each.rank, [one.rank for one in by]) for each, by in overtaken(waiting, slots)]

    assert found == [(2, [4, 3]), (5, [6])]


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(0, 5)), unique_by=lambda each: each[0]))
def test_slots_in_the_order_of_ranks_overtake_nobody(given_out: list[tuple[int, int]]) -> None:
    weeks = sorted(week for _, week in given_out)
    ranks = sorted(rank for rank, _ in given_out)
    slots = [served(rank, str(week)) for rank, week in zip(ranks, weeks, strict=True)]
    waiting = [Passed(lane=each.lane, rank=each.rank, time=each.time) for each in slots]
    last = max(ranks, default=0)

    assert list(overtaken([*waiting, Passed(lane=RED, rank=last + 1)], slots)) == []
