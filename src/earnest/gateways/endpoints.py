"""The addresses of the maker's systems that are kept: their secrets, and telling them.

A secret follows from the reference that is kept and from a key that is not in the database. After
it was rotated the one before signs as well for a day, so that a receiver can change over without
losing anything. Not here: one attempt over HTTP (`webhooks.py`), and when to try again.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

import msgspec
import structlog

from earnest.core.values.ids import derive_id
from earnest.core.values.instant import Instant
from earnest.desk.endpoints import Delivery, DeliveryResult, EndpointBook, EndpointKept
from earnest.desk.outgoing import Occurrences, Place
from earnest.desk.ports import RecordedEvent, StoreUnavailable
from earnest.desk.staff import Act
from earnest.gateways.announcement import announcement
from earnest.gateways.letters import name_of
from earnest.gateways.signatures import SECRET_PREFIX
from earnest.gateways.webhooks import (
    GONE_STATUS,
    OutgoingWebhook,
    WebhookDelivered,
    WebhookGateway,
    WebhookGone,
    WebhookRefused,
    WebhookResult,
    WebhookRetry,
)

EARLIER_SIGNS_FOR = timedelta(days=1)
LOOK_SECONDS = 5.0
"""How often a process looks whether anybody is told of events at all."""

MACHINE = "machine"
_REFERENCE_BYTES = 16

log = structlog.get_logger(__name__)


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An address of the maker's own systems, with the secret that signs what is posted there.

    Without kinds it is told of everything. `endpoint_id` is empty for the one of the settings.
    """

    url: str
    secret: str
    endpoint_id: str = ""
    kinds: frozenset[str] = frozenset()
    earlier_secret: str | None = None

    def is_told_of(self, kind: str) -> bool:
        """Whether events of a kind are posted there."""
        return not self.kinds or kind in self.kinds


