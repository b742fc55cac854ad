"""Publishing terms and putting them on sale: checked whole, kept whole, once per key.

Not here: the checks themselves (`core/terms/publishing.py`, `core/launch/sale.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

import msgspec

from earnest.core.cases.second_person import is_another_person
from earnest.core.catalogue.model import Catalogue
from earnest.core.launch.sale import Sale, put_on_sale
from earnest.core.queue.offer import Offer
from earnest.core.queue.rank import Queue
from earnest.core.terms.publishing import Unpublishable, prepare
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.group import KeyReused
from earnest.desk.ports import Publication, PublicationKind, Shelf


class Publications(Protocol):
    """What a maker publishes, and the demo's clock. `store/publications.py` implements it."""

    async def publish(
        self,
        *,
        queues: Sequence[Queue],
        terms: TermsVersion,
        catalogue: Catalogue,
        offers: Sequence[Offer],
    ) -> None:
        """Make documents and offers known; what is already known stays exactly as it is."""

    async def clock_offset_seconds(self) -> int:
        """How far the demo's clock was moved forward; zero outside a demo."""

    async def move_clock(self, seconds: int) -> int:
        """Move the demo's clock forward for good and return the new offset in seconds."""


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks for a publication, by which key, with which content, and when it was received."""

    actor_id: str
    key: str
    content_hash: str
    received_at: Instant


async def publish_terms(
    shelf: Shelf, act: Act, source: str, name: str
) -> Publication | Unpublishable | Rejected | KeyReused:
    """Publish a document, or say everything that is in the way; nothing is half-published.

    A repeated act gets its first result, even when the linter has learned since. A refused one
    leaves its key unused, so the mended document may come with the same key. Rejections:
    `version_taken`.
    """
    known = await shelf.publication(act.actor_id, act.key)
    if known is not None:
        return _same(known, act)
    # A long document takes a fifth of a second, in which nobody else should wait.
    prepared = await asyncio.to_thread(prepare, source, name)
    if isinstance(prepared, Unpublishable):
        return prepared
    publication = Publication(
        actor_id=act.actor_id,
        key=act.key,
        content_hash=act.content_hash,
        kind=PublicationKind.TERMS,
        terms_hash=prepared.version.terms_hash,
        published_at=act.received_at,
        findings=prepared.findings,
    )
    return _same(await shelf.add_terms(publication, prepared.version), act)


class WantedOffer(msgspec.Struct, frozen=True, kw_only=True):
    """Published terms and a catalogue that somebody wants on sale in a queue."""

    queue_id: QueueId
    terms: TermsVersion
    catalogue: Catalogue
    opens_at: Instant | None = None
    closes_at: Instant | None = None


async def publish_offer(
    shelf: Shelf, act: Act, wanted: WantedOffer
) -> Publication | Rejected | KeyReused:
    """Put terms on sale from an instant on; without one, from the moment of asking.

    Whoever published the terms does not put them on sale: two people have read what buyers will
    sign. Rejections: `second_person_missing`, `queue_unknown`, `offer_exists`, those of
    `put_on_sale`.
    """
    known = await shelf.publication(act.actor_id, act.key)
    if known is not None:
        return _same(known, act)
    acts = await shelf.publications(wanted.terms.terms_hash)
    publishers = {each.actor_id for each in acts if each.kind is PublicationKind.TERMS}
    if not all(is_another_person(each, act.actor_id) for each in publishers):
        return Rejected(Reason.SECOND_PERSON_MISSING)
    queue = await shelf.queue(wanted.queue_id)
    if queue is None:
        return Rejected(Reason.QUEUE_UNKNOWN)
    sale = Sale(
        queue=queue,
        terms=wanted.terms,
        catalogue=wanted.catalogue,
        opens_at=wanted.opens_at or act.received_at,
        closes_at=wanted.closes_at,
    )
    offer = put_on_sale(sale, act.received_at)
    if isinstance(offer, Rejected):
        return offer
    publication = Publication(
        actor_id=act.actor_id,
        key=act.key,
        content_hash=act.content_hash,
        kind=PublicationKind.OFFER,
        terms_hash=offer.terms_hash,
        published_at=act.received_at,
        queue_id=offer.queue_id,
        opens_at=offer.opens_at,
    )
    return _same(await shelf.add_offer(publication, offer), act)


def _same(found: Publication | Rejected, act: Act) -> Publication | Rejected | KeyReused:
    """The publication on record, unless its key was used for something else."""
    if isinstance(found, Publication) and found.content_hash != act.content_hash:
        return KeyReused()
    return found
