"""How an order stood at an instant, how it will stand if nobody acts, and how one would stand.

Not here: what could be done with it then (`core/order/exits.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

import msgspec

from earnest.core.order.actor import provider_actor
from earnest.core.order.commands import RecordPayment, Reserve
from earnest.core.order.decide import Step, carry_out
from earnest.core.order.events import Event
from earnest.core.order.evolve import fold
from earnest.core.order.facts import Facts
from earnest.core.order.parts import DEPOSIT_PAYMENT
from earnest.core.order.state import Order
from earnest.core.timers import Deadline, DeadlineKind, acting, command_of
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected


def as_it_stood(events: Iterable[Event], at: Instant) -> Order | None:
    """The order as its events had made it by an instant; None before it began."""
    until = list(takewhile(lambda event: event.at <= at, events))
    return fold(until) if until else None


def as_it_will_stand(order: Order, facts: Facts, at: Instant) -> Order:
    """The order at a later instant after time alone has passed.

    Deadlines that act by themselves are carried out in their order, each at its own instant: an
    unpaid reservation lapses, a cooling-off period ends with the lock, a deferral runs out. They
    follow from the order alone, so each of them holds. Closing a file changes nothing for anybody
    and is left out.
    """
    while True:
        due = [each for each in acting(order, facts.policy) if _comes(each, at)]
        if not due:
            return order
        first = min(due, key=lambda each: (each.due_at, each.kind))
        command = command_of(first, order.buyer_id, order.order_id, first.due_at)
        step = carry_out(order, command, facts, first.due_at)
        assert isinstance(step, Step), f"{first.kind} is derived from the order, so it holds"
        order = step.order


def _comes(deadline: Deadline, at: Instant) -> bool:
    return deadline.due_at <= at and deadline.kind is not DeadlineKind.CLOSE


class Imagined(msgspec.Struct, frozen=True):
    """An order that nobody made yet: with its deposit paid at once, and when it has locked."""

    deposited: Order
    locked: Order


def imagined(command: Reserve, facts: Facts) -> Imagined | Rejected:
    """The order that a reservation would become if its deposit were paid in the same instant.

    Before anybody orders, it answers what would happen to the money, by the rules that will run.
    Rejections: those of the reservation.
    """
    at = command.received_at
    reserved = carry_out(None, command, facts, at)
    if isinstance(reserved, Rejected):
        return reserved
    payment = RecordPayment(
        buyer_id=command.buyer_id,
        order_id=command.order_id,
        actor=provider_actor(IMAGINED),
        key=IMAGINED,
        received_at=at,
        payment_number=DEPOSIT_PAYMENT,
        amount=facts.policy.deposit,
        paid_at=at,
        provider=IMAGINED,
        provider_payment_id=IMAGINED,
    )
    paid = carry_out(reserved.order, payment, facts, at)
    assert isinstance(paid, Step), "money that arrives in time is taken"
    ends = paid.order.cooling_off_ends
    assert ends is not None, "the cooling-off period of a paid order has an end"
    return Imagined(paid.order, as_it_will_stand(paid.order, facts, ends))


IMAGINED = "imagined"
"""The provider, the payment and the key of an order that nobody made."""
