"""Under what the desk finds things again: orders, commands, persons.

Not here: what is loaded and saved under them (`ports.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.values.ids import BuyerId, OrderId, QueueId


class OrderKey(msgspec.Struct, frozen=True, order=True, gc=False):
    """Where an order is stored. Orders are locked in the order of these keys."""

    buyer_id: BuyerId
    order_id: OrderId


class CommandKey(msgspec.Struct, frozen=True, order=True):
    """What makes a command the same command: buyer, actor and idempotency key."""

    buyer_id: BuyerId
    actor_id: str
    key: str


class PersonKey(msgspec.Struct, frozen=True):
    """Whose orders are counted: a person as one queue knows them, and the login that reserves.

    `person` is a digest that means nothing outside the queue. The login counts as well, so that
    it holds no more by proving one telephone after another.
    """

    queue_id: QueueId
    person: str
    buyer_id: BuyerId
