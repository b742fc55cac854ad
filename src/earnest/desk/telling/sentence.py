"""A sentence with gaps, prepared once and filled for each event.

Not here: the words of any language, and which sentence an event gets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from earnest.core.order.events import Event
from earnest.core.settlement.statement import LineKind, beyond_own
from earnest.desk.telling.language import Language

_RULE = re.compile(r"( ?)\[([A-Z]{2}-\d{2})\]")
"""A rule in square brackets, with the space that goes when it goes."""


class _Cited(msgspec.Struct, frozen=True):
    """A rule that a sentence names, with the space before it."""

    space: str
    rule: str


_Part = str | _Cited | tuple[Callable[[Any], Any], Callable[[Any, ZoneInfo], str]] | None
"""A literal, a rule, a gap that the event fills, or None for what the order's own law gives."""

Cite = Callable[[str], str | None]
"""Which rule is cited in the place of one; None for none."""

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
    square brackets, `[CN-12]`, is replaced by the source under the order's own law (`sources.py`).
    `{owed}` is what that law gives a buyer whose seller broke the contract.
    """

    subject: str
    told: str
    can_do: str = ""


class Sentence:
    """Text with gaps; filling one takes some microseconds, because a launch fills many."""

    def __init__(self, text: str, language: Language) -> None:
        """Prepare the gaps; a misspelt spelling or an unknown rule fails here, at the import."""
        self._language = language
        self._parts: list[_Part] = []
        self.fields: list[str] = []
        for literal, field, spelling, _ in Formatter().parse(text):
            self._parts.extend(_pieces(literal, language))
            if field == OWED:
                self._parts.append(None)
            elif field is not None:
                self.fields.append(field)
                reading = COMPUTED.get(field) or attrgetter(field)
                self._parts.append((reading, language.spelling(spelling or "")))

    def filled(self, event: Event, zone: ZoneInfo, owed: str, cite: Cite) -> str:
        """The sentence about this event, with instants in this zone and what the law gives.

        `cite` says which rule the order's law has in the place of one, if any.
        """
        return "".join([self._filled(part, event, zone, owed, cite) for part in self._parts])

    def _filled(self, part: _Part, event: Event, zone: ZoneInfo, owed: str, cite: Cite) -> str:
        if part is None:
            return owed
        if isinstance(part, str):
            return part
        if isinstance(part, _Cited):
            rule = cite(part.rule)
            return "" if rule is None else part.space + self._language.citation(rule)
        return part[1](part[0](event), zone)


def _pieces(literal: str, language: Language) -> Iterator[_Part]:
    """A text without gaps as literals and rules, each of which the language knows."""
    # Splitting by a pattern with two groups yields text, space, rule, text, and so on.
    texts = _RULE.split(literal)
    for text, space, rule in zip(texts[::3], [*texts[1::3], ""], [*texts[2::3], ""], strict=True):
        if text:
            yield text
        if rule:
            language.citation(rule)
            yield _Cited(space, rule)
