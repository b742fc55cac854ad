"""Booked sums: what of our books a provider or a bank should show, too.

Every posting on the clearing account is one. Not here: the entries (`core/bookkeeping.py`).
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import msgspec

from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Posting
from earnest.core.order.event import Event
from earnest.core.order.events import (
    BalanceReceived,
    ChargebackReceived,
    DepositReceived,
    PayoutPaid,
    SurplusReceived,
)
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant, zone


class BookedPlace(NamedTuple):
    """Where a booked sum stands: its posting."""

    buyer_id: BuyerId
    order_id: OrderId
    sequence: int
    line: int


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """A sum that came (positive) or left (negative), in minor units, by our books.

    `reference` is the provider's id of it. `on` is the day by the provider's clock, in the time
    zone of the seller's bank.
    """

    place: BookedPlace
    on: date
    amount: int
    currency: str
    reference: str


def booked_of(place: BookedPlace, posting: Posting, event: Event, time_zone: str) -> Booked:
    """The booked sum of a posting on the clearing account."""
    came = posting.debit is Account.PROVIDER_CLEARING
    assert came or posting.credit is Account.PROVIDER_CLEARING, "only clearing is reconciled"
    at, reference = _at_provider(event)
    return Booked(
        place=place,
        on=at.astimezone(zone(time_zone)).date(),
        amount=posting.amount.amount if came else -posting.amount.amount,
        currency=posting.amount.currency,
        reference=reference,
    )


def _at_provider(event: Event) -> tuple[Instant, str]:
    """When the provider moved the money, and under which id of its own."""
    match event:
        case DepositReceived() | BalanceReceived() | SurplusReceived():
            return event.paid_at, event.provider_payment_id
        case PayoutPaid() | ChargebackReceived():
            return event.at, event.provider_reference
        case _:
            raise AssertionError(f"{type(event).__name__} moves nothing at a provider")
