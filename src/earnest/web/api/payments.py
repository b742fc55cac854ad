"""GET /orders/{order_id}/payments: what was asked for, what arrived, and where to pay the rest.

Not here: asking for a payment (`request-payment`) and the arrival of money (`webhooks.py`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from earnest.core.order.allot import waits_for_unit
from earnest.core.order.parts import Payment, Purpose
from earnest.core.order.stage import Stage
from earnest.core.order.standing_still import payable_until
from earnest.core.order.state import Order
from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.core.values.reason import Reason
from earnest.desk.answer import PaymentAsked
from earnest.web.finding import order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.paying import payment_to_make
from earnest.web.route import Asked, NoInput, Reply, Route


async def list_payments(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Every payment of an order, with the link of each that can still be made."""
    order = await order_asked_for(house, asked)
    return Reply(
        value=Payments(
            order_id=order.order_id,
            payments=tuple(
                _shown(house, order, payment, asked.received_at) for payment in order.payments
            ),
        )
    )


class Standing(StrEnum):
    """Whether a payment can be made."""

    OPEN = "open"
    RECEIVED = "received"
    OVER = "over"
    OPENS_SHORTLY = "opens_shortly"
    WAITS_FOR_UNIT = "waits_for_unit"


class PaymentShown(msgspec.Struct, frozen=True, kw_only=True):
    """A payment. `link` is null when it was made, or cannot be made yet or any more.

    `standing` says which: `open`, `received`, `over`, `opens_shortly` (the provider has to be
    asked first; the window begins when it opens) or `waits_for_unit`. While the sale is paused the
    window `stands_still`, and `pay_until` grows until it goes on.
    """

    payment_number: int
    purpose: Purpose
    amount: Money
    requested_at: Instant
    pay_until: Instant | None
    received_at: Instant | None
    charged_back: Money | None
    link: str | None
    standing: Standing
    stands_still: bool


class Payments(msgspec.Struct, frozen=True, kw_only=True):
    """An order's payments, in the order in which they were asked for."""

    order_id: OrderId
    payments: tuple[PaymentShown, ...]


def _shown(house: House, order: Order, payment: Payment, now: Instant) -> PaymentShown:
    pauses = house.desk.library.pauses_of(order.queue_id)
    order = msgspec.structs.replace(order, pay_until=payable_until(order, pauses, now))
    pay_until = order.pay_until if payment.purpose is Purpose.DEPOSIT else None
    standing, link = _standing(order, payment, now), payment.link
    if standing is not Standing.OPEN:
        link = None
    elif link is None:
        wanted = PaymentAsked(
            payment_number=payment.number, amount=payment.amount, pay_until=pay_until
        )
        to_make = payment_to_make(house, order.buyer_id, order.order_id, wanted, order.language)
        link = to_make.link
    return PaymentShown(
        payment_number=payment.number,
        purpose=payment.purpose,
        amount=payment.amount,
        requested_at=payment.requested_at,
        pay_until=pay_until,
        received_at=payment.received_at,
        charged_back=payment.charged_back,
        link=link,
        standing=standing,
        stands_still=standing is Standing.OPEN
        and pay_until is not None
        and house.desk.library.pause_of(order.queue_id) is not None,
    )


def _standing(order: Order, payment: Payment, now: Instant) -> Standing:
    if payment.received_at is not None:
        return Standing.RECEIVED
    if payment.purpose is not Purpose.DEPOSIT:
        return Standing.OPEN if order.stage is Stage.INSPECTED else Standing.OVER
    if order.stage is not Stage.RESERVED:
        return Standing.OVER
    if order.pay_until is None:
        return Standing.WAITS_FOR_UNIT if waits_for_unit(order) else Standing.OPENS_SHORTLY
    return Standing.OPEN if now < order.pay_until else Standing.OVER


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/orders/{order_id}/payments",
            operation="listPayments",
            summary="The payments of an order, and where to make them.",
            tag="orders",
            access=Access.READERS,
            takes=NoInput,
            handler=list_payments,
            gives=Payments,
            codes=(Reason.ORDER_UNKNOWN,),
        )
    ]