class Endpoints:
    """The addresses that are kept."""

    def __init__(
        self,
        book: EndpointBook,
        occurrences: Occurrences,
        webhooks: WebhookGateway,
        key: bytes,
        now: Callable[[], Instant],
    ) -> None:
        """Secrets are made with the key."""
        self._book = book
        self._occurrences = occurrences
        self._webhooks = webhooks
        self._key = key
        self._now = now

    @property
    def book(self) -> EndpointBook:
        """Where they are kept, to be read."""
        return self._book

    async def active(self) -> Sequence[Endpoint]:
        """The addresses that are told now, with their secrets."""
        return [self._open(each) for each in await self._book.endpoints() if each.active]

    async def keep_telling(self, tell: Callable[[bool], None]) -> None:
        """Say for ever whether anybody is told of events, so that none is announced to nobody."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                tell(bool(await self.active()))
            except StoreUnavailable:
                log.warning("endpoints_wait_for_store")

    async def note(
        self,
        told: Sequence[tuple[Endpoint, RecordedEvent, WebhookResult]],
        again: Mapping[Place, int] = {},
    ) -> None:
        """Note how deliveries to kept addresses fared; whoever is gone is switched off.

        `again` is in how many seconds an event comes again by itself.
        """
        kept = [each for each in told if each[0].endpoint_id]
        if kept:
            await self._book.note([self._delivery(*each, again) for each in kept])
        for endpoint, _, result in kept:
            if isinstance(result, WebhookGone):
                act = self._act("endpoint_switched", MACHINE, endpoint.endpoint_id, "off: gone")
                await self._book.switch(endpoint.endpoint_id, act, active=False)

    async def add(self, url: str, kinds: Sequence[str], key: str, by: str) -> Endpoint | None:
        """Add an address, which is told from then on; None for a key that was used before."""
        kept = EndpointKept(
            endpoint_id=derive_id("endpoint", by, key),
            url=url,
            secret_reference=_fresh_reference(),
            kinds=tuple(sorted(set(kinds))),
            active=True,
            created_at=self._now(),
        )
        act = self._act("endpoint_added", by, kept.endpoint_id, url)
        return self._open(kept) if await self._book.add(kept, act) else None

    async def switch(self, endpoint_id: str, by: str, *, active: bool) -> bool:
        """Switch an address on or off; False for an unknown one."""
        act = self._act("endpoint_switched", by, endpoint_id, "on" if active else "off")
        return await self._book.switch(endpoint_id, act, active=active)

    async def rotate(self, endpoint_id: str, by: str) -> Endpoint | None:
        """Give an address another secret; None for an unknown one."""
        act = self._act("endpoint_rotated", by, endpoint_id)
        kept = await self._book.rotate(endpoint_id, _fresh_reference(), act)
        return None if kept is None else self._open(kept)

    async def test(self, endpoint_id: str, by: str) -> WebhookResult | None:
        """Post something that is no event, at once; None for an unknown address."""
        endpoint = await self._one(endpoint_id)
        if endpoint is None:
            return None
        body = msgspec.json.encode({"type": "Test", "timestamp": self._now(), "data": {}})
        test_id = f"test.{secrets.token_hex(_REFERENCE_BYTES)}"
        result = await self._webhooks.send(_outgoing(endpoint, test_id, body))
        words = explanation_of(result)
        await self._book.note_act(self._act("endpoint_tested", by, endpoint_id, words))
        return result

    async def again(self, endpoint_id: str, webhook_id: str, by: str) -> WebhookResult | None:
        """Post an event once more to one address, at once; None for an unknown delivery."""
        endpoint = await self._one(endpoint_id)
        found = [
            each
            for each in await self._book.deliveries(endpoint_id)
            if each.webhook_id == webhook_id
        ]
        if endpoint is None or not found:
            return None
        place = Place(found[0].buyer_id, found[0].order_id, found[0].sequence)
        occurrence = (await self._occurrences.occurrences([place]))[place]
        result = await self._webhooks.send(outgoing_to(endpoint, occurrence.recorded))
        await self._book.note_act(self._act("delivery_repeated", by, endpoint_id, webhook_id))
        await self.note([(endpoint, occurrence.recorded, result)])
        return result

    async def _one(self, endpoint_id: str) -> Endpoint | None:
        found = [each for each in await self._book.endpoints() if each.endpoint_id == endpoint_id]
        return self._open(found[0]) if found else None

    def _open(self, kept: EndpointKept) -> Endpoint:
        """An address with its secrets."""
        earlier = kept.earlier_reference
        lasts = kept.rotated_at is not None and self._now() < kept.rotated_at + EARLIER_SIGNS_FOR
        return Endpoint(
            url=kept.url,
            secret=self._secret(kept.endpoint_id, kept.secret_reference),
            endpoint_id=kept.endpoint_id,
            kinds=frozenset(kept.kinds),
            earlier_secret=None
            if earlier is None or not lasts
            else self._secret(kept.endpoint_id, earlier),
        )

    def _secret(self, endpoint_id: str, reference: str) -> str:
        about = f"earnest/webhook\n{endpoint_id}\n{reference}".encode()
        made = hmac.digest(self._key, about, hashlib.sha256)
        return SECRET_PREFIX + base64.b64encode(made).decode()

    def _delivery(
        self,
        endpoint: Endpoint,
        recorded: RecordedEvent,
        result: WebhookResult,
        again: Mapping[Place, int],
    ) -> Delivery:
        place, now = Place(recorded.buyer_id, recorded.order_id, recorded.sequence), self._now()
        wait = again.get(place) if isinstance(result, WebhookRetry) else None
        return Delivery(
            endpoint_id=endpoint.endpoint_id,
            webhook_id=name_of(recorded),
            buyer_id=recorded.buyer_id,
            order_id=recorded.order_id,
            sequence=recorded.sequence,
            kind=type(recorded.event).__name__,
            delivered_at=now,
            result=_result(result),
            explanation=explanation_of(result),
            answer_status=status_of(result),
            next_try_at=None if wait is None else now + timedelta(seconds=wait),
        )

    def _act(self, kind: str, by: str, endpoint_id: str, detail: str = "") -> Act:
        return Act(at=self._now(), actor_id=by, kind=kind, subject=endpoint_id, detail=detail)


def outgoing_to(endpoint: Endpoint, recorded: RecordedEvent) -> OutgoingWebhook:
    """What is posted to an address about an event, always under the same name."""
    return _outgoing(endpoint, name_of(recorded), announcement(recorded))


def is_usable(url: str) -> bool:
    """Whether an address may be told: over TLS, or on this machine."""
    try:
        split = urlsplit(url)
        is_here = split.hostname in {"127.0.0.1", "::1", "localhost"}
        is_named = bool(split.hostname) and split.port != 0 and not split.username
    except ValueError:
        return False
    return is_named and (split.scheme == "https" or (split.scheme == "http" and is_here))


def explanation_of(result: WebhookResult) -> str:
    """What there is to say about a result."""
    match result:
        case WebhookDelivered(status=status):
            return f"the receiver answered {status}"
        case WebhookRetry(explanation=explanation) | WebhookRefused(explanation=explanation):
            return explanation
        case WebhookGone():
            return "the receiver answered 410"


def status_of(result: WebhookResult) -> int | None:
    """What the receiver answered; None when no answer came."""
    match result:
        case WebhookDelivered(status=status) | WebhookRetry(status=status):
            return status
        case WebhookGone():
            return GONE_STATUS
        case WebhookRefused():
            return None


def _result(result: WebhookResult) -> DeliveryResult:
    match result:
        case WebhookDelivered():
            return DeliveryResult.DELIVERED
        case WebhookRetry():
            return DeliveryResult.LATE
        case WebhookGone():
            return DeliveryResult.GONE
        case WebhookRefused():
            return DeliveryResult.REFUSED


def _outgoing(endpoint: Endpoint, webhook_id: str, body: bytes) -> OutgoingWebhook:
    return OutgoingWebhook(
        url=endpoint.url,
        secret=endpoint.secret,
        earlier_secret=endpoint.earlier_secret,
        webhook_id=webhook_id,
        body=body,
    )


def _fresh_reference() -> str:
    return secrets.token_hex(_REFERENCE_BYTES)
