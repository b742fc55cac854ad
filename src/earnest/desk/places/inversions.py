"""Finding who was overtaken among the orders that have a slot or a car, each with its reason.

A published reason, read from the order as it stood when the later rank was served, justifies it.
Where there is none, it is an inversion. Not here: telling anybody, and what plans know of scarce
parts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

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

EventsOf = Callable[[OrderKey], Awaitable[Sequence[RecordedEvent]]]


class Inversion(msgspec.Struct, frozen=True, kw_only=True):
    """A rank that was overtaken: by whom first, and why. Without a reason it is an inversion.

    `others` counts all who overtook it.
    """

    queue_id: QueueId
    lane: Lane
    order_id: OrderId
    rank: int
    by_rank: int
    given_at: Instant
    others: int
    why: Why | None


async def inversions(
    moves: Moves, snapshot: Snapshot, events_of: EventsOf, lane_of: LaneOf
) -> list[Inversion]:
    """Everybody who was overtaken and still waits, queue by queue, the earliest rank first."""
    by_queue: dict[QueueId, list[ServedOrder]] = {}
    for each in await moves.served_orders():
        by_queue.setdefault(each.order.queue_id, []).append(each)
    found: list[Inversion] = []
    for queue_id, those in sorted(by_queue.items()):
        served = [_served(each, lane_of) for each in those]
        last = {each.lane: 0 for each in served}
        for one in served:
            last[one.lane] = max(last[one.lane], one.rank)
        ranks = {
            rank
            for lane, highest in last.items()
            for rank in snapshot.books[queue_id].standing_before(lane, highest)
        }
        waiting = {
            order.rank: order for order in await moves.orders_of_ranks(queue_id, sorted(ranks))
        }
        passed = [_passed(order, lane_of) for order in waiting.values()]
        for rank, by in overtaken(passed, served):
            order = waiting[rank.rank]
            events = await events_of(OrderKey(order.buyer_id, order.order_id))
            judged = _judge(events, by, lane_of)
            if judged is not None:
                first, why = judged
                found.append(
                    Inversion(
                        queue_id=queue_id,
                        lane=rank.lane,
                        order_id=order.order_id,
                        rank=rank.rank,
                        by_rank=first.rank,
                        given_at=first.given_at,
                        others=len(by),
                        why=why,
                    )
                )
    return found


def _served(each: ServedOrder, lane_of: LaneOf) -> Served:
    slot = each.order.slot
    return Served(
        lane=lane_of(each.order),
        rank=each.order.rank,
        time="" if slot is None else slot.week,
        given_at=each.given_at,
    )


def _passed(order: Order, lane_of: LaneOf) -> Passed:
    time = None if order.slot is None else order.slot.week
    return Passed(lane=lane_of(order), rank=order.rank, time=time)


def _judge(
    events: Sequence[RecordedEvent], by: Sequence[Served], lane_of: LaneOf
) -> tuple[Served, Why | None] | None:
    """The first who overtook without a reason, or the first of all with its reason.

    None if the order stood elsewhere, or nowhere, whenever somebody passed.
    """
    justified: tuple[Served, Why] | None = None
    for each in by:
        order = _as_it_stood(events, each.given_at)
        aside = order is not None and order.deferral is not None
        if order is None or not (aside or is_waiting(order)) or lane_of(order) != each.lane:
            continue
        why = why_not_served(order, each.given_at)
        if why is None:
            return each, None
        justified = justified or (each, why)
    return justified


def _as_it_stood(events: Sequence[RecordedEvent], at: Instant) -> Order | None:
    order: Order | None = None
    for each in events:
        if each.event.at > at:
            break
        order = evolve(order, each.event)
    return order
