"""The first day on which a car could arrive at all, whoever stands before it.

Only what no other car can change counts: days without building, caps of nothing, parts that have
not come, and the days of transport. Not here: the day that is left for it (`counters.py`).
"""

from __future__ import annotations

from earnest.core.plan.calendar import Grid
from earnest.core.plan.counters import PartStock, open_days
from earnest.core.plan.signature import Signatures


class Possible:
    """The first arrivals of one grid; what was worked out once is kept."""

    def __init__(self, grid: Grid, signatures: Signatures) -> None:
        """`signatures` may grow: a number is looked up when it is asked for."""
        self._signatures = signatures
        self._lines = [open_days(cars) for cars in grid.cars]
        self._caps = [open_days(cars) for cars in grid.caps]
        self._parts = [PartStock(part, grid.days).open_days for part in grid.parts]
        self._known: dict[tuple[int, int], int | None] = {}

    def first_arrival(self, number: int, not_before: int) -> int | None:
        """The first day on which a car that is built from a day on could arrive.

        None where no line builds it on any day that is left.
        """
        asked = (number, not_before)
        if asked not in self._known:
            self._known[asked] = self._worked_out(number, max(0, not_before))
        return self._known[asked]

    def _worked_out(self, number: int, not_before: int) -> int | None:
        signature = self._signatures.all[number]
        arrivals = []
        lines = zip(
            signature.lines, signature.caps, self._signatures.transport[number], strict=True
        )
        for line, rows, transport in lines:
            days = self._lines[line] >> not_before << not_before
            for row in rows:
                days &= self._caps[row]
            for part in signature.parts:
                days &= self._parts[part]
            if days:
                arrivals.append((days & -days).bit_length() - 1 + transport)
        return min(arrivals, default=None)
