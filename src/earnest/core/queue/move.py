"""Moves: every change of who waits in a lane, with the one cause that it has.

An order waits from its reservation until it gets its car or leaves. While it is deferred it steps
aside and keeps its rank; when it comes back, it stands where it stood. Each entry and each
leaving of a lane is one move of one rank, and adding all moves up gives who waits now.

Not here: which event has which cause (`core/order/standing.py`), and counting (`position.py`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.queue.lane import Lane
from earnest.core.values.instant import Instant


class Cause(StrEnum):
    """Why a rank entered or left a lane. Stored for ever, so a name is never changed."""

    RESERVED = "reserved"
    REINSTATED = "reinstated"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    CANCELLED_BY_BUYER = "cancelled_by_buyer"
    CANCELLED_BY_SELLER = "cancelled_by_seller"
    DELAY_NOT_AGREED = "delay_not_agreed"
    TERMINATED = "terminated"
    DEFERRED = "deferred"
    RESUMED = "resumed"
    CONFIGURATION_CHANGED = "configuration_changed"
    SWITCHED = "switched"
    BUILT = "built"
    REALLOCATED = "reallocated"
    CAR_REFUSED = "car_refused"
    CAR_DECLINED = "car_declined"


class Direction(StrEnum):
    """What a move is for those who stand behind it in the lane."""

    LEFT = "left"
    DEFERRED = "deferred"
    SERVED = "served"
    OTHER_LANE = "other_lane"
    CAME = "came"


_LEAVING = {
    Cause.DEFERRED: Direction.DEFERRED,
    Cause.BUILT: Direction.SERVED,
    Cause.REALLOCATED: Direction.SERVED,
    Cause.CONFIGURATION_CHANGED: Direction.OTHER_LANE,
    Cause.SWITCHED: Direction.OTHER_LANE,
}


class Standing(msgspec.Struct, frozen=True):
    """How an order stands in the queue: in a lane, where it waits or has stepped aside."""

    lane: Lane
    waits: bool = True


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A rank entered (1) or left (-1) a lane at an instant, for one cause.

    A move of nothing (0) is that of a rank which changed how it stands without having waited: it
    left the queue while it stood aside, or stood aside after it had its car. Nobody's place
    changes by it.
    """

    lane: Lane
    rank: int
    change: int
    cause: Cause
    at: Instant

    @property
    def direction(self) -> Direction:
        """What this is for those behind: it brings them forward in one of four ways, or back."""
        return direction_of(self.change, self.cause)


def direction_of(change: int, cause: Cause) -> Direction:
    """What a change with this cause is for those behind it."""
    return Direction.CAME if change > 0 else _LEAVING.get(cause, Direction.LEFT)


def moves_between(
    before: Standing | None, after: Standing | None, *, rank: int, cause: Cause, at: Instant
) -> tuple[Move, ...]:
    """The moves of a rank that stood so and stands so now (None: not in the queue at all)."""
    left = before.lane if before is not None and before.waits else None
    entered = after.lane if after is not None and after.waits else None
    changes: tuple[tuple[Lane | None, int], ...] = ((left, -1), (entered, 1))
    if left == entered:
        # Nobody behind notices; it is on record all the same when the order came or went aside.
        aside = after if before is None else before
        came_or_went = (before is None) != (after is None)
        changes = ((aside.lane, 0),) if came_or_went and aside is not None else ()
    return tuple(
        Move(lane=lane, rank=rank, change=change, cause=cause, at=at)
        for lane, change in changes
        if lane is not None
    )
