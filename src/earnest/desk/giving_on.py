"""Giving built cars on by themselves: each goes to the next who waits for exactly this car.

What is given up and who waits follows from the orders, so nothing is forgotten when a process dies.
Whether an order really is the next is decided with both orders locked (`core/order/reallocate.py`),
so several processes may do this at once. Not here: keeping a car back, which is a command.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Protocol

import structlog

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order.actor import Actor, Role
from earnest.core.order.commands_of_planning import AllocateCar
from earnest.core.order.parts import BuiltCar
from earnest.core.order.reallocate import cars_given_up, has_refused
from earnest.core.order.schedule import why_not_committed
from earnest.core.order.state import Order
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.desk.answer import Answer
from earnest.desk.desk import CommandFailed, Desk, DeskFull, KeyRunning
from earnest.desk.looking import Sleep, keep_looking
from earnest.desk.ports import StoreUnavailable

log = structlog.get_logger(__name__)

REFUSED_RESTS = timedelta(days=2)
"""How long a refused car waits, so that staff can see what was wrong and keep it back."""

LOOK_SECONDS = 30.0
"""How often a server looks for cars."""

ACTOR = Actor("plan:cars", frozenset({Role.PLANNING}))


class GivenCars(Protocol):
    """Cars that were given up. Every method raises `StoreUnavailable`."""

    async def givers(self) -> Sequence[Order]:
        """Every order that gave up a car that nobody has yet."""

    async def waiting_for(self, queue_id: QueueId, configuration: Configuration) -> Sequence[Order]:
        """The first orders of a queue that wait for exactly this car, by rank."""


async def give_cars_on(desk: Desk, cars: GivenCars, now: Instant) -> int:
    """Give every car that is free to the next who waits for it; how many were given."""
    given = 0
    for giver in await cars.givers():
        for car, refused_at in cars_given_up(giver):
            rests = refused_at is not None and now < refused_at + REFUSED_RESTS
            if not rests and car.vin not in giver.held_cars:
                given += await _give(desk, cars, giver, car, now)
    return given


async def _give(desk: Desk, cars: GivenCars, giver: Order, car: BuiltCar, now: Instant) -> bool:
    waiting = await cars.waiting_for(giver.queue_id, car.configuration)
    taker = next((each for each in waiting if _may_have(each, car, now)), None)
    if taker is None:
        return False
    command = AllocateCar(
        buyer_id=taker.buyer_id,
        order_id=taker.order_id,
        actor=ACTOR,
        key=f"car:{car.vin}",
        received_at=now,
        vin=car.vin,
        from_buyer_id=giver.buyer_id,
        from_order_id=giver.order_id,
    )
    try:
        answer = await desk.submit(command, command.key, unkeyed=True)
    except (DeskFull, KeyRunning, StoreUnavailable):
        return False
    except CommandFailed:
        log.exception("car_not_given_on", order_id=taker.order_id)
        return False
    assert isinstance(answer, Answer), "without a kept key nothing is reused"
    return answer.is_accepted


def _may_have(order: Order, car: BuiltCar, now: Instant) -> bool:
    return not has_refused(order, car.vin) and why_not_committed(order, now) is None


async def keep_giving_cars_on(
    desk: Desk,
    cars: GivenCars,
    now: Callable[[], Instant],
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Give cars on for ever."""
    look = partial(give_cars_on, desk, cars)
    await keep_looking(look, now, seconds=LOOK_SECONDS, waits="cars_wait_for_store", sleep=sleep)
