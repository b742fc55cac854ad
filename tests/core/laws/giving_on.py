"""How a life comes to a car that another order gave up, or gives its own car up.

Not here: the other goals (`goals.py`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.order.parts import BuiltCar, InspectionResult, Remedy, Slot
from earnest.core.order.parts_of_planning import Allocation, Taker
from earnest.core.order.reallocate import given_up
from earnest.core.order.stage import Stage
from earnest.core.values.instant import Window
from tests.core import world
from tests.core.laws.lives import Ask, Life

REFUSED = {
    "result": InspectionResult.REFUSED,
    "remarks": ("a",),
    "remedy": Remedy.ANOTHER_CAR,
    "buyer_signature": "signed",
}


def allocate(life: Life, vin: str) -> Ask:
    """A car that stands ready; mostly the right one, and this order mostly the next."""
    other = life.chance.random() < 0.1
    configuration = world.SMALL if other else life.order.configuration
    car = BuiltCar(vin=world.OTHER_VIN, configuration=configuration, built_at=life.at)
    allocation = Allocation(
        car=None if life.chance.random() < 0.05 else car,
        queue_id=life.order.queue_id,
        is_next=life.chance.random() < 0.9,
    )
    life.facts = msgspec.structs.replace(life.facts, allocation=allocation)
    return Ask("AllocateCar", life.at, {"vin": vin})


def free_vin(life: Life) -> str | None:
    """A car that this life gave up and nobody has taken."""
    order = life.order
    cars = [each.car for each in order.refused_cars] + ([order.car] if order.car else [])
    return next((each.vin for each in cars if given_up(order, each.vin) is not None), None)


def taken(life: Life, _: Stage) -> Ask | None:
    """Another order takes the car; where none is free the car is refused first."""
    vin = free_vin(life)
    if vin is not None:
        price = life.order.price.share(life.chance.choice((9_000, 10_000, 10_010)))
        taker = Taker(order_id=world.OTHER_ORDER, vin=vin, price=price)
        life.facts = msgspec.structs.replace(life.facts, taker=taker)
        return Ask("RecordCarTaken", life.at, {"vin": vin})
    return _refused(life)


def held(life: Life, _: Stage) -> Ask | None:
    """Staff keeps back what can be given on, or lets it go; where nothing is, a car is refused."""
    vin = free_vin(life)
    if vin is not None:
        return Ask("HoldCar", life.at, {"vin": vin, "is_held": vin not in life.order.held_cars})
    return _refused(life)


def _refused(life: Life) -> Ask | None:
    if life.order.stage in {Stage.BUILT, Stage.IN_TRANSIT}:
        return Ask("Tender", life.at)
    return Ask("RecordInspection", life.at, REFUSED) if life.order.stage is Stage.TENDERED else None


def take_slot(life: Life, _: Stage) -> Ask | None:
    """A slot that another order left; mostly an earlier one, with a window that may be better."""
    order = life.order
    if order.deferral is not None:
        return Ask("Resume", life.at)
    if order.deferral_request is not None:
        return Ask("AnswerDeferral", life.at, {"agreed": False})
    slot = Slot(plant="changping", week=life.chance.choice(("2024-W01", "2024-W02", "2030-W01")))
    life.facts = msgspec.structs.replace(life.facts, freed_slots=(slot,))
    ends = life.at + timedelta(days=life.chance.choice((-1, 20, 900)))
    promise = Window(ends - timedelta(days=7), ends)
    undo_until = order.lock.undo_until if order.lock is not None else None
    at = max(life.at, undo_until or life.at)
    return Ask("TakeSlot", at, {"slot": slot, "promise": promise})


def slot_taken(life: Life, stage: Stage) -> Ask | None:
    """Another order takes a slot that this one left; where it left none, it gets an earlier one."""
    order = life.order
    if order.freed_slots:
        taker = Taker(order_id=world.OTHER_ORDER, vin="", price=order.price)
        life.facts = msgspec.structs.replace(life.facts, taker=taker)
        return Ask("RecordSlotTaken", life.at, {"slot": order.freed_slots[-1]})
    if order.stage in {Stage.LOCKED, Stage.SCHEDULED}:
        return take_slot(life, stage)
    return None
