"""What every payment provider must be able to do, and the values it answers with.

This is the contract only: no network, no state. Money is always integer minor units with an ISO
4217 currency; instants are aware. Provider verbs (capture, refund, payout, chargeback) stay in this
package; the core speaks of deposits, balances and settlements.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Protocol

from msgspec import Meta, Struct

from earnest.gateways.payments.opened import Busy, CheckoutOpened
from earnest.gateways.signatures import WebhookRejected

__all__ = [
    "Busy",
    "ChargebackCreated",
    "CheckoutOpened",
    "CheckoutOrder",
    "CheckoutRequest",
    "CheckoutResult",
    "Holding",
    "Movement",
    "MovementPage",
    "NotFound",
    "PaymentFailed",
    "PaymentProvider",
    "PaymentRecord",
    "PaymentSucceeded",
    "PayoutFailed",
    "PayoutRequest",
    "PayoutSucceeded",
    "Pending",
    "ProviderEvent",
    "ProviderUnreachable",
    "RefundFailed",
    "RefundRequest",
    "RefundSucceeded",
    "Refused",
    "Succeeded",
    "TransferResult",
    "Unknown",
    "WebhookRejected",
]

_CURRENCY = re.compile(r"[A-Z]{3}\Z")

Text = Annotated[str, Meta(min_length=1, max_length=200)]
"""An identifier on the wire: present and of bounded length."""

AmountMinor = Annotated[int, Meta(gt=0, le=10**15)]
"""A sum in minor units, always positive; the direction lies in the operation."""

Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code."""

Instant = Annotated[datetime, Meta(tz=True)]
"""An aware instant; a time without a zone is malformed."""


def _check_sum(amount_minor: int, currency: str) -> None:
    """Raise ``ValueError`` unless the sum is positive and the currency looks like ISO 4217."""
    if amount_minor <= 0:
        message = f"an amount must be positive minor units, not {amount_minor}"
        raise ValueError(message)
    if not _CURRENCY.match(currency):
        message = f"a currency is three capital letters, not {currency!r}"
        raise ValueError(message)


class CheckoutRequest(Struct, frozen=True, kw_only=True):
    """What a buyer is asked to pay through a hosted page.

    ``reference`` is the merchant's own name for the sum and comes back in every event.
    ``return_url`` is where the page sends the buyer afterwards. After ``expires_at`` the link is
    worth nothing. ``language`` (``zh-Hans`` or ``en``) is a wish for the page and is not signed.
    """

    reference: str
    amount_minor: int
    currency: str
    description: str
    return_url: str
    expires_at: datetime
    language: str | None = None

    def __post_init__(self) -> None:
        """Reject a sum that is not positive and an expiry without a zone."""
        _check_sum(self.amount_minor, self.currency)
        if self.expires_at.tzinfo is None:
            message = "expires_at must carry a time zone"
            raise ValueError(message)


class CheckoutOrder(Struct, frozen=True, kw_only=True):
    """Open a page at a provider that has to be asked for each; ``key`` as in ``RefundRequest``."""

    key: str
    request: CheckoutRequest


class RefundRequest(Struct, frozen=True, kw_only=True):
    """Give back captured money of ``reference`` the way it came.

    ``key`` makes it idempotent: the same key with the same content is the same refund, with other
    content it is refused with ``key_reused``. Keys of refunds and payouts share one space.
    """

    key: str
    reference: str
    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        """Reject a sum that is not positive."""
        _check_sum(self.amount_minor, self.currency)


class PayoutRequest(Struct, frozen=True, kw_only=True):
    """Send money to a buyer beyond what the buyer paid (a double return, compensation).

    ``account_reference`` names the buyer's account at the provider, never account numbers.
    ``order_reference`` is the reference under which ``movements`` reports it. ``key`` as in
    ``RefundRequest``.
    """

    key: str
    account_reference: str
    amount_minor: int
    currency: str
    order_reference: str

    def __post_init__(self) -> None:
        """Reject a sum that is not positive."""
        _check_sum(self.amount_minor, self.currency)


class Succeeded(Struct, frozen=True, kw_only=True):
    """The provider did it: ``provider_id`` names the transfer, ``at`` is the provider's instant."""

    provider_id: str
    amount_minor: int
    currency: str
    at: datetime


class Pending(Struct, frozen=True, kw_only=True):
    """The provider accepted it and will say by webhook how it ended."""

    provider_id: str


class Refused(Struct, frozen=True, kw_only=True):
    """The provider will not do it, now or under this key; ``code`` is stable snake_case."""

    code: str
    explanation: str


class Unknown(Struct, frozen=True, kw_only=True):
    """Nobody knows whether it happened (timeout, lost answer, server error).

    It is never repeated blindly: ask ``find_transfer`` with the same key first, and send again,
    with the same key, only after ``NotFound``.
    """

    explanation: str


class NotFound(Struct, frozen=True, kw_only=True):
    """The provider has never seen this key; sending it (again) is safe."""

    key: str


CheckoutResult = CheckoutOpened | Refused | Busy | Unknown

TransferResult = Succeeded | Pending | Refused | Unknown


class PaymentRecord(Struct, frozen=True, kw_only=True):
    """One payment as the provider has it; ``status`` is ``succeeded`` or ``failed``.

    ``at`` is when it was paid, or when it failed. One reference can have several: a second attempt
    after a decline, or a buyer who paid twice.
    """

    reference: str
    provider_payment_id: str
    status: str
    amount_minor: int
    currency: str
    at: datetime


class Holding(Struct, frozen=True, kw_only=True):
    """What the provider holds for the merchant in one currency.

    ``held_minor`` = captured - refunded - paid out - charged back. It is negative while the
    merchant has paid out more than came in, as after a double return.
    """

    currency: str
    captured_minor: int
    refunded_minor: int
    paid_out_minor: int
    charged_back_minor: int
    held_minor: int


