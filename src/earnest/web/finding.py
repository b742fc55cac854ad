"""The order that a reader asks for, if it is theirs to see.

Not here: changing it.
"""

from __future__ import annotations

from earnest.core.order.state import Order
from earnest.core.values.ids import OrderId
from earnest.core.values.reason import Reason
from earnest.desk.ports import OrderKey
from earnest.web.house import House
from earnest.web.identity import looks_like_id
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked


async def order_asked_for(house: House, asked: Asked) -> Order:
    """The order in the path. Somebody else's order does not exist for a buyer."""
    order_id = OrderId(asked.path["order_id"])
    order = None
    if looks_like_id(order_id):
        if asked.by.may_read_all:
            order = await house.reader.order_by_id(order_id)
        elif asked.by.buyer_id is not None:
            order = await house.reader.order_of_buyer(OrderKey(asked.by.buyer_id, order_id))
    if order is None:
        raise TurnedAway(Reason.ORDER_UNKNOWN)
    return order


def key_of(order: Order) -> OrderKey:
    """Where an order is stored."""
    return OrderKey(order.buyer_id, order.order_id)
