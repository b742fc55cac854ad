"""The laws of moves: a place changes only by events that have a cause, one for each command.

Not here: counting places (`tests/core/test_position.py`).
"""

from __future__ import annotations

from earnest.core.order.standing import CAUSES, is_waiting, lane_in, moved, moves_of
from earnest.core.order.state import Order
from earnest.core.queue.lane import Lane
from earnest.core.queue.position import waiting_after
from tests.core import world
from tests.core.laws.laws import law
from tests.core.laws.lives import Happening, Life


def lane_of(order: Order) -> Lane:
    """The lane of an order of these lives: all of them are priced in one catalogue."""
    return lane_in(order.configuration, world.CATALOGUE)


def judge_moves(life: Life) -> None:
    """Judge every move of a whole life."""
    for happening in life.happened:
        _judge_cause(happening)
    found = [
        (number, move)
        for each in life.happened
        for number, moves in (moved(each.before, each.events, each.after, lane_of),)
        for move in moves
    ]
    law("moves are those of the events", holds=tuple(found) == moves_of(life.events, lane_of))
    waiting = waiting_after([move for _, move in found])
    order = life.order
    stands = {order.rank: lane_of(order)} if is_waiting(order) else {}
    law("adding the moves up gives who waits", holds=waiting == stands)


def _judge_cause(happening: Happening) -> None:
    causes = [event for event in happening.events if type(event) in CAUSES]
    law("a command moves an order for one cause", holds=len(causes) <= 1)
    if not causes:
        law("only what has a cause moves an order", holds=_stood(happening))


def _stood(happening: Happening) -> bool:
    before, after = happening.before, happening.after
    if before is None or is_waiting(before) != is_waiting(after):
        return False
    return not is_waiting(after) or lane_of(before) == lane_of(after)
