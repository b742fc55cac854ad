"""The federal trade rules of the United States as settlement computes with them.

Not here: what a state adds (`../us_ca`, `../us_ny`).
"""

from __future__ import annotations

from earnest.core.terms.packs.law import Citations, Law, Remedy
from earnest.core.terms.policy import LEAST_CURE_DAYS
from earnest.core.terms.sections.ordering import Jurisdiction

CITATIONS = Citations(
    withdrawn="US-03",
    event="US-03",
    kept="US-03",
    not_kept="US-03",
    not_incorporated="US-03",
    single="US-03",
    own_breach="US-02",
    excess="US-03",
    both="US-03",
    proportion="US-03",
    held="US-03",
    loss="US-02",
    delay="US-02",
    interest="US-03",
    late_refund="US-03",
    finance="US-04",
    changed="US-02",
    delayed="US-02",
    tax="US-02",
    resale="US-03",
)

BUSINESS_DAYS = 7
"""Cash and cheques come back within seven working days (16 CFR 435, US-03)."""

BILLING_CYCLE_DAYS = 30
"""Money on a card comes back within one billing cycle (16 CFR 435, US-03), counted as a month."""

SILENCE_DAYS = 30
"""Silence agrees to a first delay with a date of at most 30 days (16 CFR 435.2(b), US-02)."""

LAW = Law(
    jurisdiction=Jurisdiction.US_FTC,
    remedy=Remedy.REFUNDABLE,
    citations=CITATIONS,
    least_cure_days=LEAST_CURE_DAYS,
    longest_refund_days=BILLING_CYCLE_DAYS,
    longest_refund_business_days=BUSINESS_DAYS,
    delivery_days_without_promise=30,
    silence_agrees_days=SILENCE_DAYS,
)
"""Whoever cancels gets everything back (US-02, US-03)."""
