"""What places need from the store: moves in the order of their writing, and who was served.

`store/queue_moves.py` implements it on PostgreSQL and `store/memory_moves.py` in memory. Not here:
writing moves, which the desk does in the transaction of the event.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

import msgspec

from earnest.core.order.reallocate import has_refused
from earnest.core.order.state import Order
from earnest.core.queue.lane import Lane
from earnest.core.queue.overtaking import Why
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import BuyerId, OrderId, QueueId
from earnest.core.values.instant import Instant
from earnest.desk.ports import RecordedMove


class MovesRead(msgspec.Struct, frozen=True):
    """Moves, and from where to read on. `cursor` is the store's own and means nothing else."""

    moves: Sequence[RecordedMove]
    cursor: str


class ServedOrder(msgspec.Struct, frozen=True):
    """An order that has a slot or a car and is not handed over, and since when it has it.

    `has_given_car` tells that it got a built car that another order gave up, and not a slot.
    """

    order: Order
    given_at: Instant
    has_given_car: bool = False

    @property
    def time(self) -> str:
        """The week of its slot; a car that stands there already sorts before every week."""
        slot = self.order.slot
        return "" if slot is None or self.has_given_car else slot.week

    def could_serve(self, order: Order) -> bool:
        """Whether another order could have been given the same thing in its place.

        A slot is built to order. A car that stands there is one configuration, with every extra,
        and is not offered again to a buyer who refused it.
        """
        car = self.order.car
        if not self.has_given_car or car is None:
            return True
        return car.configuration == order.configuration and not has_refused(order, car.vin)


class RecordedOvertaking(msgspec.Struct, frozen=True, kw_only=True):
    """An overtaking as it was put on record: which order by which later rank, and why.

    `by_order_id` is the order of that rank. Without `why` it is an inversion.
    """

    buyer_id: BuyerId
    order_id: OrderId
    queue_id: QueueId
    rank: int
    lane: Lane
    by_rank: int
    by_order_id: OrderId | None
    given_at: Instant
    recorded_at: Instant
    why: Why | None


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

    async def overtakings(
        self, skip: int, limit: int, *, only_inversions: bool = False
    ) -> Sequence[RecordedOvertaking]:
        """Overtakings on record, the newest first, after so many of them."""

    async def add_moves(self, moves: Sequence[RecordedMove]) -> int:
        """Add moves that are missing and return how many were; for the repair command."""
