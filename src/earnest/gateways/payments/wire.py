"""The sandbox's JSON over HTTP: what the client sends and what the server answers.

Webhook bodies are not here: they are the contract's events as they are.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from earnest.gateways.payments.contract import (
    AmountMinor,
    Currency,
    Holding,
    Instant,
    PaymentRecord,
    Text,
)
from earnest.gateways.payments.sandbox_server.switches import Switch

_FURTHEST_SECONDS = 20_000 * 86_400


class PayOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/pay``: pay a checkout link (the whole address or only its query)."""

    link: Annotated[str, Meta(max_length=8_000)]
    attempt: Text
    method: Literal["card", "wallet"] = "card"
    decision: Literal["pay", "decline"] = "pay"


class PaymentAnswer(Struct, frozen=True, kw_only=True):
    """What became of an attempt to pay: ``status`` is ``succeeded`` or ``failed``."""

    provider_payment_id: str
    event_id: str
    reference: str
    status: Literal["succeeded", "failed"]
    amount_minor: int
    currency: str
    at: Instant


class RefundOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/refunds``."""

    key: Text
    reference: Text
    amount_minor: AmountMinor
    currency: Currency


class PayoutOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/payouts``."""

    key: Text
    account_reference: Text
    amount_minor: AmountMinor
    currency: Currency
    order_reference: Text


class PageOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/checkouts``: open a page."""

    key: Text
    reference: Text
    amount_minor: AmountMinor
    currency: Currency
    description: Annotated[str, Meta(max_length=1_000)]
    return_url: Annotated[str, Meta(max_length=2_000)]
    expires_at: Instant
    language: Literal["en", "zh-Hans"] | None = None


class PageAnswer(Struct, frozen=True, kw_only=True):
    """An open page: the query of its link, which stands behind ``/pay?``."""

    key: str
    reference: str
    query: str
    opened_at: Instant


class TransferAnswer(Struct, frozen=True, kw_only=True):
    """A refund or payout: ``succeeded``, ``pending``, or ``failed`` (only when looked up)."""

    provider_id: str
    key: str
    status: Literal["succeeded", "pending", "failed"]
    amount_minor: int
    currency: str
    at: Instant
    code: str = ""
    explanation: str = ""


class ChargebackOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/chargebacks``: without an amount, all that is left of the payment."""

    reference: Text
    amount_minor: AmountMinor | None = None


class ChargebackAnswer(Struct, frozen=True, kw_only=True):
    """A chargeback that happened."""

    provider_chargeback_id: str
    event_id: str
    reference: str
    amount_minor: int
    currency: str
    at: Instant


class ClockOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/clock``: how far ahead of the machine the provider's clock shall run."""

    offset_seconds: Annotated[float, Meta(ge=0, le=_FURTHEST_SECONDS)]


class ClockAnswer(Struct, frozen=True, kw_only=True):
    """The provider's virtual present."""

    now: Instant
    offset_seconds: float


class SwitchOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/switches``: first behave well again if ``reset``, then turn these on."""

    reset: bool = False
    switches: list[Switch] = []


class SwitchAnswer(Struct, frozen=True, kw_only=True):
    """The switches that are on now."""

    switches: list[Switch]


class PaymentList(Struct, frozen=True, kw_only=True):
    """``GET /api/payments?reference=``: every attempt, oldest first."""

    payments: tuple[PaymentRecord, ...]


class HoldingList(Struct, frozen=True, kw_only=True):
    """``GET /api/holdings``: one entry per currency."""

    holdings: list[Holding]


class ResendAnswer(Struct, frozen=True, kw_only=True):
    """``POST /api/webhooks/resend``: how many resting webhooks were taken up again."""

    resent: int


class StatusAnswer(Struct, frozen=True, kw_only=True):
    """``GET /api/status``: what the sandbox holds, sends and breaks at present."""

    now: Instant
    offset_seconds: float
    counts: dict[str, int]
    webhooks: dict[str, int | bool]
    switches: list[Switch]
