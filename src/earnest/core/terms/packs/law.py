"""The law of a jurisdiction as settlement needs it: what each side keeps, returns and owes.

Not here: rules that a document or a process must hold (`rule.py`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.terms.sections.ordering import Jurisdiction


class Remedy(StrEnum):
    """What a deposit secures under a law."""

    EARNEST = "earnest"
    """Lost by the payer's breach, doubled by the taker's (Civil Code 587; arrhes, FR-02)."""

    LOSS = "loss"
    """The seller keeps its documented net loss at most; its own breach costs the single sum with
    interest and the buyer's documented loss (EU-06, DE-03, UK-02)."""

    REFUNDABLE = "refundable"
    """Everything comes back to the buyer (US-04, US-05)."""


class Law(msgspec.Struct, frozen=True, kw_only=True):
    """The mandatory frame of one jurisdiction; terms can be better for the buyer, never worse.

    Rates are in basis points, periods in days. None means that the law sets no figure.
    """

    jurisdiction: Jurisdiction
    remedy: Remedy
    earnest_cap_basis_points: int | None = None
    least_cure_days: int
    longest_refund_days: int
    delivery_days_without_promise: int | None = None
    withdrawal_days_after_handover: int = 0
