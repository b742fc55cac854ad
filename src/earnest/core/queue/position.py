"""The place of a rank: how many wait ahead of it, and what happened since it joined.

This is the plain definition, which a newspaper could compute from a list of moves. A server
keeps the same numbers in arrays (`desk/places`), and a test holds the two together.

Not here: promises and dates. A place is not a date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from earnest.core.queue.lane import Lane
from earnest.core.queue.move import Direction, Move

Waiting = dict[int, Lane]
"""Which lane each waiting rank of a queue stands in."""


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """A place: ranks that wait ahead in the lane and in the whole queue, and how it came so.

    `at_joining` is how many waited ahead in the lane when this rank entered it; `since` counts the
    moves ahead since then. The one follows from the other:
    `ahead_in_lane == at_joining - left - deferred - served - other_lane + came`.
    """

    lane: Lane
    rank: int
    ahead_in_lane: int
    ahead_in_queue: int
    at_joining: int
    since: dict[Direction, int]


def waiting_after(moves: Iterable[Move]) -> Waiting:
    """Who waits where once all these moves of one queue have happened."""
    waiting: Waiting = {}
    for move in moves:
        if move.change > 0:
            assert move.rank not in waiting, f"rank {move.rank} waits in one lane at a time"
            waiting[move.rank] = move.lane
        elif move.change < 0:
            assert waiting.get(move.rank) == move.lane, f"rank {move.rank} leaves where it waits"
            del waiting[move.rank]
    return waiting


def ahead(waiting: Waiting, rank: int, lane: Lane | None = None) -> int:
    """How many earlier ranks wait, in one lane or in all."""
    return sum(each < rank and lane in {None, waiting[each]} for each in waiting)


def joined(moves: Sequence[Move], rank: int) -> int | None:
    """Where in the list this rank entered the lane it was last in; None if it never entered.

    Stepping aside and coming back to the same lane is not entering it anew.
    """
    own = [(place, each) for place, each in enumerate(moves) if each.rank == rank]
    entries = [(place, each.lane) for place, each in own if each.change > 0]
    if not entries:
        return None
    first, lane = entries[-1]
    for place, entered in reversed(entries):
        if entered != lane:
            break
        first = place
    return first


def moves_ahead(moves: Sequence[Move], rank: int) -> tuple[Move, ...]:
    """Every move ahead of a rank in its lane since it joined, in the order in which they happened.

    Each of them changed the place of this rank by one, for the one cause it names.
    """
    since = joined(moves, rank)
    if since is None:
        return ()
    lane = moves[since].lane
    return tuple(
        each for each in moves[since:] if each.change and each.lane == lane and each.rank < rank
    )


def position(moves: Sequence[Move], rank: int) -> Position | None:
    """The place of a rank after all these moves of its queue; None if it never entered a lane."""
    since = joined(moves, rank)
    if since is None:
        return None
    lane, now = moves[since].lane, waiting_after(moves)
    counts = Counter(each.direction for each in moves_ahead(moves, rank))
    return Position(
        lane=lane,
        rank=rank,
        ahead_in_lane=ahead(now, rank, lane),
        ahead_in_queue=ahead(now, rank),
        at_joining=ahead(waiting_after(moves[:since]), rank, lane),
        since={each: counts[each] for each in Direction},
    )
