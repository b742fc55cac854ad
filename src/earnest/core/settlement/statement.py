"""The statement: the lines of a settlement, each of them also the posting that carries it out.

Not here: how the lines come about (`settle.py`) and their wording (`words.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from earnest.core.ledger.account import EXPENSES, Account
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
    DEPOSIT_REST_REFUNDED = "deposit_rest_refunded"
    DELIVERED_PART_REFUNDED = "delivered_part_refunded"
    LOSS_KEPT = "loss_kept"
    INTEREST_PAID = "interest_paid"
    DELAY_COMPENSATED = "delay_compensated"
    LOSS_COMPENSATED = "loss_compensated"
    TAX_DIFFERENCE_BORNE = "tax_difference_borne"
    PRICE_REFUNDED = "price_refunded"
    RESALE_RETURNED = "resale_returned"
    TAKEN_RETURNED = "taken_returned"


class Direction(StrEnum):
    """Who has the sum of a line in the end."""

    TO_BUYER = "to_buyer"
    KEPT_BY_SELLER = "kept_by_seller"
    SET_OFF = "set_off"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One sum of a statement, the rule that says so, and the posting that carries it out."""

    kind: LineKind
    rule: str
    posting: Posting

    @property
    def amount(self) -> Money:
        """The sum of this line."""
        return self.posting.amount

    @property
    def direction(self) -> Direction:
        """Which way the sum goes."""
        if self.posting.credit is Account.OWED_TO_BUYERS:
            return Direction.TO_BUYER
        if self.posting.debit is Account.OWED_TO_BUYERS:
            return Direction.SET_OFF
        return Direction.KEPT_BY_SELLER


def to_buyer(kind: LineKind, source: Account, amount: Money, rule: str) -> Line:
    """A line that pays a sum out to the buyer."""
    return Line(kind=kind, rule=rule, posting=Posting(source, Account.OWED_TO_BUYERS, amount))


def moving(*lines: tuple[LineKind, Account, Money, str]) -> list[Line]:
    """Lines that pay out to the buyer, without those that would move nothing."""
    return [to_buyer(*each) for each in lines if each[2].is_positive]


def beyond_own(lines: Iterable[Line], currency: str) -> Money:
    """What goes to the buyer beyond the buyer's own money; a second person releases it."""
    return total([line.amount for line in lines if line.posting.debit in EXPENSES], currency)


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

    @property
    def kept(self) -> Money:
        """What the seller keeps, once a second person has released it."""
        return total(
            [line.amount for line in self.lines if line.direction is Direction.KEPT_BY_SELLER],
            self.currency,
        )

    def sum_of(self, kind: LineKind) -> Money:
        """The sum of all lines of one kind."""
        return total([line.amount for line in self.lines if line.kind is kind], self.currency)
