"""The law of the European Union as settlement computes with it.

Not here: what a member state adds (`../de`, `../fr`).
"""

from __future__ import annotations

from earnest.core.terms.packs.law import Citations, Law, Remedy
from earnest.core.terms.policy import LEAST_CURE_DAYS
from earnest.core.terms.sections.ordering import Jurisdiction

CITATIONS = Citations(
    withdrawn="EU-02",
    event="EU-05",
    kept="EU-07",
    not_kept="EU-07",
    not_incorporated="EU-08",
    single="EU-06",
    own_breach="EU-06",
    excess="EU-07",
    both="EU-06",
    proportion="EU-07",
    held="EU-05",
    loss="EU-06",
    delay="EU-05",
    interest="EU-06",
    late_refund="EU-05",
    finance="EU-09",
    changed="EU-08",
    delayed="EU-05",
    tax="EU-05",
    resale="EU-07",
)

REFUND_DAYS = 14
"""Everything comes back within 14 days (Consumer Rights Directive 13, EU-02) [K]."""

WITHDRAWAL_DAYS = 14
"""Free withdrawal for 14 days from delivery (Consumer Rights Directive 9, EU-02) [K]."""

DELIVERY_DAYS = 30
"""Delivery within 30 days where nothing was promised (Consumer Rights Directive 18, EU-05) [K]."""

LAW = Law(
    jurisdiction=Jurisdiction.EU,
    remedy=Remedy.LOSS,
    citations=CITATIONS,
    least_cure_days=LEAST_CURE_DAYS,
    longest_refund_days=REFUND_DAYS,
    delivery_days_without_promise=DELIVERY_DAYS,
    withdrawal_days_after_handover=WITHDRAWAL_DAYS,
)
"""What both sides lose is measured the same way (EU-06, EU-07). Rates of interest are a matter of
the member states, so here the terms' own rate counts."""
