"""POST /orders/{order_id}/conversation/{number}/agreement: what was said becomes an agreement.

The agreement has the very text of the message, so its digest is that of the piece of evidence under
which message and file are filed, and both stand in the dispute pack. Not here: what comes of a
proposal (`core/order/agree.py`) and answering it, which are commands (`commands.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.cases.evidence import EvidenceKind, MediaType, digest_of
from earnest.core.order.authority import AUTHORITY
from earnest.core.order.commands import AddEvidence
from earnest.core.order.commands_of_agreements import ProposeAgreement
from earnest.core.order.state import Order
from earnest.core.terms.agreement import Origin
from earnest.core.values.reason import Reason
from earnest.desk.conversing import Message
from earnest.web.api.commands import CommandDone, done_by
from earnest.web.api.conversations import message_asked_for
from earnest.web.codes import DoorCode
from earnest.web.deciding import accepted_only
from earnest.web.finding import key_of, order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.reading import expected_sequence, idempotency_key
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import MOST_ITEMS, AskedAcknowledgement, AskedOverride, Moment, Number

_KINDS = {
    MediaType.TEXT: EvidenceKind.MESSAGE,
    MediaType.PDF: EvidenceKind.DOCUMENT,
    MediaType.JPEG: EvidenceKind.PHOTO,
    MediaType.PNG: EvidenceKind.PHOTO,
    MediaType.WEBP: EvidenceKind.PHOTO,
}
_DESCRIPTIONS = {
    "en": "Message {number} of the conversation, by the {by}: agreement {agreement}",
    "zh-Hans": "对话中的第{number}条留言（{by}），即补充协议{agreement}的原话",
}
_SIDES = {
    "en": {"buyer": "buyer", "seller": "seller"},
    "zh-Hans": {"buyer": "购车人", "seller": "卖方"},
}


class AgreementAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the message changes, field by field; its text is the agreement's."""

    overrides: Annotated[tuple[AskedOverride, ...], Meta(max_length=MOST_ITEMS)]
    valid_until: Moment | None = None
    replaces: Annotated[tuple[Number, ...], Meta(max_length=MOST_ITEMS)] = ()
    acknowledgement: AskedAcknowledgement | None = None


async def agree_on_message(house: House, asked: Asked, wanted: AgreementAsked) -> Reply:
    """Propose what a message says as a side agreement, and file the message as its evidence."""
    order, message = await order_asked_for(house, asked), await message_asked_for(house, asked)
    acknowledged = wanted.acknowledgement
    command = ProposeAgreement(
        buyer_id=order.buyer_id,
        order_id=order.order_id,
        actor=asked.by.actor,
        key=idempotency_key(asked.headers),
        received_at=asked.received_at,
        expected_sequence=expected_sequence(asked.headers),
        overrides=tuple(each.meant(asked.received_at) for each in wanted.overrides),
        text=message.text,
        origin=Origin.CHAT,
        valid_until=wanted.valid_until,
        replaces=wanted.replaces,
        acknowledgement=None if acknowledged is None else acknowledged.meant(asked.received_at),
    )
    answer = accepted_only(await house.desk.submit(command, asked.content_hash))
    await _file(house, asked, await order_asked_for(house, asked), message)
    after = await order_asked_for(house, asked)
    done = msgspec.structs.replace(done_by(house, order.buyer_id, answer), sequence=after.sequence)
    return Reply(value=done, headers=[(b"etag", b'"%d"' % after.sequence)])


async def _file(house: House, asked: Asked, order: Order, message: Message) -> None:
    """File words and file of the message with the order, each once."""
    words = message.text.encode()
    await _file_piece(house, asked, order, message, words, MediaType.TEXT)
    if message.file is not None:
        content = await house.conversations.file(key_of(order), message.number)
        assert content is not None, "a message that names a file has it"
        await _file_piece(house, asked, order, message, content, message.file.media_type)


async def _file_piece(
    house: House,
    asked: Asked,
    order: Order,
    message: Message,
    content: bytes,
    media_type: MediaType,
) -> None:
    digest = digest_of(content)
    if any(piece.digest == digest for piece in order.evidence):
        return
    await house.contents.keep(key_of(order), digest, content, asked.received_at)
    side = _SIDES[asked.language][message.by.value]
    command = AddEvidence(
        buyer_id=order.buyer_id,
        order_id=order.order_id,
        actor=asked.by.actor,
        # Whoever proposes the same message again files the same piece, and so nothing.
        key=f"message-{message.number}-{digest}",
        received_at=asked.received_at,
        evidence_kind=_KINDS[media_type],
        digest=digest,
        media_type=media_type,
        size_bytes=len(content),
        description=_DESCRIPTIONS[asked.language].format(
            number=message.number, by=side, agreement=_agreement_on(order, message)
        ),
    )
    # An order with no room for more evidence keeps the agreement, whose text is evidence itself.
    await house.desk.submit(command, digest)


def _agreement_on(order: Order, message: Message) -> int:
    """The newest agreement or proposal whose text is the message; one may be declined by now."""
    agreements = (*order.proposals, *order.agreements)
    numbers = (each.number for each in agreements if each.text == message.text)
    return max(numbers, default=order.agreements_proposed)


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/orders/{order_id}/conversation/{number}/agreement",
            operation="agreeOnMessage",
            summary="Propose what a message says as a side agreement; the message is its evidence.",
            description=(
                "The text of the agreement is that of the message, word for word. The other side "
                "accepts or declines it; what the maker proposes and only favours the buyer binds "
                "at once."
            ),
            tag="conversations",
            access=Access.ACTORS,
            roles=AUTHORITY["ProposeAgreement"],
            takes=AgreementAsked,
            handler=agree_on_message,
            gives=CommandDone,
            needs_key=True,
            has_etag=True,
            may_insist=True,
            codes=(
                Reason.ORDER_UNKNOWN,
                Reason.SEQUENCE_STALE,
                Reason.STAGE_UNSUITABLE,
                DoorCode.MESSAGE_UNKNOWN,
            ),
        )
    ]
