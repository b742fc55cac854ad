"""A settlement for people: every line with its sentence, its sum and the rule that says so.

Not here: computing it (`core/settlement`). The statement of an exit and its preview look the same
because both are shown by this.
"""

from __future__ import annotations

import msgspec

from earnest.core.settlement.ground import Ground
from earnest.core.settlement.statement import Direction, Line, LineKind, Statement
from earnest.core.settlement.words import Reader, words
from earnest.core.terms.version import TermsVersion
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.desk.telling import money_words, until_words
from earnest.people.caller import Caller


class SettlementLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what it does, which way, how much, by which rule, and in words."""

    kind: LineKind
    direction: Direction
    amount: Money
    rule: str
    words: str


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """Who owes whom what, and why. `owed_to_buyer` is what is paid out in the end.

    `answered_by` are those from whom the buyer may ask it, each for the whole: the seller, and
    whoever took the money for it (S01, holding on the payee).
    """

    ground: Ground
    lines: tuple[SettlementLine, ...]
    owed_to_buyer: Money
    answered_by: tuple[str, ...]
    words: str


class IfTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What of the kept sum comes back if another order takes the slot or the car in time."""

    amount: Money
    until: Instant
    words: str


_IF_TAKEN = {
    Reader.BUYER: {
        "en": "If another order takes your slot or your car before {until}, {amount} of this comes "
        "back to you. Documented and checked costs are deducted already.",
        "zh-Hans": "其他订单在{until}之前接走您的名额或车辆的，其中{amount}退还给您。"
        "已举证并经复核的费用已从中扣除。",
    },
    Reader.OTHERS: {
        "en": "If another order takes the slot or the car before {until}, {amount} of this goes "
        "back to the buyer. Documented and checked costs are deducted already.",
        "zh-Hans": "其他订单在{until}之前接走名额或车辆的，其中{amount}退还买方。"
        "已举证并经复核的费用已从中扣除。",
    },
}


def if_taken(
    back: Money | None, until: Instant | None, time_zone: str, language: str, reader: Reader
) -> IfTaken | None:
    """The condition in words; None where the terms give none."""
    if back is None or until is None:
        return None
    sentence = _IF_TAKEN[reader][language].format(
        until=until_words(until, language, time_zone), amount=money_words(back, language)
    )
    return IfTaken(amount=back, until=until, words=sentence)


_TOTAL = {
    Reader.BUYER: {"en": "Paid out to you: {amount}.", "zh-Hans": "应向您支付：{amount}。"},
    Reader.OTHERS: {
        "en": "Paid out to the buyer: {amount}.",
        "zh-Hans": "应向买方支付：{amount}。",
    },
}
_TOGETHER = {
    Reader.BUYER: {
        "en": " {seller} and {payee}, which took the money, answer for it together: you may ask "
        "either of them for the whole.",
        "zh-Hans": "{seller}与收款方{payee}对此承担连带责任，您可以向其中任何一方请求全部款项。",
    },
    Reader.OTHERS: {
        "en": " {seller} and {payee}, which took the money, answer for it together: the buyer may "
        "ask either of them for the whole.",
        "zh-Hans": "{seller}与收款方{payee}对此承担连带责任，买方可以向其中任何一方请求全部款项。",
    },
}
"""For the buyer where terms leave it open, as the court did in the case Earnest starts from."""

_NOTHING = {"en": "No money was held, so none moves.", "zh-Hans": "未收取任何款项，无需结算。"}


def reader_of(caller: Caller | None) -> Reader:
    """Whether a settlement speaks to whoever asks, or about the buyer; a visitor may become one."""
    is_buyer = caller is None or caller.buyer_id is not None
    return Reader.BUYER if is_buyer else Reader.OTHERS


def line_in_words(line: Line, language: str, reader: Reader) -> SettlementLine:
    """One line as people read it."""
    return SettlementLine(
        kind=line.kind,
        direction=line.direction,
        amount=line.amount,
        rule=line.rule,
        words=f"{words(line, language, reader)} ({money_words(line.amount, language)})",
    )


def settlement_in_words(
    statement: Statement, terms: TermsVersion, language: str, reader: Reader
) -> Settlement:
    """The statement as people read it, with who answers for it under these terms."""
    lines = tuple(line_in_words(line, language, reader) for line in statement.lines)
    owed = statement.owed_to_buyer
    total = _TOTAL[reader][language].format(amount=money_words(owed, language))
    answered_by = tuple(dict.fromkeys((terms.seller, terms.payee))) if owed.is_positive else ()
    together = _together(answered_by, terms, language, reader)
    return Settlement(
        ground=statement.ground,
        lines=lines,
        owed_to_buyer=owed,
        answered_by=answered_by,
        words=total + together if lines else _NOTHING[language],
    )


def _together(
    answered_by: tuple[str, ...], terms: TermsVersion, language: str, reader: Reader
) -> str:
    """Who answers beside the seller; nothing where nobody does."""
    if len(answered_by) <= 1:
        return ""
    return _TOGETHER[reader][language].format(seller=terms.seller, payee=terms.payee)
