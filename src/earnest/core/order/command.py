"""What every command about an order has in common.

Not here: the commands (`commands.py`, `commands_of_agreements.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.order.actor import Actor
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant


class Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=True):
    """Something asked, by an actor, about one buyer's order.

    `key` is the idempotency key, unique per buyer and actor. `received_at` is stamped at the
    door and is the instant by which the command is judged (DESIGN section 5).
    `expected_sequence` rejects a stale writer when given.
    """

    buyer_id: BuyerId
    order_id: OrderId
    actor: Actor
    key: str
    received_at: Instant
    expected_sequence: int | None = None
