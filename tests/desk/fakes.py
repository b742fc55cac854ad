"""A store in memory that locks, commits whole groups and can fail on request.

It keeps what PostgreSQL promises the desk: rows are locked until the commit, keys are read after
the locks, a transaction is all or nothing, and a primary key is used once. Not here: durability.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Hashable, Sequence
from contextlib import asynccontextmanager
from enum import Enum, auto

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.order.state import Order
from earnest.core.queue.offer import Offer
from earnest.core.queue.rank import Queue
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import CatalogueHash, QueueId, TermsHash
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
    OutgoingMessage,
    RecordedEvent,
    RecordedPosting,
    StoreUnavailable,
)


class Fault(Enum):
    """How one transaction is lost."""

    AT_OPENING = auto()
    BEFORE_COMMIT = auto()
    AFTER_COMMIT = auto()
    """Everything was committed and the answer never came: the result is unknown."""


class KeyTaken(Exception):
    """A primary key was used a second time."""


class MemoryStore:
    """`Store` for tests. `faults` are used up one per transaction; None is a good one."""

    def __init__(
        self,
        *,
        terms: TermsVersion,
        catalogue: Catalogue,
        offers: Sequence[Offer],
        queues: Sequence[Queue],
    ) -> None:
        """Publish these documents; there are no orders yet."""
        self.orders: dict[OrderKey, Order] = {}
        self.queues: dict[QueueId, Queue] = {queue.queue_id: queue for queue in queues}
        self.commands: dict[CommandKey, KnownCommand] = {}
        self.events: list[RecordedEvent] = []
        self.postings: list[RecordedPosting] = []
        self.deadlines: set[OrderDeadline] = set()
        self.messages: list[OutgoingMessage] = []
        self.inbox: dict[tuple[str, str], InboxMessage] = {}
        self.faults: deque[Fault | None] = deque()
        self.groups: list[int] = []
        self.open_transactions = 0
        self.gate: asyncio.Event | None = None
        self.remembers_keys = True
        self._terms = {terms.terms_hash: terms}
        self._catalogues = {catalogue.catalogue_hash: catalogue}
        self._offers = tuple(offers)
        self._locks: dict[Hashable, asyncio.Lock] = {}

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryTransaction]:
        """A transaction; waits at `gate` before the commit when a test closed it."""
        fault = self.faults.popleft() if self.faults else None
        if fault is Fault.AT_OPENING:
            raise StoreUnavailable("no connection")
        transaction = MemoryTransaction(self)
        self.open_transactions += 1
        try:
            yield transaction
            if self.gate is not None:
                await self.gate.wait()
            await asyncio.sleep(0)
            if fault is Fault.BEFORE_COMMIT:
                raise StoreUnavailable("connection lost before the commit")
            transaction.commit()
            if fault is Fault.AFTER_COMMIT:
                raise StoreUnavailable("connection lost; nobody knows whether it was committed")
        finally:
            self.open_transactions -= 1
            transaction.release()

    async def terms(self, terms_hash: TermsHash) -> TermsVersion | None:
        """A published terms version."""
        return self._terms.get(terms_hash)

    async def catalogue(self, catalogue_hash: CatalogueHash) -> Catalogue | None:
        """A published catalogue."""
        return self._catalogues.get(catalogue_hash)

    async def offers(self) -> Sequence[Offer]:
        """What is on sale."""
        return self._offers

    async def due_deadlines(self, now: Instant, limit: int) -> Sequence[OrderDeadline]:
        """What has passed, the oldest first."""
        due = [each for each in self.deadlines if each.deadline.due_at <= now]
        return sorted(due, key=lambda each: (each.deadline.due_at, each.order))[:limit]

    async def keep_in_inbox(self, message: InboxMessage) -> bool:
        """Keep a message once."""
        key = (message.provider, message.event_id)
        if key in self.inbox:
            return False
        self.inbox[key] = message
        return True

    async def event(self, key: OrderKey, sequence: int) -> RecordedEvent | None:
        """One event of an order."""
        found = [each for each in self.events_of(key) if each.sequence == sequence]
        return found[0] if found else None

    async def order_of_buyer(self, key: OrderKey) -> Order | None:
        """The order as committed."""
        return self.orders.get(key)

    def events_of(self, key: OrderKey) -> list[RecordedEvent]:
        """All events of an order, as stored."""
        return [each for each in self.events if OrderKey(each.buyer_id, each.order_id) == key]

    def lock_of(self, key: Hashable) -> asyncio.Lock:
        """The lock of a row, or of the place where a row would be."""
        return self._locks.setdefault(key, asyncio.Lock())


class MemoryTransaction:
    """`Transaction` on the memory store."""

    def __init__(self, store: MemoryStore) -> None:
        """Begin without locks."""
        self._store = store
        self._held: list[asyncio.Lock] = []
        self._changes: Changes | None = None

    async def load(self, lookup: Lookup) -> Loaded:
        """Lock in the agreed order, then read."""
        assert list(lookup.orders) == sorted(lookup.orders), "orders are locked in key order"
        assert list(lookup.queues) == sorted(lookup.queues), "queues are locked in id order"
        store = self._store
        rows = [key for key in lookup.orders if key in store.orders]
        for key in (*rows, *lookup.queues):
            lock = store.lock_of(key)
            await lock.acquire()
            self._held.append(lock)
        known = store.commands if store.remembers_keys else {}
        return Loaded(
            orders={key: store.orders[key] for key in lookup.orders if key in store.orders},
            queues={key: store.queues[key] for key in lookup.queues if key in store.queues},
            commands={key: known[key] for key in lookup.commands if key in known},
        )

    async def save(self, changes: Changes) -> None:
        """Remember what the commit will write."""
        assert self._changes is None, "a group is saved once"
        self._changes = msgspec.structs.replace(changes)

    def commit(self) -> None:
        """Write everything or, when a primary key is taken, nothing."""
        changes, store = self._changes, self._store
        if changes is None:
            return
        if store.remembers_keys:
            self._check_keys(changes)
        store.groups.append(len(changes.commands) or len(changes.deadlines_cleared))
        for command in changes.commands:
            store.commands[command.command] = KnownCommand(command.content_hash, command.answer)
        store.events.extend(changes.events)
        store.postings.extend(changes.postings)
        for order in changes.orders:
            store.orders[OrderKey(order.buyer_id, order.order_id)] = order
        store.deadlines -= set(changes.deadlines_cleared)
        store.deadlines |= set(changes.deadlines_set)
        for queue in changes.queues:
            store.queues[queue.queue_id] = queue
        store.messages.extend(changes.messages)

    def release(self) -> None:
        """Give the locks back."""
        while self._held:
            self._held.pop().release()

    def _check_keys(self, changes: Changes) -> None:
        store = self._store
        stored = {(each.buyer_id, each.order_id, each.sequence) for each in store.events}
        for event in changes.events:
            key = (event.buyer_id, event.order_id, event.sequence)
            if key in stored:
                raise KeyTaken(f"event {key}")
            stored.add(key)
        for command in changes.commands:
            if command.command in store.commands:
                raise KeyTaken(f"command {command.command}")
        if changes.created & set(store.orders):
            raise KeyTaken("order")
