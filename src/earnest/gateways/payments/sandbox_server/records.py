"""What happened at the sandbox, one record per fact, and the webhook each record leads to.

A journal line is one record; the books are the fold of all records. No record is ever changed.
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from earnest.gateways.payments.contract import (
    ChargebackCreated,
    PaymentFailed,
    PaymentSucceeded,
    PayoutFailed,
    PayoutSucceeded,
    ProviderEvent,
    RefundFailed,
    RefundSucceeded,
)


class Opened(Struct, frozen=True, tag="opened", gc=False):
    """The journal's first line; ``instance`` makes ids of two sandboxes differ."""

    instance: str


class Paid(Struct, frozen=True, kw_only=True, tag="paid", gc=False):
    """Money was captured; ``attempt`` is the payer's idempotency key within the reference."""

    number: int
    reference: str
    attempt: str
    method: str
    amount_minor: int
    currency: str
    at: datetime


class Declined(Struct, frozen=True, kw_only=True, tag="declined", gc=False):
    """An attempt to pay was declined."""

    number: int
    reference: str
    attempt: str
    method: str
    amount_minor: int
    currency: str
    at: datetime


class Transferred(Struct, frozen=True, kw_only=True, tag="transferred", gc=False):
    """A refund or payout was asked for and decided; one that ``failed`` moved no money.

    ``fails_later`` was answered as pending first, so that only the webhook tells the end.
    """

    number: int
    kind: Literal["refund", "payout"]
    key: str
    reference: str
    account_reference: str
    amount_minor: int
    currency: str
    at: datetime
    failed: bool
    fails_later: bool = False


class PageOpened(Struct, frozen=True, kw_only=True, tag="page_opened", gc=False):
    """The merchant had a page opened; ``query`` is what its link says, signed."""

    key: str
    reference: str
    query: str
    at: datetime


class ChargedBack(Struct, frozen=True, kw_only=True, tag="charged_back", gc=False):
    """The buyer's bank took money back."""

    number: int
    reference: str
    amount_minor: int
    currency: str
    at: datetime


class ClockMoved(Struct, frozen=True, tag="clock_moved", gc=False):
    """The virtual clock now runs so many seconds ahead of the machine."""

    offset_seconds: float


class Delivered(Struct, frozen=True, tag="delivered"):
    """The merchant took the webhooks of these records."""

    numbers: list[int]


Announced = Paid | Declined | Transferred | ChargedBack
"""Records that the merchant hears about by webhook; their numbers rise by one each."""

Record = Opened | Announced | ClockMoved | Delivered | PageOpened

DECLINED = ("card_declined", "the bank declined the payment; the buyer may try again")
TRANSFER_FAILED = {
    "refund": ("refund_failed", "the buyer's bank did not take the refund; try with a new key"),
    "payout": ("payout_failed", "the account did not take the payout; try with a new key"),
}

_MARKS = {Paid: "pay", Declined: "pay", ChargedBack: "chb"}


def provider_id(instance: str, record: Announced) -> str:
    """Return the provider's name for the payment, refund, payout or chargeback."""
    if isinstance(record, Transferred):
        mark = "ref" if record.kind == "refund" else "out"
    else:
        mark = _MARKS[type(record)]
    return f"{mark}_{instance}_{record.number}"


def event_id(instance: str, number: int) -> str:
    """Return the id of the record's webhook, the same each time it is sent."""
    return f"evt_{instance}_{number}"


def event_of(instance: str, record: Announced) -> ProviderEvent:
    """Return what the record's webhook says."""
    if isinstance(record, Paid):
        return PaymentSucceeded(
            event_id=event_id(instance, record.number),
            reference=record.reference,
            provider_payment_id=provider_id(instance, record),
            amount_minor=record.amount_minor,
            currency=record.currency,
            paid_at=record.at,
        )
    if isinstance(record, Declined):
        return PaymentFailed(
            event_id=event_id(instance, record.number),
            reference=record.reference,
            provider_payment_id=provider_id(instance, record),
            amount_minor=record.amount_minor,
            currency=record.currency,
            failed_at=record.at,
            code=DECLINED[0],
            explanation=DECLINED[1],
        )
    if isinstance(record, ChargedBack):
        return ChargebackCreated(
            event_id=event_id(instance, record.number),
            reference=record.reference,
            provider_chargeback_id=provider_id(instance, record),
            amount_minor=record.amount_minor,
            currency=record.currency,
            at=record.at,
        )
    return _refund_event(instance, record) if record.kind == "refund" else _payout(instance, record)


def _refund_event(instance: str, record: Transferred) -> RefundSucceeded | RefundFailed:
    """Return the webhook of a refund."""
    if record.failed:
        code, explanation = TRANSFER_FAILED["refund"]
        return RefundFailed(
            event_id=event_id(instance, record.number),
            key=record.key,
            reference=record.reference,
            provider_refund_id=provider_id(instance, record),
            amount_minor=record.amount_minor,
            currency=record.currency,
            failed_at=record.at,
            code=code,
            explanation=explanation,
        )
    return RefundSucceeded(
        event_id=event_id(instance, record.number),
        key=record.key,
        reference=record.reference,
        provider_refund_id=provider_id(instance, record),
        amount_minor=record.amount_minor,
        currency=record.currency,
        refunded_at=record.at,
    )


def _payout(instance: str, record: Transferred) -> PayoutSucceeded | PayoutFailed:
    """Return the webhook of a payout."""
    if record.failed:
        code, explanation = TRANSFER_FAILED["payout"]
        return PayoutFailed(
            event_id=event_id(instance, record.number),
            key=record.key,
            order_reference=record.reference,
            provider_payout_id=provider_id(instance, record),
            amount_minor=record.amount_minor,
            currency=record.currency,
            failed_at=record.at,
            code=code,
            explanation=explanation,
        )
    return PayoutSucceeded(
        event_id=event_id(instance, record.number),
        key=record.key,
        order_reference=record.reference,
        provider_payout_id=provider_id(instance, record),
        amount_minor=record.amount_minor,
        currency=record.currency,
        paid_out_at=record.at,
    )
