"""Signatures: all that a plan must know of a configuration, so that equal orders share one.

A signature names the lines that may build a car and the caps and parts it uses. Options that are
never scarce do not enter, so hundreds of thousands of orders have a few thousand signatures.
Not here: the configuration's price and rules (`core/catalogue`).
"""

from __future__ import annotations

import msgspec

from earnest.core.plan.calendar import Grid
from earnest.core.plan.capacity import Capacity


class Signature(msgspec.Struct, frozen=True):
    """Lines by number; for each of them the rows of its caps; and parts by number."""

    lines: tuple[int, ...]
    caps: tuple[tuple[int, ...], ...]
    parts: tuple[int, ...]

    @property
    def is_buildable(self) -> bool:
        """Whether any line builds such a car for its market at all."""
        return bool(self.lines)

    def rows_on(self, line: int) -> tuple[int, ...]:
        """The caps that a car uses on a line; on one that no longer builds it, none."""
        return self.caps[self.lines.index(line)] if line in self.lines else ()


class Signatures:
    """The signatures that orders of one capacity document have, each with a number.

    `transport` of a number is the days of travel from each of its lines, in their order.
    """

    def __init__(self, capacity: Capacity, grid: Grid) -> None:
        self._capacity = capacity
        self._grid = grid
        self._numbers: dict[tuple[Signature, tuple[int, ...]], int] = {}
        self._asked: dict[tuple[str, tuple[str, ...], str], int] = {}
        self.all: list[Signature] = []
        self.transport: list[tuple[int, ...]] = []

    def number_of(self, model: str, options: tuple[str, ...], market: str) -> int:
        """The number of a configuration's signature in a market."""
        asked = (model, options, market)
        number = self._asked.get(asked)
        if number is None:
            number = self._number(*self._worked_out(model, options, market))
            self._asked[asked] = number
        return number

    def _number(self, signature: Signature, transport: tuple[int, ...]) -> int:
        key = (signature, transport)
        if key not in self._numbers:
            self._numbers[key] = len(self.all)
            self.all.append(signature)
            self.transport.append(transport)
        return self._numbers[key]

    def _worked_out(
        self, model: str, options: tuple[str, ...], market: str
    ) -> tuple[Signature, tuple[int, ...]]:
        features = {model, *options}
        lines: list[int] = []
        transport: list[int] = []
        for number, line in enumerate(self._grid.lines):
            plant = self._capacity.plant(line.plant)
            days = None if plant is None else plant.days_to(market)
            if model in line.models and days is not None:
                lines.append(number)
                transport.append(days)
        caps = tuple(
            tuple(
                row
                for row, (line, option) in enumerate(self._grid.cap_of)
                if line == number and option in features
            )
            for number in lines
        )
        users = {part.code: features.intersection(part.options) for part in self._capacity.parts}
        parts = tuple(number for number, part in enumerate(self._grid.parts) if users[part.code])
        return Signature(tuple(lines), caps, parts), tuple(transport)
