"""Webhooks to makers' own systems: signed, never redirected, answered with a value.

They follow Standard Webhooks, so a receiver can check them with a library it already has. When to
try again, and when to stop, is the job queue's business; here is one attempt.
"""

import asyncio
import ssl
from typing import Protocol
from urllib.parse import urlsplit

import aiohttp
from msgspec import Struct

from earnest.gateways.clock import Clock
from earnest.gateways.signatures import secret_bytes, sign

TIMEOUT_SECONDS = 15.0

_CONNECTIONS = 32
GONE_STATUS = 410
_LONGEST_WAIT_SECONDS = 86_400


class OutgoingWebhook(Struct, frozen=True, kw_only=True):
    """One message to one address.

    ``webhook_id`` stays the same each time it is sent, so the receiver can drop repeats. ``secret``
    is base64, with or without ``whsec_``; ``earlier_secret``, if there is one, signs as well while
    a receiver changes over. ``body`` is JSON as bytes and is signed as it is.
    """

    url: str
    secret: str
    webhook_id: str
    body: bytes
    earlier_secret: str | None = None


class WebhookDelivered(Struct, frozen=True):
    """The receiver answered 2xx."""

    status: int


class WebhookRetry(Struct, frozen=True):
    """Not taken; try again later, not before ``after_seconds`` where the receiver named it.

    ``status`` is what it answered, None when no answer came.
    """

    explanation: str
    after_seconds: int | None = None
    status: int | None = None


class WebhookGone(Struct, frozen=True):
    """The receiver answered 410: switch this address off and tell its owner."""


class WebhookRefused(Struct, frozen=True):
    """Never sent; ``code`` is ``webhook_url_invalid`` or ``webhook_secret_invalid``."""

    code: str
    explanation: str


WebhookResult = WebhookDelivered | WebhookRetry | WebhookGone | WebhookRefused


class WebhookGateway(Protocol):
    """A way out for webhooks."""

    async def send(self, webhook: OutgoingWebhook) -> WebhookResult:
        """Make one attempt and say what became of it; never an exception."""

    async def close(self) -> None:
        """Let go of connections."""


class NullWebhooks:
    """Keeps webhooks in memory, for tests; refuses what the real one refuses."""

    def __init__(self) -> None:
        self.sent: list[OutgoingWebhook] = []

    async def send(self, webhook: OutgoingWebhook) -> WebhookResult:
        """Remember the webhook."""
        refused = _refusal(webhook)
        if refused is not None:
            return refused
        self.sent.append(webhook)
        return WebhookDelivered(204)

    async def close(self) -> None:
        """Do nothing; there is nothing to let go of."""


class HttpWebhooks:
    """Posts webhooks over HTTP. One instance serves one event loop."""

    def __init__(self, *, clock: Clock, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """Stamp with ``clock``; give up an attempt after ``timeout_seconds``."""
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, webhook: OutgoingWebhook) -> WebhookResult:
        """Sign and post once.

        A redirect is not followed: whoever can bend an address could otherwise read what was meant
        for the maker. It counts as not taken, so that its owner can mend the address.
        """
        refused = _refusal(webhook)
        if refused is not None:
            return refused
        stamp = int(self._clock.now().timestamp())
        held = [webhook.secret, webhook.earlier_secret]
        keys = [secret_bytes(secret) for secret in held if secret is not None]
        headers = {
            "content-type": "application/json",
            "user-agent": "earnest",
            "webhook-id": webhook.webhook_id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": " ".join(
                sign(key, webhook.webhook_id, stamp, webhook.body) for key in keys
            ),
        }
        try:
            async with self._opened().post(
                webhook.url, data=webhook.body, headers=headers, allow_redirects=False
            ) as response:
                return _result(response.status, response.headers.get("retry-after", ""))
        except TimeoutError:
            return WebhookRetry("the receiver did not answer in time")
        except (aiohttp.ClientError, ssl.SSLError, asyncio.IncompleteReadError, OSError) as error:
            return WebhookRetry(f"the receiver could not be reached: {error}")

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        """Return the session, made inside the running loop; it keeps no cookies."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout,
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


def _refusal(webhook: OutgoingWebhook) -> WebhookRefused | None:
    """Refuse addresses and secrets that no attempt can make good."""
    try:
        parts = urlsplit(webhook.url)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_web = False
    if not is_web:
        return WebhookRefused(
            "webhook_url_invalid", "give a full address that begins with https:// or http://"
        )
    try:
        secret_bytes(webhook.secret)
    except ValueError as error:
        return WebhookRefused("webhook_secret_invalid", str(error))
    return None


def _result(status: int, retry_after: str) -> WebhookResult:
    """Turn an HTTP answer into a value."""
    if 200 <= status < 300:  # noqa: PLR2004 - the HTTP class of success
        return WebhookDelivered(status)
    if status == GONE_STATUS:
        return WebhookGone()
    is_number = retry_after.isascii() and retry_after.isdigit() and len(retry_after) <= 9  # noqa: PLR2004 - keeps int() small
    wait = min(int(retry_after), _LONGEST_WAIT_SECONDS) if is_number else None
    return WebhookRetry(f"the receiver answered {status}", wait, status)
