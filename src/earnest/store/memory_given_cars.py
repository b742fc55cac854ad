"""Cars that were given up, over the store's twin in memory.

Not here: who is ahead of an order inside a group (`memory_cars.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order.events_of_planning import SlotTaken
from earnest.core.order.parts import Slot
from earnest.core.order.reallocate import cars_given_up
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.desk.allocating import AHEAD_LIMIT
from earnest.desk.ports import OrderKey
from earnest.store.memory import MemoryStore


class MemoryCars:
    """`GivenCars` of the desk, on the tables of the store's twin."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def givers(self) -> Sequence[Order]:
        """Every order that gave up a car that nobody has yet."""
        return [each for each in self._store.tables.orders.values() if cars_given_up(each)]

    async def waiting_for(self, queue_id: QueueId, configuration: Configuration) -> Sequence[Order]:
        """The first orders of a queue that wait for exactly this car, by rank."""
        waiting = (
            each
            for each in self._store.tables.orders.values()
            if (each.queue_id, each.configuration) == (queue_id, configuration)
            and each.stage in {Stage.LOCKED, Stage.SCHEDULED}
            and each.deferral is None
        )
        return sorted(waiting, key=lambda each: each.rank)[:AHEAD_LIMIT]

    async def left_slots(self, week: str) -> Sequence[Order]:
        """Every order that left a slot of this week or a later one, and nobody has it."""
        rows = self._store.tables
        left = {key for key, slots in rows.freed_slots.items() for s in slots if s.week >= week}
        return [rows.orders[key] for key in sorted(left)]

    async def taken_slots(self, since: Instant) -> Sequence[tuple[OrderKey, Slot]]:
        """The slots that were taken since an instant, with the orders that had left them."""
        return [
            (key, recorded.event.slot)
            for key, events in sorted(self._store.tables.events.items())
            for recorded in events
            if isinstance(recorded.event, SlotTaken) and recorded.recorded_at >= since
        ]
