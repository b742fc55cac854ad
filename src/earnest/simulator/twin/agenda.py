"""The agenda: what happens next, day by day, on the virtual clock.

Not here: what it does (`world.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import TypeAlias

from earnest.core.timers import Deadline
from earnest.simulator.twin.crowd import DAY_S

Entry: TypeAlias = tuple[int, int, str, int, Deadline | None]
"""Something to be done: at which second since the beginning, the how-manieth entry, what, for
which order, and the deadline that falls due.

Counting them keeps entries of one second in the order in which they were made. A plain tuple,
because millions are made and compared.
"""


class Agenda:
    """Entries in buckets of a day, so that a year of millions needs no single large heap."""

    def __init__(self, days: int) -> None:
        self._days: list[list[Entry]] = [[] for _ in range(days)]
        self._today = -1
        self._added: list[Entry] = []
        self._made = 0

    def add(self, at: int, what: str, order: int, deadline: Deadline | None = None) -> None:
        """Something for an order at a second; what lies beyond the last day is not lived."""
        day = at // DAY_S
        if day >= len(self._days):
            return
        self._made += 1
        entry = (at, self._made, what, order, deadline)
        if day <= self._today:
            heappush(self._added, entry)
        else:
            self._days[day].append(entry)

    def of_day(self, day: int) -> Iterator[Entry]:
        """Everything of a day in its order, with what is added to it on the way."""
        entries, added = self._days[day], self._added
        self._today = day
        # What was known before the day is sorted once, from behind; only what comes up on the way
        # needs a heap, and that stays small.
        entries.sort(reverse=True)
        while entries or added:
            if added and (not entries or added[0] < entries[-1]):
                yield heappop(added)
            else:
                yield entries.pop()
