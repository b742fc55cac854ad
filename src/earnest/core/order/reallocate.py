"""Giving a built car on: from an order that gave it up to the next that waits for the same car.

A car is given up by an order that was cancelled with it, and by a buyer who refused it and waits
for another. Unless somebody keeps it back for a repair it goes to the lowest rank in the same queue
that chose exactly this car and may be given one. Not here: locking both orders and reading who is
next (`desk/allocating.py`), and finding cars (`desk/giving_on.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from earnest.core.order.commands_of_planning import AllocateCar, HoldCar, RecordCarTaken
from earnest.core.order.events_of_planning import CarAllocated, CarHeld, CarTaken
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.losses import net_loss, resale_recorded, returned_if_taken, returning
from earnest.core.order.parts import BuiltCar
from earnest.core.order.parts_of_planning import Taker
from earnest.core.order.schedule import why_not_committed
from earnest.core.order.stage import TRANSITIONS, Stage
from earnest.core.order.state import Order, changed
from earnest.core.terms.policy import Policy
from earnest.core.values.ids import OrderId, Vin
from earnest.core.values.instant import Instant
from earnest.core.values.money import smaller
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def cars_given_up(order: Order) -> tuple[tuple[BuiltCar, Instant | None], ...]:
    """The cars that an order gave up and nobody has yet, with when its buyer refused each."""
    if RecordCarTaken.__name__ not in TRANSITIONS[order.stage]:
        return ()
    refused = tuple(
        (each.car, each.refused_at) for each in order.refused_cars if each.taken_by is None
    )
    if order.stage is Stage.CANCELLED and order.car is not None and order.resold_for is None:
        return ((order.car, None), *refused)
    return refused


def given_up(order: Order, vin: str) -> BuiltCar | None:
    """The car with this VIN, if the order gave it up and nobody has it yet."""
    return next((car for car, _ in cars_given_up(order) if car.vin == vin), None)


def has_refused(order: Order, vin: str) -> bool:
    """Whether this buyer has seen the car and refused it; it is not offered twice."""
    return any(each.car.vin == vin for each in order.refused_cars)


def is_next(ahead: Iterable[Order], vin: str, at: Instant) -> bool:
    """Whether none of the orders ahead, all for the same car, may be given this one now."""
    return all(
        each.stage not in {Stage.LOCKED, Stage.SCHEDULED}
        or has_refused(each, vin)
        or why_not_committed(each, at) is not None
        for each in ahead
    )


def allocate_car(
    order: Order, command: AllocateCar, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Give this order a car that another gave up: same queue, same configuration, next rank.

    Nobody is passed over: an earlier rank that chose the same car and may be given one comes
    first. Rejections: those of scheduling, `car_not_released`, `car_refused_before`,
    `car_of_another_kind`, `not_next_in_line`.
    """
    rejected = why_not_committed(order, now)
    if rejected is not None:
        return rejected
    allocation = facts.allocation
    if has_refused(order, command.vin):
        return Rejected(Reason.CAR_REFUSED_BEFORE, {"vin": command.vin})
    if allocation is None or allocation.car is None:
        return Rejected(Reason.CAR_NOT_RELEASED, {"vin": command.vin})
    car = allocation.car
    if car.configuration != order.configuration or allocation.queue_id != order.queue_id:
        return Rejected(Reason.CAR_OF_ANOTHER_KIND, {"vin": command.vin})
    if not allocation.is_next:
        return Rejected(Reason.NOT_NEXT_IN_LINE)
    return accepted(
        CarAllocated(
            at=now,
            vin=car.vin,
            configuration=car.configuration,
            built_at=car.built_at,
            from_order_id=command.from_order_id,
        )
    )


def hold_car(order: Order, command: HoldCar, facts: Facts, policy: Policy, now: Instant) -> Outcome:
    """Keep a given-up car back, or no more: nobody is to get one that has to be repaired first.

    Rejections: `car_not_released` for a car that this order has not to give.
    """
    if given_up(order, command.vin) is None:
        return Rejected(Reason.CAR_NOT_RELEASED, {"vin": command.vin})
    if (command.vin in order.held_cars) == command.is_held:
        return accepted()
    return accepted(
        CarHeld(
            at=now,
            vin=Vin(command.vin),
            is_held=command.is_held,
            explanation=command.explanation.strip(),
        )
    )


def record_car_taken(
    order: Order, command: RecordCarTaken, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Note who got the car; what the seller kept beyond its loss goes back (CN-21, Civil Code 591).

    The rule is that of a resale at the price that the other order pays. Earnest money is no loss
    and comes back by it only where the terms say so, for the days that they say. Rejections:
    `nothing_due` unless the other order has just taken this very car.
    """
    car, taker = given_up(order, command.vin), facts.taker
    if car is None or taker is None or (taker.order_id, taker.vin) != _named(command):
        return Rejected(Reason.NOTHING_DUE)
    event = CarTaken(at=now, vin=car.vin, to_order_id=command.to_order_id)
    if order.stage is not Stage.CANCELLED or order.car != car:
        return accepted(event)
    return accepted(_sold(order, event, taker, policy, command.actor.actor_id))


def _named(command: RecordCarTaken) -> tuple[OrderId, str]:
    return command.to_order_id, command.vin


def _sold(order: Order, event: CarTaken, taker: Taker, policy: Policy, fixed_by: str) -> CarTaken:
    sold = msgspec.structs.replace(event, price=taker.price)
    if order.forfeiture is not None and order.forfeiture.may_come_back(event.at):
        return returned_if_taken(order, sold, taker.price, policy, fixed_by)
    kept = order.loss_kept
    if kept is None:
        return sold
    returned = kept - smaller(kept, net_loss(order, taker.price))
    return returning(order, sold, returned, policy, fixed_by) if returned.is_positive else sold


def car_allocated(order: Order, event: CarAllocated) -> Order:
    """The order has an identified car, built for somebody else."""
    car = BuiltCar(vin=event.vin, configuration=event.configuration, built_at=event.built_at)
    return changed(order, event.at, stage=Stage.BUILT, car=car)


def car_held(order: Order, event: CarHeld) -> Order:
    """The car waits until it is let go again."""
    others = tuple(each for each in order.held_cars if each != event.vin)
    held_cars = (*others, event.vin) if event.is_held else others
    forfeiture, car = order.forfeiture, order.car
    is_its_own = car is not None and car.vin == event.vin
    if forfeiture is not None and is_its_own and forfeiture.may_come_back(event.at):
        forfeiture = forfeiture.held(event.at, is_held=event.is_held)
    return changed(order, event.at, held_cars=held_cars, forfeiture=forfeiture)


def car_taken(order: Order, event: CarTaken) -> Order:
    """The car is no longer this order's in any way."""
    if event.price is not None:
        return msgspec.structs.replace(resale_recorded(order, event), car=None)
    refused = tuple(
        msgspec.structs.replace(each, taken_by=event.to_order_id)
        if each.car.vin == event.vin
        else each
        for each in order.refused_cars
    )
    return changed(order, event.at, refused_cars=refused)
