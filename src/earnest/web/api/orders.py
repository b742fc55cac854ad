"""GET /orders and /orders/{order_id}: orders as they stand.

Buyers see their own, staff and auditors see all. Not here: their history (`timelines.py`) and
their money (`statements.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.order.benefiting import time_decides
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.values.ids import QueueId
from earnest.core.values.reason import Reason
from earnest.desk.views import OrderFilter
from earnest.web.api.order_shown import OrderLine, OrderShown, order_line, order_shown
from earnest.web.finding import order_asked_for, page_of_orders
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.reading import is_known_version
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Name

MOST_ON_A_PAGE = 200


class OrdersAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which orders, and which page of them."""

    cursor: Annotated[str, Meta(max_length=200)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST_ON_A_PAGE)] = 50
    stage: Stage | None = None
    queue_id: Name | None = None
    vin: Name | None = None


async def list_orders(house: House, asked: Asked, wanted: OrdersAsked) -> Reply:
    """A page of orders. Walking through all pages shows every order once."""
    own = None if asked.by.may_read_all else asked.by.buyer_id
    fitting = OrderFilter(
        buyer_id=own,
        stage=wanted.stage,
        queue_id=None if wanted.queue_id is None else QueueId(wanted.queue_id),
        vin=wanted.vin,
    )
    shown, after = await page_of_orders(house, fitting, wanted.cursor, wanted.limit)
    lines = tuple(order_line(order) for order in shown)
    return Reply(value=OrdersPage(orders=lines, next_cursor=after))


async def show_order(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """One order as it stands. Its ETag is the version that commands can insist on.

    What time alone changes has no version of its own, so then the order is sent again.
    """
    order = await order_asked_for(house, asked)
    headers = [(b"etag", _etag(order))]
    if is_known_version(asked.headers, _etag(order)) and not time_decides(order):
        return Reply(status=304, headers=headers)
    return Reply(value=order_shown(order, asked.received_at), headers=headers)


class OrdersPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page. `next_cursor` is null on the last one; a page before it may be short or empty."""

    orders: tuple[OrderLine, ...]
    next_cursor: str | None


def _etag(order: Order) -> bytes:
    return b'"%d"' % order.sequence


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/orders",
            operation="listOrders",
            summary="Orders, page by page.",
            tag="orders",
            access=Access.READERS,
            takes=OrdersAsked,
            handler=list_orders,
            gives=OrdersPage,
        ),
        Route(
            method="GET",
            path="/orders/{order_id}",
            operation="showOrder",
            summary="One order as it stands.",
            tag="orders",
            access=Access.READERS,
            takes=NoInput,
            handler=show_order,
            gives=OrderShown,
            has_etag=True,
            codes=(Reason.ORDER_UNKNOWN,),
        ),
    ]
