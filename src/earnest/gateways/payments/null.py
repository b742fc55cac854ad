"""A payment provider in memory: the twin for tests, with the sandbox's rules and no network.

Nothing is kept and nothing is sent: ``webhooks`` holds what a provider would have posted, signed,
for the test to hand over when and as often as it likes.
"""

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from earnest.gateways.clock import VirtualClock
from earnest.gateways.payments.contract import (
    Busy,
    CheckoutOpened,
    CheckoutOrder,
    CheckoutRequest,
    CheckoutResult,
    Holding,
    MovementPage,
    NotFound,
    PaymentRecord,
    PayoutRequest,
    Pending,
    ProviderEvent,
    RefundRequest,
    Refused,
    Succeeded,
    TransferResult,
    Unknown,
)
from earnest.gateways.payments.events import EventReader
from earnest.gateways.payments.links import merchant_key_bytes, signed_query
from earnest.gateways.payments.sandbox_server.books import Books
from earnest.gateways.payments.sandbox_server.operations import (
    Attempt,
    Operations,
    transfer_failure,
)
from earnest.gateways.payments.sandbox_server.problems import Problem
from earnest.gateways.payments.sandbox_server.records import (
    ClockMoved,
    Delivered,
    Opened,
    PageOpened,
    Paid,
    Record,
    Transferred,
    event_of,
    provider_id,
)
from earnest.gateways.payments.sandbox_server.switches import Switch
from earnest.gateways.signatures import secret_bytes, sign

PAGE_SIZE = 100

_KEY = "null merchant key"
_SECRET = "whsec_bnVsbCB3ZWJob29rIHNlY3JldA=="  # noqa: S105 - signs for nobody outside tests


LOST_REQUEST = Unknown(explanation="the request was lost before anything happened")
"""A trouble before the effect; any other ``Unknown`` comes after it."""


class SignedWebhook(Struct, frozen=True):
    """A webhook as it would arrive: lower-case headers, raw body, and the event inside."""

    headers: dict[str, str]
    body: bytes
    event: ProviderEvent


