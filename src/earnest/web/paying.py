"""Payments as the doors show them: the sum, and the link where it can be paid.

Not here: the provider's page behind the link, and money that arrives (`api/webhooks.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from earnest.core.order.parts import DEPOSIT_PAYMENT
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.desk.answer import PaymentAsked
from earnest.gateways.payments.contract import CheckoutRequest
from earnest.web.house import House

OPEN_END = datetime(2100, 1, 1, tzinfo=UTC)
"""Until when a link is good that no window limits. What is paid too late is paid back."""

_DESCRIPTIONS = {True: "订购款 · Deposit", False: "尾款 · Balance"}


class PaymentToMake(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A payment that is awaited, with the link to the provider's page.

    `pay_until` is the end of the payment window; only the deposit has one.
    """

    payment_number: int
    amount: Money
    link: str
    pay_until: Instant | None = None


def reference_of(buyer_id: BuyerId, order_id: OrderId, payment_number: int) -> str:
    """The name under which a provider knows a payment."""
    return f"{buyer_id}.{order_id}.{payment_number}"


def payment_to_make(
    house: House,
    buyer_id: BuyerId,
    order_id: OrderId,
    asked: PaymentAsked,
    language: str | None = None,
) -> PaymentToMake:
    """The payment with its link. The same arguments give the same link."""
    number = asked.payment_number
    link = house.payments.checkout_link(
        CheckoutRequest(
            reference=reference_of(buyer_id, order_id, number),
            amount_minor=asked.amount.amount,
            currency=asked.amount.currency,
            description=f"{_DESCRIPTIONS[number == DEPOSIT_PAYMENT]} · {order_id}",
            return_url=f"{house.settings.public_url}/orders/{order_id}",
            expires_at=asked.pay_until or OPEN_END,
            language=language,
        )
    )
    return PaymentToMake(
        payment_number=number, amount=asked.amount, link=link, pay_until=asked.pay_until
    )
