"""The moves of all queues over the store's twin in memory.

Not here: writing them (`memory.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import islice

from earnest.core.order.events_of_planning import Overtaken
from earnest.core.order.state import Order
from earnest.core.queue.rank import Queue
from earnest.core.timers import DeadlineKind
from earnest.core.values.ids import QueueId
from earnest.desk.places.ports import MovesRead, RecordedOvertaking, ServedOrder
from earnest.desk.ports import OrderKey, RecordedMove
from earnest.store.memory import MemoryStore
from earnest.store.queue_moves import GIVEN_CAR, SERVED_BY, SERVED_STAGES


class MemoryMoves:
    """`Moves` of the ports of places. The cursor counts the moves that were read."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def every_move(self) -> AsyncIterator[MovesRead]:
        """Every move there is, in one piece."""
        yield await self.moves_since("0")

    async def moves_since(self, cursor: str) -> MovesRead:
        """What was added since."""
        moves = self._store.tables.moves
        return MovesRead(list(islice(moves.values(), int(cursor), None)), str(len(moves)))

    async def queues(self) -> Sequence[Queue]:
        """Every queue, by its id."""
        queues = self._store.tables.queues
        return [queues[queue_id] for queue_id in sorted(queues)]

    async def cooling_off(self) -> Mapping[QueueId, int]:
        """How many orders of each queue are in their cooling-off period; none are left out."""
        tables = self._store.tables
        return Counter(
            tables.orders[each.order].queue_id
            for each in tables.deadlines
            if each.deadline.kind is DeadlineKind.LOCK
        )

    async def served_orders(self) -> Sequence[ServedOrder]:
        """Every order that has a slot or a car and waits for its handover."""
        tables = self._store.tables
        found = []
        for key, order in tables.orders.items():
            given = [
                each.event for each in tables.events[key] if type(each.event).__name__ in SERVED_BY
            ]
            if given and order.stage in SERVED_STAGES:
                last = given[-1]
                found.append(ServedOrder(order, last.at, type(last).__name__ == GIVEN_CAR))
        return found

    async def orders_of_ranks(self, queue_id: QueueId, ranks: Sequence[int]) -> Sequence[Order]:
        """The orders of these ranks of a queue, in their order."""
        orders = self._store.tables.orders.values()
        found = [each for each in orders if each.queue_id == queue_id and each.rank in ranks]
        return sorted(found, key=lambda each: each.rank)

    async def overtakings(
        self, skip: int, limit: int, *, only_inversions: bool = False
    ) -> Sequence[RecordedOvertaking]:
        """Overtakings on record, the newest first, after so many of them."""
        tables = self._store.tables
        places = {(each.queue_id, each.rank): each.order_id for each in tables.orders.values()}
        found = []
        for key, events in tables.events.items():
            order = tables.orders[key]
            for each in events:
                event = each.event
                if not isinstance(event, Overtaken) or (only_inversions and event.why is not None):
                    continue
                found.append(
                    RecordedOvertaking(
                        buyer_id=order.buyer_id,
                        order_id=order.order_id,
                        queue_id=order.queue_id,
                        rank=order.rank,
                        lane=event.lane,
                        by_rank=event.by_rank,
                        by_order_id=places.get((order.queue_id, event.by_rank)),
                        given_at=event.given_at,
                        recorded_at=each.recorded_at,
                        why=event.why,
                    )
                )
        found.sort(key=lambda each: each.rank)
        found.sort(key=lambda each: each.recorded_at, reverse=True)
        return found[skip : skip + limit]

    async def add_moves(self, moves: Sequence[RecordedMove]) -> int:
        """Add moves that are missing and return how many were; for the repair command."""
        tables = self._store.tables
        before = len(tables.moves)
        tables.add_moves(moves)
        return len(tables.moves) - before

    async def forget(self, key: OrderKey) -> None:
        """Lose the moves of an order, as if it were from before there were moves."""
        moves = self._store.tables.moves
        for each in [each for each in moves if each[0] == key]:
            del moves[each]
