"""The store's twin in memory: the same promises to the desk, without PostgreSQL and durability.

Not here: reading for the doors (`memory_reader.py`). One contract suite runs against this twin
and against PostgreSQL, so that what holds for one holds for the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.launch.announcing import Announced
from earnest.core.launch.code import CodeFact
from earnest.core.order.events import BalanceDemanded, Inspected, Tendered
from earnest.core.order.parts import InspectionResult
from earnest.core.queue.offer import Offer
from earnest.core.queue.pause import SalePause
from earnest.core.queue.rank import Queue
from earnest.core.terms.agreement import PublicPromise
from earnest.core.terms.version import TermsVersion
from earnest.core.timers import DeadlineKind
from earnest.core.values.ids import (
    CampaignId,
    CatalogueHash,
    QueueId,
    TermsHash,
)
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.ports import (
    Changes,
    CommandKey,
    Counted,
    InboxMessage,
    KnownCommand,
    Loaded,
    Lookup,
    OrderDeadline,
    OrderKey,
    Publication,
    RecordedEvent,
)
from earnest.store.memory_cars import orders_ahead
from earnest.store.memory_deliveries import centres_in, move_deliveries
from earnest.store.memory_tables import Tables, require, units_kept


class MemoryTransaction:
    """One open transaction; its rows become the committed ones when it ends well."""

    def __init__(self, committed: Tables) -> None:
        self.tables = committed.copied()

    async def load(self, lookup: Lookup) -> Loaded:
        """Read orders, queues and known commands; the store runs one transaction at a time."""
        rows = self.tables
        orders = {key: rows.orders[key] for key in lookup.orders if key in rows.orders}
        of_orders = {each.queue_id for each in orders.values()}
        counted = {key for key in of_orders if rows.queues[key].units is not None}
        return Loaded(
            orders=orders,
            queues={
                key: rows.queues[key]
                for key in sorted({*lookup.queues, *counted})
                if key in rows.queues
            },
            waiting={
                key: tuple(each.rank for each in rows.waiting_in(key))[: lookup.first_waiting]
                for key in of_orders
                if lookup.first_waiting
            },
            held=rows.held_by(lookup.people),
            commands={key: rows.commands[key] for key in lookup.commands if key in rows.commands},
            codes={
                code.code_id: CodeFact(
                    code_id=code.code_id,
                    order_id=code.order_id,
                    is_revoked=code.revoked_at is not None,
                )
                for code in rows.codes.values()
                if code.code_id in lookup.codes
            },
            ahead=orders_ahead(rows.orders, lookup.given_cars),
            **centres_in(rows, lookup),
            taken={
                key: count.taken
                for key, count in rows.counts.items()
                if rows.counted_in[key] in lookup.counted
            },
        )

    async def save(self, changes: Changes) -> None:
        """Write everything of a group, in the order in which PostgreSQL gets it."""
        self._add_commands(changes)
        self._add_events(changes)
        self._add_postings(changes)
        self._put_orders(changes)
        for recorded in changes.events:
            self._add_to_inspection_chain(recorded)
        rows = self.tables
        rows.deadlines = (rows.deadlines - {*changes.deadlines_cleared}) | {*changes.deadlines_set}
        for queue in changes.queues:
            known = rows.queues[queue.queue_id]
            require(queue.next_rank >= known.next_rank, "a rank is given once")
            rows.queues[queue.queue_id] = msgspec.structs.replace(
                known, next_rank=queue.next_rank, units=units_kept(queue.units)
            )
        rows.add_moves(changes.moves)
        rows.freed_slots |= changes.freed_slots
        move_deliveries(rows, changes)
        for each in changes.outcomes:
            rows.outcomes.setdefault((each.order_id, each.given_on), each)
        rows.allotted |= {each.order: each for each in changes.allotted}
        for key in changes.no_longer_allotted:
            rows.allotted.pop(key, None)
        for order in changes.checkouts_wanted:
            rows.checkouts.setdefault(OrderKey(order.buyer_id, order.order_id), "wanted")
        for key in changes.checkouts_over:
            rows.checkouts.pop(key, None)
        self._move_places(changes)
        rows.messages = (*rows.messages, *changes.messages)

    def _move_places(self, changes: Changes) -> None:
        rows = self.tables
        keys = {code.code_id: key for key, code in rows.codes.items()}
        for move in changes.codes:
            key = keys.get(move.code_id)
            stands = key is not None and rows.codes[key].order_id == move.order_before
            require(stands or not move.was_locked, "a locked code is where it was")
            if stands and key is not None:
                moved = msgspec.structs.replace(rows.codes[key], order_id=move.order_id)
                rows.codes[key] = moved
        for change in changes.counts:
            counted = Counted(change.campaign_id, change.counter)
            count = rows.counts[counted]
            require(count.taken + change.change >= 0, "no more places are freed than were taken")
            taken = count.taken + change.change
            rows.counts[counted] = msgspec.structs.replace(count, taken=taken)

    def _add_commands(self, changes: Changes) -> None:
        for each in changes.commands:
            require(each.command not in self.tables.commands, "a command is kept once")
            self.tables.commands[each.command] = KnownCommand(each.content_hash, each.answer)

    def _add_events(self, changes: Changes) -> None:
        for each in changes.events:
            key = OrderKey(each.buyer_id, each.order_id)
            before = self.tables.events.get(key, ())
            known = {earlier.sequence for earlier in before}
            require(each.sequence not in known, "an event's number is used once")
            self.tables.events[key] = (*before, each)

    def _add_postings(self, changes: Changes) -> None:
        for each in changes.postings:
            key = OrderKey(each.buyer_id, each.order_id)
            causes = {event.sequence for event in self.tables.events.get(key, ())}
            require(each.sequence in causes, "a posting has an event")
            self.tables.postings[key] = (*self.tables.postings.get(key, ()), each)

    def _put_orders(self, changes: Changes) -> None:
        for order in changes.orders:
            key = OrderKey(order.buyer_id, order.order_id)
            require(
                (key in changes.created) != (key in self.tables.orders),
                "an order is created once, and changed only after that",
            )
            self.tables.orders[key] = order

    def _add_to_inspection_chain(self, recorded: RecordedEvent) -> None:
        key, rows = OrderKey(recorded.buyer_id, recorded.order_id), self.tables
        match recorded.event:
            case Tendered(tender_number=number):
                require((key, number) not in rows.tenders, "a tender's number is used once")
                rows.tenders = rows.tenders | {(key, number)}
            case Inspected(tender_number=number, result=result):
                require((key, number) in rows.tenders, "an inspection has a tender")
                require((key, number) not in rows.passed, "a tender is inspected once")
                rows.passed[key, number] = result is not InspectionResult.REFUSED
            case BalanceDemanded(tender_number=number):
                passed = rows.passed.get((key, number), False)
                require(passed, "no balance before a passed inspection")


class MemoryStore:
    """`Store`, `Publications` and `Shelf` of the desk's ports, for as long as the process lives."""

    def __init__(self) -> None:
        self.tables = Tables()
        self.inbox: dict[tuple[str, str], InboxMessage] = {}
        self.terms_known: dict[TermsHash, TermsVersion] = {}
        self._catalogues: dict[CatalogueHash, Catalogue] = {}
        self._offers: dict[tuple[QueueId, Instant], Offer] = {}
        self.announced: list[Announced] = []
        self.looks: dict[tuple[CampaignId, str], int] = {}
        self._promises: dict[str, PublicPromise] = {}
        self._publications: dict[tuple[str, str], Publication] = {}
        self._clock_offset_seconds = 0
        self._one_at_a_time = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryTransaction]:
        """Open a transaction; another one waits until it ends."""
        async with self._one_at_a_time:
            opened = MemoryTransaction(self.tables)
            yield opened
            self.tables = opened.tables

    async def publish(
        self,
        *,
        queues: Sequence[Queue],
        terms: TermsVersion,
        catalogue: Catalogue,
        offers: Sequence[Offer],
    ) -> None:
        """Make documents and offers known; what is already known stays exactly as it is."""
        for queue in queues:
            self.tables.queues.setdefault(queue.queue_id, queue)
        self.terms_known.setdefault(terms.terms_hash, terms)
        self._catalogues.setdefault(catalogue.catalogue_hash, catalogue)
        for offer in offers:
            self._offers.setdefault((offer.queue_id, offer.opens_at), offer)

    async def terms(self, terms_hash: TermsHash) -> TermsVersion | None:
        """A published terms version, by digest. It never changes."""
        return self.terms_known.get(terms_hash)

    async def catalogue(self, catalogue_hash: CatalogueHash) -> Catalogue | None:
        """A published catalogue, by digest. It never changes."""
        return self._catalogues.get(catalogue_hash)

    async def offers(self) -> Sequence[Offer]:
        """What is on sale, was, and will be, for all queues, by queue and opening."""
        return [self._offers[key] for key in sorted(self._offers)]

    async def campaigns(self) -> Sequence[Announced]:
        """Every version of every campaign, for all queues, the oldest first."""
        return sorted(
            self.announced,
            key=lambda x: (x.published_at, x.campaign.campaign_id, x.campaign.version),
        )

    async def pauses(self) -> Sequence[SalePause]:
        """Every pause of every sale, by queue, the earliest first."""
        return [self.tables.pauses[key] for key in sorted(self.tables.pauses)]

    async def publish_promise(self, promise: PublicPromise) -> bool:
        """Make a public promise known; False when its id is used, which changes nothing."""
        return self._promises.setdefault(promise.promise_id, promise) is promise

    async def public_promises(self) -> Sequence[PublicPromise]:
        """Everything the makers promised to everybody, for all queues, the oldest first."""
        return sorted(
            self._promises.values(), key=lambda each: (each.published_at, each.promise_id)
        )

    async def publication(self, actor_id: str, key: str) -> Publication | None:
        """The act of this actor with this key."""
        return self._publications.get((actor_id, key))

    async def publications(self, terms_hash: TermsHash) -> Sequence[Publication]:
        """Every act about these terms, the oldest first."""
        found = [each for each in self._publications.values() if each.terms_hash == terms_hash]
        return sorted(found, key=lambda each: (each.published_at, each.actor_id, each.key))

    async def add_terms(
        self, publication: Publication, terms: TermsVersion
    ) -> Publication | Rejected:
        """Keep terms and the act. Rejections: `version_taken` by other terms of that name."""
        earlier = await self.publication(publication.actor_id, publication.key)
        if earlier is not None:
            return earlier
        others = [each for each in self.terms_known.values() if each.terms_hash != terms.terms_hash]
        if any(each.version == terms.version for each in others):
            return Rejected(Reason.VERSION_TAKEN, {"version": terms.version})
        self.terms_known.setdefault(terms.terms_hash, terms)
        return self._publications.setdefault((publication.actor_id, publication.key), publication)

    async def add_offer(self, publication: Publication, offer: Offer) -> Publication | Rejected:
        """Keep an offer and the act. Rejections: `offer_exists` for this queue and instant."""
        earlier = await self.publication(publication.actor_id, publication.key)
        if earlier is not None:
            return earlier
        if (offer.queue_id, offer.opens_at) in self._offers:
            return Rejected(Reason.OFFER_EXISTS)
        self._offers[offer.queue_id, offer.opens_at] = offer
        return self._publications.setdefault((publication.actor_id, publication.key), publication)

    async def queue(self, queue_id: QueueId) -> Queue | None:
        """A queue, if it is known."""
        return self.tables.queues.get(queue_id)

    async def decided_before(self, keys: Sequence[CommandKey]) -> Mapping[CommandKey, KnownCommand]:
        """What was decided under these keys and committed; a key that is new is left out."""
        return {each: self.tables.commands[each] for each in keys if each in self.tables.commands}

    async def next_in_line(
        self, limits: Mapping[QueueId, int | None], most: int
    ) -> Sequence[OrderKey]:
        """Orders that wait while units of their queue are free, as many as there are, by rank."""
        found: list[OrderKey] = []
        for queue_id in sorted(limits):
            queue, limit = self.tables.queues.get(queue_id), limits[queue_id]
            if queue is None or queue.units is None:
                continue
            free = most if limit is None else max(limit - queue.units.taken, 0)
            found += [each.order for each in self.tables.waiting_in(queue_id)[:free]]
        return found[:most]

    async def due_deadlines(self, now: Instant, limit: int) -> Sequence[OrderDeadline]:
        """Deadlines that have passed, the oldest first, at most `limit`."""
        pauses = self.tables.pauses.values()
        waiting = {each.queue_id for each in pauses if each.settled_at is None}
        due = [
            each
            for each in self.tables.deadlines
            if each.deadline.due_at <= now
            if not waiting
            or each.deadline.kind is not DeadlineKind.LAPSE
            or self.tables.orders[each.order].queue_id not in waiting
        ]
        return sorted(due, key=lambda each: each.deadline.due_at)[:limit]

    async def keep_in_inbox(self, message: InboxMessage) -> bool:
        """Keep a message that matches no order; False when it was already kept."""
        key = (message.provider, message.event_id)
        if key in self.inbox:
            return False
        self.inbox[key] = message
        return True

    async def clock_offset_seconds(self) -> int:
        """How far the demo's clock was moved forward; zero outside a demo."""
        return self._clock_offset_seconds

    async def move_clock(self, seconds: int) -> int:
        """Move the demo's clock forward for good and return the new offset in seconds."""
        assert seconds >= 0, "time only moves forward"
        self._clock_offset_seconds += seconds
        return self._clock_offset_seconds
