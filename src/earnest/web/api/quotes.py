"""POST /quotes: what a configuration costs, to the cent, before anybody decides anything.

Nothing is stored. Not here: the rules of the catalogue (`core/catalogue/configuration.py`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.catalogue.configuration import Configuration, PriceLine, Quote, quote
from earnest.core.order.reserve import not_buildable, promised_by_terms
from earnest.core.plan.promise import PromiseReason
from earnest.core.settlement.tax import tax_in
from earnest.core.terms.packs.laws import LAWS
from earnest.core.values.ids import CatalogueHash, QueueId
from earnest.core.values.instant import Instant, Window, zone
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.telling.foreseen import reason_words
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import Problem, TurnedAway, problem
from earnest.web.revealing import readable_catalogue
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import AskedConfiguration, Name


class QuoteAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A selection from one version of the catalogue, and in which queue it would be reserved.

    Without a queue the quote says nothing about delivery.
    """

    catalogue_hash: Name
    configuration: AskedConfiguration
    queue_id: Name | None = None


async def ask_quote(house: House, asked: Asked, wanted: QuoteAsked) -> Reply:
    """The price of a configuration, or the first thing that is wrong with it."""
    catalogue = await readable_catalogue(
        house, CatalogueHash(wanted.catalogue_hash), asked.received_at
    )
    quoted = quote(catalogue, wanted.configuration.meant(asked.received_at))
    if isinstance(quoted, Rejected):
        raise TurnedAway(quoted.reason, quoted.details)
    delivery = None
    if wanted.queue_id is not None:
        delivery = _delivery(house, asked, QueueId(wanted.queue_id), quoted.configuration)
    return Reply(
        value=QuoteGiven(
            configuration=quoted.configuration,
            lines=quoted.lines,
            price=quoted.price,
            delivery=delivery,
            taxes=_taxes(house, wanted, asked.received_at, quoted),
        )
    )


def _delivery(
    house: House, asked: Asked, queue_id: QueueId, configuration: Configuration
) -> DeliveryQuoted:
    """When the car would come if it were reserved now (CN-38)."""
    library, at = house.desk.library, asked.received_at
    offers = [each for each in library.offers() if each.queue_id == queue_id and each.is_open(at)]
    if not offers:
        raise TurnedAway(Reason.SALE_NOT_OPEN)
    offer = offers[-1]
    foreseen = library.foreseen_now(offer, configuration, at)
    if foreseen is None:
        policy = library.terms(offer.terms_hash).policy
        return DeliveryQuoted(window=promised_by_terms(policy, at), reason=None, words="")
    obstacle = None
    if foreseen.window is None:
        rejected = not_buildable(foreseen.reason)
        obstacle = problem(rejected.reason, asked.language, rejected.details)
    return DeliveryQuoted(
        window=foreseen.window,
        reason=foreseen.reason,
        words=reason_words(
            foreseen.reason, asked.language, library.catalogue(offer.catalogue_hash)
        ),
        obstacle=obstacle,
    )


class DeliveryQuoted(msgspec.Struct, frozen=True, kw_only=True):
    """The window that a reservation would get now, with its reason in data and in words.

    Without published capacity it is that of the terms and has no reason. Where no window can be
    promised, `obstacle` says why, and a reservation would be refused for the same.
    """

    window: Window | None
    reason: PromiseReason | None
    words: str
    obstacle: Problem | None = None


class TaxInYear(msgspec.Struct, frozen=True):
    """The purchase tax if the car is invoiced in a year; None while its relief is not fixed."""

    year: int
    tax: Money | None


def _taxes(house: House, wanted: QuoteAsked, at: Instant, quoted: Quote) -> tuple[TaxInYear, ...]:
    """The tax of this year and the next, by the law of the terms now on sale (CN-40)."""
    library = house.desk.library
    open_now = [each for each in library.offers() if each.queue_id == wanted.queue_id]
    if not open_now:
        return ()
    policy = library.terms(open_now[-1].terms_hash).policy
    tax = LAWS[policy.jurisdiction].purchase_tax
    if tax is None:
        return ()
    first = at.astimezone(zone(policy.time_zone)).year
    return tuple(
        TaxInYear(year, tax_in(tax, quoted.price, year)) for year in range(first, first + YEARS)
    )


YEARS = 2
"""Of so many years the purchase tax is shown: a car ordered late in a year comes in the next."""


class QuoteGiven(msgspec.Struct, frozen=True, kw_only=True):
    """The checked configuration and its price, line by line, and when the car would come.

    `taxes` is the purchase tax by the year of the invoice, where the law has one.
    """

    configuration: Configuration
    lines: tuple[PriceLine, ...]
    price: Money
    delivery: DeliveryQuoted | None
    taxes: tuple[TaxInYear, ...] = ()


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/quotes",
            operation="askQuote",
            summary="What a configuration costs, and when the car would come.",
            tag="shop",
            access=Access.PUBLIC,
            takes=QuoteAsked,
            handler=ask_quote,
            gives=QuoteGiven,
            codes=(DoorCode.CATALOGUE_UNKNOWN, Reason.SALE_NOT_OPEN),
        )
    ]
