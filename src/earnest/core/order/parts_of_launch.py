"""The parts that a launch leaves on an order.

Not here: the order itself (`state.py`) and the rest of its parts (`parts.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.launch.benefit import Benefit
from earnest.core.values.instant import Instant


class OrderBenefit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A benefit as it was published when the order was reserved, and when it was delivered."""

    benefit: Benefit
    delivered_at: Instant | None = None
