"""/o/{link}: the secret link of an order, from a mail to its page.

Whoever has it may look at the order in this browser; to do something, its buyer signs in. Not
here: the order's page.
"""

from __future__ import annotations

from earnest.people.seals import LinkForged
from earnest.web.codes import DoorCode
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Moved, Page
from earnest.web.pages.sessions import keep_link
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway


async def show(visit: Visit) -> Answer:
    """Go to the order's page and keep the link, so that it stays out of addresses."""
    try:
        _, order_id = visit.house.seals.order_of(visit.path["link"])
    except LinkForged as error:
        raise TurnedAway(DoorCode.LINK_UNKNOWN) from error
    return Moved(f"/orders/{order_id}", keep_link(visit, visit.path["link"]))


def pages() -> list[Page]:
    """The pages of this module."""
    return [Page(path="/o/{link}", name="order-link", access=Access.PUBLIC, show=show)]
