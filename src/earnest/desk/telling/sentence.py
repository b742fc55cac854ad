"""A sentence with gaps, prepared once and filled for each event.

Not here: the words of any language, and which sentence an event gets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import attrgetter
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from earnest.core.order.events import Event
from earnest.core.settlement.statement import LineKind, beyond_own
from earnest.desk.telling.language import Language

_RULE = re.compile(r"\[([A-Z]{2}-\d{2})\]")

_Part = str | tuple[Callable[[Any], Any], Callable[[Any, ZoneInfo], str]] | None
"""A literal, a gap that the event fills, or None for what the order's own law gives."""

OWED = "owed"
"""The gap that no event fills: what an injured buyer gets (`owed.py`)."""

COMPUTED: Mapping[str, Callable[[Any], object]] = {
    "forfeited": lambda event: event.statement.sum_of(LineKind.EARNEST_FORFEITED),
    "fee_kept": lambda event: event.statement.sum_of(LineKind.FEE_KEPT),
    "beyond": lambda event: beyond_own(event.statement.lines, event.statement.currency),
    "kept": lambda event: event.statement.kept,
    "doubled": lambda event: event.statement.sum_of(LineKind.EARNEST_DOUBLED),
    "promised": lambda event: [
        override for applied in event.promises for override in applied.promise.overrides
    ],
}
"""Gaps that are not a field of the event but follow from its fields."""


class Wording(msgspec.Struct, frozen=True):
    """What is said on one occasion: the subject of a mail, the sentences, what the buyer can do.

    Gaps name a field of the event and, after a colon, how it is written (`Language`). A rule in
    square brackets, `[CN-12]`, is replaced by its source. `{owed}` is what the order's own law
    gives a buyer whose seller broke the contract.
    """

    subject: str
    told: str
    can_do: str = ""


class Sentence:
    """Text with gaps; filling one takes some microseconds, because a launch fills many."""

    def __init__(self, text: str, language: Language) -> None:
        """Prepare the gaps; a misspelt spelling or an unknown rule fails here, at the import."""
        cited = _RULE.sub(lambda rule: language.citation(rule[1]), text)
        self._parts: list[_Part] = []
        self.fields: list[str] = []
        for literal, field, spelling, _ in Formatter().parse(cited):
            if literal:
                self._parts.append(literal)
            if field == OWED:
                self._parts.append(None)
            elif field is not None:
                self.fields.append(field)
                reading = COMPUTED.get(field) or attrgetter(field)
                self._parts.append((reading, language.spelling(spelling or "")))

    def filled(self, event: Event, zone: ZoneInfo, owed: str) -> str:
        """The sentence about this event, with instants in this zone and what the law gives."""
        return "".join([_filled(part, event, zone, owed) for part in self._parts])


def _filled(part: _Part, event: Event, zone: ZoneInfo, owed: str) -> str:
    if part is None:
        return owed
    return part if isinstance(part, str) else part[1](part[0](event), zone)