class NullPayments:
    """``PaymentProvider`` without a provider."""

    def __init__(
        self,
        *,
        clock: VirtualClock | None = None,
        merchant: str = "earnest",
        opens_checkouts: bool = False,
    ) -> None:
        """Begin with empty books; ``clock`` stamps what happens."""
        self.troubles: deque[Busy | Refused | Unknown | None] = deque()
        self._opens_checkouts = opens_checkouts
        self.webhooks: list[SignedWebhook] = []
        self._merchant = merchant
        self._clock = clock if clock is not None else VirtualClock()
        self._events = EventReader([_SECRET])
        self._secret = secret_bytes(_SECRET)
        self._books = Books()
        self._books.apply(Opened("null"))
        self._operations = Operations(
            merchant=merchant,
            merchant_key=_KEY,
            clock=self._clock,
            books=self._books,
            write=self._announce,
        )

    @property
    def name(self) -> str:
        """The name stored with everything of this provider."""
        return "null"

    @property
    def opens_checkouts(self) -> bool:
        """As a test wants it."""
        return self._opens_checkouts

    async def open_checkout(self, order: CheckoutOrder) -> CheckoutResult:
        """Open a page; ``troubles`` says otherwise, one for each call."""
        trouble = self.troubles.popleft() if self.troubles else None
        if isinstance(trouble, Busy | Refused) or trouble is LOST_REQUEST:
            return trouble
        opened = self._operations.open_page(order)
        if isinstance(opened, Problem):
            return Refused(code=opened.code, explanation=opened.explanation)
        return trouble or self._opened(opened)

    async def find_checkout(self, key: str) -> CheckoutResult | NotFound:
        """Say what became of a page."""
        if self.troubles and self.troubles[0] == Busy():
            self.troubles.popleft()
            return Busy()
        opened = self._books.pages.get(key)
        return NotFound(key=key) if opened is None else self._opened(opened)

    def _opened(self, opened: PageOpened) -> CheckoutOpened:
        link = f"https://null.invalid/pay?{opened.query}"
        return CheckoutOpened(key=opened.key, link=link, opened_at=opened.at)

    def checkout_link(self, request: CheckoutRequest) -> str:
        """Return a signed link that only ``pay`` of this object understands."""
        query = signed_query(merchant_key_bytes(_KEY), self._merchant, request)
        return f"https://null.invalid/pay?{query}"

    def verify_webhook(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> ProviderEvent:
        """Check the raw bytes, then parse; raise ``WebhookRejected``."""
        return self._events.read(headers, body, now)

    async def find_payment(self, reference: str) -> tuple[PaymentRecord, ...]:
        """Return every attempt under ``reference``, oldest first."""
        account = self._books.account(reference)
        return tuple(
            PaymentRecord(
                reference=record.reference,
                provider_payment_id=provider_id(self._books.instance, record),
                status="succeeded" if isinstance(record, Paid) else "failed",
                amount_minor=record.amount_minor,
                currency=record.currency,
                at=record.at,
            )
            for record in (account.attempts if account is not None else ())
        )

    async def refund(self, request: RefundRequest) -> TransferResult:
        """Give captured money back."""
        was = self._books.last_number
        return self._result(self._operations.refund(request), was=was)

    async def pay_out(self, request: PayoutRequest) -> TransferResult:
        """Send money to the buyer's account."""
        was = self._books.last_number
        return self._result(self._operations.pay_out(request), was=was)

    async def find_transfer(self, key: str) -> TransferResult | NotFound:
        """Say what became of a refund or payout."""
        record = self._books.transfers.get(key)
        if record is None:
            return NotFound(key=key)
        return self._result(record, was=self._books.last_number)

    async def holdings(self) -> list[Holding]:
        """Return what is held per currency."""
        return self._books.holdings()

    async def movements(self, cursor: str | None = None) -> MovementPage:
        """Return one page of sums per reference."""
        return self._books.movements(int(cursor or "0"), PAGE_SIZE)

    async def close(self) -> None:
        """Do nothing; there is nothing to let go of."""

    def pay(
        self, link: str, *, attempt: str = "1", decision: Literal["pay", "decline"] = "pay"
    ) -> Refused | ProviderEvent:
        """Act as the buyer on the hosted page, and return what the webhook will say."""
        record = self._operations.pay(link.rpartition("?")[2], Attempt(attempt, "card", decision))
        if isinstance(record, Problem):
            return Refused(code=record.code, explanation=record.explanation)
        return event_of(self._books.instance, record)

    def charge_back(
        self, reference: str, amount_minor: int | None = None
    ) -> Refused | ProviderEvent:
        """Act as the buyer's bank."""
        record = self._operations.charge_back(reference, amount_minor)
        if isinstance(record, Problem):
            return Refused(code=record.code, explanation=record.explanation)
        return event_of(self._books.instance, record)

    def switch_on(self, *switches: Switch) -> None:
        """Misbehave: ``decline``, ``pay_late`` and the failures work without a network."""
        self._operations.switches.add(switches)

    def _announce(self, record: Record) -> None:
        """Sign what a provider would post."""
        if isinstance(record, Opened | ClockMoved | Delivered | PageOpened):
            return
        event = event_of(self._books.instance, record)
        body = msgspec.json.encode(event)
        stamp = int(self._clock.now().timestamp())
        headers = {
            "webhook-id": event.event_id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": sign(self._secret, event.event_id, stamp, body),
        }
        self.webhooks.append(SignedWebhook(headers, body, event))

    def _result(self, record: Transferred | Problem, *, was: int) -> TransferResult:
        """Return the contract's value for a transfer."""
        if isinstance(record, Problem):
            return Refused(code=record.code, explanation=record.explanation)
        if not record.failed:
            return Succeeded(
                provider_id=provider_id(self._books.instance, record),
                amount_minor=record.amount_minor,
                currency=record.currency,
                at=record.at,
            )
        if record.number > was and record.fails_later:
            return Pending(provider_id=provider_id(self._books.instance, record))
        failure = transfer_failure(record)
        return Refused(code=failure.code, explanation=failure.explanation)
