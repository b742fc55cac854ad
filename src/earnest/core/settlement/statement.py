"""The statement: the lines of a settlement, each of them also the posting that carries it out.

Not here: how the lines come about (`settle.py`) and their wording (`words.py`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Posting
from earnest.core.settlement.ground import Ground
from earnest.core.values.money import Money, nothing, total


class LineKind(StrEnum):
    """What a line of a statement does."""

    DEPOSIT_REFUNDED = "deposit_refunded"
    EXCESS_REFUNDED = "excess_refunded"
    BALANCE_REFUNDED = "balance_refunded"
    EARNEST_RETURNED = "earnest_returned"
    EARNEST_DOUBLED = "earnest_doubled"
    EARNEST_FORFEITED = "earnest_forfeited"
    FEE_KEPT = "fee_kept"
    ALREADY_CHARGED_BACK = "already_charged_back"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One sum of a statement, the rule that says so, and the posting that carries it out."""

    kind: LineKind
    rule: str
    posting: Posting

    @property
    def amount(self) -> Money:
        """The sum of this line."""
        return self.posting.amount


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """The settlement of one exit. An empty statement means that no money was held."""

    ground: Ground
    currency: str
    lines: tuple[Line, ...]

    @property
    def owed_to_buyer(self) -> Money:
        """What is to be paid out to the buyer after everything was set off."""
        owed = nothing(self.currency)
        for line in self.lines:
            if line.posting.credit is Account.OWED_TO_BUYERS:
                owed = owed + line.amount
            elif line.posting.debit is Account.OWED_TO_BUYERS:
                owed = owed - line.amount
        return owed

    def sum_of(self, kind: LineKind) -> Money:
        """The sum of all lines of one kind."""
        return total([line.amount for line in self.lines if line.kind is kind], self.currency)
