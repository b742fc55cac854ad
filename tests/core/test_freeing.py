"""A slot that an order leaves inside the frozen zone, and the next one that takes it."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from earnest.core.order.decide import Step
from earnest.core.order.freeing import slots_to_give
from earnest.core.order.parts import Slot
from earnest.core.order.parts_of_planning import Taker
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.values.instant import Window
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core import world
from tests.core.orders import answer, order_after, then

LOCKED, SCHEDULED = order_after("Locked"), order_after("Scheduled")
AT = SCHEDULED.changed_at + timedelta(hours=1)
FREE = Slot(plant="changping", week="2024-W20")
FACTS = msgspec.structs.replace(world.FACTS, freed_slots=(FREE,))
BETTER = Window(AT + timedelta(days=10), LOCKED.promise.ends - timedelta(days=1))
WORSE = Window(AT, LOCKED.promise.ends)
OVER = Window(AT - timedelta(days=2), AT)


def taking(order: Order, promise: Window = BETTER, slot: Slot = FREE) -> Step | Rejected:
    """What comes of taking the slot."""
    return answer(order, AT, "planning", "TakeSlot", FACTS, slot=slot, promise=promise)


def kinds(step: Step | Rejected) -> list[str]:
    """The events by their kinds."""
    assert isinstance(step, Step), step
    return [type(each).__name__ for each in step.events]


def test_a_locked_order_is_scheduled_and_a_scheduled_one_leaves_its_own_slot() -> None:
    locked, scheduled = taking(LOCKED), taking(SCHEDULED)
    assert kinds(locked) == ["Scheduled", "PromiseRevised"]
    assert kinds(scheduled) == ["Rescheduled", "PromiseRevised"]
    assert isinstance(locked, Step)
    assert isinstance(scheduled, Step)
    assert (locked.order.slot, locked.order.freed_slots) == (FREE, ())
    assert (scheduled.order.slot, scheduled.order.freed_slots) == (FREE, (SCHEDULED.slot,))
    assert scheduled.order.binding_promise == SCHEDULED.binding_promise


@pytest.mark.parametrize("promise", [WORSE, OVER])
def test_a_window_that_is_no_better_is_not_told(promise: Window) -> None:
    assert kinds(taking(LOCKED, promise)) == ["Scheduled"]


def test_a_slot_that_is_gone_or_later_is_not_taken() -> None:
    gone = Slot(plant="changping", week="2024-W01")
    early = msgspec.structs.replace(SCHEDULED, slot=gone)
    assert taking(LOCKED, slot=gone) == Rejected(Reason.NOTHING_DUE)
    assert taking(early) == Rejected(Reason.NOTHING_DUE)


def test_who_cannot_be_scheduled_cannot_take_a_slot() -> None:
    until = AT + timedelta(days=30)
    deferred = then(LOCKED, AT, "buyer", "Defer", until=until)
    assert taking(deferred) == Rejected(Reason.ORDER_DEFERRED)


def test_an_order_that_ends_leaves_its_slot_until_another_has_just_taken_it() -> None:
    left = then(SCHEDULED, AT, "buyer", "CancelByBuyer")
    assert SCHEDULED.slot is not None
    assert (left.stage, slots_to_give(left)) == (Stage.CANCELLED, (SCHEDULED.slot,))
    price = left.price
    for taker in (None, Taker(order_id=world.ORDER, vin="", price=price)):
        facts = msgspec.structs.replace(world.FACTS, taker=taker)
        said = answer(left, AT, "planning", "RecordSlotTaken", facts, slot=SCHEDULED.slot)
        assert said == Rejected(Reason.NOTHING_DUE)
    right = Taker(order_id=world.OTHER_ORDER, vin="", price=price)
    facts = msgspec.structs.replace(world.FACTS, taker=right)
    other = answer(left, AT, "planning", "RecordSlotTaken", facts, slot=FREE)
    assert other == Rejected(Reason.NOTHING_DUE)
    taken = then(left, AT, "planning", "RecordSlotTaken", facts, slot=SCHEDULED.slot)
    assert slots_to_give(taken) == ()


def test_a_car_that_is_built_uses_its_slot_up_and_a_later_stage_gives_none() -> None:
    assert order_after("Built").freed_slots == ()
    moved = Slot(plant="changping", week="2024-W40")
    elsewhere = then(SCHEDULED, AT, "planning", "Reschedule", slot=moved, cause="x")
    assert elsewhere.freed_slots == ()
    handed_over = msgspec.structs.replace(order_after("HandedOver"), freed_slots=(FREE,))
    assert slots_to_give(handed_over) == ()
