"""The law of Germany as settlement computes with it.

Not here: the model terms of the trade, whose numbers are parameters of a document (DE-05).
"""

from __future__ import annotations

import msgspec

from earnest.core.terms.packs.eu.law import CITATIONS as EUROPEAN
from earnest.core.terms.packs.eu.law import LAW as EUROPE
from earnest.core.terms.sections.ordering import Jurisdiction

CITATIONS = msgspec.structs.replace(
    EUROPEAN, kept="DE-03", not_kept="DE-03", own_breach="DE-06", delay="DE-05", interest="DE-06"
)

FIVE_POINTS = 500
"""Interest is five points above the base rate (BGB 288) [K].

The base rate changes twice a year and is not counted, so terms should name a rate that holds it.
"""

LAW = msgspec.structs.replace(
    EUROPE, jurisdiction=Jurisdiction.DE, citations=CITATIONS, interest_basis_points=FIVE_POINTS
)
"""No penalty on a consumer, and damages only up to what was really lost (BGB 309 no. 5, 6)."""
