"""The law of New York as settlement computes with it.

Not here: the federal trade rules (`../us_ftc`).
"""

from __future__ import annotations

import msgspec

from earnest.core.terms.packs.us_ftc.law import CITATIONS as FEDERAL
from earnest.core.terms.packs.us_ftc.law import LAW as FEDERAL_LAW
from earnest.core.terms.sections.ordering import Jurisdiction

NINE_PERCENT = 900
"""Interest on a breach of contract (CPLR 5001, 5004) [K]."""

LAW = msgspec.structs.replace(
    FEDERAL_LAW,
    jurisdiction=Jurisdiction.US_NY,
    citations=msgspec.structs.replace(
        FEDERAL, kept="US-05", not_kept="US-05", not_incorporated="US-05", own_breach="US-05"
    ),
    interest_basis_points=NINE_PERCENT,
)
"""A full refund without a written agreement, and after a missed date (GBL 396-p, US-05)."""
