"""The post: every message of the outbox leaves here, by mail, text, webhook or payout.

Not here: words (`desk/telling`), the ways out (`mail.py`, `texts.py`, `webhooks.py`, `payments/`)
and trying again, which the outbox does when a message raises.

Everything that leaves has a name that follows from its event, so that a message delivered twice
is the same mail and the same webhook.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import structlog

from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import TermsHash
from earnest.core.values.instant import Instant
from earnest.desk.notices import is_legal, ways
from earnest.desk.outgoing import Address, AddressBook, Handler, NotSent, Occurrences
from earnest.desk.ports import Channel, OrderKey, OutgoingMessage, RecordedEvent
from earnest.desk.private import MarkKind, NoticeBook, NoticeChannel, NoticeMark, NoticePlace
from earnest.desk.telling.letter import letter
from earnest.gateways.announcement import announcement
from earnest.gateways.mail import Mail, MailGateway, MailRefused, MailRetry
from earnest.gateways.webhooks import (
    OutgoingWebhook,
    WebhookGateway,
    WebhookGone,
    WebhookRefused,
    WebhookRetry,
)

log = structlog.get_logger(__name__)


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An address of the maker's own systems, with the secret that signs what is posted there."""

    url: str
    secret: str


class Post:
    """Sends what the outbox hands over."""

    def __init__(  # noqa: PLR0913 - keyword-only ways out, named where they are put together
        self,
        *,
        occurrences: Occurrences,
        addresses: AddressBook,
        mail: MailGateway,
        payouts: Handler,
        notices: NoticeBook,
        now: Callable[[], Instant],
        public_url: str,
        texts: Handler | None = None,
        webhooks: WebhookGateway | None = None,
        endpoints: Sequence[Endpoint] = (),
    ) -> None:
        """Send by these ways out; `public_url` is where buyers find the pages of their orders."""
        self._occurrences = occurrences
        self._addresses = addresses
        self._mail = mail
        self._payouts = payouts
        self._notices = notices
        self._now = now
        self._texts = texts
        self._public_url = public_url.rstrip("/")
        self._webhooks = webhooks
        self._endpoints = list(endpoints)
        self._terms: dict[TermsHash, TermsVersion] = {}

    async def handle(self, message: OutgoingMessage) -> None:
        """Send one message; repeating it is harmless. Raises `NotSent` to be tried again."""
        match message.channel:
            case Channel.MAIL:
                await self._send_mail(message)
            case Channel.WEBHOOK:
                await self._post_webhooks(message)
            case Channel.SMS:
                if self._texts is not None:
                    await self._texts.handle(message)
            case Channel.PAYOUT:
                await self._payouts.handle(message)

    async def _event(self, message: OutgoingMessage) -> RecordedEvent | None:
        """What the message is about. Without it there is nothing to say, now or later."""
        key = OrderKey(message.buyer_id, message.order_id)
        recorded = await self._occurrences.event(key, message.sequence)
        if recorded is None:
            log.error(
                "message_dropped",
                why="event_unknown",
                order_id=message.order_id,
                sequence=message.sequence,
            )
        return recorded

    async def _send_mail(self, message: OutgoingMessage) -> None:
        """Write to the buyer. Somebody without address, or erased, is not written to."""
        recorded = await self._event(message)
        if recorded is None:
            return
        address = await self._addresses.address(message.buyer_id)
        terms = await self._terms_of(recorded)
        if address is None or not address.email or terms is None:
            self._drop(message, "order_unknown" if terms is None else "address_unknown")
            return
        has_phone = self._texts is not None and bool(address.phone)
        chosen = ways(recorded.event, address.wishes, has_mail=True, has_phone=has_phone)
        if NoticeChannel.MAIL not in chosen:
            self._drop(message, "switched_off")
            return
        result = await self._mail.send(self._written(recorded, address, terms))
        if isinstance(result, MailRetry):
            raise NotSent(result.explanation)
        if isinstance(result, MailRefused):
            self._drop(message, result.code)
        elif is_legal(recorded.event):
            await self._note(message, recorded)

    async def _note(self, message: OutgoingMessage, recorded: RecordedEvent) -> None:
        """Note that the mail server took a legal notice, which proves no arrival."""
        mark = NoticeMark(
            place=NoticePlace(message.order_id, message.sequence),
            channel=NoticeChannel.MAIL,
            kind=MarkKind.SENT,
            at=self._now(),
            proof=_name(recorded),
        )
        await self._notices.mark(message.buyer_id, mark)

    @staticmethod
    def _drop(message: OutgoingMessage, why: str) -> None:
        """Say, without naming anybody, that a message goes to nobody."""
        order_id, sequence = message.order_id, message.sequence
        log.info("message_dropped", why=why, order_id=order_id, sequence=sequence)

    async def _terms_of(self, recorded: RecordedEvent) -> TermsVersion | None:
        """The terms of the order: they know its time zone and its seller, and never change."""
        order = await self._occurrences.order_of_buyer(
            OrderKey(recorded.buyer_id, recorded.order_id)
        )
        if order is None:
            return None
        known = self._terms.get(order.terms_hash)
        if known is None:
            known = await self._occurrences.terms(order.terms_hash)
            assert known is not None, f"an order refers to unknown terms {order.terms_hash}"
            self._terms[order.terms_hash] = known
        return known

    def _written(self, recorded: RecordedEvent, address: Address, terms: TermsVersion) -> Mail:
        written = letter(
            recorded.event,
            name=address.name,
            language=address.language,
            time_zone=terms.policy.time_zone,
            order_id=recorded.order_id,
            link=f"{self._public_url}/orders/{recorded.order_id}",
            seller=terms.seller,
        )
        return Mail(
            to=address.email,
            subject=written.subject,
            text=written.text,
            language=written.language,
            message_id=_name(recorded),
            composed_at=recorded.recorded_at,
        )

    async def _post_webhooks(self, message: OutgoingMessage) -> None:
        """Tell every endpoint; one that did not take it makes the message come again for all.

        The receivers drop what they already have by its id.
        """
        if self._webhooks is None or not self._endpoints:
            return
        recorded = await self._event(message)
        if recorded is None:
            return
        body = announcement(recorded)
        late: list[WebhookRetry] = []
        for endpoint in list(self._endpoints):
            result = await self._webhooks.send(
                OutgoingWebhook(
                    url=endpoint.url,
                    secret=endpoint.secret,
                    webhook_id=_name(recorded),
                    body=body,
                )
            )
            match result:
                case WebhookRetry():
                    late.append(result)
                case WebhookGone():
                    # Its owner switched it off; until the next start nothing is sent there.
                    log.warning("webhook_endpoint_gone", url=endpoint.url)
                    self._endpoints.remove(endpoint)
                case WebhookRefused(code=code, explanation=explanation):
                    log.error("webhook_endpoint_unusable", code=code, way_out=explanation)
        if late:
            waits = [each.after_seconds for each in late if each.after_seconds is not None]
            raise NotSent(late[0].explanation, max(waits, default=None))


def _name(recorded: RecordedEvent) -> str:
    """What a mail or webhook about this event is always called."""
    return f"{recorded.buyer_id}.{recorded.order_id}.{recorded.sequence}"