class Movement(Struct, frozen=True, kw_only=True):
    """All money moved under one reference in one currency, summed by direction."""

    reference: str
    currency: str
    captured_minor: int
    refunded_minor: int
    paid_out_minor: int
    charged_back_minor: int


class MovementPage(Struct, frozen=True, kw_only=True):
    """One page for reconciliation, in the order in which references first moved money.

    ``next_cursor`` is ``None`` on the last page. A reference never changes its page; its sums may
    grow between two readings.
    """

    items: tuple[Movement, ...]
    next_cursor: str | None


class PaymentSucceeded(Struct, frozen=True, kw_only=True, tag="payment.succeeded", gc=False):
    """Money was captured; ``paid_at`` by the provider's clock decides whether it was in time."""

    event_id: Text
    reference: Text
    provider_payment_id: Text
    amount_minor: AmountMinor
    currency: Currency
    paid_at: Instant


class PaymentFailed(Struct, frozen=True, kw_only=True, tag="payment.failed", gc=False):
    """An attempt to pay failed; nothing was captured and the buyer may try again."""

    event_id: Text
    reference: Text
    provider_payment_id: Text
    amount_minor: AmountMinor
    currency: Currency
    failed_at: Instant
    code: Text
    explanation: str


class RefundSucceeded(Struct, frozen=True, kw_only=True, tag="refund.succeeded", gc=False):
    """The refund asked for under ``key`` is done."""

    event_id: Text
    key: Text
    reference: Text
    provider_refund_id: Text
    amount_minor: AmountMinor
    currency: Currency
    refunded_at: Instant


class RefundFailed(Struct, frozen=True, kw_only=True, tag="refund.failed", gc=False):
    """The refund asked for under ``key`` will not happen; a new one needs a new key."""

    event_id: Text
    key: Text
    reference: Text
    provider_refund_id: Text
    amount_minor: AmountMinor
    currency: Currency
    failed_at: Instant
    code: Text
    explanation: str


class PayoutSucceeded(Struct, frozen=True, kw_only=True, tag="payout.succeeded", gc=False):
    """The payout asked for under ``key`` reached the account."""

    event_id: Text
    key: Text
    order_reference: Text
    provider_payout_id: Text
    amount_minor: AmountMinor
    currency: Currency
    paid_out_at: Instant


class PayoutFailed(Struct, frozen=True, kw_only=True, tag="payout.failed", gc=False):
    """The payout asked for under ``key`` will not happen; a new one needs a new key."""

    event_id: Text
    key: Text
    order_reference: Text
    provider_payout_id: Text
    amount_minor: AmountMinor
    currency: Currency
    failed_at: Instant
    code: Text
    explanation: str


class ChargebackCreated(Struct, frozen=True, kw_only=True, tag="chargeback.created", gc=False):
    """The buyer's bank took captured money back; it has already left the holding."""

    event_id: Text
    reference: Text
    provider_chargeback_id: Text
    amount_minor: AmountMinor
    currency: Currency
    at: Instant


ProviderEvent = (
    PaymentSucceeded
    | PaymentFailed
    | RefundSucceeded
    | RefundFailed
    | PayoutSucceeded
    | PayoutFailed
    | ChargebackCreated
)
"""What a verified webhook says. ``event_id`` is the provider's and stays the same when it sends
the event again; ``(provider, event_id)`` is unique in the inbox."""


class ProviderUnreachable(Exception):
    """A read could not be answered (timeout, refused connection, server error); ask again later."""


class PaymentProvider(Protocol):
    """One payment provider. Transfers answer with values; only plain reads may raise."""

    @property
    def name(self) -> str:
        """The stable name stored with every payment, event and transfer of this provider."""

    @property
    def opens_checkouts(self) -> bool:
        """Whether a page has to be opened by a call before it can be paid.

        If not, ``checkout_link`` is enough and a launch needs no provider call per order.
        """

    async def open_checkout(self, order: CheckoutOrder) -> CheckoutResult:
        """Open a page; the same key again gives the same page."""

    async def find_checkout(self, key: str) -> CheckoutResult | NotFound:
        """Say what became of a page; the question to ask after ``Unknown``."""

    def checkout_link(self, request: CheckoutRequest) -> str:
        """Return the signed link of the hosted page; local, without any input or output.

        The merchant signs the link and the provider checks it when the buyer arrives, so a launch
        needs no provider call per order.
        """

    def verify_webhook(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> ProviderEvent:
        """Check the raw bytes first, then parse; raise ``WebhookRejected``.

        ``headers`` has lower-case names (or ignores case by itself).
        """

    async def find_payment(self, reference: str) -> tuple[PaymentRecord, ...]:
        """Return every payment tried under ``reference``, oldest first; empty if there is none.

        Raise ``ProviderUnreachable`` when the provider cannot be asked.
        """

    async def refund(self, request: RefundRequest) -> TransferResult:
        """Give captured money back; never more than is left of it (``refund_exceeds_payment``)."""

    async def pay_out(self, request: PayoutRequest) -> TransferResult:
        """Send money to the buyer's account at the provider."""

    async def find_transfer(self, key: str) -> TransferResult | NotFound:
        """Say what became of a refund or payout; the question to ask after ``Unknown``."""

    async def holdings(self) -> list[Holding]:
        """Return what the provider holds, one entry per currency; may raise as a read does."""

    async def movements(self, cursor: str | None = None) -> MovementPage:
        """Return one page of sums per reference; ``None`` starts; may raise as a read does."""

    async def close(self) -> None:
        """Let go of connections; the provider is not used afterwards."""
