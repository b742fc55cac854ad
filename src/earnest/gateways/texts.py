"""Texts: notices that leave by short message, and the receipts that come back for them.

Not here: which events are told so (`desk/notices.py`), and the gateway itself (`sms.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from earnest.core.cases.notice import Means
from earnest.core.order.actor import provider_actor
from earnest.core.order.commands import RecordNotice
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant
from earnest.desk.desk import CommandFailed, DeskFull, KeyRunning
from earnest.desk.notices import demand_number, ways
from earnest.desk.outgoing import AddressBook, NotSent, Occurrences, Place, Submitting
from earnest.desk.ports import OutgoingMessage, StoreUnavailable
from earnest.desk.private import MarkKind, NoticeBook, NoticeChannel, NoticeMark, NoticePlace
from earnest.desk.telling import tell
from earnest.gateways.sms import LONGEST_TEXT, Sms, SmsGateway, SmsReceipt, SmsRefused, SmsRetry

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 5.0
"""How long the gateway is left alone between two questions for receipts."""

_ACTOR = provider_actor("sms")


class Texts:
    """Sends what the outbox hands over as short messages."""

    def __init__(
        self,
        *,
        occurrences: Occurrences,
        addresses: AddressBook,
        gateway: SmsGateway,
        notices: NoticeBook,
        public_url: str,
        now: Callable[[], Instant],
    ) -> None:
        """Send by this gateway, and note in the book what became of each."""
        self._occurrences = occurrences
        self._addresses = addresses
        self._gateway = gateway
        self._notices = notices
        self._public_url = public_url.rstrip("/")
        self._now = now

    async def handle(self, message: OutgoingMessage) -> None:
        """Send one message; repeating it is harmless. Raises `NotSent` to be tried again."""
        place = Place(message.buyer_id, message.order_id, message.sequence)
        occurrence = (await self._occurrences.occurrences([place])).get(place)
        address = (await self._addresses.addresses([message.buyer_id])).get(message.buyer_id)
        if occurrence is None or address is None or not address.phone:
            return
        recorded = occurrence.recorded
        chosen = ways(recorded.event, address.wishes, has_mail=bool(address.email), has_phone=True)
        terms = await self._occurrences.terms(occurrence.terms_hash)
        if NoticeChannel.SMS not in chosen or terms is None:
            return
        link = f"{self._public_url}/orders/{message.order_id}"
        told = tell(recorded.event, address.language, terms.policy)
        room = LONGEST_TEXT - len(terms.seller) - len(link) - 4
        sms = Sms(
            to=address.phone,
            text=f"{terms.seller}: {told[:room]} {link}",
            language=address.language,
            sms_id=_name(message.buyer_id, message.order_id, message.sequence),
        )
        result = await self._gateway.send(sms)
        if isinstance(result, SmsRetry):
            raise NotSent(result.explanation)
        if isinstance(result, SmsRefused):
            log.warning("message_dropped", why=result.code, order_id=message.order_id)
            return
        await self._notices.mark(
            message.buyer_id,
            NoticeMark(
                place=NoticePlace(message.order_id, message.sequence),
                channel=NoticeChannel.SMS,
                kind=MarkKind.SENT,
                at=self._now(),
                proof=sms.sms_id,
            ),
        )


class Receipts:
    """Takes the gateway's receipts: each is noted, and that of a demand starts its time."""

    def __init__(
        self,
        *,
        gateway: SmsGateway,
        occurrences: Occurrences,
        notices: NoticeBook,
        desk: Submitting,
        now: Callable[[], Instant],
    ) -> None:
        """Begin with the first receipt the gateway still has: noting one twice does no harm."""
        self._gateway = gateway
        self._occurrences = occurrences
        self._notices = notices
        self._desk = desk
        self._now = now
        self._cursor = ""

    async def run(self) -> None:
        """Take receipts for ever."""
        while True:
            try:
                await self.take()
            except (StoreUnavailable, DeskFull, KeyRunning, CommandFailed) as error:
                log.warning("receipts_wait", why=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def take(self) -> None:
        """Take what has come; after a failure the same receipts are taken again."""
        page = await self._gateway.receipts(self._cursor)
        for receipt in page.items:
            await self._take(receipt)
        self._cursor = page.cursor

    async def _take(self, receipt: SmsReceipt) -> None:
        named = _named(receipt.sms_id)
        found = {} if named is None else await self._occurrences.occurrences([named])
        if named is None or named not in found:
            log.warning("receipt_dropped", why="event_unknown")
            return
        recorded = found[named].recorded
        mark = NoticeMark(
            place=NoticePlace(named.order_id, named.sequence),
            channel=NoticeChannel.SMS,
            kind=MarkKind.DELIVERED,
            at=receipt.delivered_at,
            proof=receipt.reference,
        )
        await self._notices.mark(named.buyer_id, mark)
        number = demand_number(recorded.event)
        if number is not None:
            # A demand that is met, or was proven before, rejects this; nothing is lost by it.
            now = self._now()
            command = RecordNotice(
                buyer_id=named.buyer_id,
                order_id=named.order_id,
                actor=_ACTOR,
                key=f"sms-receipt-{named.sequence}",
                received_at=now,
                demand_number=number,
                delivered_at=min(max(receipt.delivered_at, recorded.event.at), now),
                proof=f"receipt {receipt.reference} of the SMS gateway",
                means=Means.SMS,
            )
            await self._desk.submit(command, receipt.reference)


def _name(buyer_id: BuyerId, order_id: OrderId, sequence: int) -> str:
    """What the message about an event is always called."""
    return f"{buyer_id}.{order_id}.{sequence}"


def _named(sms_id: str) -> Place | None:
    """The event that a message was about; None for a name that is none of ours."""
    buyer_id, _, rest = sms_id.partition(".")
    order_id, _, sequence = rest.partition(".")
    if not sequence.isascii() or not sequence.isdigit():
        return None
    return Place(BuyerId(buyer_id), OrderId(order_id), int(sequence))
