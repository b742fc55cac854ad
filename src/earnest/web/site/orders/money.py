"""/orders/{order_id}/money: every payment, what comes back, and the books of the order.

Not here: paying the balance, which is a step of the delivery day (`delivery.py`).
"""

from __future__ import annotations

from earnest.web.api.payments import Payments
from earnest.web.api.statements import OrderStatement
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit
from earnest.web.site.orders.reading import page, path_of, read_order


async def show(visit: Visit) -> Answer:
    """All money of the order."""
    await visit.follow("order", visit.path["order_id"])
    read = await read_order(visit)
    payments = await visit.ask("listPayments", Payments, path=path_of(visit))
    statement = await visit.ask("showStatement", OrderStatement, path=path_of(visit))
    return page(visit, read, "order_money.html", payments=payments.payments, statement=statement)


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/orders/{order_id}/money",
            name="order-money",
            access=Access.READERS,
            by_link=True,
            show=show,
        )
    ]
