"""Giving built cars and slots on inside one group: both orders are locked, in one commit.

The order that gives a car up is locked with the one that takes it, so a car never goes to two:
whoever locks it second finds that it is gone. Both orders' events are written together, so nothing
has to be healed when a process dies. Not here: the rule itself (`core/order/reallocate.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from earnest.core.order.commands import Command
from earnest.core.order.commands_of_planning import (
    AllocateCar,
    RecordCarTaken,
    RecordSlotTaken,
    TakeSlot,
)
from earnest.core.order.facts import Facts
from earnest.core.order.freeing import slots_to_give
from earnest.core.order.parts_of_planning import Allocation, Taker
from earnest.core.order.reallocate import given_up, is_next
from earnest.core.order.state import Order
from earnest.desk.ports import Lookup, OrderKey

AHEAD_LIMIT = 500
"""Earlier ranks for the same car that are read at most; with so many ahead nobody is next."""


Giving = AllocateCar | TakeSlot
"""Commands by which an order takes what another one left."""


def giver_of(command: Giving) -> OrderKey:
    """The order that gave up the car or the slot."""
    return OrderKey(command.from_buyer_id, command.from_order_id)


def with_cars(lookup: Lookup, commands: Iterable[Command]) -> Lookup:
    """The lookup with the orders that give up, and with those of which who is ahead counts."""
    giving = [each for each in commands if isinstance(each, Giving)]
    if not giving:
        return lookup
    takers = {
        OrderKey(each.buyer_id, each.order_id) for each in giving if isinstance(each, AllocateCar)
    }
    orders = {*lookup.orders, *(giver_of(each) for each in giving)}
    return msgspec.structs.replace(
        lookup, orders=tuple(sorted(orders)), given_cars=tuple(sorted(takers))
    )


class Cars:
    """Who is ahead of the orders that shall get a car, as the group has left them so far."""

    def __init__(
        self, ahead: Mapping[OrderKey, tuple[Order, ...]], orders: Mapping[OrderKey, Order]
    ) -> None:
        """Start from what was read; `orders` are the group's own, which it goes on changing."""
        self._ahead = ahead
        self._orders = orders

    def known(self, facts: Facts, command: Giving) -> Facts:
        """The facts with what is given up, and of a car whether the order is the next for it."""
        giver = self._orders.get(giver_of(command))
        if isinstance(command, TakeSlot):
            left = () if giver is None else slots_to_give(giver)
            return msgspec.structs.replace(facts, freed_slots=left)
        ahead = self._ahead.get(OrderKey(command.buyer_id, command.order_id), ())
        now = [self._orders.get(OrderKey(each.buyer_id, each.order_id), each) for each in ahead]
        allocation = Allocation(
            car=None
            if giver is None or command.vin in giver.held_cars
            else given_up(giver, command.vin),
            queue_id=None if giver is None else giver.queue_id,
            is_next=len(now) < AHEAD_LIMIT and is_next(now, command.vin, command.received_at),
        )
        return msgspec.structs.replace(facts, allocation=allocation)


def taken_from(command: Giving) -> RecordCarTaken | RecordSlotTaken:
    """What follows for the order that gave the car or the slot up."""
    if isinstance(command, TakeSlot):
        return RecordSlotTaken(
            buyer_id=command.from_buyer_id,
            order_id=command.from_order_id,
            actor=command.actor,
            key=command.key,
            received_at=command.received_at,
            slot=command.slot,
            to_order_id=command.order_id,
        )
    return RecordCarTaken(
        buyer_id=command.from_buyer_id,
        order_id=command.from_order_id,
        actor=command.actor,
        key=command.key,
        received_at=command.received_at,
        vin=command.vin,
        to_order_id=command.order_id,
    )


def as_taker(order: Order, command: Giving) -> Taker:
    """The order that has just taken a car or a slot, for the rule about the other."""
    vin = command.vin if isinstance(command, AllocateCar) else ""
    return Taker(order_id=order.order_id, vin=vin, price=order.price)
