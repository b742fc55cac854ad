"""The client side of the sandbox provider: Earnest's door to it over HTTP.

It follows the contract to the letter: what may or may not have happened is ``Unknown``, never an
exception and never a second try. The provider's own behaviour is in ``sandbox_server``.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

import aiohttp
import msgspec

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
    ProviderUnreachable,
    RefundRequest,
    Refused,
    Succeeded,
    TransferResult,
    Unknown,
)
from earnest.gateways.payments.events import EventReader
from earnest.gateways.payments.links import merchant_key_bytes, merchant_token, signed_query
from earnest.gateways.payments.wire import (
    HoldingList,
    PageAnswer,
    PageOrder,
    PaymentList,
    PayoutOrder,
    RefundOrder,
    TransferAnswer,
)

TIMEOUT_SECONDS = 10.0

_CONNECTIONS = 32
_OK = 200
_CLIENT_ERROR = 400
_SERVER_ERROR = 500
_TOO_MANY = 429
_UNDECIDED = (408, 425, _TOO_MANY)
_TROUBLE = (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, OSError)

Answer = TypeVar("Answer")


class _Refusal(msgspec.Struct):
    """The parts of a problem document that matter here."""

    code: str = "refused"
    detail: str = "the provider gave no reason"


class SandboxPayments:
    """``PaymentProvider`` for the sandbox. One instance serves one event loop."""

    def __init__(
        self,
        *,
        base_url: str,
        merchant_key: str,
        webhook_secrets: Sequence[str],
        merchant: str = "earnest",
        page_url: str | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        opens_checkouts: bool = False,
    ) -> None:
        """Talk to the sandbox at ``base_url``; buyers are sent to ``page_url`` where it differs.

        Raise ``ValueError`` for an empty key or a malformed secret.
        """
        self._base_url = base_url.rstrip("/")
        self._page_url = (page_url or base_url).rstrip("/") + "/pay?"
        self._merchant = merchant
        self._opens_checkouts = opens_checkouts
        self._key = merchant_key_bytes(merchant_key)
        self._token = merchant_token(merchant_key)
        self._events = EventReader(webhook_secrets)
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def name(self) -> str:
        """The name stored with everything of this provider."""
        return "sandbox"

    @property
    def opens_checkouts(self) -> bool:
        """As configured: the sandbox can play a provider that has to be asked for each page."""
        return self._opens_checkouts

    async def open_checkout(self, order: CheckoutOrder) -> CheckoutResult:
        """Have a page opened by a call."""
        wanted = order.request
        body = PageOrder(
            key=order.key,
            reference=wanted.reference,
            amount_minor=wanted.amount_minor,
            currency=wanted.currency,
            description=wanted.description,
            return_url=wanted.return_url,
            expires_at=wanted.expires_at,
            language="zh-Hans" if wanted.language == "zh-Hans" else "en",
        )
        try:
            status, answer = await self._call(
                "POST", "/api/checkouts", body=msgspec.json.encode(body)
            )
        except _TROUBLE as error:
            return Unknown(explanation=_reason(error))
        return self._page(status, answer)

    async def find_checkout(self, key: str) -> CheckoutResult | NotFound:
        """Say what became of a page."""
        try:
            status, answer = await self._call("GET", "/api/checkouts", parameters={"key": key})
        except _TROUBLE as error:
            return Unknown(explanation=_reason(error))
        found = self._page(status, answer)
        if isinstance(found, Refused):
            if found.code == "page_unknown":
                return NotFound(key=key)
            return Unknown(explanation=f"the provider answered {status} to the look-up")
        return found

    def _page(self, status: int, answer: bytes) -> CheckoutResult:
        """What is known about a page after a call."""
        if status == _TOO_MANY:
            return Busy()
        if status >= _SERVER_ERROR or status in _UNDECIDED:
            return Unknown(explanation=f"the provider answered {status}")
        try:
            if status >= _CLIENT_ERROR:
                refusal = msgspec.json.decode(answer, type=_Refusal)
                return Refused(code=refusal.code, explanation=refusal.detail)
            page = msgspec.json.decode(answer, type=PageAnswer)
        except msgspec.DecodeError as error:
            return Unknown(explanation=f"the answer is not as agreed: {error}")
        return CheckoutOpened(
            key=page.key, link=self._page_url + page.query, opened_at=page.opened_at
        )

    def checkout_link(self, request: CheckoutRequest) -> str:
        """Return the signed link of the hosted page; nothing leaves the process."""
        return self._page_url + signed_query(self._key, self._merchant, request)

    def verify_webhook(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> ProviderEvent:
        """Check the raw bytes, then parse; raise ``WebhookRejected``."""
        return self._events.read(headers, body, now)

    async def find_payment(self, reference: str) -> tuple[PaymentRecord, ...]:
        """Return every attempt under ``reference``; raise ``ProviderUnreachable``."""
        found = await self._read("/api/payments", {"reference": reference}, PaymentList)
        return found.payments

    async def refund(self, request: RefundRequest) -> TransferResult:
        """Give captured money back."""
        order = RefundOrder(
            key=request.key,
            reference=request.reference,
            amount_minor=request.amount_minor,
            currency=request.currency,
        )
        return await self._transfer("/api/refunds", order)

    async def pay_out(self, request: PayoutRequest) -> TransferResult:
        """Send money to the buyer's account."""
        order = PayoutOrder(
            key=request.key,
            account_reference=request.account_reference,
            amount_minor=request.amount_minor,
            currency=request.currency,
            order_reference=request.order_reference,
        )
        return await self._transfer("/api/payouts", order)

    async def find_transfer(self, key: str) -> TransferResult | NotFound:
        """Say what became of a refund or payout."""
        try:
            status, body = await self._call("GET", "/api/transfers", parameters={"key": key})
        except _TROUBLE as error:
            return Unknown(explanation=_reason(error))
        result = _transfer_result(status, body)
        if isinstance(result, Refused) and result.code == "transfer_unknown":
            return NotFound(key=key)
        # A stranger's token or a broken path says nothing about the transfer itself.
        if status >= _CLIENT_ERROR:
            return Unknown(explanation=f"the provider answered {status} to the look-up")
        return result

    async def holdings(self) -> list[Holding]:
        """Return what the provider holds per currency; raise ``ProviderUnreachable``."""
        return (await self._read("/api/holdings", {}, HoldingList)).holdings

    async def movements(self, cursor: str | None = None) -> MovementPage:
        """Return one page of sums per reference; raise ``ProviderUnreachable``."""
        parameters = {} if cursor is None else {"cursor": cursor}
        return await self._read("/api/movements", parameters, MovementPage)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _transfer(self, path: str, order: RefundOrder | PayoutOrder) -> TransferResult:
        """Send a transfer once and say what is known about it afterwards."""
        try:
            status, body = await self._call("POST", path, body=msgspec.json.encode(order))
        except _TROUBLE as error:
            return Unknown(explanation=_reason(error))
        return _transfer_result(status, body)

    async def _read(self, path: str, parameters: dict[str, str], kind: type[Answer]) -> Answer:
        """Read a value that no answer can change."""
        try:
            status, body = await self._call("GET", path, parameters=parameters)
        except _TROUBLE as error:
            raise ProviderUnreachable(_reason(error)) from error
        if status != _OK:
            raise ProviderUnreachable(f"the provider answered {status} to {path}")
        try:
            return msgspec.json.decode(body, type=kind)
        except msgspec.DecodeError as error:
            raise ProviderUnreachable(f"the answer to {path} is not as agreed: {error}") from error

    async def _call(
        self,
        method: str,
        path: str,
        *,
        parameters: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> tuple[int, bytes]:
        """Make one call; redirects are not followed, since they could repeat a transfer."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout,
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
                headers={"authorization": f"Bearer {self._token}"},
            )
        headers = {} if body is None else {"content-type": "application/json"}
        async with self._session.request(
            method,
            self._base_url + path,
            params=parameters,
            data=body,
            headers=headers,
            allow_redirects=False,
        ) as response:
            return response.status, await response.read()


def _transfer_result(status: int, body: bytes) -> TransferResult:
    """Read an answer; whatever is not clearly an answer leaves the outcome unknown."""
    if status >= _SERVER_ERROR or status in _UNDECIDED:
        return Unknown(explanation=f"the provider answered {status}; look the transfer up")
    try:
        if status >= _CLIENT_ERROR:
            refusal = msgspec.json.decode(body, type=_Refusal)
            return Refused(code=refusal.code, explanation=refusal.detail)
        answer = msgspec.json.decode(body, type=TransferAnswer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Unknown(explanation=f"the answer with status {status} is not as agreed")
    if answer.status == "pending":
        return Pending(provider_id=answer.provider_id)
    if answer.status == "failed":
        return Refused(code=answer.code, explanation=answer.explanation)
    return Succeeded(
        provider_id=answer.provider_id,
        amount_minor=answer.amount_minor,
        currency=answer.currency,
        at=answer.at,
    )


def _reason(error: BaseException) -> str:
    """Say in words why there was no answer."""
    if isinstance(error, TimeoutError):
        return "the provider did not answer in time"
    return f"the provider could not be reached or its answer was lost: {error}"
