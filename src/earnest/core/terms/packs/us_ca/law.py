"""The law of California as settlement computes with it.

Not here: the federal trade rules (`../us_ftc`).
"""

from __future__ import annotations

import msgspec

from earnest.core.terms.packs.us_ftc.law import CITATIONS as FEDERAL
from earnest.core.terms.packs.us_ftc.law import LAW as FEDERAL_LAW
from earnest.core.terms.sections.ordering import Jurisdiction

TEN_PERCENT = 1_000
"""The legal rate on a contract that names none (Civil Code 3289) [K]."""

LAW = msgspec.structs.replace(
    FEDERAL_LAW,
    jurisdiction=Jurisdiction.US_CA,
    citations=msgspec.structs.replace(FEDERAL, kept="US-04", not_kept="US-04", withdrawn="US-04"),
    interest_basis_points=TEN_PERCENT,
    finance_declined_returns_deposit=True,
)
"""A deposit is refundable to the last cent when finance fails (Civil Code 2982.7, US-04)."""
