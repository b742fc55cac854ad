"""The law of a jurisdiction as settlement needs it: what each side keeps, returns and owes.

Not here: rules that a document or a process must hold (`rule.py`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.terms.sections.ordering import Jurisdiction
from earnest.core.values.money import Money


class Remedy(StrEnum):
    """What a deposit secures under a law."""

    EARNEST = "earnest"
    """Lost by the payer's breach, doubled by the taker's (Civil Code 587; arrhes, FR-02)."""

    LOSS = "loss"
    """The seller keeps its documented net loss at most; its own breach costs the single sum with
    interest and the buyer's documented loss (EU-06, DE-03, UK-02)."""

    REFUNDABLE = "refundable"
    """Everything comes back to the buyer (US-04, US-05)."""


class Uplift(msgspec.Struct, frozen=True):
    """What a late refund grows by, in basis points, while it is at most so many days late."""

    until_days: int | None
    basis_points: int


class TaxRelief(msgspec.Struct, frozen=True, kw_only=True):
    """The relief from a purchase tax in one year: a share of the tax, up to a sum."""

    year: int
    relieved_basis_points: int
    relieved_at_most: Money


class PurchaseTax(msgspec.Struct, frozen=True, kw_only=True):
    """A tax on the purchase that the buyer pays for the year of the invoice (CN-40).

    The tax is the price times `numerator` over `denominator`: the price is shown with value
    added tax, which is no part of what is taxed.
    """

    numerator: int
    denominator: int
    reliefs: tuple[TaxRelief, ...]

    def relief(self, year: int) -> TaxRelief | None:
        """The relief of a year; None for a year whose relief nobody has fixed yet."""
        return next((each for each in self.reliefs if each.year == year), None)


class Citations(msgspec.Struct, frozen=True, kw_only=True):
    """Which rule a line of a statement cites, by what the line does."""

    withdrawn: str
    """Free withdrawal."""

    event: str
    """An event that neither side answers for."""

    kept: str
    """What the seller keeps when the buyer answers."""

    not_kept: str
    """What it may not keep although the buyer answers."""

    not_incorporated: str
    """Nothing is kept because the clause never became part of the contract."""

    single: str
    """A deposit that is no earnest money: it is neither lost nor doubled."""

    own_breach: str
    """What the seller returns when it answers."""

    excess: str
    """What lies above the cap of earnest money."""

    both: str
    """Both sides broke the contract seriously."""

    proportion: str
    """Part of a fleet was delivered and accepted."""

    held: str
    """Money held beside the deposit, and what a bank took back of it."""

    loss: str
    """The buyer's documented loss."""

    delay: str
    """Compensation for each day of delay."""

    interest: str
    """Interest when the seller answers."""

    late_refund: str
    """What a late refund grows by."""

    finance: str
    """The deposit when the loan or lease was declined."""

    changed: str
    """The deposit when something changed on the maker's side and the buyer left for it."""

    delayed: str
    """The deposit when the buyer did not agree to a later delivery."""

    tax: str
    """Tax and subsidy that a late delivery cost the buyer."""

    resale: str
    """The car was sold again, so that the seller lost less."""


class Law(msgspec.Struct, frozen=True, kw_only=True):
    """The mandatory frame of one jurisdiction; terms can be better for the buyer, never worse.

    Rates are in basis points (of a year for interest), periods in days. None means that the law
    sets no figure. `sellers_right_days` is how long a seller may wait after a cure period before
    its right to end the order dies. `silence_agrees_days` is the longest first delay to which
    silence can agree, where the law sends the money back without a yes (US-02).
    `remedy_once_shipped` replaces the remedy when the car has left the plant.
    """

    jurisdiction: Jurisdiction
    remedy: Remedy
    citations: Citations
    remedy_once_shipped: Remedy | None = None
    earnest_cap_basis_points: int | None = None
    least_cure_days: int
    longest_refund_days: int
    longest_refund_business_days: int | None = None
    delivery_days_without_promise: int | None = None
    silence_agrees_days: int | None = None
    withdrawal_days_after_handover: int = 0
    interest_basis_points: int = 0
    uplifts: tuple[Uplift, ...] = ()
    withdrawal_uplifts: tuple[Uplift, ...] = ()
    finance_declined_returns_deposit: bool = False
    purchase_tax: PurchaseTax | None = None
    sellers_right_days: int | None = None

    def remedy_at(self, *, shipped: bool) -> Remedy:
        """The remedy that holds before or after the car has left the plant."""
        return self.remedy_once_shipped or self.remedy if shipped else self.remedy
