"""Everything a group writes, as named statements with one array for each column.

Not here: sending them (`desk_store.py`), and deciding what is written (`desk/group.py`).

One statement writes a whole table's share of a group, whatever the size of the group. Rows that
follow from events (tender, inspection, balance demand) are written here and nowhere else, so
that they cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from earnest.core.order.centre import Delivery
from earnest.core.order.events import BalanceDemanded, Inspected, Tendered
from earnest.core.order.parts import Slot
from earnest.core.order.state import Order
from earnest.core.order.turned_out import PromiseOutcome
from earnest.core.queue.rank import Queue
from earnest.desk.ports import (
    Allotted,
    Changes,
    CodeMove,
    CountMove,
    OrderDeadline,
    OrderKey,
    RecordedCommand,
    RecordedEvent,
    RecordedMove,
    RecordedPosting,
)
from earnest.store.codec import encode
from earnest.store.jobs import defer_jobs

Columns: TypeAlias = Mapping[str, Any]
Write: TypeAlias = tuple[str, Columns]
"""The name of a statement and its arrays."""


def writes(changes: Changes, sequences_before: Mapping[OrderKey, int]) -> Iterator[Write]:
    """The statements of a group in the order in which they must run.

    `sequences_before` are those of the orders as they were loaded and locked. Should a row not
    be at that sequence any more, the statement fails.
    """
    created = [order for order in changes.orders if _key(order) in changes.created]
    changed = [order for order in changes.orders if _key(order) not in changes.created]
    if changes.commands:
        yield "add_commands", _commands(changes.commands)
    if changes.events:
        yield "add_events", _events(changes.events)
    if changes.postings:
        yield "add_postings", _postings(changes.postings)
    if created:
        yield "add_orders", _new_orders(created)
    if changed:
        yield "change_orders", _changed_orders(changed, sequences_before)
    yield from _inspection_chain(changes.events)
    if changes.deadlines_cleared:
        yield "clear_deadlines", _deadlines(changes.deadlines_cleared)
    if changes.deadlines_set:
        yield "set_deadlines", _deadlines(changes.deadlines_set)
    if changes.queues:
        yield "raise_ranks", _queues(changes.queues)
    if changes.moves:
        yield "add_queue_moves", queue_moves(changes.moves)
    if changes.outcomes:
        yield "add_promise_outcomes", _outcomes(changes.outcomes)
    if changes.freed_slots:
        yield "drop_freed_slots", order_columns(list(changes.freed_slots))
        yield "put_freed_slots", _freed_slots(changes.freed_slots)
    if changes.deliveries:
        yield "drop_deliveries", order_columns(list(changes.deliveries))
        yield "put_deliveries", _deliveries(changes.deliveries)
    if changes.allotted:
        yield "put_allotted", _allotted(changes.allotted)
    if changes.no_longer_allotted:
        yield "drop_allotted", order_columns(changes.no_longer_allotted)
    if changes.codes:
        yield "move_codes", _code_moves(changes.codes)
    if changes.counts:
        yield "move_campaign_counts", _count_moves(changes.counts)
    if changes.checkouts_wanted:
        yield "want_checkouts", _checkouts(changes.checkouts_wanted)
    if changes.checkouts_over:
        yield "end_checkouts", order_columns(changes.checkouts_over)
    if changes.messages:
        yield "defer_jobs", defer_jobs(changes.messages)


def _key(order: Order) -> OrderKey:
    return OrderKey(order.buyer_id, order.order_id)


def _commands(commands: Sequence[RecordedCommand]) -> Columns:
    return {
        "buyer_ids": [each.command.buyer_id for each in commands],
        "actors": [each.command.actor_id for each in commands],
        "keys": [each.command.key for each in commands],
        "content_hashes": [each.content_hash for each in commands],
        "order_ids": [each.order_id for each in commands],
        "answers": [each.answer.decode() for each in commands],
        "decided_at": [each.decided_at for each in commands],
    }


def _events(events: Sequence[RecordedEvent]) -> Columns:
    return {
        "buyer_ids": [each.buyer_id for each in events],
        "order_ids": [each.order_id for each in events],
        "sequences": [each.sequence for each in events],
        "kinds": [type(each.event).__name__ for each in events],
        "bodies": [encode(each.event) for each in events],
        "actors": [each.actor_id for each in events],
        "command_keys": [each.command_key for each in events],
        "occurred_at": [each.event.at for each in events],
        "recorded_at": [each.recorded_at for each in events],
    }


def _postings(postings: Sequence[RecordedPosting]) -> Columns:
    return {
        "buyer_ids": [each.buyer_id for each in postings],
        "order_ids": [each.order_id for each in postings],
        "sequences": [each.sequence for each in postings],
        "lines": [each.line for each in postings],
        "debits": [each.posting.debit.value for each in postings],
        "credits": [each.posting.credit.value for each in postings],
        "amounts_minor": [each.posting.amount.amount for each in postings],
        "currencies": [each.posting.amount.currency for each in postings],
    }


def _orders(orders: Sequence[Order]) -> dict[str, Sequence[Any]]:
    return {
        "buyer_ids": [order.buyer_id for order in orders],
        "order_ids": [order.order_id for order in orders],
        "ranks": [order.rank for order in orders],
        "stages": [order.stage.value for order in orders],
        "sequences": [order.sequence for order in orders],
        "terms_hashes": [order.terms_hash for order in orders],
        "catalogue_hashes": [order.catalogue_hash for order in orders],
        "prices_minor": [order.price.amount for order in orders],
        "vins": [None if order.car is None else order.car.vin for order in orders],
        "changed_at": [order.changed_at for order in orders],
        "states": [encode(order) for order in orders],
    }


def _new_orders(orders: Sequence[Order]) -> Columns:
    return {
        **_orders(orders),
        "queue_ids": [order.queue_id for order in orders],
        "currencies": [order.price.currency for order in orders],
        "reserved_at": [order.reserved_at for order in orders],
    }


def _changed_orders(orders: Sequence[Order], before: Mapping[OrderKey, int]) -> Columns:
    return {
        **_orders(orders),
        "sequences_before": [before[_key(order)] for order in orders],
        "expected": len(orders),
    }


def _inspection_chain(events: Sequence[RecordedEvent]) -> Iterator[Write]:
    """Tender, inspection and demand rows of a group; each refers to the one before it."""
    tenders, inspections, demands = [], [], []
    for each in events:
        match each.event:
            case Tendered() as event:
                tenders.append((each, event))
            case Inspected() as event:
                inspections.append((each, event))
            case BalanceDemanded() as event:
                demands.append((each, event))
    if tenders:
        yield (
            "add_tenders",
            {
                **_places(each for each, _ in tenders),
                "tender_numbers": [event.tender_number for _, event in tenders],
                "vins": [event.vin for _, event in tenders],
                "places": [event.place for _, event in tenders],
            },
        )
    if inspections:
        yield (
            "add_inspections",
            {
                **_places(each for each, _ in inspections),
                "tender_numbers": [event.tender_number for _, event in inspections],
                "results": [event.result.value for _, event in inspections],
                "confirmed_by": [event.confirmed_by for _, event in inspections],
            },
        )
    if demands:
        yield (
            "add_balance_demands",
            {
                **_places(each for each, _ in demands),
                "tender_numbers": [event.tender_number for _, event in demands],
                "amounts_minor": [event.amount.amount for _, event in demands],
                "currencies": [event.amount.currency for _, event in demands],
            },
        )


def _places(events: Iterable[RecordedEvent]) -> Columns:
    """Where rows that follow from events belong."""
    listed = list(events)
    return {
        "buyer_ids": [each.buyer_id for each in listed],
        "order_ids": [each.order_id for each in listed],
        "sequences": [each.sequence for each in listed],
    }


def _deadlines(deadlines: Sequence[OrderDeadline]) -> Columns:
    return {
        "buyer_ids": [each.order.buyer_id for each in deadlines],
        "order_ids": [each.order.order_id for each in deadlines],
        "kinds": [each.deadline.kind.value for each in deadlines],
        "due_at": [each.deadline.due_at for each in deadlines],
    }


def queue_moves(moves: Sequence[RecordedMove]) -> Columns:
    """Moves as arrays; the repair command writes them by the same statement."""
    return {
        "buyer_ids": [each.buyer_id for each in moves],
        "order_ids": [each.order_id for each in moves],
        "sequences": [each.sequence for each in moves],
        "changes": [each.change for each in moves],
        "queue_ids": [each.queue_id for each in moves],
        "lanes": [each.lane for each in moves],
        "ranks": [each.rank for each in moves],
        "causes": [each.cause.value for each in moves],
        "at": [each.at for each in moves],
    }


def _outcomes(outcomes: Sequence[PromiseOutcome]) -> Columns:
    return {
        "buyer_ids": [each.buyer_id for each in outcomes],
        "order_ids": [each.order_id for each in outcomes],
        "given_on": [each.given_on for each in outcomes],
        "lane_groups": [each.lane_group for each in outcomes],
        "lead_days": [each.lead_days for each in outcomes],
        "days": [each.days for each in outcomes],
        "counts_from": [each.counts_from for each in outcomes],
    }


def _freed_slots(freed: Mapping[OrderKey, tuple[Slot, ...]]) -> Columns:
    pairs = [(key, slot) for key, slots in freed.items() for slot in slots]
    return {
        **order_columns([key for key, _ in pairs]),
        "plants": [slot.plant for _, slot in pairs],
        "weeks": [slot.week for _, slot in pairs],
    }


def _deliveries(deliveries: Mapping[OrderKey, Delivery | None]) -> Columns:
    going = [(key, each) for key, each in deliveries.items() if each is not None]
    booked = [each.booked for _, each in going]
    return {
        **order_columns([key for key, _ in going]),
        "centre_ids": [each.centre_id for _, each in going],
        "bays": [None if each is None else each.bay for each in booked],
        "begins": [None if each is None else each.window.begins for each in booked],
        "ends": [None if each is None else each.window.ends for each in booked],
    }


def _queues(queues: Sequence[Queue]) -> Columns:
    units = [queue.units for queue in queues]
    return {
        "queue_ids": [queue.queue_id for queue in queues],
        "next_ranks": [queue.next_rank for queue in queues],
        "units_taken": [None if each is None else each.taken for each in units],
        "units_waiting": [None if each is None else each.waiting for each in units],
        "units_limits": [None if each is None else each.limit for each in units],
    }


def _allotted(allotted: Sequence[Allotted]) -> Columns:
    return {
        **order_columns([each.order for each in allotted]),
        "queue_ids": [each.queue_id for each in allotted],
        "ranks": [each.rank for each in allotted],
        "states": [each.state.value for each in allotted],
        "people": [each.person for each in allotted],
    }


def _checkouts(orders: Sequence[Order]) -> Columns:
    return {
        **order_columns([_key(order) for order in orders]),
        "queue_ids": [order.queue_id for order in orders],
        "ranks": [order.rank for order in orders],
    }


def order_columns(keys: Sequence[OrderKey]) -> Columns:
    """The keys of orders as two arrays."""
    return {
        "buyer_ids": [key.buyer_id for key in keys],
        "order_ids": [key.order_id for key in keys],
    }


def _code_moves(moves: Sequence[CodeMove]) -> Columns:
    return {
        "code_ids": [each.code_id for each in moves],
        "orders_before": [each.order_before for each in moves],
        "order_ids": [each.order_id for each in moves],
        "were_locked": [each.was_locked for each in moves],
        "expected": sum(each.was_locked for each in moves),
    }


def _count_moves(moves: Sequence[CountMove]) -> Columns:
    return {
        "campaign_ids": [each.campaign_id for each in moves],
        "counters": [each.counter for each in moves],
        "changes": [each.change for each in moves],
    }
