"""Putting published terms on sale in a queue from an instant on.

Orders that exist keep their version; whoever reserves from then on gets the new one. Not here:
publishing the terms (`core/terms/publishing.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.queue.offer import Offer
from earnest.core.queue.rank import Queue
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.reading import read_document
from earnest.core.terms.version import TermsVersion
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be on sale in the half-open time `[opens_at, closes_at)`."""

    queue: Queue
    terms: TermsVersion
    catalogue: Catalogue
    opens_at: Instant
    closes_at: Instant | None = None


def put_on_sale(sale: Sale, now: Instant) -> Offer | Rejected:
    """The offer, or why there is none.

    Nothing is sold under other terms after the fact, so a sale opens now or later (CN-09). The
    terms were checked for prices from their lowest on, so nothing cheaper is sold under them
    (CN-16). Rejections: `offer_in_the_past`, `offer_closes_too_early`, `model_line_missing`,
    `currency_differs`, `price_below_terms`.
    """
    if sale.opens_at < now:
        return Rejected(Reason.OFFER_IN_THE_PAST)
    if sale.closes_at is not None and sale.closes_at <= sale.opens_at:
        return Rejected(Reason.OFFER_CLOSES_TOO_EARLY)
    line = sale.queue.model_line
    prices = [each.price for each in sale.catalogue.models if each.model_line == line]
    if not prices:
        return Rejected(Reason.MODEL_LINE_MISSING, {"model_line": line})
    currency = sale.terms.policy.currency
    if any(price.currency != currency for price in prices):
        return Rejected(Reason.CURRENCY_DIFFERS, {"currency": currency})
    document = _document_of(sale.terms)
    lowest = min(price.amount for price in prices)
    if document is not None and lowest < document.money(document.price.lowest).amount:
        return Rejected(Reason.PRICE_BELOW_TERMS, {"lowest": document.price.lowest})
    return Offer(
        queue_id=sale.queue.queue_id,
        terms_hash=sale.terms.terms_hash,
        catalogue_hash=sale.catalogue.catalogue_hash,
        opens_at=sale.opens_at,
        closes_at=sale.closes_at,
    )


def _document_of(terms: TermsVersion) -> TermsDocument | None:
    """The document of a version; one from before documents, or of an older form, has none."""
    document = read_document(terms.source, terms.version)
    return document if isinstance(document, TermsDocument) else None
