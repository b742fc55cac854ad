"""The law of France as settlement computes with it, and what a late refund grows by.

Not here: what holds all over the European Union (`../eu`).
"""

from __future__ import annotations

import msgspec

from earnest.core.terms.packs.eu.law import CITATIONS as EUROPEAN
from earnest.core.terms.packs.eu.law import LAW as EUROPE
from earnest.core.terms.packs.law import Remedy, Uplift
from earnest.core.terms.sections.ordering import Jurisdiction

CITATIONS = msgspec.structs.replace(
    EUROPEAN,
    kept="FR-02",
    not_kept="FR-02",
    own_breach="FR-02",
    interest="FR-02",
    late_refund="FR-02",
)

UPLIFTS = (Uplift(14, 1_000), Uplift(30, 2_000), Uplift(None, 5_000))
"""What the sum grows by when it is late after a termination (Code de la consommation L.241-4,
FR-02) [K]: 10 % up to 14 days, 20 % up to 30, 50 % after that."""

WITHDRAWAL_UPLIFTS = (
    Uplift(20, 500),
    Uplift(30, 1_000),
    Uplift(60, 2_000),
    Uplift(90, 5_000),
    Uplift(None, 5_500),
)
"""The same after a withdrawal (Code de la consommation L.242-4, FR-02) [K]. The first ten days
carry the legal rate only; because that rate changes, they are counted with the next step. After
90 days it is 5 points more for every further month; the first of them is counted."""

LAW = msgspec.structs.replace(
    EUROPE,
    jurisdiction=Jurisdiction.FR,
    remedy=Remedy.EARNEST,
    citations=CITATIONS,
    uplifts=UPLIFTS,
    withdrawal_uplifts=WITHDRAWAL_UPLIFTS,
)
"""Money paid early is arrhes: lost by who paid it, doubled by who took it (L.214-1, FR-02) [K].
There is no cap of its own."""
