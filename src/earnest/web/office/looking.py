"""Looking for orders as a member of the staff may: by who the buyer is, or by the car alone.

Not here: how the list looks (`orders.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from earnest.web.api.orders import OrdersPage
from earnest.web.api.searching import BuyerShown, FoundOrder, FoundOrders
from earnest.web.codes import DoorCode
from earnest.web.office import rooms
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway

WANTED = ("text", "stage", "queue_id", "cursor")
"""What the list of orders is narrowed by, and where a page of it begins."""

_AT_ONCE = 200


async def found_orders(visit: Visit, wanted: Mapping[str, str], limit: int) -> FoundOrders:
    """A page of the orders that fit. Planners see no names and search by none."""
    body = {**wanted, "limit": str(limit)}
    if rooms.CASES.is_open_to(visit.by):
        return await visit.ask("searchOrders", FoundOrders, body)
    text = body.pop("text", "")
    if text:
        body["vin"] = text
    page = await visit.ask("listOrders", OrdersPage, body)
    orders = tuple(FoundOrder(order=each, buyer=BuyerShown()) for each in page.orders)
    return FoundOrders(orders=orders, next_cursor=page.next_cursor)


async def all_found(visit: Visit, wanted: Mapping[str, str], most: int) -> list[str]:
    """The numbers of all orders that fit; raises `bulk_too_large` where they are too many."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await found_orders(visit, {**wanted, **_from(cursor)}, _AT_ONCE)
        found += [each.order.order_id for each in page.orders]
        cursor = page.next_cursor
        if len(found) > most:
            raise TurnedAway(DoorCode.BULK_TOO_LARGE, {"most": str(most)})
    return found


def _from(cursor: str) -> dict[str, str]:
    return {"cursor": cursor} if cursor else {}
