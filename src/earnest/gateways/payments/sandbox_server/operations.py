"""What the sandbox agrees to do: pay, refund, pay out, charge back, move the clock.

Each operation checks, writes one record through ``write``, and returns it; a refusal is a
``Problem``. It knows no HTTP and sends nothing. The null twin uses it without any journal.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal

from msgspec import Struct

from earnest.gateways.clock import VirtualClock
from earnest.gateways.payments.contract import CheckoutOrder, PayoutRequest, RefundRequest
from earnest.gateways.payments.links import (
    CheckoutLink,
    LinkRejected,
    expires_at,
    merchant_key_bytes,
    read_query,
    signed_query,
)
from earnest.gateways.payments.sandbox_server.books import Account, Books
from earnest.gateways.payments.sandbox_server.problems import Problem
from earnest.gateways.payments.sandbox_server.records import (
    TRANSFER_FAILED,
    ChargedBack,
    ClockMoved,
    Declined,
    PageOpened,
    Paid,
    Record,
    Transferred,
)
from earnest.gateways.payments.sandbox_server.switches import Switches

_CURRENCY_DIFFERS = "currency_differs"


class Attempt(Struct, frozen=True):
    """How a buyer tries to pay a link: ``key`` names the try, so that a repeated click is one."""

    key: str
    method: str = "card"
    decision: Literal["pay", "decline"] = "pay"


class Operations:
    """The provider's decisions over its books."""

    def __init__(
        self,
        *,
        merchant: str,
        merchant_key: str,
        clock: VirtualClock,
        books: Books,
        write: Callable[[Record], None],
    ) -> None:
        """Decide over ``books``; ``write`` must keep a record for good before it returns."""
        self.switches = Switches()
        self.books = books
        self.clock = clock
        self._merchant = merchant
        self._key = merchant_key_bytes(merchant_key)
        self._write = write

    def read_link(self, query: str) -> CheckoutLink | Problem:
        """Check a link's signature, merchant and expiry; a paid link may be opened again."""
        try:
            link = read_query(self._key, query)
        except LinkRejected as rejected:
            status = 403 if rejected.code == "link_signature_wrong" else 400
            return Problem(status, rejected.code, rejected.explanation)
        if link.merchant != self._merchant:
            return Problem(403, "merchant_unknown", f"{link.merchant} has no account here")
        return link

    def expired(self, link: CheckoutLink) -> Problem | None:
        """Refuse a link whose time is over; the instant itself has passed (half-open window)."""
        if self.clock.now() < expires_at(link):
            return None
        return Problem(410, "link_expired", "ask the merchant for a new link; nothing was paid")

    def pay(self, query: str, attempt: Attempt) -> Paid | Declined | Problem:
        """Pay a link. A new attempt at a paid reference captures a second time, as banks do."""
        link = self.read_link(query)
        if isinstance(link, Problem):
            return link
        account = self.books.account(link.reference)
        if account is not None:
            known = _same_attempt(account, attempt, link)
            if known is not None:
                return known
            if account.currency != link.currency:
                return _currency_differs(account)
        return self._new_payment(link, attempt)

    def _new_payment(self, link: CheckoutLink, attempt: Attempt) -> Paid | Declined | Problem:
        """Capture or decline an attempt that has not been seen before."""
        subject = f"{link.reference}:{attempt.key}"
        late = self.switches.hit("pay_late", link.reference, subject)
        if late is None:
            expired = self.expired(link)
            if expired is not None:
                return expired
        shift = timedelta(seconds=late.seconds if late is not None else 0)
        declined = attempt.decision == "decline" or self.switches.hit(
            "decline", link.reference, subject
        )
        kind: type[Paid | Declined] = Declined if declined else Paid
        record = kind(
            number=self.books.last_number + 1,
            reference=link.reference,
            attempt=attempt.key,
            method=attempt.method,
            amount_minor=link.amount_minor,
            currency=link.currency,
            at=self.clock.now() + shift,
        )
        self._keep(record)
        return record

    def open_page(self, order: CheckoutOrder) -> PageOpened | Problem:
        """Open a page for the merchant, once for each key."""
        query = signed_query(self._key, self._merchant, order.request)
        known = self.books.pages.get(order.key)
        if known is not None:
            if known.query == query:
                return known
            return Problem(422, "key_reused", "this key opened another page; use a new key")
        record = PageOpened(
            key=order.key, reference=order.request.reference, query=query, at=self.clock.now()
        )
        self._keep(record)
        return record

    def refund(self, request: RefundRequest) -> Transferred | Problem:
        """Give captured money back, never more than is left of it."""
        known = self.books.transfers.get(request.key)
        if known is not None:
            same = ("refund", request.reference, request.amount_minor, request.currency)
            return _same_transfer(known, same, account_reference="")
        account = self.books.account(request.reference)
        if account is None or not account.captured_minor:
            return Problem(404, "payment_unknown", f"nothing was captured for {request.reference}")
        if account.currency != request.currency:
            return _currency_differs(account)
        if request.amount_minor > account.refundable_minor:
            return Problem(
                409,
                "refund_exceeds_payment",
                f"only {account.refundable_minor} minor units of {request.reference} are left",
            )
        return self._transfer("refund", request, request.reference, "")

    def pay_out(self, request: PayoutRequest) -> Transferred | Problem:
        """Send money to a buyer's account; the sandbox lends the merchant what is missing."""
        known = self.books.transfers.get(request.key)
        if known is not None:
            same = ("payout", request.order_reference, request.amount_minor, request.currency)
            return _same_transfer(known, same, account_reference=request.account_reference)
        account = self.books.account(request.order_reference)
        if account is not None and account.currency != request.currency:
            return _currency_differs(account)
        return self._transfer("payout", request, request.order_reference, request.account_reference)

    def _transfer(
        self,
        kind: Literal["refund", "payout"],
        request: RefundRequest | PayoutRequest,
        reference: str,
        account_reference: str,
    ) -> Transferred | Problem:
        """Record a transfer that is allowed, or let a switch make it fail."""
        failure = self.switches.hit(
            "refund_failure" if kind == "refund" else "payout_failure", reference, request.key
        )
        record = Transferred(
            number=self.books.last_number + 1,
            kind=kind,
            key=request.key,
            reference=reference,
            account_reference=account_reference,
            amount_minor=request.amount_minor,
            currency=request.currency,
            at=self.clock.now(),
            failed=failure is not None,
            fails_later=failure is not None and failure.how == "later",
        )
        self._keep(record)
        return record

    def charge_back(self, reference: str, amount_minor: int | None) -> ChargedBack | Problem:
        """Let the buyer's bank take money back; ``None`` takes all that is left."""
        account = self.books.account(reference)
        if account is None or not account.captured_minor:
            return Problem(404, "payment_unknown", f"nothing was captured for {reference}")
        amount = account.refundable_minor if amount_minor is None else amount_minor
        if not 0 < amount <= account.refundable_minor:
            return Problem(
                409,
                "chargeback_exceeds_payment",
                f"only {account.refundable_minor} minor units of {reference} are left",
            )
        record = ChargedBack(
            number=self.books.last_number + 1,
            reference=reference,
            amount_minor=amount,
            currency=account.currency,
            at=self.clock.now(),
        )
        self._keep(record)
        return record

    def set_clock(self, offset_seconds: float) -> Problem | None:
        """Set how far the virtual clock runs ahead; it moves only forward."""
        step = timedelta(seconds=offset_seconds) - self.clock.offset
        if step < timedelta(0):
            ahead = self.clock.offset.total_seconds()
            return Problem(
                409,
                "clock_moves_only_forward",
                f"the clock already runs {ahead} seconds ahead; send a larger offset_seconds",
            )
        self._keep(ClockMoved(offset_seconds))
        self.clock.advance(step)
        return None

    def _keep(self, record: Record) -> None:
        """Write first, then remember: a record that could not be kept has not happened."""
        self._write(record)
        self.books.apply(record)


