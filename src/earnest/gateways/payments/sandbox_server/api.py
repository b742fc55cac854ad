"""The sandbox's doors for machines: payments, refunds, payouts, lookups and reconciliation.

Each door reads, lets ``operations`` decide, commits and answers. The merchant's doors want a token
that proves the merchant's key; paying does not, since a buyer has none and the link is signed.
"""

import hmac
from collections import deque
from time import monotonic

import msgspec

from earnest.gateways.payments.contract import (
    CheckoutOrder,
    CheckoutRequest,
    PayoutRequest,
    RefundRequest,
)
from earnest.gateways.payments.links import merchant_token
from earnest.gateways.payments.sandbox_server.http import (
    Body,
    Reply,
    Request,
    decoded,
    json_reply,
    problem_reply,
)
from earnest.gateways.payments.sandbox_server.operations import Attempt, transfer_failure
from earnest.gateways.payments.sandbox_server.problems import Problem
from earnest.gateways.payments.sandbox_server.provider import Provider
from earnest.gateways.payments.sandbox_server.records import PageOpened, Paid, Transferred
from earnest.gateways.payments.wire import (
    HoldingList,
    PageAnswer,
    PageOrder,
    PaymentList,
    PayOrder,
    PayoutOrder,
    RefundOrder,
)

PAGE_SIZE = 1_000

_LONGEST_CURSOR = 12
_STRANGER = Problem(
    401, "merchant_token_wrong", "send the token made from the merchant key as a bearer token"
)


