"""Published terms, catalogues and offers, remembered by digest.

Not here: publishing them. What has a digest never changes, so it is fetched once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
import structlog

from earnest.core.catalogue.configuration import Configuration, quote
from earnest.core.catalogue.model import Catalogue
from earnest.core.launch.announcing import Announced, in_force
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.edition import UNLIMITED
from earnest.core.launch.keeping import campaign_kept_open
from earnest.core.launch.raising import with_places_raised
from earnest.core.order.commands import Command, Reserve, Resume
from earnest.core.order.commands_of_agreements import (
    AcceptTerms,
    AnnounceChange,
    ApplyPublicPromise,
    OfferTerms,
)
from earnest.core.order.facts import Facts
from earnest.core.order.standing import lane_in
from earnest.core.order.state import Order
from earnest.core.plan.promise import Foreseen
from earnest.core.queue.lane import Lane
from earnest.core.queue.offer import Offer
from earnest.core.queue.pause import SalePause
from earnest.core.terms.agreement import PublicPromise
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import CampaignId, CatalogueHash, QueueId, TermsHash
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.foreseeing.ports import Foresees
from earnest.desk.ports import Loaded, Store, StoreUnavailable

log = structlog.get_logger(__name__)

PAUSES_LOOK_SECONDS = 1.0
"""How long a server may not tell buyers of a pause yet; it keeps them out at once all the same."""

OFFERS_LOOK_SECONDS = 5.0
"""How long a newly published offer may stay unknown to a running server."""


LANES_REMEMBERED = 10_000
"""Configurations whose lane is at hand; extras make many of them, and few lanes."""


class Library:
    """Facts that do not change, at hand without asking the store again."""

    def __init__(self, store: Store, *, payment_opens_later: bool = False) -> None:
        """Start empty; everything is fetched when it is first needed.

        `payment_opens_later`: the provider has to be asked before a deposit can be paid.
        """
        self._payment_opens_later = payment_opens_later
        self._store = store
        self._terms: dict[TermsHash, TermsVersion] = {}
        self._catalogues: dict[CatalogueHash, Catalogue] = {}
        self._offers: dict[QueueId, tuple[Offer, ...]] = {}
        self._promises: dict[QueueId, tuple[PublicPromise, ...]] = {}
        self._lanes: dict[tuple[CatalogueHash, Configuration], Lane] = {}
        self._campaigns: dict[QueueId, tuple[Announced, ...]] = {}
        self._pauses: dict[QueueId, tuple[SalePause, ...]] = {}
        self.foresees: Foresees | None = None

    async def refresh_offers(self) -> None:
        """Fetch what is on sale, with its terms and catalogues, what is promised, and campaigns."""
        offers = await self._store.offers()
        by_queue: dict[QueueId, list[Offer]] = {}
        for offer in offers:
            by_queue.setdefault(offer.queue_id, []).append(offer)
            await self._fetch(offer.terms_hash, offer.catalogue_hash)
        promises: dict[QueueId, list[PublicPromise]] = {}
        for promise in await self._store.public_promises():
            promises.setdefault(promise.queue_id, []).append(promise)
        campaigns: dict[QueueId, list[Announced]] = {}
        for announced in await self._store.campaigns():
            campaigns.setdefault(announced.campaign.queue_id, []).append(announced)
        self._campaigns = {queue_id: tuple(each) for queue_id, each in campaigns.items()}
        self._offers = {queue_id: tuple(each) for queue_id, each in by_queue.items()}
        self._promises = {queue_id: tuple(each) for queue_id, each in promises.items()}
        await self.refresh_pauses()

    async def refresh_pauses(self) -> None:
        """Fetch the pauses of all sales."""
        pauses: dict[QueueId, list[SalePause]] = {}
        for each in await self._store.pauses():
            pauses.setdefault(each.queue_id, []).append(each)
        self._pauses = {queue_id: tuple(each) for queue_id, each in pauses.items()}

    async def keep_fresh(self) -> None:
        """Look for newly published offers for ever, so that none waits for a restart."""
        while True:
            await asyncio.sleep(OFFERS_LOOK_SECONDS)
            try:
                await self.refresh_offers()
            except StoreUnavailable:
                log.warning("offers_wait_for_store")

    async def keep_pauses_fresh(self) -> None:
        """Look for pauses for ever, and often: buyers are told of one at once."""
        while True:
            await asyncio.sleep(PAUSES_LOOK_SECONDS)
            try:
                await self.refresh_pauses()
            except StoreUnavailable:
                log.warning("pauses_wait_for_store")

    async def fetch_for(self, loaded: Loaded) -> None:
        """Make sure that the terms and catalogues of all loaded orders are at hand."""
        for order in loaded.orders.values():
            await self._fetch(order.terms_hash, order.catalogue_hash)
            if order.terms_offer is not None:
                await self._fetch(order.terms_offer.terms_hash, order.catalogue_hash)
            for change in order.changes:
                if change.switch is not None:
                    await self._fetch(order.terms_hash, change.switch.catalogue_hash)

    async def _fetch(self, terms_hash: TermsHash, catalogue_hash: CatalogueHash) -> None:
        if terms_hash not in self._terms:
            terms = await self._store.terms(terms_hash)
            assert terms is not None, f"an order refers to unknown terms {terms_hash}"
            self._terms[terms_hash] = terms
        if catalogue_hash not in self._catalogues:
            catalogue = await self._store.catalogue(catalogue_hash)
            assert catalogue is not None, f"an order refers to unknown catalogue {catalogue_hash}"
            self._catalogues[catalogue_hash] = catalogue

    def offers(self) -> Sequence[Offer]:
        """Everything on sale in any queue."""
        return [offer for offers in self._offers.values() for offer in offers]

    def units_limited_to(self, at: Instant) -> dict[QueueId, int | None]:
        """How many units there are at an instant in each queue that ever had an edition.

        None where they are limited no more: whoever still waits there is given one.
        """
        ever = [
            queue_id
            for queue_id, versions in self._campaigns.items()
            if any(each.campaign.edition is not None for each in versions)
        ]
        found = {queue_id: in_force(self._campaigns[queue_id], at) for queue_id in ever}
        return {
            queue_id: (announced.campaign.edition or UNLIMITED).units
            for queue_id, announced in found.items()
            if announced is not None
        }

    def offer_for(self, command: Command) -> Offer | None:
        """The offer a reservation answers to: open when it was received, or the latest."""
        assert isinstance(command, Reserve), "only a reservation answers to an offer"
        offers = self._offers.get(command.queue_id, ())
        is_open = [offer for offer in offers if offer.is_open(command.received_at)]
        candidates = is_open or list(offers)
        return candidates[-1] if candidates else None

    def facts_of(self, order: Order | None, command: Command, rank: int | None) -> Facts | Rejected:
        """The facts for deciding one command. The order's own terms, never "the current" ones."""
        if order is not None:
            facts = self._facts_of_command(order, command)
            pauses = self._pauses.get(order.queue_id)
            if pauses is not None and order.pay_until is not None:
                facts = msgspec.structs.replace(facts, pauses=pauses)
            if order.unit is None:
                return facts
            campaign = self.campaign_at(order.queue_id, command.received_at)
            return msgspec.structs.replace(
                facts, campaign=campaign, payment_opens_later=self._payment_opens_later
            )
        offer = self.offer_for(command)
        if offer is None or rank is None:
            return Rejected(Reason.SALE_NOT_OPEN)
        assert isinstance(command, Reserve), "only a reservation begins without an order"
        return Facts(
            terms=self._terms[offer.terms_hash],
            catalogue=self._catalogues[offer.catalogue_hash],
            offer=offer,
            rank=rank,
            promises=self._promises.get(offer.queue_id, ()),
            campaign=self.campaign_at(offer.queue_id, command.received_at),
            payment_opens_later=self._payment_opens_later,
            foreseen=None if self.foresees is None else self._foreseen(offer, command, rank),
            pauses=self._pauses.get(offer.queue_id, ()),
        )

    def _foreseen(self, offer: Offer, command: Reserve, rank: int) -> Foreseen | None:
        """What can be promised to a reservation; its place in the live counters is taken now."""
        assert self.foresees is not None, "asked only where there are live counters"
        quoted = quote(self._catalogues[offer.catalogue_hash], command.configuration)
        if isinstance(quoted, Rejected):
            return None
        return self.foresees.reserve(
            offer.queue_id,
            rank,
            quoted.configuration,
            at=command.received_at,
            free_days=free_days(self._terms[offer.terms_hash].policy),
        )

    def foreseen_now(
        self, offer: Offer, configuration: Configuration, at: Instant
    ) -> Foreseen | None:
        """What would be promised to whoever reserved now; None without live counters."""
        if self.foresees is None:
            return None
        days = free_days(self._terms[offer.terms_hash].policy)
        return self.foresees.foresee(
            offer.queue_id, configuration, at=at, wanted_from=at, free_days=days
        )

    def foreseen_for(self, order: Order, wanted_from: Instant, at: Instant) -> Foreseen | None:
        """What could be promised to an order, by its rank, whose car is wanted from an instant on.

        Who deferred stands at the place of its rank again.
        """
        if self.foresees is None:
            return None
        return self.foresees.foresee_by_rank(
            order.queue_id,
            order.rank,
            order.configuration,
            at=at,
            wanted_from=max(wanted_from, order.cooling_off_ends or at, at),
        )

    def has_campaign(self, queue_id: QueueId) -> bool:
        """Whether a queue is sold by a campaign."""
        return queue_id in self._campaigns

    def campaign_at(self, queue_id: QueueId, at: Instant) -> Campaign | None:
        """The version of a queue's campaign that was in force at an instant, if there was one.

        Its ends are those that hold after the pauses of the sale.
        """
        versions = self._campaigns.get(queue_id)
        if versions is None:
            return None
        found = in_force(versions, at)
        if found is None:
            return None
        return campaign_kept_open(found, self._pauses.get(queue_id, ()), at)

    def pauses_of(self, queue_id: QueueId) -> tuple[SalePause, ...]:
        """The pauses of a queue's sale, the earliest first."""
        return self._pauses.get(queue_id, ())

    def pause_of(self, queue_id: QueueId) -> SalePause | None:
        """The pause of a queue's sale that goes on."""
        return next((each for each in self._pauses.get(queue_id, ()) if each.is_running), None)

    def campaigns_in_force(self, at: Instant) -> list[Campaign]:
        """The version in force of every queue's campaign, with how its places were raised."""
        known = self._campaigns.items()
        found = ((self.campaign_at(queue_id, at), versions) for queue_id, versions in known)
        return [with_places_raised(x, versions) for x, versions in found if x is not None]

    def versions_of(self, campaign_id: CampaignId) -> Sequence[Announced]:
        """Every version of a campaign, the oldest first; none of one that is not known."""
        return [
            each
            for versions in self._campaigns.values()
            for each in versions
            if each.campaign.campaign_id == campaign_id
        ]

    def versions_beside(self, campaign: Campaign) -> Sequence[Announced]:
        """Every version of a campaign, and of others of its queue, the oldest first."""
        return [
            each
            for versions in self._campaigns.values()
            for each in versions
            if each.campaign.queue_id == campaign.queue_id
            or each.campaign.campaign_id == campaign.campaign_id
        ]

    def _facts_of_command(self, order: Order, command: Command) -> Facts:
        facts = self.facts_of_order(order)
        match command:
            case ApplyPublicPromise():
                promises = self._promises.get(order.queue_id, ())
                return msgspec.structs.replace(facts, promises=promises)
            case OfferTerms():
                offered = self._offered(order.queue_id, command.terms_hash)
                return msgspec.structs.replace(facts, offered_terms=offered)
            case AcceptTerms() if order.terms_offer is not None:
                offered = self._terms[order.terms_offer.terms_hash]
                return msgspec.structs.replace(facts, offered_terms=offered)
            case AnnounceChange() if command.catalogue_hash is not None:
                catalogue = self._offered_catalogue(order.queue_id, command.catalogue_hash)
                return msgspec.structs.replace(facts, offered_catalogue=catalogue)
            case Resume():
                at = command.received_at
                return msgspec.structs.replace(facts, foreseen=self.foreseen_for(order, at, at))
            case _:
                return facts

    def _offered(self, queue_id: QueueId, terms_hash: TermsHash) -> TermsVersion | None:
        """A version that this queue was ever on sale with; another queue's is unknown here."""
        hashes = {offer.terms_hash for offer in self._offers.get(queue_id, ())}
        return self._terms[terms_hash] if terms_hash in hashes else None

    def _offered_catalogue(
        self, queue_id: QueueId, catalogue_hash: CatalogueHash
    ) -> Catalogue | None:
        hashes = {offer.catalogue_hash for offer in self._offers.get(queue_id, ())}
        return self._catalogues[catalogue_hash] if catalogue_hash in hashes else None

    def promises(self, queue_id: QueueId) -> Sequence[PublicPromise]:
        """Everything promised publicly in a queue, the oldest first."""
        return self._promises.get(queue_id, ())

    def facts_of_order(self, order: Order) -> Facts:
        """The terms and catalogue frozen on an order. They must have been fetched."""
        return Facts(
            terms=self._terms[order.terms_hash], catalogue=self._catalogues[order.catalogue_hash]
        )

    def lane_of(self, order: Order) -> Lane:
        """The lane in which an order stands. Its catalogue must have been fetched."""
        wanted = (order.catalogue_hash, order.configuration)
        lane = self._lanes.get(wanted)
        if lane is None:
            if len(self._lanes) >= LANES_REMEMBERED:
                self._lanes.clear()
            lane = lane_in(order.configuration, self._catalogues[order.catalogue_hash])
            self._lanes[wanted] = lane
        return lane

    async def facts_to_read(self, order: Order) -> Facts:
        """The same for a reader, fetched where needed."""
        await self._fetch(order.terms_hash, order.catalogue_hash)
        return self.facts_of_order(order)

    def terms(self, terms_hash: TermsHash) -> TermsVersion:
        """Fetched terms by digest."""
        return self._terms[terms_hash]

    def catalogue(self, catalogue_hash: CatalogueHash) -> Catalogue:
        """A fetched catalogue by digest."""
        return self._catalogues[catalogue_hash]

    def known_catalogue(self, catalogue_hash: CatalogueHash) -> Catalogue | None:
        """The same, or None before it was fetched; what is on sale always was."""
        return self._catalogues.get(catalogue_hash)


def free_days(policy: Policy) -> int:
    """The days of the cooling-off period, a part of a day as a whole one: nothing is built then."""
    return -(-policy.cooling_off_hours // 24)
