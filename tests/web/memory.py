"""A store in memory: what the desk writes and the doors read, without a database.

It is not the real store's equal: no constraints, no recovery, one process.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from earnest.core.catalogue.model import Catalogue
from earnest.core.order.state import Order
from earnest.core.queue.offer import Offer
from earnest.core.queue.rank import Queue
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import BuyerId, CatalogueHash, OrderId, QueueId, TermsHash
from earnest.core.values.instant import Instant
from earnest.desk.ports import (
    Changes,
    CommandKey,
    InboxMessage,
    KnownCommand,
    Loaded,
    Lookup,
    OrderDeadline,
    OrderKey,
    RecordedEvent,
    RecordedPosting,
    StoreUnavailable,
    Transaction,
)
from earnest.desk.views import Admission, BuyerProfile, OrderFilter, StaffProfile


class MemoryStore:
    """The store, the reader, the inbox and the register in one."""

    def __init__(
        self,
        queues: Sequence[Queue],
        terms: Sequence[TermsVersion],
        catalogues: Sequence[Catalogue],
        offers: Sequence[Offer],
    ) -> None:
        self.orders_by_key: dict[OrderKey, Order] = {}
        self.events_by_key: dict[OrderKey, list[RecordedEvent]] = {}
        self.postings_by_key: dict[OrderKey, list[RecordedPosting]] = {}
        self.commands: dict[CommandKey, KnownCommand] = {}
        self.deadlines: set[OrderDeadline] = set()
        self.inbox: dict[tuple[str, str], InboxMessage] = {}
        self.admissions: dict[tuple[str, str], Admission] = {}
        self.buyers: dict[str, BuyerProfile] = {}
        self.colleagues: dict[str, StaffProfile] = {}
        self.is_reachable = True
        self._queues: dict[QueueId, Queue] = {queue.queue_id: queue for queue in queues}
        self._terms: dict[TermsHash, TermsVersion] = {each.terms_hash: each for each in terms}
        self._catalogues: dict[CatalogueHash, Catalogue] = {
            each.catalogue_hash: each for each in catalogues
        }
        self._offers = list(offers)

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        return self._transaction()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Transaction]:
        self._reach()
        yield self

    async def load(self, lookup: Lookup) -> Loaded:
        return Loaded(
            orders={
                key: self.orders_by_key[key] for key in lookup.orders if key in self.orders_by_key
            },
            queues={key: self._queues[key] for key in lookup.queues if key in self._queues},
            commands={key: self.commands[key] for key in lookup.commands if key in self.commands},
        )

    async def save(self, changes: Changes) -> None:
        for command in changes.commands:
            assert command.command not in self.commands, "a key is decided once"
            self.commands[command.command] = KnownCommand(command.content_hash, command.answer)
        for event in changes.events:
            self.events_by_key.setdefault(_key(event), []).append(event)
        for posting in changes.postings:
            self.postings_by_key.setdefault(_key(posting), []).append(posting)
        for order in changes.orders:
            self.orders_by_key[OrderKey(order.buyer_id, order.order_id)] = order
        for queue in changes.queues:
            self._queues[queue.queue_id] = queue
        self.deadlines -= set(changes.deadlines_cleared)
        self.deadlines |= set(changes.deadlines_set)

    async def terms(self, terms_hash: TermsHash) -> TermsVersion | None:
        return self._terms.get(terms_hash)

    async def catalogue(self, catalogue_hash: CatalogueHash) -> Catalogue | None:
        return self._catalogues.get(catalogue_hash)

    async def offers(self) -> Sequence[Offer]:
        return self._offers

    async def due_deadlines(self, now: Instant, limit: int) -> Sequence[OrderDeadline]:
        due = [each for each in self.deadlines if each.deadline.due_at <= now]
        return sorted(due, key=lambda each: each.deadline.due_at)[:limit]

    async def keep_in_inbox(self, message: InboxMessage) -> bool:
        self._reach()
        place = (message.provider, message.event_id)
        if place in self.inbox:
            return False
        self.inbox[place] = message
        return True

    async def order_by_id(self, order_id: OrderId) -> Order | None:
        self._reach()
        found = (each for each in self.orders_by_key.values() if each.order_id == order_id)
        return next(found, None)

    async def order_of_buyer(self, key: OrderKey) -> Order | None:
        self._reach()
        return self.orders_by_key.get(key)

    async def orders(
        self, wanted: OrderFilter, after: OrderKey | None, limit: int
    ) -> Sequence[Order]:
        self._reach()
        keys = sorted(key for key in self.orders_by_key if after is None or key > after)
        fitting = (order for key in keys if _fits(order := self.orders_by_key[key], wanted))
        return [order for order, _ in zip(fitting, range(limit), strict=False)]

    async def events(self, key: OrderKey) -> Sequence[RecordedEvent]:
        return self.events_by_key.get(key, [])

    async def postings(self, key: OrderKey) -> Sequence[RecordedPosting]:
        return self.postings_by_key.get(key, [])

    async def ping(self) -> None:
        self._reach()

    async def admit(self, admission: Admission, buyers: Sequence[BuyerProfile]) -> Admission:
        self._reach()
        place = (admission.actor_id, admission.key)
        if place not in self.admissions:
            self.admissions[place] = admission
            self.buyers |= {buyer.buyer_id: buyer for buyer in buyers}
        return self.admissions[place]

    async def buyer(self, buyer_id: BuyerId) -> BuyerProfile | None:
        return self.buyers.get(buyer_id)

    async def put_staff(self, staff: StaffProfile) -> None:
        self.colleagues[staff.staff_id] = staff

    async def staff(self, staff_id: str) -> StaffProfile | None:
        return self.colleagues.get(staff_id)

    def _reach(self) -> None:
        if not self.is_reachable:
            raise StoreUnavailable


def _key(recorded: RecordedEvent | RecordedPosting) -> OrderKey:
    return OrderKey(recorded.buyer_id, recorded.order_id)


def _fits(order: Order, wanted: OrderFilter) -> bool:
    car = None if order.car is None else order.car.vin
    pairs = (
        (wanted.buyer_id, order.buyer_id),
        (wanted.stage, order.stage),
        (wanted.queue_id, order.queue_id),
        (wanted.vin, car),
    )
    return all(asked is None or asked == found for asked, found in pairs)
