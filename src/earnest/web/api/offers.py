"""GET /offers: what is on sale, under which terms and from which catalogue; POST puts it there.

Not here: the documents themselves (`documents.py`) and publishing them (`terms.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from earnest.core.queue.offer import Offer
from earnest.core.values.ids import CatalogueHash, QueueId, TermsHash
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.publishing import WantedOffer, publish_offer
from earnest.web.api.terms import PublicationShown, act_of, publication_shown, published_only
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.revealing import is_hidden
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Name


class OfferGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Published terms and a published catalogue for a queue, from now or from an instant on."""

    queue_id: Name
    terms_hash: Name
    catalogue_hash: Name
    opens_at: Instant | None = None
    closes_at: Instant | None = None


async def add_offer(house: House, asked: Asked, wanted: OfferGiven) -> Reply:
    """Put terms on sale. Orders that exist keep theirs; what sold until then is superseded."""
    terms = await house.reader.terms(TermsHash(wanted.terms_hash))
    if terms is None:
        raise TurnedAway(DoorCode.TERMS_UNKNOWN)
    catalogue = await house.reader.catalogue(CatalogueHash(wanted.catalogue_hash))
    if catalogue is None:
        raise TurnedAway(DoorCode.CATALOGUE_UNKNOWN)
    outcome = await publish_offer(
        house.shelf,
        act_of(asked),
        WantedOffer(
            queue_id=QueueId(wanted.queue_id),
            terms=terms,
            catalogue=catalogue,
            opens_at=wanted.opens_at,
            closes_at=wanted.closes_at,
        ),
    )
    published = published_only(outcome)
    await house.desk.library.refresh_offers()
    return Reply(status=201, value=publication_shown(published, asked.language))


async def list_offers(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Everything on sale now, and what will be. Of two that are open, the later one sells."""
    offers = house.desk.library.offers()
    shown = tuple(
        OfferShown(
            queue_id=offer.queue_id,
            terms_hash=offer.terms_hash,
            catalogue_hash=offer.catalogue_hash,
            opens_at=offer.opens_at,
            closes_at=offer.closes_at,
            is_open=offer.is_open(asked.received_at),
        )
        for offer in offers
        if offer.closes_at is None or asked.received_at < offer.closes_at
        if not is_hidden(house, offer, asked.received_at)
        if not _is_superseded(offer, offers, asked.received_at)
    )
    return Reply(value=Offers(offers=shown), headers=[(b"cache-control", b"public, max-age=5")])


def _is_superseded(offer: Offer, offers: Sequence[Offer], now: Instant) -> bool:
    """Whether a later sale of the same queue is open, so that nobody buys under this one."""
    return any(
        each.queue_id == offer.queue_id and offer.opens_at < each.opens_at and each.is_open(now)
        for each in offers
    )


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
        ),
        Route(
            method="POST",
            path="/offers",
            operation="putOnSale",
            summary="Put published terms on sale in a queue from an instant on.",
            description="Orders keep the version they were made under; whoever reserves from then "
            "on gets this one. Whoever published them is not the one who puts them on sale. "
            "Another server may take five seconds to know of it.",
            tag="terms",
            access=Access.EDITORS,
            takes=OfferGiven,
            handler=add_offer,
            gives=PublicationShown,
            status=201,
            needs_key=True,
            codes=(
                DoorCode.TERMS_UNKNOWN,
                DoorCode.CATALOGUE_UNKNOWN,
                DoorCode.KEY_REUSED,
                Reason.SECOND_PERSON_MISSING,
                Reason.QUEUE_UNKNOWN,
                Reason.OFFER_IN_THE_PAST,
                Reason.OFFER_CLOSES_TOO_EARLY,
                Reason.OFFER_EXISTS,
                Reason.MODEL_LINE_MISSING,
                Reason.CURRENCY_DIFFERS,
                Reason.PRICE_BELOW_TERMS,
            ),
        ),
    ]
