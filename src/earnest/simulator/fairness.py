"""Fairness as buyers can see it: ranks are dense, and nobody is overtaken by whoever came later.

"Later" is judged by instants seen from outside: when a request was first sent and when its answer
had arrived. Not here: how ranks are given (`core/queue`).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence

import msgspec


class Place(msgspec.Struct, frozen=True, gc=False):
    """A rank with the instants between which it was given, on one measuring clock."""

    rank: int
    sent: float
    answered: float


class Density(msgspec.Struct, frozen=True):
    """Which ranks were given: the lowest and the highest, how many are missing or given twice."""

    first: int
    last: int
    missing: int
    repeated: int

    @property
    def is_dense(self) -> bool:
        """Whether every rank from the first to the last was given exactly once."""
        return self.missing == 0 and self.repeated == 0


def density(ranks: Sequence[int]) -> Density:
    """How densely ranks were given. No ranks at all are dense."""
    if not ranks:
        return Density(first=0, last=-1, missing=0, repeated=0)
    given = set(ranks)
    first, last = min(given), max(given)
    return Density(
        first=first,
        last=last,
        missing=last - first + 1 - len(given),
        repeated=len(ranks) - len(given),
    )


def inversions(places: Iterable[Place]) -> int:
    """The pairs in which one was answered before the other was sent, and has the higher rank.

    Exact: sends and answers are swept in the order of their instants; at each send, the ranks
    already answered that are higher than the sender's are counted. A send at the very instant of
    an answer is not after it.
    """
    known = [*places]
    by_send = sorted(known, key=lambda place: place.sent)
    by_answer = sorted(known, key=lambda place: place.answered)
    answered_ranks: list[int] = []
    found = 0
    answers = 0
    for place in by_send:
        while answers < len(by_answer) and by_answer[answers].answered < place.sent:
            # Fair ranks arrive nearly in order, so that inserting is nearly appending.
            insort(answered_ranks, by_answer[answers].rank)
            answers += 1
        found += len(answered_ranks) - bisect_right(answered_ranks, place.rank)
    return found
