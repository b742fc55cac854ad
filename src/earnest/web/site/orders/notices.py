"""/orders/{order_id}/notices: what the house told the buyer, and what became of each notice.

Reading the list opens nothing. Opening one proves that it arrived, so it is an act of its own and
the page says so before. Not here: the words of notices (`desk/telling`), and what buyer and maker
say to each other (`messages.py`).
"""

from __future__ import annotations

from earnest.web.api.notices import NoticeShown, NoticesOfOrder
from earnest.web.api.timelines import Timeline
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit
from earnest.web.site.orders.reading import back, number_in, page, path_of, read_order


async def show(visit: Visit) -> Answer:
    """Every notice, the newest first; the words of those that were opened."""
    await visit.follow("order", visit.path["order_id"])
    read = await read_order(visit)
    found = await visit.ask("showNoticesOfOrder", NoticesOfOrder, path=path_of(visit))
    timeline = await visit.ask("showTimeline", Timeline, path=path_of(visit))
    return page(
        visit,
        read,
        "order_notices.html",
        notices=tuple(reversed(found.notices)),
        happened={each.sequence: each for each in timeline.events},
    )


async def submit(visit: Visit) -> Answer:
    """Open a notice."""
    sequence = number_in(visit, "number")
    path = path_of(visit) | {"sequence": str(sequence)}
    await visit.ask("openNotice", NoticeShown, {}, path=path)
    return back(visit, f"/notices#notice-{sequence}")


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/orders/{order_id}/notices",
            name="order-notices",
            access=Access.READERS,
            by_link=True,
            show=show,
            submit=submit,
        )
    ]
