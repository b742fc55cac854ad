"""Running sums over a row of counters: change one, and know the sum before any, in O(log n).

A Fenwick tree: each place holds the sum of the stretch that ends there, whose length is the lowest
bit of its number. Not here: what is counted (`lane_book.py`).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable


class Sums:
    """Counters in a row, numbered from 0. Four bytes each."""

    __slots__ = ("_tree",)

    def __init__(self) -> None:
        """Begin without a counter."""
        self._tree = array("i", (0,))

    @classmethod
    def of(cls, values: Iterable[int]) -> Sums:
        """Counters with these values, made in one pass."""
        made = cls()
        tree = made._tree
        tree.extend(values)
        for place in range(1, len(tree)):
            above = place + (place & -place)
            if above < len(tree):
                tree[above] += tree[place]
        return made

    def __len__(self) -> int:
        """How many counters there are."""
        return len(self._tree) - 1

    def append(self) -> None:
        """One more counter at the end, of zero."""
        tree = self._tree
        place = len(tree)
        below, end, value = place - 1, place - (place & -place), 0
        while below > end:
            value += tree[below]
            below -= below & -below
        tree.append(value)

    def add(self, number: int, change: int) -> None:
        """Change a counter."""
        tree = self._tree
        place = number + 1
        while place < len(tree):
            tree[place] += change
            place += place & -place

    def before(self, number: int) -> int:
        """The sum of all counters with a smaller number."""
        tree = self._tree
        place = min(number, len(tree) - 1)
        total = 0
        while place:
            total += tree[place]
            place -= place & -place
        return total

    def values(self) -> list[int]:
        """Every counter, in one pass."""
        tree = self._tree[:]
        for place in range(len(tree) - 1, 0, -1):
            above = place + (place & -place)
            if above < len(tree):
                tree[above] -= tree[place]
        return tree[1:].tolist()
