"""A configuration in an address: what was chosen, what is on sale there, and what it comes to.

An address is the share link, so whoever opens it sees the same car at the present price. Not here:
the pages (`configurator.py`, `comparing.py`) and the rules, which the API's quote applies.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from earnest.core.catalogue.model import Model, Option
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.web.api.documents import CatalogueShown, TermsShown
from earnest.web.api.offers import Offers, OfferShown
from earnest.web.api.quotes import QuoteGiven
from earnest.web.codes import DoorCode
from earnest.web.pages.rendering import with_query
from earnest.web.pages.visit import Visit
from earnest.web.problems import Problem, TurnedAway, problem

CHOSEN = "yes"
"""What an address says of an extra that was chosen."""


class OnSale(msgspec.Struct, frozen=True, kw_only=True):
    """What a queue sells: its offer, its models, its terms."""

    queue: Queue
    offer: OfferShown
    models: tuple[Model, ...]
    terms: TermsShown
    opens_at: Instant | None = None
    """When everybody may order, where that is still to come."""


class Selected(msgspec.Struct, frozen=True, kw_only=True):
    """A model with its chosen options, and the quote or why there is none."""

    sale: OnSale
    model: Model
    options: tuple[str, ...]
    quote: QuoteGiven | None
    obstacle: Problem | None

    @property
    def address(self) -> str:
        """Where this very configuration is shown, always written the same way."""
        path = f"/models/{self.sale.queue.queue_id}/{self.model.code}"
        return with_query(path, dict(sorted(query_of(self.model, self.options).items())))

    @property
    def body(self) -> dict[str, object]:
        """The configuration as the API takes it."""
        return {"model": self.model.code, "options": list(self.options)}

    def chosen(self, choice: str) -> Option | None:
        """The first option that answers a choice."""
        return next(
            (x for x in self.model.options if x.choice == choice and x.code in self.options), None
        )

    def name_of(self, code: str) -> dict[str, str]:
        """The names of the model or of one of its options, as a line of the quote names it."""
        if code == self.model.code:
            return self.model.names
        return next(option.names for option in self.model.options if option.code == code)


async def on_sale(visit: Visit) -> list[OnSale]:
    """Everything that can be ordered now or later, as far as it was revealed."""
    found = []
    for offer in (await visit.ask("listOffers", Offers)).offers:
        path = {"catalogue_hash": offer.catalogue_hash}
        catalogue = await visit.ask("showCatalogue", CatalogueShown, path=path)
        terms = await visit.ask("showTerms", TermsShown, path={"terms_hash": offer.terms_hash})
        queue = await visit.house.shelf.queue(offer.queue_id)
        assert queue is not None, "what is on sale has a queue"
        models = tuple(each for each in catalogue.models if each.model_line == queue.model_line)
        campaign = visit.house.desk.library.campaign_at(offer.queue_id, visit.received_at)
        opens_at = offer.opens_at if campaign is None else campaign.opens_at
        found.append(
            OnSale(
                queue=queue,
                offer=offer,
                models=models,
                terms=terms,
                opens_at=opens_at if visit.received_at < opens_at else None,
            )
        )
    return found


async def selected(
    visit: Visit, queue_id: str, model_code: str, query: Mapping[str, str]
) -> Selected:
    """The configuration that an address names; what it does not say is the first option."""
    sales = await on_sale(visit)
    sale = next((each for each in sales if each.queue.queue_id == QueueId(queue_id)), None)
    model = next((x for x in sale.models if x.code == model_code), None) if sale else None
    if sale is None or model is None:
        raise TurnedAway(DoorCode.ROUTE_UNKNOWN)
    options = options_of(model, query)
    quote, obstacle = None, None
    try:
        quote = await visit.ask(
            "askQuote",
            QuoteGiven,
            {
                "catalogue_hash": sale.offer.catalogue_hash,
                "configuration": {"model": model.code, "options": list(options)},
                "queue_id": queue_id if sale.offer.is_open else None,
            },
        )
    except TurnedAway as away:
        # The names of options say more than their codes.
        names = {code: option_name(model, code, visit.language) for code in options}
        details = {key: _named(value, names, model, visit) for key, value in away.details.items()}
        obstacle = problem(away.code, visit.language, details)
    return Selected(sale=sale, model=model, options=options, quote=quote, obstacle=obstacle)


def as_they_come(sales: list[OnSale]) -> list[Selected]:
    """Every model that is sold, with the first option of each choice and no quote."""
    return [
        Selected(sale=sale, model=model, options=options_of(model, {}), quote=None, obstacle=None)
        for sale in sales
        for model in sale.models
    ]


def options_of(model: Model, query: Mapping[str, str]) -> tuple[str, ...]:
    """The options that an address chooses, in the order of the catalogue."""
    chosen: set[str] = set()
    for choice in model.choices:
        own = [option.code for option in model.options if option.choice == choice.code]
        if choice.single:
            wanted = query.get(choice.code)
            chosen |= {wanted if wanted in own else own[0]}
        else:
            chosen |= {code for code in own if query.get(code) == CHOSEN}
    return tuple(option.code for option in model.options if option.code in chosen)


def query_of(model: Model, options: tuple[str, ...]) -> dict[str, str]:
    """The same options as an address says them."""
    single = {choice.code for choice in model.choices if choice.single}
    return {
        option.choice if option.choice in single else option.code: (
            option.code if option.choice in single else CHOSEN
        )
        for option in model.options
        if option.code in options
    }


def option_name(model: Model, code: str, language: str) -> str:
    """What an option is called; a code that is none stays."""
    for option in model.options:
        if option.code == code:
            return option.names.get(language, code)
    return code


def _named(value: str, names: Mapping[str, str], model: Model, visit: Visit) -> str:
    """A detail of a refusal with options called by their names."""
    codes = value.split(", ")
    separator = "、" if visit.language == "zh-Hans" else ", "
    return separator.join(
        names.get(code, option_name(model, code, visit.language)) for code in codes
    )
