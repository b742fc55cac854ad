"""One lane in memory: who waits by rank, what moved by rank and kind, and every move in its order.

Ranks come nearly always in their order, and then each costs O(log n). One that joins in between,
after a changed configuration, is kept apart until there are enough of them to sort them in.

Not here: which lane a rank is in (`queue_book.py`).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from math import isqrt
from typing import NamedTuple

from earnest.core.queue.move import Cause, Direction, direction_of
from earnest.desk.places.sums import Sums

KINDS = tuple(Direction)
"""The kinds of moves in the order in which they are counted."""

LATE_LEAST = 64
"""So many ranks are kept apart at least before they are sorted in."""

_CAUSES = tuple(Cause)
_NUMBER = {cause: number for number, cause in enumerate(_CAUSES, start=1)}
_KIND = {
    (change, cause): 1 + KINDS.index(direction_of(change, cause))
    for cause in Cause
    for change in (-1, 1)
}


class Line(NamedTuple):
    """A move of a lane: its number there, who moved how, why, and milliseconds since 1970."""

    number: int
    rank: int
    change: int
    cause: Cause
    at: int


class LaneBook:
    """Counts of one lane. Column 0 counts who waits, the others the moves of each kind."""

    __slots__ = (
        "_ats",
        "_highest",
        "_late",
        "_movers",
        "_ranks",
        "_signed_causes",
        "_sums",
        "_totals",
        "waiting",
    )

    def __init__(self) -> None:
        """Begin empty."""
        self.waiting = 0
        self._ranks = array("I")
        self._sums = [Sums() for _ in range(1 + len(KINDS))]
        self._late: dict[int, list[int]] = {}
        # Whoever joins behind everybody has all of them ahead, and nothing needs to be summed up.
        self._totals = [0] * len(self._sums)
        self._highest = 0
        # What is known of each move, in three arrays: a cause is stored with the move's sign.
        self._movers = array("I")
        self._signed_causes = array("b")
        self._ats = array("q")

    @property
    def moves(self) -> int:
        """How many moves there were, and the number of the next one."""
        return len(self._movers)

    def expect(self, ranks: Iterable[int]) -> None:
        """Make room for ranks that are about to move; given in their order, most cost nothing."""
        for rank in ranks:
            if not self._ranks or rank > self._ranks[-1]:
                self._ranks.append(rank)
                for each in self._sums:
                    each.append()
            elif rank not in self._late and self._ranks[self._number(rank)] != rank:
                self._late[rank] = [0] * len(self._sums)
        if len(self._late) > max(LATE_LEAST, 4 * isqrt(len(self._ranks))):
            self._sort_in()

    def _number(self, rank: int) -> int:
        return bisect_left(self._ranks, rank)

    def _sort_in(self) -> None:
        """Give the ranks that were kept apart their places among the others; O(n), seldom."""
        counted = zip(*(each.values() for each in self._sums), strict=True)
        rows = dict(zip(self._ranks, counted, strict=True))
        rows |= {rank: tuple(counts) for rank, counts in self._late.items()}
        self._ranks = array("I", sorted(rows))
        columns = zip(*(rows[rank] for rank in self._ranks), strict=True)
        self._sums = [Sums.of(column) for column in columns]
        self._late = {}

    def add(self, rank: int, change: int, cause: Cause, at: int) -> None:
        """One more move of an expected rank; `at` is in milliseconds since 1970."""
        kind = _KIND[change, cause]
        late = self._late.get(rank)
        if late is None:
            number = self._number(rank)
            self._sums[0].add(number, change)
            self._sums[kind].add(number, 1)
        else:
            late[0] += change
            late[kind] += 1
        self._totals[0] += change
        self._totals[kind] += 1
        self._highest = max(self._highest, rank)
        self.waiting += change
        self._movers.append(rank)
        self._signed_causes.append(change * _NUMBER[cause])
        self._ats.append(at)

    def before(self, rank: int) -> list[int]:
        """Of all smaller ranks: how many wait, and how many moves of each kind they made."""
        if rank > self._highest:
            return self._totals[:]
        number = self._number(rank)
        counts = [each.before(number) for each in self._sums]
        for each, late in self._late.items():
            if each < rank:
                counts = [one + other for one, other in zip(counts, late, strict=True)]
        return counts

    def lines(self, first: int, last: int, below: int) -> Iterator[Line]:
        """The moves of smaller ranks among those numbered from `first` and before `last`."""
        for number in range(first, min(last, len(self._movers))):
            rank = self._movers[number]
            if rank < below:
                signed = self._signed_causes[number]
                change = 1 if signed > 0 else -1
                cause = _CAUSES[abs(signed) - 1]
                yield Line(number, rank, change, cause, self._ats[number])
