"""The law of Korea as settlement computes with it.

Not here: the rules that documents and processes must hold, which stand beside this file.
"""

from __future__ import annotations

from earnest.core.terms.packs.law import Citations, Law, Remedy
from earnest.core.terms.policy import LEAST_CURE_DAYS
from earnest.core.terms.sections.ordering import Jurisdiction

_FAIR_TERMS = "KR-01"

CITATIONS = Citations(
    withdrawn=_FAIR_TERMS,
    event=_FAIR_TERMS,
    kept=_FAIR_TERMS,
    not_kept=_FAIR_TERMS,
    not_incorporated=_FAIR_TERMS,
    single=_FAIR_TERMS,
    own_breach=_FAIR_TERMS,
    excess=_FAIR_TERMS,
    both=_FAIR_TERMS,
    proportion=_FAIR_TERMS,
    held=_FAIR_TERMS,
    loss=_FAIR_TERMS,
    delay=_FAIR_TERMS,
    interest=_FAIR_TERMS,
    late_refund=_FAIR_TERMS,
    finance=_FAIR_TERMS,
    changed=_FAIR_TERMS,
    delayed=_FAIR_TERMS,
    tax=_FAIR_TERMS,
    resale=_FAIR_TERMS,
)

FIVE_PERCENT = 500
"""The legal rate where nothing was agreed (Civil Act 379) [K]."""

REFUND_BUSINESS_DAYS = 3
"""Refunds within three working days (Act on Consumer Protection in Electronic Commerce, 18) [K]."""

LAW = Law(
    jurisdiction=Jurisdiction.KR,
    remedy=Remedy.REFUNDABLE,
    remedy_once_shipped=Remedy.LOSS,
    citations=CITATIONS,
    least_cure_days=LEAST_CURE_DAYS,
    longest_refund_days=7,
    longest_refund_business_days=REFUND_BUSINESS_DAYS,
    interest_basis_points=FIVE_PERCENT,
)
"""A fee is refundable until the car has left (KR-01); after that the seller keeps what it lost."""
