"""How a life comes to a car that another order gave up, or gives its own car up.

Not here: the other goals (`goals.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.order.parts import BuiltCar, InspectionResult, Remedy
from earnest.core.order.parts_of_planning import Allocation, Taker
from earnest.core.order.reallocate import given_up
from earnest.core.order.stage import Stage
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
