"""/o/{link}: the secret link of an order, from a mail to its page.

Whoever has it may look at the order in this browser; to do something, its buyer signs in. Not
here: the order's page.
"""

from __future__ import annotations

from earnest.web.identity import Access
from earnest.web.linked import order_shown_by
from earnest.web.pages.page import Answer, Moved, Page
from earnest.web.pages.sessions import keep_link
from earnest.web.pages.visit import Visit


async def show(visit: Visit) -> Answer:
    """Go to the order's page and keep the link, so that it stays out of addresses."""
    link = visit.path["link"]
    key = await order_shown_by(visit.house, link, visit.received_at)
    return Moved(f"/orders/{key.order_id}", keep_link(visit, link))


def pages() -> list[Page]:
    """The pages of this module."""
    return [Page(path="/o/{link}", name="order-link", access=Access.PUBLIC, show=show)]
