"""/orders: the buyer's orders, the newest first.

Not here: an order's own page (`showing.py`).
"""

from __future__ import annotations

from earnest.core.order.stage import ALIVE
from earnest.web.api.orders import OrdersPage
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page, Shown
from earnest.web.pages.stages import STAGE_NAMES
from earnest.web.pages.visit import Visit
from earnest.web.site.orders.reading import model_of


async def show(visit: Visit) -> Answer:
    """Each order with its car, stage and window."""
    wanted = {"cursor": visit.query["cursor"]} if "cursor" in visit.query else {}
    found = await visit.ask("listOrders", OrdersPage, wanted)
    lines = [
        {
            "order": line,
            "model": await model_of(visit, line.catalogue_hash, line.configuration.model),
        }
        for line in sorted(found.orders, key=lambda each: each.reserved_at, reverse=True)
    ]
    values = {
        "lines": lines,
        "alive": ALIVE,
        "stage_names": STAGE_NAMES,
        "next_cursor": found.next_cursor,
    }
    return Shown(template="site/orders.html", values=values)


def pages() -> list[Page]:
    """The pages of this module."""
    return [Page(path="/orders", name="orders", access=Access.BUYER, show=show)]
