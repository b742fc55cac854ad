"""Finding who was overtaken among the orders that have a slot or a car, each with its reason.

A published reason, read from the order as it stood when the later rank was served, justifies it,
or one that the published plan knows. Where there is none, it is an inversion. Not here: telling
those who were overtaken (`passing.py`), and what plans say (`desk/planning/passing.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import msgspec

from earnest.core.order.evolve import evolve
from earnest.core.order.standing import LaneOf, is_waiting, why_not_served
from earnest.core.order.state import Order
from earnest.core.queue.lane import Lane
from earnest.core.queue.overtaking import Passed, Served, Why, overtaken
from earnest.core.values.ids import OrderId, QueueId
from earnest.core.values.instant import Instant
from earnest.desk.places.ports import Moves, ServedOrder
from earnest.desk.places.snapshot import Snapshot
from earnest.desk.ports import OrderKey, RecordedEvent

AT_ONCE = 200
"""Orders looked at before others get their turn."""

EventsOf = Callable[[OrderKey], Awaitable[Sequence[RecordedEvent]]]

FindLane = Callable[[Order], Awaitable[Lane]]
"""Finds the lane of an order, also when its catalogue must be fetched first."""

PlannedWhy = Callable[[Order, ServedOrder], Awaitable[Why | None]]
"""Why an order could not have used the slot of another one, by the published plan."""


async def nothing_planned(order: Order, by: ServedOrder) -> Why | None:  # noqa: ARG001 - as called
    """No plan is published, so none knows a reason."""
    return None


class Inversion(msgspec.Struct, frozen=True, kw_only=True):
    """A rank that was overtaken: by whom first, and why. Without a reason it is an inversion.

    `order` is as it stands now; `others` counts all who overtook it with what it could have had.
    """

    queue_id: QueueId
    lane: Lane
    order: Order
    rank: int
    by_rank: int
    given_at: Instant
    others: int
    why: Why | None

    @property
    def order_id(self) -> OrderId:
        """The order that was overtaken."""
        return self.order.order_id


class Overtakings(msgspec.Struct, frozen=True, kw_only=True):
    """Where to look for those who were overtaken."""

    moves: Moves
    snapshot: Snapshot
    events_of: EventsOf
    lane: FindLane
    planned: PlannedWhy = nothing_planned

    async def everybody(
        self, settled_by: Instant | None = None
    ) -> AsyncIterator[tuple[Order, Lane, list[ServedOrder]]]:
        """Who was overtaken and still waits, queue by queue, with those who overtook.

        Only slots and cars that were given by `settled_by` count, so that the middle of a plan run
        is not taken for its result.
        """
        by_queue: dict[QueueId, list[ServedOrder]] = {}
        for each in await self.moves.served_orders():
            if settled_by is None or each.given_at <= settled_by:
                by_queue.setdefault(each.order.queue_id, []).append(each)
        for queue_id, those in sorted(by_queue.items()):
            async for found in self._in_queue(queue_id, those):
                yield found

    async def _in_queue(
        self, queue_id: QueueId, those: list[ServedOrder]
    ) -> AsyncIterator[tuple[Order, Lane, list[ServedOrder]]]:
        book = self.snapshot.books.get(queue_id)
        if book is None:
            return
        served = [_served(each, await self.lane(each.order)) for each in those]
        by_rank = {each.order.rank: each for each in those}
        last: dict[Lane, int] = {}
        for one in served:
            last[one.lane] = max(last.get(one.lane, 0), one.rank)
        ranks = sorted(
            rank for lane, highest in last.items() for rank in book.standing_before(lane, highest)
        )
        for first in range(0, len(ranks), AT_ONCE):
            await asyncio.sleep(0)
            piece = await self.moves.orders_of_ranks(queue_id, ranks[first : first + AT_ONCE])
            waiting = {order.rank: order for order in piece}
            passed = [_passed(order, await self.lane(order)) for order in waiting.values()]
            for rank, by in overtaken(passed, served):
                yield waiting[rank.rank], rank.lane, [by_rank[each.rank] for each in by]

    async def judged(
        self, order: Order, lane: Lane, by: Sequence[ServedOrder]
    ) -> tuple[ServedOrder, Why | None] | None:
        """The first who overtook without a reason, or the first of all with its reason.

        None if the order stood elsewhere, or nowhere, whenever somebody passed, or could not have
        had the car that was given.
        """
        events = await self.events_of(OrderKey(order.buyer_id, order.order_id))
        justified: tuple[ServedOrder, Why] | None = None
        for each in by:
            then = _as_it_stood(events, each.given_at)
            if then is None or not (then.deferral is not None or is_waiting(then)):
                continue
            if not each.could_serve(then):
                continue
            if await self.lane(then) != lane:
                continue
            why = why_not_served(then, each.given_at) or await self.planned(then, each)
            if why is None:
                return each, None
            justified = justified or (each, why)
        return justified


async def inversions(
    moves: Moves,
    snapshot: Snapshot,
    events_of: EventsOf,
    lane_of: LaneOf,
    planned: PlannedWhy = nothing_planned,
) -> list[Inversion]:
    """Everybody who was overtaken and still waits, queue by queue, the earliest rank first."""

    async def lane(order: Order) -> Lane:
        return lane_of(order)

    look = Overtakings(
        moves=moves, snapshot=snapshot, events_of=events_of, lane=lane, planned=planned
    )
    found: list[Inversion] = []
    async for order, its_lane, by in look.everybody():
        judged = await look.judged(order, its_lane, by)
        if judged is not None:
            found.append(inversion(order, its_lane, by, *judged))
    return found


def inversion(
    order: Order, lane: Lane, by: Sequence[ServedOrder], first: ServedOrder, why: Why | None
) -> Inversion:
    """What is said of an order that was overtaken."""
    return Inversion(
        queue_id=order.queue_id,
        lane=lane,
        order=order,
        rank=order.rank,
        by_rank=first.order.rank,
        given_at=first.given_at,
        others=sum(each.could_serve(order) for each in by),
        why=why,
    )


def _served(each: ServedOrder, lane: Lane) -> Served:
    return Served(lane=lane, rank=each.order.rank, time=each.time, given_at=each.given_at)


def _passed(order: Order, lane: Lane) -> Passed:
    time = None if order.slot is None else order.slot.week
    return Passed(lane=lane, rank=order.rank, time=time)


def _as_it_stood(events: Sequence[RecordedEvent], at: Instant) -> Order | None:
    order: Order | None = None
    for each in events:
        if each.event.at > at:
            break
        order = evolve(order, each.event)
    return order
