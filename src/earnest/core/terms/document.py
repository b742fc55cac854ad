"""A terms document: everything a maker decides about its contract, before it becomes terms.

From one document come the policy that runs, the text that is signed, and the findings of the
linter. Not here: reading it from TOML (`reading.py`) and what each parameter means
(`sections/`).
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from earnest.core.terms.sections import delivering, leaving, ordering
from earnest.core.terms.sections.section import Text
from earnest.core.values.money import Money

MINOR_DIGITS = {"CNY": 2, "EUR": 2, "GBP": 2, "USD": 2, "KRW": 0}
"""Decimal digits of the currencies that the packs know (ISO 4217)."""


class TermsDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parameters of one contract. A document can be well-formed and still unfair.

    `texts` pins renderings that the maker's lawyers signed off, by clause and language; a text
    that differs from what its parameters say is an error, never a second truth.
    """

    version: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$")]
    jurisdiction: ordering.Jurisdiction
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
    time_zone: Annotated[str, Meta(min_length=1, max_length=60)]
    seller: ordering.Seller
    payee: ordering.Payee
    contract: ordering.Contract = ordering.Contract()
    deposit: ordering.Deposit
    payment: ordering.Payment
    cooling_off: ordering.CoolingOff
    lock: ordering.Locking = ordering.Locking()
    changes: ordering.Changes = ordering.Changes()
    queue: ordering.QueueRule = ordering.QueueRule()
    promise: delivering.Promise
    deferral: delivering.Deferral = delivering.Deferral()
    inspection: delivering.Inspection
    balance_due: delivering.BalanceRule = delivering.BalanceRule()
    collection: delivering.Collection = delivering.Collection()
    late_delivery: delivering.LateDelivery = delivering.LateDelivery()
    buyers_default: leaving.BuyersDefault
    sellers_default: leaving.SellersDefault
    refunds: leaving.Refunds = leaving.Refunds()
    withdrawal_after_handover: leaving.WithdrawalAfterHandover = leaving.WithdrawalAfterHandover()
    transfer: leaving.Transfer = leaving.Transfer()
    storage: delivering.Storage = delivering.Storage()
    forum: leaving.Forum = leaving.Forum()
    price: leaving.PriceRule
    tax: leaving.TaxRule = leaving.TaxRule()
    finance: leaving.Finance = leaving.Finance()
    handover_documents: tuple[Text, ...] = ()
    close_days_after_handover: Annotated[int, Meta(ge=1, le=365)] = 7
    clauses: tuple[leaving.OwnClause, ...] = ()
    texts: dict[str, dict[str, str]] = {}

    def money(self, amount: str) -> Money:
        """The sum that an amount of this document means, in minor units of its currency.

        The amount has been checked to have no more decimals than the currency (`reading.py`).
        """
        whole, _, fraction = amount.partition(".")
        digits = MINOR_DIGITS[self.currency]
        assert len(fraction) <= digits, "a read document has no amount with too many decimals"
        return Money(int(whole + fraction.ljust(digits, "0")), self.currency)
