"""The law of the United Kingdom as settlement computes with it.

Not here: the rules that documents and processes must hold, which stand beside this file.
"""

from __future__ import annotations

from earnest.core.terms.packs.law import Citations, Law, Remedy
from earnest.core.terms.policy import LEAST_CURE_DAYS
from earnest.core.terms.sections.ordering import Jurisdiction

CITATIONS = Citations(
    withdrawn="UK-01",
    event="UK-01",
    kept="UK-02",
    not_kept="UK-02",
    not_incorporated="UK-01",
    single="UK-01",
    own_breach="UK-01",
    excess="UK-02",
    both="UK-02",
    proportion="UK-02",
    held="UK-01",
    loss="UK-01",
    delay="UK-01",
    interest="UK-01",
    late_refund="UK-01",
    finance="UK-01",
    changed="UK-01",
    delayed="UK-01",
    tax="UK-01",
    resale="UK-02",
)

EIGHT_PERCENT = 800
"""The rate that courts allow on a debt (County Courts Act 1984, section 69) [K]."""

LAW = Law(
    jurisdiction=Jurisdiction.UK,
    remedy=Remedy.LOSS,
    citations=CITATIONS,
    least_cure_days=LEAST_CURE_DAYS,
    longest_refund_days=14,
    delivery_days_without_promise=30,
    withdrawal_days_after_handover=14,
    interest_basis_points=EIGHT_PERCENT,
)
"""The seller keeps its itemised net loss and nothing else (UK-02). 30 days to deliver (Consumer
Rights Act 2015, section 28), 14 days to withdraw and to refund (Consumer Contracts Regulations
2013) [K]."""
