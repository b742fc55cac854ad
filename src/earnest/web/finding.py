"""The order that a reader asks for, or what happened to it, if it is theirs to see.

Not here: changing it.
"""

from __future__ import annotations

from collections.abc import Sequence

from earnest.core.order.state import Order
from earnest.core.values.ids import OrderId
from earnest.core.values.reason import Reason
from earnest.desk.ports import OrderKey, RecordedEvent
from earnest.desk.views import OrderFilter
from earnest.web.cursors import cursor_after, place_of
from earnest.web.house import House
from earnest.web.identity import looks_like_id
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked

LOOKED_AT = 10_000
"""Orders that one page of a search looks at, so that none takes long however many there are."""


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


async def events_asked_for(house: House, asked: Asked) -> Sequence[RecordedEvent]:
    """Everything that happened to the order in the path, by the same rule.

    A buyer's own id is half of where an order is stored, so for buyers one question is enough: an
    order of somebody else has no events there.
    """
    order_id, buyer_id = OrderId(asked.path["order_id"]), asked.by.buyer_id
    if asked.by.may_read_all or buyer_id is None or not looks_like_id(order_id):
        return await house.reader.events(key_of(await order_asked_for(house, asked)))
    recorded = await house.reader.events(OrderKey(buyer_id, order_id))
    if not recorded:
        raise TurnedAway(Reason.ORDER_UNKNOWN)
    return recorded


async def page_of_orders(
    house: House,
    wanted: OrderFilter,
    cursor: str | None,
    limit: int,
    looked_at: int = LOOKED_AT,
) -> tuple[Sequence[Order], str | None]:
    """At most `limit` orders that fit, and the cursor of the next page; null on the last one.

    Where only looking at one order after the other finds them, a page looks at so many and may be
    short or empty although others follow.
    """
    after = None if cursor is None else place_of(cursor)
    until = await house.reader.key_after(after, looked_at) if wanted.walks_all else None
    found = await house.reader.orders(wanted, after, limit + 1, until)
    page = found[:limit]
    if len(found) > limit:
        return page, cursor_after(key_of(page[-1]))
    return page, None if until is None else cursor_after(until)


def key_of(order: Order) -> OrderKey:
    """Where an order is stored."""
    return OrderKey(order.buyer_id, order.order_id)
