"""An offer: which terms and which catalogue are on sale for a queue, and since when.

Not here: campaigns and quotas.
"""

from __future__ import annotations

import msgspec

from earnest.core.values.ids import CatalogueHash, QueueId, TermsHash
from earnest.core.values.instant import Instant


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What is on sale in a queue in the half-open time `[opens_at, closes_at)`."""

    queue_id: QueueId
    terms_hash: TermsHash
    catalogue_hash: CatalogueHash
    opens_at: Instant
    closes_at: Instant | None = None

    def is_open(self, at: Instant) -> bool:
        """Whether a reservation received at this instant is inside the sale."""
        return self.opens_at <= at and (self.closes_at is None or at < self.closes_at)
