"""GET /offers: what is on sale, under which terms and from which catalogue.

Not here: the documents themselves (`documents.py`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.values.ids import CatalogueHash, QueueId, TermsHash
from earnest.core.values.instant import Instant
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.route import Asked, NoInput, Reply, Route


async def list_offers(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Everything on sale now, and what will be."""
    shown = tuple(
        OfferShown(
            queue_id=offer.queue_id,
            terms_hash=offer.terms_hash,
            catalogue_hash=offer.catalogue_hash,
            opens_at=offer.opens_at,
            closes_at=offer.closes_at,
            is_open=offer.is_open(asked.received_at),
        )
        for offer in house.desk.library.offers()
        if offer.closes_at is None or asked.received_at < offer.closes_at
    )
    return Reply(value=Offers(offers=shown), headers=[(b"cache-control", b"public, max-age=5")])


class OfferShown(msgspec.Struct, frozen=True, kw_only=True):
    """What a queue sells in the half-open time from `opens_at` to `closes_at`."""

    queue_id: QueueId
    terms_hash: TermsHash
    catalogue_hash: CatalogueHash
    opens_at: Instant
    closes_at: Instant | None
    is_open: bool


class Offers(msgspec.Struct, frozen=True):
    """All offers that have not closed."""

    offers: tuple[OfferShown, ...]


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/offers",
            operation="listOffers",
            summary="What is on sale, and under which terms.",
            tag="shop",
            access=Access.PUBLIC,
            takes=NoInput,
            handler=list_offers,
            gives=Offers,
            is_cacheable=True,
        )
    ]
