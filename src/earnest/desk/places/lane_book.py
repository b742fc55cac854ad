"""One lane in memory: who waits by rank, what moved by rank and kind, and every move in its order.

Ranks are kept in their order in blocks. Whoever joins at the end costs a few steps, and so does
whoever joins in between: after a changed configuration, or where several servers write.

Not here: which lane a rank is in (`queue_book.py`).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from earnest.core.queue.move import Cause, Direction, direction_of
from earnest.desk.places.sums import Sums

KINDS = tuple(Direction)
"""The kinds of moves in the order in which they are counted."""

BLOCK = 1_024
"""Ranks of one block at most; a block that is full becomes two."""

_COLUMNS = 1 + len(KINDS)
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


class _Block:
    """Some ranks in their order, and a counter of each for every column."""

    __slots__ = ("columns", "ranks")

    def __init__(self, ranks: array[int], columns: list[array[int]]) -> None:
        self.ranks = ranks
        self.columns = columns

    def halves(self) -> tuple[_Block, _Block]:
        """The same in two blocks."""
        half = len(self.ranks) // 2
        lower, upper = slice(None, half), slice(half, None)
        return (
            _Block(self.ranks[lower], [each[lower] for each in self.columns]),
            _Block(self.ranks[upper], [each[upper] for each in self.columns]),
        )

    def insert(self, place: int, rank: int) -> None:
        """One more rank, of which nothing is counted yet."""
        self.ranks.insert(place, rank)
        for each in self.columns:
            each.insert(place, 0)


class LaneBook:
    """Counts of one lane. Column 0 counts who waits, the others the moves of each kind."""

    __slots__ = (
        "_ats",
        "_blocks",
        "_firsts",
        "_highest",
        "_movers",
        "_signed_causes",
        "_sums",
        "_totals",
        "waiting",
    )

    def __init__(self) -> None:
        """Begin empty."""
        self.waiting = 0
        self._blocks: list[_Block] = []
        self._firsts = array("I")
        # What each block counts, summed up over the blocks.
        self._sums = [Sums() for _ in range(_COLUMNS)]
        # Whoever joins behind everybody has all of them ahead, and nothing needs to be summed up.
        self._totals = [0] * _COLUMNS
        self._highest = 0
        # What is known of each move, in three arrays: a cause is stored with the move's sign.
        self._movers = array("I")
        self._signed_causes = array("b")
        self._ats = array("q")

    @property
    def moves(self) -> int:
        """How many moves are kept as lines, and the number of the next one."""
        return len(self._movers)

    def expect(self, ranks: Iterable[int]) -> None:
        """Make room for ranks that are about to move."""
        for rank in ranks:
            if not self._blocks:
                self._open(rank)
                continue
            number = self._block_of(rank)
            block = self._blocks[number]
            if rank > block.ranks[-1] and len(block.ranks) == BLOCK // 2 and self._is_last(number):
                # Ranks that come in their order never move within a block again.
                self._open(rank)
                continue
            place = bisect_left(block.ranks, rank)
            if place < len(block.ranks) and block.ranks[place] == rank:
                continue
            block.insert(place, rank)
            self._firsts[number] = block.ranks[0]
            if len(block.ranks) == BLOCK:
                self._split(number)

    def _is_last(self, number: int) -> bool:
        return number == len(self._blocks) - 1

    def _open(self, rank: int) -> None:
        self._blocks.append(_Block(array("I", (rank,)), [array("i", (0,)) for _ in self._sums]))
        self._firsts.append(rank)
        for each in self._sums:
            each.append()

    def _split(self, number: int) -> None:
        self._blocks[number : number + 1] = self._blocks[number].halves()
        self._firsts = array("I", (each.ranks[0] for each in self._blocks))
        for column, sums in enumerate(self._sums):
            counts = sums.values()
            whole = counts[number]
            lower = sum(self._blocks[number].columns[column])
            counts[number : number + 1] = (lower, whole - lower)
            self._sums[column] = Sums.of(counts)

    def _block_of(self, rank: int) -> int:
        return max(bisect_right(self._firsts, rank) - 1, 0)

    def add(self, rank: int, change: int, cause: Cause, at: int) -> None:
        """One more move of an expected rank; `at` is in milliseconds since 1970."""
        kind = _KIND[change, cause]
        number = self._block_of(rank)
        block = self._blocks[number]
        place = bisect_left(block.ranks, rank)
        block.columns[0][place] += change
        block.columns[kind][place] += 1
        self._sums[0].add(number, change)
        self._sums[kind].add(number, 1)
        self._totals[0] += change
        self._totals[kind] += 1
        self.waiting += change
        if rank > self._highest:
            # It joins behind everybody: no place changes, so no history has a line for it.
            self._highest = rank
            return
        self._movers.append(rank)
        self._signed_causes.append(change * _NUMBER[cause])
        self._ats.append(at)

    def before(self, rank: int) -> list[int]:
        """Of all smaller ranks: how many wait, and how many moves of each kind they made."""
        if rank > self._highest:
            return self._totals[:]
        number = self._block_of(rank)
        block = self._blocks[number]
        place = bisect_left(block.ranks, rank)
        return [
            sums.before(number) + sum(column[:place])
            for sums, column in zip(self._sums, block.columns, strict=True)
        ]

    def lines(self, first: int, last: int, below: int) -> Iterator[Line]:
        """The moves of smaller ranks among those numbered from `first` and before `last`."""
        for number in range(first, min(last, len(self._movers))):
            rank = self._movers[number]
            if rank < below:
                signed = self._signed_causes[number]
                change = 1 if signed > 0 else -1
                cause = _CAUSES[abs(signed) - 1]
                yield Line(number, rank, change, cause, self._ats[number])
