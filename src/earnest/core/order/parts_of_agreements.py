"""The parts of an order about changes that were offered to it.

Not here: agreements and promises themselves (`core/terms/agreement.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.values.ids import TermsHash
from earnest.core.values.instant import Instant


class TermsOffer(msgspec.Struct, frozen=True, kw_only=True):
    """Another version that the buyer may accept; `worse` names what is not clearly as good."""

    terms_hash: TermsHash
    version: str
    offered_at: Instant
    worse: tuple[str, ...] = ()
