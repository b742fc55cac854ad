"""/: what is on sale, what will be, and in a demo the ways in.

Not here: a model's own page (`configurator.py`).
"""

from __future__ import annotations

from earnest.demo.stage import BUYERS
from earnest.web.api.campaign_list import Campaigns
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page, Shown
from earnest.web.pages.visit import Visit
from earnest.web.site.drawing import drawing_of
from earnest.web.site.selecting import as_they_come, on_sale


async def show(visit: Visit) -> Answer:
    """Every model that is on sale, with its price."""
    await visit.follow("sale", "all")
    cars = [(each, drawing_of(each)) for each in as_they_come(await on_sale(visit))]
    is_demo = visit.house.advance is not None
    campaigns = (await visit.ask("listCampaigns", Campaigns)).campaigns
    values = {
        "cars": cars,
        "campaigns": campaigns,
        "buyers": BUYERS if is_demo and visit.buyer_id is None else {},
    }
    return Shown(template="site/home.html", values=values)


def pages() -> list[Page]:
    """The pages of this module."""
    return [Page(path="/", name="home", access=Access.PUBLIC, show=show)]
