"""What places need from the store: moves in the order of their writing, and who was served.

`store/queue_moves.py` implements it on PostgreSQL and `store/memory_moves.py` in memory. Not here:
writing moves, which the desk does in the transaction of the event.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

import msgspec

from earnest.core.order.state import Order
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.desk.ports import RecordedMove


class MovesRead(msgspec.Struct, frozen=True):
    """Moves, and from where to read on. `cursor` is the store's own and means nothing else."""

    moves: Sequence[RecordedMove]
    cursor: str


class ServedOrder(msgspec.Struct, frozen=True):
    """An order that has a slot or a car and is not handed over, and since when it has it."""

    order: Order
    given_at: Instant


class Moves(Protocol):
    """The moves of all queues. Every method raises `StoreUnavailable`."""

    def every_move(self) -> AsyncIterator[MovesRead]:
        """Every move there is, at one moment, in pieces; there is at least one piece.

        Moves of one order come in their order. Whoever reads on from the last cursor misses
        nothing that was committed since, whenever it was begun.
        """

    async def moves_since(self, cursor: str) -> MovesRead:
        """What was committed since, and again some of what was read before: skip what is known.

        The moves of one event are never apart.
        """

    async def queues(self) -> Sequence[Queue]:
        """Every queue, by its id."""

    async def cooling_off(self) -> Mapping[QueueId, int]:
        """How many orders of each queue are in their cooling-off period; none are left out."""

    async def served_orders(self) -> Sequence[ServedOrder]:
        """Every order that has a slot or a car and waits for its handover."""

    async def orders_of_ranks(self, queue_id: QueueId, ranks: Sequence[int]) -> Sequence[Order]:
        """The orders of these ranks of a queue, in their order."""

    async def add_moves(self, moves: Sequence[RecordedMove]) -> int:
        """Add moves that are missing and return how many were; for the repair command."""
