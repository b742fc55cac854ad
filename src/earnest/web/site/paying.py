"""/checkout/{checkout_id}/pay: the place that was taken, and the way to the provider's page.

Not here: the provider's page, and the order's page where a buyer comes back to.
"""

from __future__ import annotations

from earnest.web.api.order_shown import OrderShown
from earnest.web.api.payments import Payments, Standing
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Moved, Page, Shown
from earnest.web.pages.visit import Visit
from earnest.web.site.checkout import order_of


async def show(visit: Visit) -> Answer:
    """The deposit to pay, how long the place is kept, and where to pay."""
    path = {"order_id": order_of(visit)}
    await visit.follow("order", path["order_id"])
    order = await visit.ask("showOrder", OrderShown, path=path)
    payments = (await visit.ask("listPayments", Payments, path=path)).payments
    deposit = payments[0] if payments else None
    if deposit is not None and deposit.standing is Standing.RECEIVED:
        return Moved(f"/orders/{order.order_id}")
    queue = await visit.house.shelf.queue(order.queue_id)
    assert queue is not None, "an order stands in a queue"
    values = {"order": order, "deposit": deposit, "zone": queue.time_zone}
    return Shown(template="site/pay.html", values=values)


def pages() -> list[Page]:
    """The pages of this module."""
    path = "/checkout/{checkout_id}/pay"
    return [Page(path=path, name="pay", access=Access.BUYER, show=show)]
