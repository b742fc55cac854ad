"""/models/{queue_id}/{model}: choosing a car, with price, tax, window and reasons on one page.

Every choice is in the address, so the address is the share link. Not here: two cars side by side
(`comparing.py`) and ordering (`checkout.py`).
"""

from __future__ import annotations

from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page, Shown
from earnest.web.pages.rendering import with_query
from earnest.web.pages.visit import Visit
from earnest.web.site.drawing import PAINTS, drawing_of
from earnest.web.site.selecting import Selected, query_of, selected


async def show(visit: Visit) -> Answer:
    """One model with everything that can be chosen for it."""
    chosen = await selected(visit, visit.path["queue_id"], visit.path["model"], visit.query)
    values = {
        "chosen": chosen,
        "drawing": drawing_of(chosen),
        "paints": PAINTS,
        "share": f"{visit.house.settings.public_url}{chosen.address}",
        "order_at": order_address(chosen, visit.new_key()),
        "compare_at": with_query("/compare", {"a": chosen.address}),
    }
    return Shown(template="site/configurator.html", values=values)


def order_address(chosen: Selected, checkout_id: str) -> str:
    """Where ordering this configuration begins. The id makes it one order, however often sent."""
    query = {
        "queue": chosen.sale.queue.queue_id,
        "model": chosen.model.code,
        **query_of(chosen.model, chosen.options),
    }
    return with_query(f"/checkout/{checkout_id}", query)


def pages() -> list[Page]:
    """The pages of this module."""
    return [Page(path="/models/{queue_id}/{model}", name="model", access=Access.PUBLIC, show=show)]
