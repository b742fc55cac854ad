"""/: what is on sale, and in a demo the ways in.

Not here: a model's own page (`configurator.py`).
"""

from __future__ import annotations

from earnest.demo.stage import BUYERS
from earnest.web.api.documents import CatalogueShown
from earnest.web.api.offers import Offers
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page, Shown
from earnest.web.pages.visit import Visit


async def show(visit: Visit) -> Answer:
    """Every model that is on sale, with its price."""
    offers = (await visit.ask("listOffers", Offers)).offers
    lines = []
    for offer in offers:
        path = {"catalogue_hash": offer.catalogue_hash}
        catalogue = await visit.ask("showCatalogue", CatalogueShown, path=path)
        queue = await visit.house.shelf.queue(offer.queue_id)
        assert queue is not None, "what is on sale has a queue"
        models = [each for each in catalogue.models if each.model_line == queue.model_line]
        lines.append({"offer": offer, "models": models})
    is_demo = visit.house.advance is not None
    values = {"lines": lines, "buyers": BUYERS if is_demo else {}}
    return Shown(template="site/home.html", values=values)


def pages() -> list[Page]:
    """The pages of this module."""
    return [Page(path="/", name="home", access=Access.PUBLIC, show=show)]
