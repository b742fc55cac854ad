"""Postings and entries: the only form in which money moves in the books.

Not here: which event causes which entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from earnest.core.ledger.account import CREDIT_NATURED, Account
from earnest.core.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable


class Posting(msgspec.Struct, frozen=True):
    """One amount from one account to another: debited here, credited there.

    Because each posting carries both sides, an entry that does not sum to zero cannot be
    written down (docs/adr/0006).
    """

    debit: Account
    credit: Account
    amount: Money

    def __post_init__(self) -> None:
        """A posting moves a positive amount between two different accounts."""
        assert self.amount.is_positive, "a posting moves a positive amount"
        assert self.debit is not self.credit, "a posting moves between two accounts"

    def reversed(self) -> Posting:
        """The posting that takes this one back: sides swapped, nothing deleted."""
        return Posting(self.credit, self.debit, self.amount)


Entry = tuple[Posting, ...]
"""All postings of one event. Empty when the event moves no money."""


def account_balances(postings: Iterable[Posting]) -> dict[tuple[Account, str], int]:
    """Debits minus credits in minor units, by account and currency. They sum to zero."""
    balances: dict[tuple[Account, str], int] = {}
    for posting in postings:
        currency, amount = posting.amount.currency, posting.amount.amount
        debit, credit = (posting.debit, currency), (posting.credit, currency)
        balances[debit] = balances.get(debit, 0) + amount
        balances[credit] = balances.get(credit, 0) - amount
    return balances


def natural_account_balance(account: Account, debits_minus_credits: int) -> int:
    """The account balance as an accountant reads it: liabilities and income positive."""
    return -debits_minus_credits if account in CREDIT_NATURED else debits_minus_credits
