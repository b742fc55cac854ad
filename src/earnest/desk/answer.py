"""The answer to a command: what is told, stored with the key, and told again.

Not here: HTTP status codes and wording, which the doors add.
"""

from __future__ import annotations

import msgspec

from earnest.core.order.allot import waits_for_unit
from earnest.core.order.events import Event, PaymentRequested, Reserved
from earnest.core.order.parts import DEPOSIT_PAYMENT
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


class PaymentAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A payment that the command opened; `pay_until` only where it can lapse."""

    payment_number: int
    amount: Money
    pay_until: Instant | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The first and only result of a command.

    `reason` is None when the command was accepted; `sequence` is the order's version after it.
    `waiting_number` is the place on the waiting list of an edition, from 1.
    """

    order_id: OrderId
    sequence: int = 0
    stage: Stage | None = None
    rank: int | None = None
    events: tuple[str, ...] = ()
    payment: PaymentAsked | None = None
    waiting_number: int | None = None
    reason: Reason | None = None
    details: dict[str, str] = {}

    @property
    def is_accepted(self) -> bool:
        """Whether the command was carried out."""
        return self.reason is None


def accepted_answer(order: Order, events: tuple[Event, ...]) -> Answer:
    """What is told about an accepted command."""
    return Answer(
        order_id=order.order_id,
        sequence=order.sequence,
        stage=order.stage,
        rank=order.rank,
        events=tuple([type(event).__name__ for event in events]),
        payment=_payment_asked(events),
        waiting_number=None if order.unit is None else _waits_as(order),
    )


def rejected_answer(order_id: OrderId, order: Order | None, rejected: Rejected) -> Answer:
    """What is told about a rejected command."""
    return Answer(
        order_id=order_id,
        sequence=0 if order is None else order.sequence,
        stage=None if order is None else order.stage,
        rank=None if order is None else order.rank,
        reason=rejected.reason,
        details=rejected.details,
    )


def _waits_as(order: Order) -> int | None:
    """The place on the waiting list that was told at the reservation, while the order waits."""
    assert order.unit is not None, "only an order of an edition waits for a unit"
    return order.unit.waiting_number if waits_for_unit(order) else None


def _payment_asked(events: tuple[Event, ...]) -> PaymentAsked | None:
    for event in events:
        if isinstance(event, Reserved):
            if event.pay_until is None:
                return None
            return PaymentAsked(
                payment_number=DEPOSIT_PAYMENT, amount=event.deposit, pay_until=event.pay_until
            )
        if isinstance(event, PaymentRequested):
            return PaymentAsked(payment_number=event.payment_number, amount=event.amount)
    return None