def transfer_failure(record: Transferred) -> Problem:
    """Return the refusal that a failed transfer's key answers with from then on."""
    code, explanation = TRANSFER_FAILED[record.kind]
    return Problem(409, code, explanation)


def _same_attempt(
    account: Account, attempt: Attempt, link: CheckoutLink
) -> Paid | Declined | Problem | None:
    """Return the earlier result of this attempt; another sum under its key is refused."""
    for known in account.attempts:
        if known.attempt != attempt.key:
            continue
        if (known.amount_minor, known.currency) == (link.amount_minor, link.currency):
            return known
        return Problem(422, "attempt_reused", "this attempt paid another sum; use a new key")
    return None


def _same_transfer(
    known: Transferred, wanted: tuple[str, str, int, str], *, account_reference: str
) -> Transferred | Problem:
    """Return the earlier result of this key; other content under it is refused."""
    had = (known.kind, known.reference, known.amount_minor, known.currency)
    if had == wanted and known.account_reference == account_reference:
        return known
    return Problem(422, "key_reused", "this key did another transfer; use a new key")


def _currency_differs(account: Account) -> Problem:
    """Refuse a second currency under one reference."""
    return Problem(
        422, _CURRENCY_DIFFERS, f"{account.reference} is kept in {account.currency} only"
    )