class Api:
    """The JSON doors of one provider."""

    def __init__(self, provider: Provider, merchant_key: str) -> None:
        self._provider = provider
        self._token = f"Bearer {merchant_token(merchant_key)}".encode()
        self._pay_orders = msgspec.json.Decoder(PayOrder)
        self._page_orders = msgspec.json.Decoder(PageOrder)
        self._passed: deque[float] = deque()
        self._refund_orders = msgspec.json.Decoder(RefundOrder)
        self._payout_orders = msgspec.json.Decoder(PayoutOrder)

    async def pay(self, request: Request) -> Reply:
        """``POST /api/pay``: 200 paid, 402 declined."""
        order = decoded(request, self._pay_orders)
        if isinstance(order, Problem):
            return problem_reply(order)
        was = self._provider.books.last_number
        record = self._provider.operations.pay(
            order.link.rpartition("?")[2], Attempt(order.attempt, order.method, order.decision)
        )
        if isinstance(record, Problem):
            return problem_reply(record)
        await self._provider.commit(record, was=was)
        status = 200 if isinstance(record, Paid) else 402
        reply = json_reply(self._provider.payment_answer(record), status=status)
        return self._provider.maybe_lost(reply, record, was=was)

    async def open_page(self, request: Request) -> Reply:
        """``POST /api/checkouts``: 200 open, 429 too many calls, 4xx refused."""
        order = self._merchant_order(request, self._page_orders)
        if isinstance(order, Problem):
            return problem_reply(order)
        busy = self._too_many(order.reference) or self._lost_before(order.reference)
        if busy is not None:
            return busy
        known = order.key in self._provider.books.pages
        opened = self._provider.operations.open_page(
            CheckoutOrder(
                key=order.key,
                request=CheckoutRequest(
                    reference=order.reference,
                    amount_minor=order.amount_minor,
                    currency=order.currency,
                    description=order.description,
                    return_url=order.return_url,
                    expires_at=order.expires_at,
                    language=order.language,
                ),
            )
        )
        if isinstance(opened, Problem):
            return problem_reply(opened)
        await self._provider.journal.settle()
        reply = json_reply(_page_answer(opened))
        hit = self._provider.operations.switches.hit
        lost = None if known else hit("lost_answer", opened.reference, opened.key)
        if lost is not None:
            reply.lose = "error" if lost.how == "error" else "close"
        return reply

    async def find_page(self, request: Request) -> Reply:
        """``GET /api/checkouts?key=``: what became of a page."""
        if not self._is_merchant(request):
            return problem_reply(_STRANGER)
        busy = self._too_many(request.parameter("key"))
        if busy is not None:
            return busy
        opened = self._provider.books.pages.get(request.parameter("key"))
        if opened is None:
            return problem_reply(
                Problem(404, "page_unknown", "no page has this key; it is safe to send")
            )
        return json_reply(_page_answer(opened))

    def _too_many(self, reference: str) -> Reply | None:
        """Refuse a call above the limit of a switch; only those that passed count."""
        limit = self._provider.operations.switches.hit("call_limit", reference, reference)
        if limit is None:
            return None
        now = monotonic()
        while self._passed and self._passed[0] <= now - 1:
            self._passed.popleft()
        if len(self._passed) < limit.copies:
            self._passed.append(now)
            return None
        reply = problem_reply(Problem(429, "too_many_calls", "slow down and try again"))
        reply.headers = (*reply.headers, (b"retry-after", b"1"))
        return reply

    def _lost_before(self, reference: str) -> Reply | None:
        """Let a call get lost on its way, if a switch says so."""
        if self._provider.operations.switches.hit("lost_request", reference, reference) is None:
            return None
        reply = problem_reply(Problem(503, "lost", "never arrived"))
        reply.lose = "close"
        return reply

    async def refund(self, request: Request) -> Reply:
        """``POST /api/refunds``: 200 done, 202 pending, 4xx refused."""
        order = self._merchant_order(request, self._refund_orders)
        if isinstance(order, Problem):
            return problem_reply(order)
        wanted = RefundRequest(
            key=order.key,
            reference=order.reference,
            amount_minor=order.amount_minor,
            currency=order.currency,
        )
        was = self._provider.books.last_number
        return await self._transferred(self._provider.operations.refund(wanted), was=was)

    async def pay_out(self, request: Request) -> Reply:
        """``POST /api/payouts``: 200 done, 202 pending, 4xx refused."""
        order = self._merchant_order(request, self._payout_orders)
        if isinstance(order, Problem):
            return problem_reply(order)
        wanted = PayoutRequest(
            key=order.key,
            account_reference=order.account_reference,
            amount_minor=order.amount_minor,
            currency=order.currency,
            order_reference=order.order_reference,
        )
        was = self._provider.books.last_number
        return await self._transferred(self._provider.operations.pay_out(wanted), was=was)

    async def _transferred(self, record: Transferred | Problem, *, was: int) -> Reply:
        """Answer a transfer; what fails later is pending in its first answer only."""
        if isinstance(record, Problem):
            return problem_reply(record)
        await self._provider.commit(record, was=was)
        if not record.failed:
            reply = json_reply(self._provider.transfer_answer(record))
        elif record.number > was and record.fails_later:
            pending = self._provider.transfer_answer(record, is_pending=True)
            reply = json_reply(pending, status=202)
        else:
            reply = problem_reply(transfer_failure(record))
        return self._provider.maybe_lost(reply, record, was=was)

    async def find_transfer(self, request: Request) -> Reply:
        """``GET /api/transfers?key=``: what became of a refund or payout."""
        if not self._is_merchant(request):
            return problem_reply(_STRANGER)
        record = self._provider.books.transfers.get(request.parameter("key"))
        if record is None:
            return problem_reply(
                Problem(404, "transfer_unknown", "no transfer has this key; it is safe to send")
            )
        return json_reply(self._provider.transfer_answer(record))

    async def find_payments(self, request: Request) -> Reply:
        """``GET /api/payments?reference=``: every attempt under a reference, oldest first."""
        if not self._is_merchant(request):
            return problem_reply(_STRANGER)
        account = self._provider.books.account(request.parameter("reference"))
        attempts = account.attempts if account is not None else ()
        found = tuple(self._provider.payment_record(record) for record in attempts)
        return json_reply(PaymentList(payments=found))

    async def holdings(self, request: Request) -> Reply:
        """``GET /api/holdings``: what is held, per currency."""
        if not self._is_merchant(request):
            return problem_reply(_STRANGER)
        return json_reply(HoldingList(holdings=self._provider.books.holdings()))

    async def movements(self, request: Request) -> Reply:
        """``GET /api/movements?cursor=``: one page of sums per reference."""
        if not self._is_merchant(request):
            return problem_reply(_STRANGER)
        cursor = request.parameter("cursor") or "0"
        if not (cursor.isascii() and cursor.isdigit()) or len(cursor) > _LONGEST_CURSOR:
            return problem_reply(
                Problem(400, "cursor_malformed", "send a next_cursor from an earlier page")
            )
        return json_reply(self._provider.books.movements(int(cursor), PAGE_SIZE))

    def _merchant_order(
        self, request: Request, decoder: msgspec.json.Decoder[Body]
    ) -> Body | Problem:
        """Read an order that only the merchant may give."""
        if not self._is_merchant(request):
            return _STRANGER
        return decoded(request, decoder)

    def _is_merchant(self, request: Request) -> bool:
        """Say whether the caller proved to have the merchant's key."""
        return hmac.compare_digest(request.headers.get(b"authorization", b""), self._token)


def _page_answer(opened: PageOpened) -> PageAnswer:
    """Return an open page as the merchant sees it."""
    return PageAnswer(
        key=opened.key, reference=opened.reference, query=opened.query, opened_at=opened.at
    )
