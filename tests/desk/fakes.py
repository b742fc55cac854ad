"""The store's twin in memory with a network in between: it can be lost, held up, and forget.

Not here: what the twin itself promises, which the store's contract suite holds against
PostgreSQL.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from enum import Enum, auto

import msgspec

from earnest.core.order.state import Order
from earnest.core.values.ids import QueueId
from earnest.desk.outgoing import Occurrence, Place
from earnest.desk.ports import (
    Changes,
    Loaded,
    Lookup,
    OrderDeadline,
    OrderKey,
    OutgoingMessage,
    RecordedEvent,
    RecordedPosting,
    StoreUnavailable,
)
from earnest.store.memory import MemoryStore, MemoryTransaction
from earnest.store.memory_reader import MemoryReader


class Fault(Enum):
    """How one transaction is lost."""

    AT_OPENING = auto()
    BEFORE_COMMIT = auto()
    AFTER_COMMIT = auto()
    """Everything was committed and the answer never came: the result is unknown."""


class ShakyTransaction(MemoryTransaction):
    """A transaction that notes what it was asked, and can forget keys."""

    store: ShakyStore

    async def load(self, lookup: Lookup) -> Loaded:
        """Read; orders and queues are named in the order in which they are locked."""
        assert list(lookup.orders) == sorted(set(lookup.orders)), "orders are locked in key order"
        assert list(lookup.queues) == sorted(set(lookup.queues)), "queues are locked in id order"
        await asyncio.sleep(0)
        loaded = await super().load(lookup)
        if self.store.remembers_keys:
            return loaded
        return msgspec.structs.replace(loaded, commands={})

    async def save(self, changes: Changes) -> None:
        """Write, and note how many commands the group had."""
        if not self.store.remembers_keys:
            changes = msgspec.structs.replace(changes, commands=[])
        self.decided = len(changes.commands)
        await super().save(changes)

    decided: int = 0


class ShakyStore(MemoryStore):
    """`faults` are used up one per transaction; None is a good one."""

    def __init__(self) -> None:
        """Begin well-behaved and empty."""
        super().__init__()
        self.faults: deque[Fault | None] = deque()
        self.gate: asyncio.Event | None = None
        self.groups: list[int] = []
        self.open_transactions = 0
        self.opened = 0
        self.remembers_keys = True
        self.looks_lost = 0
        self.looked_twice = asyncio.Event()
        self.in_line: list[OrderKey] | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryTransaction]:
        """A transaction; it waits before the commit while a test keeps the gate closed."""
        self.opened += 1
        fault = self.faults.popleft() if self.faults else None
        if fault is Fault.AT_OPENING:
            raise StoreUnavailable("no connection")
        self.open_transactions += 1
        try:
            async with super().transaction() as whole:
                transaction = ShakyTransaction(whole.tables)
                transaction.store = self
                yield transaction
                if self.gate is not None:
                    await self.gate.wait()
                if fault is Fault.BEFORE_COMMIT:
                    raise StoreUnavailable("connection lost before the commit")
                whole.tables = transaction.tables
                self.groups.append(transaction.decided)
        finally:
            self.open_transactions -= 1
        if fault is Fault.AFTER_COMMIT:
            raise StoreUnavailable("connection lost; nobody knows whether it was committed")

    async def next_in_line(
        self, limits: Mapping[QueueId, int | None], most: int
    ) -> Sequence[OrderKey]:
        """Who waits; `in_line` says otherwise, and the first `looks_lost` looks are lost."""
        if self.looks_lost:
            self.looks_lost -= 1
            raise StoreUnavailable("no connection")
        found = await super().next_in_line(limits, most)
        if not found:
            self.looked_twice.set()
        return found if self.in_line is None else self.in_line

    async def occurrences(self, places: Sequence[Place]) -> Mapping[Place, Occurrence]:
        """The events at these places, as committed."""
        return await MemoryReader(self).occurrences(places)

    async def order_of_buyer(self, key: OrderKey) -> Order | None:
        """The order as committed."""
        return self.tables.orders.get(key)

    def events_of(self, key: OrderKey) -> list[RecordedEvent]:
        """All events of an order, by sequence."""
        return list(self.tables.events.get(key, ()))

    @property
    def events(self) -> list[RecordedEvent]:
        """All events of all orders."""
        return [event for events in self.tables.events.values() for event in events]

    @property
    def postings(self) -> list[RecordedPosting]:
        """All postings of all orders."""
        return [posting for postings in self.tables.postings.values() for posting in postings]

    @property
    def orders(self) -> dict[OrderKey, Order]:
        """All orders as committed."""
        return self.tables.orders

    @property
    def deadlines(self) -> frozenset[OrderDeadline]:
        """All deadlines as stored."""
        return self.tables.deadlines

    @property
    def messages(self) -> tuple[OutgoingMessage, ...]:
        """Everything that was to leave so far."""
        return self.tables.messages
