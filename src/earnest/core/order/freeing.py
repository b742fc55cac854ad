"""Slots inside the frozen zone that fall free, and giving each to the next order like it.

A scheduled order that leaves, defers, gets a car or an earlier slot leaves its own: material is
committed for such a car, so only an order like it can use the slot, and plan runs place nobody in
the frozen zone. Nobody comes later by this. Not here: who is the next (`desk/planning/freed.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.order.commands_of_planning import RecordSlotTaken, TakeSlot
from earnest.core.order.event import Event
from earnest.core.order.events_of_planning import (
    CarAllocated,
    PromiseRevised,
    Rescheduled,
    Scheduled,
    SlotTaken,
)
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.losses import given_back, returned_if_taken
from earnest.core.order.parts import Slot
from earnest.core.order.schedule import why_not_committed
from earnest.core.order.stage import BEFORE_LOCK, EXITS, TRANSITIONS, Stage
from earnest.core.order.state import Order, changed
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

SLOT_FREE = "slot_free"
"""The cause of a slot that somebody else left."""

_LEFT = EXITS | BEFORE_LOCK | {Stage.LOCKED}


def slots_to_give(order: Order) -> tuple[Slot, ...]:
    """The slots that an order left and that can be given on from where it stands now."""
    is_known = RecordSlotTaken.__name__ in TRANSITIONS[order.stage]
    return order.freed_slots if is_known else ()


def take_slot(
    order: Order, command: TakeSlot, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Take a slot that another order left, if it is earlier, and show the better window.

    The window that binds stays: showing a better one takes nothing from the buyer. Rejections:
    those of scheduling; `nothing_due` where the slot is gone or is no earlier one.
    """
    rejected = why_not_committed(order, now)
    if rejected is not None:
        return rejected
    is_earlier = order.slot is None or command.slot.week < order.slot.week
    if command.slot not in facts.freed_slots or not is_earlier:
        return Rejected(Reason.NOTHING_DUE)
    events: list[Event] = [
        Scheduled(at=now, slot=command.slot, cause=SLOT_FREE)
        if order.slot is None
        else Rescheduled(at=now, slot=command.slot, cause=SLOT_FREE, frees=True)
    ]
    if command.promise.ends < order.promise.ends and command.promise.ends > now:
        events.append(
            PromiseRevised(
                at=now,
                promise=command.promise,
                cause=SLOT_FREE,
                is_earlier=True,
                promise_reason=command.reason,
            )
        )
    return accepted(*events)


def record_slot_taken(
    order: Order, command: RecordSlotTaken, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Note who got a slot that this order left.

    Where the terms say so, what was kept of an order that ended with this slot goes back, less the
    documented costs (CN-21). Rejections: `nothing_due` unless the other order has just taken it.
    """
    is_taken = facts.taker is not None and facts.taker.order_id == command.to_order_id
    if command.slot not in order.freed_slots or not is_taken:
        return Rejected(Reason.NOTHING_DUE)
    event = SlotTaken(at=now, slot=command.slot, to_order_id=command.to_order_id)
    if not _ended_with(order, command.slot):
        return accepted(event)
    by = command.actor.actor_id
    return accepted(returned_if_taken(order, event, order.price, policy, by))


def _ended_with(order: Order, slot: Slot) -> bool:
    """Whether this is the slot that the order had when it was cancelled, and no car yet."""
    return order.stage is Stage.CANCELLED and order.car is None and order.slot == slot


def with_slot_freed(before: Order, after: Order, event: Event) -> Order:
    """The order with the slot that this event left to others, if it left any."""
    is_left = before.stage is Stage.SCHEDULED and (
        after.stage in _LEFT
        or isinstance(event, CarAllocated)
        or (isinstance(event, Rescheduled) and event.frees)
    )
    if not is_left:
        return after
    assert before.slot is not None, "a scheduled order has a slot"
    return msgspec.structs.replace(after, freed_slots=(*after.freed_slots, before.slot))


def slot_taken(order: Order, event: SlotTaken) -> Order:
    """The slot is somebody else's."""
    left = list(order.freed_slots)
    left.remove(event.slot)
    if not _ended_with(order, event.slot):
        return changed(order, event.at, freed_slots=tuple(left))
    return msgspec.structs.replace(given_back(order, event), freed_slots=tuple(left))
