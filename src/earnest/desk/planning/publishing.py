"""Publishing capacity: checked whole against what is on sale, kept whole, once per key.

Not here: what can be wrong with a document (`core/plan/faults.py`), and what it may leave unbuilt
(`core/plan/unbuildable.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from earnest.core.catalogue.model import Catalogue
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.faults import CapacityFault, Known, faults_of
from earnest.core.plan.unbuildable import Offered, Ordered, Unbuilt, unbuilt_in
from earnest.core.queue.offer import Offer
from earnest.core.values.ids import CatalogueHash
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.desk.group import KeyReused
from earnest.desk.planning.ports import CapacityVersion, Plans
from earnest.desk.planning.task import plan_day
from earnest.desk.publishing import Act


class OnSale(Protocol):
    """What the maker sells. Every method raises `StoreUnavailable`."""

    async def offers(self) -> Sequence[Offer]:
        """Every offer."""

    async def catalogue(self, catalogue_hash: CatalogueHash) -> Catalogue | None:
        """A catalogue by its digest."""


async def faults_in(
    plans: Plans, on_sale: OnSale, document: Capacity, at: Instant
) -> tuple[CapacityFault, ...]:
    """Every fault of a document that is to count from now on, by the first queue's calendar."""
    queues = await plans.queues()
    hashes = {offer.catalogue_hash for offer in await on_sale.offers()}
    catalogues = [await on_sale.catalogue(each) for each in sorted(hashes)]
    models = [model for each in catalogues if each is not None for model in each.models]
    known = Known(
        models=frozenset(model.code for model in models),
        options=frozenset(option.code for model in models for option in model.options),
        markets=frozenset(queue.market for queue in queues),
    )
    today = plan_day(queues, at)
    published = await plans.capacity()
    return faults_of(document, known, today, None if published is None else published.capacity)


async def unbuilt_by(
    plans: Plans, on_sale: OnSale, document: Capacity, at: Instant
) -> tuple[Unbuilt, ...]:
    """What is on sale or waited for, and no line of a sound document builds from now on."""
    queues = await plans.queues()
    market_of = {queue.queue_id: queue.market for queue in queues}
    options: dict[tuple[str, str], set[str]] = {}
    for offer in await on_sale.offers():
        catalogue = await on_sale.catalogue(offer.catalogue_hash)
        if catalogue is None or (offer.closes_at is not None and offer.closes_at <= at):
            continue
        for model in catalogue.models:
            of_model = options.setdefault((model.code, market_of[offer.queue_id]), set())
            of_model.update(option.code for option in model.options)
    offered = [
        Offered(model=model, market=market, options=frozenset(found))
        for (model, market), found in sorted(options.items())
    ]
    ordered = [
        Ordered(
            model=each.configuration.model,
            options=each.configuration.options,
            market=market_of[each.queue_id],
            orders=each.orders,
            order_id=each.order_id,
        )
        for each in await plans.waiting_kinds()
    ]
    # Very many configurations take a while, in which nobody at the doors should wait.
    return await asyncio.to_thread(unbuilt_in, document, offered, ordered, plan_day(queues, at))


async def publish_capacity(
    plans: Plans,
    on_sale: OnSale,
    act: Act,
    document: Capacity,
    instead_of: int | None = None,
) -> CapacityVersion | tuple[CapacityFault, ...] | Rejected | KeyReused:
    """Publish a document, or say everything that is wrong with it; nothing is half-published.

    Rejections: `capacity_outdated` if it was made from a version (`instead_of`) that is not the
    newest any more.
    """
    faults = await faults_in(plans, on_sale, document, act.received_at)
    if faults:
        return faults
    kept = await plans.add_capacity(
        CapacityVersion(
            version=0,
            digest=document.digest,
            capacity=document,
            actor_id=act.actor_id,
            key=act.key,
            content_hash=act.content_hash,
            published_at=act.received_at,
        ),
        instead_of,
    )
    if isinstance(kept, Rejected):
        return kept
    return kept if kept.content_hash == act.content_hash else KeyReused()
