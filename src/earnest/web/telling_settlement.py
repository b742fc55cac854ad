"""A settlement for people: every line with its sentence, its sum and the rule that says so.

Not here: computing it (`core/settlement`). The statement of an exit and its preview look the same
because both are shown by this.
"""

from __future__ import annotations

import msgspec

from earnest.core.settlement.ground import Ground
from earnest.core.settlement.statement import Direction, Line, LineKind, Statement
from earnest.core.settlement.words import words
from earnest.core.values.money import Money
from earnest.desk.telling import money_words


class SettlementLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what it does, which way, how much, by which rule, and in words."""

    kind: LineKind
    direction: Direction
    amount: Money
    rule: str
    words: str


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """Who owes whom what, and why. `owed_to_buyer` is what is paid out in the end."""

    ground: Ground
    lines: tuple[SettlementLine, ...]
    owed_to_buyer: Money
    words: str


_TOTAL = {"en": "Paid out to you: {amount}.", "zh-Hans": "应向您支付：{amount}。"}
_NOTHING = {"en": "No money was held, so none moves.", "zh-Hans": "未收取任何款项，无需结算。"}


def line_in_words(line: Line, language: str) -> SettlementLine:
    """One line as people read it."""
    return SettlementLine(
        kind=line.kind,
        direction=line.direction,
        amount=line.amount,
        rule=line.rule,
        words=f"{words(line, language)} ({money_words(line.amount, language)})",
    )


def settlement_in_words(statement: Statement, language: str) -> Settlement:
    """The statement as people read it."""
    lines = tuple(line_in_words(line, language) for line in statement.lines)
    owed = statement.owed_to_buyer
    total = _TOTAL[language].format(amount=money_words(owed, language))
    return Settlement(
        ground=statement.ground,
        lines=lines,
        owed_to_buyer=owed,
        words=total if lines else _NOTHING[language],
    )
