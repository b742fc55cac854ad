"""Published documents are fetched once; an order is decided by its own, a reservation by the offer.

Not here: what the documents say.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest

from earnest.core.catalogue.model import Catalogue
from earnest.core.order import commands as ask
from earnest.core.queue.offer import Offer
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import CatalogueHash, QueueId, TermsHash
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.demo.maker import OPENED_AT, demo_offers
from earnest.desk.answer import PaymentAsked, accepted_answer
from earnest.desk.library import Library
from tests.desk import samples
from tests.desk.fakes import ShakyStore
from tests.desk.samples_settling import EVERY_OCCASION
from tests.desk.shop import CATALOGUE, TERMS, Shop, in_shop

NEWER = msgspec.structs.replace(TERMS, version="demo-2027-01")
CHANGES_AT = OPENED_AT + timedelta(days=30)


class Counting(ShakyStore):
    """A store that counts what is fetched."""

    def __init__(self, offers: Sequence[Offer]) -> None:
        """These offers are on sale."""
        super().__init__()
        self.fetched = 0
        self.on_sale = offers

    async def offers(self) -> Sequence[Offer]:
        """The offers of the test."""
        return self.on_sale

    async def terms(self, terms_hash: TermsHash) -> TermsVersion | None:
        """Either version, counted."""
        self.fetched += 1
        return {each.terms_hash: each for each in (TERMS, NEWER)}.get(terms_hash)

    async def catalogue(self, catalogue_hash: CatalogueHash) -> Catalogue | None:
        """The catalogue, counted."""
        self.fetched += 1
        return {CATALOGUE.catalogue_hash: CATALOGUE}.get(catalogue_hash)


OLD_OFFER, _ = demo_offers(TERMS, CATALOGUE)
CLOSED = msgspec.structs.replace(OLD_OFFER, closes_at=CHANGES_AT)
NEXT = msgspec.structs.replace(OLD_OFFER, terms_hash=NEWER.terms_hash, opens_at=CHANGES_AT)


def library(*offers: Offer) -> tuple[Library, Counting]:
    """A library that has looked at what is on sale."""
    store = Counting(offers)
    made = Library(store)
    asyncio.run(made.refresh_offers())
    return made, store


def reserve(shop: Shop) -> ask.Reserve:
    command = shop.reserve("li")
    assert isinstance(command, ask.Reserve)
    return command


def test_documents_are_fetched_once() -> None:
    made, store = library(CLOSED, NEXT)
    assert store.fetched == 3
    asyncio.run(made.refresh_offers())

    assert store.fetched == 3
    assert list(made.offers()) == [CLOSED, NEXT]
    assert made.terms(NEWER.terms_hash) == NEWER
    assert made.catalogue(CATALOGUE.catalogue_hash) == CATALOGUE


@pytest.mark.parametrize(
    ("moment", "terms"),
    [
        (OPENED_AT, TERMS),
        (CHANGES_AT - timedelta(microseconds=1), TERMS),
        (CHANGES_AT, NEWER),
    ],
)
def test_a_reservation_meets_the_offer_that_was_open_when_it_was_received(
    moment: object, terms: TermsVersion
) -> None:
    made, _ = library(CLOSED, NEXT)
    command = msgspec.structs.replace(reserve(Shop()), received_at=moment)
    facts = made.facts_of(None, command, 7)

    assert not isinstance(facts, Rejected)
    assert (facts.terms, facts.rank) == (terms, 7)


def test_a_reservation_outside_every_sale_meets_the_latest_offer() -> None:
    """The core then says that the sale is not open, and shows what would be current."""
    made, _ = library(CLOSED, NEXT)
    early = msgspec.structs.replace(reserve(Shop()), received_at=OPENED_AT - timedelta(days=1))

    assert made.offer_for(early) == NEXT


def test_without_an_offer_or_a_queue_nothing_is_on_sale() -> None:
    made, _ = library()
    shop = Shop()
    assert made.facts_of(None, reserve(shop), 1) == Rejected(Reason.SALE_NOT_OPEN)

    made, _ = library(OLD_OFFER)
    assert made.facts_of(None, reserve(shop), None) == Rejected(Reason.SALE_NOT_OPEN)
    elsewhere = msgspec.structs.replace(reserve(shop), queue_id=QueueId("nowhere"))
    assert made.facts_of(None, elsewhere, 1) == Rejected(Reason.SALE_NOT_OPEN)


def test_an_order_keeps_its_own_terms() -> None:
    """Its terms stay at hand, although the queue is sold under newer ones (CN-09)."""

    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        store = Counting([NEXT])
        made = Library(store)
        await made.refresh_offers()
        facts = await made.facts_to_read(order)
        command = shop.command("Withdraw", order, "buyer", "leave")

        assert facts.terms == TERMS
        assert made.facts_of(order, command, None) == facts

    in_shop(visit)


@pytest.mark.parametrize("field", ["terms_hash", "catalogue_hash"])
def test_a_document_that_is_missing_is_a_defect(field: str) -> None:
    unknown = msgspec.structs.replace(OLD_OFFER, **{field: "0" * 64})

    with pytest.raises(AssertionError, match="refers to unknown"):
        library(unknown)


def test_an_answer_tells_the_payment_that_was_opened() -> None:
    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        asked = next(
            event for event in EVERY_OCCASION if type(event).__name__ == "PaymentRequested"
        )

        assert accepted_answer(order, (asked,)).payment == PaymentAsked(
            payment_number=2, amount=samples.BALANCE
        )
        assert accepted_answer(order, (samples.DEPOSITED,)).payment is None

    in_shop(visit)
