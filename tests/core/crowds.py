"""Crowds: random moves of one queue, as people reserve, leave, defer, come back and choose again.

Not here: what is true of them.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from earnest.core.queue.lane import Lane
from earnest.core.queue.move import Cause, Move, Standing, moves_between
from tests.core.world import local

BEGIN = local(2024, 7, 1, 10)
RED, BLUE = Lane("s7/red"), Lane("s7/blue")
IN, OUT = 1, -1

_LEAVING = (Cause.LAPSED, Cause.WITHDRAWN, Cause.CANCELLED_BY_BUYER, Cause.TERMINATED)


def move(rank: int, change: int, cause: Cause, lane: Lane = RED, minutes: int = 0) -> Move:
    """A move of a rank, some minutes after the beginning."""
    at = BEGIN + timedelta(minutes=minutes)
    return Move(lane=lane, rank=rank, change=change, cause=cause, at=at)


def changed_lane(rank: int, minutes: int = 0) -> tuple[Move, ...]:
    """The moves of a rank that wanted blue instead of red."""
    at = BEGIN + timedelta(minutes=minutes)
    cause = Cause.CONFIGURATION_CHANGED
    return moves_between(Standing(RED), Standing(BLUE), rank=rank, cause=cause, at=at)


def crowd(chance: Random, steps: int) -> list[Move]:
    """Random moves of one queue: people reserve, leave, defer, come back, and choose otherwise."""
    moves: list[Move] = []
    waiting: dict[int, Lane] = {}
    aside: dict[int, Lane] = {}
    ranks = 0
    for minutes in range(steps):
        roll = chance.random()
        if roll < 0.45 or not waiting:
            ranks += 1
            waiting[ranks] = chance.choice((RED, BLUE))
            moves.append(move(ranks, IN, Cause.RESERVED, waiting[ranks], minutes))
            continue
        if roll < 0.55 and aside:
            rank = chance.choice(sorted(aside))
            waiting[rank] = aside.pop(rank)
            moves.append(move(rank, IN, Cause.RESUMED, waiting[rank], minutes))
            continue
        rank = chance.choice(sorted(waiting))
        lane = waiting.pop(rank)
        if roll < 0.65:
            aside[rank] = lane
            moves.append(move(rank, OUT, Cause.DEFERRED, lane, minutes))
        elif roll < 0.8:
            other = BLUE if lane == RED else RED
            waiting[rank] = other
            cause = chance.choice((Cause.CONFIGURATION_CHANGED, Cause.SWITCHED))
            moves.append(move(rank, OUT, cause, lane, minutes))
            moves.append(move(rank, IN, cause, other, minutes))
        else:
            cause = chance.choice((*_LEAVING, Cause.BUILT, Cause.REALLOCATED))
            moves.append(move(rank, OUT, cause, lane, minutes))
    return moves
