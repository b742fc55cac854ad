"""POST /quotes: what a configuration costs, to the cent, before anybody decides anything.

Nothing is stored. Not here: the rules of the catalogue (`core/catalogue/configuration.py`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.catalogue.configuration import Configuration, PriceLine, quote
from earnest.core.values.ids import CatalogueHash
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.revealing import readable_catalogue
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import AskedConfiguration, Name


class QuoteAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A selection from one version of the catalogue."""

    catalogue_hash: Name
    configuration: AskedConfiguration


async def ask_quote(house: House, asked: Asked, wanted: QuoteAsked) -> Reply:
    """The price of a configuration, or the first thing that is wrong with it."""
    catalogue = await readable_catalogue(
        house, CatalogueHash(wanted.catalogue_hash), asked.received_at
    )
    quoted = quote(catalogue, wanted.configuration.meant(asked.received_at))
    if isinstance(quoted, Rejected):
        raise TurnedAway(quoted.reason, quoted.details)
    return Reply(
        value=QuoteGiven(configuration=quoted.configuration, lines=quoted.lines, price=quoted.price)
    )


class QuoteGiven(msgspec.Struct, frozen=True, kw_only=True):
    """The checked configuration and its price, line by line."""

    configuration: Configuration
    lines: tuple[PriceLine, ...]
    price: Money


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/quotes",
            operation="askQuote",
            summary="What a configuration costs.",
            tag="shop",
            access=Access.PUBLIC,
            takes=QuoteAsked,
            handler=ask_quote,
            gives=QuoteGiven,
            codes=(DoorCode.CATALOGUE_UNKNOWN,),
        )
    ]
