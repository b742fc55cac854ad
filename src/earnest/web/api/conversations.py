"""/orders/{order_id}/conversation: what buyer and maker say; /conversations: who waits for it.

A message stands beside the order and changes nothing there; making it a side agreement is an act
of its own (`message_agreements.py`). A file is hostile until proven otherwise, as evidence is: its
type is told by its bytes, and it leaves as a file to keep. Not here: what limits both
(`desk/conversing.py`).
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.cases.evidence import (
    ENDINGS,
    LARGEST_BYTES,
    MediaType,
    digest_of,
    media_type_of,
)
from earnest.core.order.actor import Role
from earnest.core.terms.agreement import Party
from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.conversing import (
    ANSWERING,
    LONGEST_MESSAGE,
    MESSAGES_WITHIN,
    MOST_FILE_BYTES,
    MOST_MESSAGES,
    Message,
    NewMessage,
    Progress,
    SentFile,
    Unsaid,
)
from earnest.desk.ports import OrderKey
from earnest.desk.sights import Seen, SightKind
from earnest.people.caller import Caller
from earnest.web.codes import DoorCode
from earnest.web.finding import key_of, order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.reading import idempotency_key
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Number

TALK = ANSWERING | {Role.BUYER}
"""Who takes part: the buyer, and the staff who talk to buyers."""

MOST_WAITING = 200
_MEGABYTE = 1024 * 1024

Words = Annotated[str, Meta(max_length=LONGEST_MESSAGE)]

TO_KEEP = [
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
"""With `nosniff` and `attachment`: a browser runs nothing of it, whatever it may contain."""


class MessageAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said. Beside a file it may be empty."""

    text: Words = ""


class UpTo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last message that this is about."""

    number: Number


async def show_conversation(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Everything that was said. Looking at it marks nothing as read."""
    key = key_of(await order_asked_for(house, asked))
    messages = await house.conversations.messages(key)
    progress = await house.conversations.progress(key)
    seen = (Seen(kind=SightKind.MESSAGES, of=(key,)),) if messages else ()
    shown = _shown(key.order_id, messages, progress, side_of(asked.by))
    return Reply(value=shown, seen=seen)


async def send_message(house: House, asked: Asked, wanted: MessageAsked) -> Reply:
    """Say something in words."""
    key, text = key_of(await order_asked_for(house, asked)), plain(wanted.text)
    if not text:
        raise TurnedAway(DoorCode.MESSAGE_EMPTY)
    return await _said(house, asked, key, text)


async def send_file(house: House, asked: Asked, wanted: MessageAsked) -> Reply:
    """Say something with a file: the body is the file."""
    key = key_of(await order_asked_for(house, asked))
    media_type = await asyncio.to_thread(media_type_of, asked.content)
    if media_type is None:
        raise TurnedAway(DoorCode.FILE_UNSUITABLE)
    file = SentFile(
        digest=await asyncio.to_thread(digest_of, asked.content),
        media_type=media_type,
        size_bytes=len(asked.content),
    )
    return await _said(house, asked, key, plain(wanted.text), file)


async def _said(
    house: House, asked: Asked, key: OrderKey, text: str, file: SentFile | None = None
) -> Reply:
    new = NewMessage(
        by=side_of(asked.by),
        author=asked.by.actor.actor_id,
        at=asked.received_at,
        text=text,
        key=idempotency_key(asked.headers),
        content_hash=asked.content_hash,
        file=file,
        content=asked.content,
    )
    said = await house.conversations.say(key, new)
    match said:
        case Message():
            return Reply(value=said, status=201)
        case Unsaid.KEY_REUSED:
            raise TurnedAway(DoorCode.KEY_REUSED)
        case Unsaid.TOO_OFTEN:
            minutes = MESSAGES_WITHIN.total_seconds() // 60
            details = {"most": str(MOST_MESSAGES), "minutes": f"{minutes:.0f}"}
            raise TurnedAway(DoorCode.MESSAGES_TOO_OFTEN, details)
        case Unsaid.FILES_TOO_LARGE:
            details = {"most": str(MOST_FILE_BYTES // _MEGABYTE)}
            raise TurnedAway(DoorCode.FILES_TOO_LARGE, details)


async def show_file(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The file of a message, to keep."""
    order = await order_asked_for(house, asked)
    message = await message_asked_for(house, asked)
    content = await house.conversations.file(key_of(order), message.number)
    if content is None or message.file is None:
        raise TurnedAway(DoorCode.MESSAGE_UNKNOWN, {"number": asked.path["number"]})
    name = f"{order.order_id}-message-{message.number}.{ENDINGS[message.file.media_type]}"
    disposition = (b"content-disposition", f'attachment; filename="{name}"'.encode())
    return Reply(
        raw=content,
        media_type=message.file.media_type.value,
        headers=[disposition, *TO_KEEP],
        seen=(Seen(kind=SightKind.MESSAGES, of=(key_of(order),)),),
    )


async def mark_read(house: House, asked: Asked, wanted: UpTo) -> Reply:
    """Note that the asking side has seen the messages up to one; it can be repeated."""
    key = key_of(await order_asked_for(house, asked))
    await house.conversations.note_read(key, side_of(asked.by), wanted.number)
    return Reply(value=await house.conversations.progress(key))


async def settle(house: House, asked: Asked, wanted: UpTo) -> Reply:
    """Note that nothing up to a message needs an answer, a word of thanks for example."""
    key = key_of(await order_asked_for(house, asked))
    await house.conversations.settle(key, wanted.number)
    return Reply(value=await house.conversations.progress(key))


async def list_waiting(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The buyers who wait for an answer, the longest first."""
    waiting = await house.conversations.waiting(MOST_WAITING)
    profiles = await house.register.buyers([each.buyer_id for each in waiting])
    names = {each.buyer_id: each.name for each in profiles}
    keys = tuple(OrderKey(each.buyer_id, each.order_id) for each in waiting)
    return Reply(
        seen=(Seen(kind=SightKind.WAITING, of=keys),) if keys else (),
        value=WaitingConversations(
            conversations=tuple(
                WaitingShown(
                    order_id=each.order_id,
                    buyer_name=names.get(each.buyer_id, ""),
                    messages=each.messages,
                    since=each.since,
                )
                for each in waiting
            )
        ),
    )


class ConversationShown(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as one side sees it.

    `unread` counts what the other side said since the reader's side last looked; `seen` is the last
    message that the other side has seen; `waits_since` is when the buyer said what nobody answered.
    """

    order_id: OrderId
    messages: tuple[Message, ...]
    unread: int
    seen: int
    waits_since: Instant | None


class WaitingShown(msgspec.Struct, frozen=True, kw_only=True):
    """A buyer who waits for an answer, and since when."""

    order_id: OrderId
    buyer_name: str
    messages: int
    since: Instant


class WaitingConversations(msgspec.Struct, frozen=True, kw_only=True):
    """Who waits for an answer."""

    conversations: tuple[WaitingShown, ...]


def side_of(caller: Caller) -> Party:
    """On which side of the order somebody stands."""
    return Party.SELLER if caller.buyer_id is None else Party.BUYER


def plain(text: str) -> str:
    """What a person wrote, without the controls that no keyboard types and blanks around it."""
    kept = (
        each for each in text if each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cs"}
    )
    return "".join(kept).strip()


async def message_asked_for(house: House, asked: Asked) -> Message:
    """The message in the path, of the order in the path."""
    order = await order_asked_for(house, asked)
    number = asked.path["number"]
    for message in await house.conversations.messages(key_of(order)):
        if str(message.number) == number:
            return message
    raise TurnedAway(DoorCode.MESSAGE_UNKNOWN, {"number": number})


def _shown(
    order_id: OrderId, messages: Sequence[Message], progress: Progress, side: Party
) -> ConversationShown:
    other = Party.SELLER if side is Party.BUYER else Party.BUYER
    seen = progress.read_by(side)
    return ConversationShown(
        order_id=order_id,
        messages=tuple(messages),
        unread=sum(each.by is other and each.number > seen for each in messages),
        seen=progress.read_by(other),
        waits_since=progress.waits_since,
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [*_looking(), *_saying()]


_BASE = "/orders/{order_id}/conversation"
_LIMITS = (DoorCode.MESSAGES_TOO_OFTEN, DoorCode.FILES_TOO_LARGE)


def _looking() -> list[Route[Any]]:
    reading: dict[str, Any] = {"access": Access.CONFIDANTS, "roles": ANSWERING}
    return [
        Route(
            method="GET",
            path=_BASE,
            operation="showConversation",
            summary="What buyer and maker said to each other about an order.",
            tag="conversations",
            takes=NoInput,
            handler=show_conversation,
            gives=ConversationShown,
            codes=(Reason.ORDER_UNKNOWN,),
            **reading,
        ),
        Route(
            method="GET",
            path=f"{_BASE}/{{number}}/file",
            operation="showSentFile",
            summary="The file of a message, as a file to keep.",
            tag="conversations",
            takes=NoInput,
            handler=show_file,
            gives=None,
            gives_file=tuple(media_type.value for media_type in MediaType),
            codes=(Reason.ORDER_UNKNOWN, DoorCode.MESSAGE_UNKNOWN),
            **reading,
        ),
        Route(
            method="GET",
            path="/conversations",
            operation="listWaitingConversations",
            summary="The buyers who wait for an answer, the longest first.",
            tag="conversations",
            access=Access.OFFICE,
            roles=ANSWERING,
            takes=NoInput,
            handler=list_waiting,
            gives=WaitingConversations,
        ),
    ]


def _saying() -> list[Route[Any]]:
    taking_part: dict[str, Any] = {"access": Access.ACTORS, "roles": TALK}
    return [
        Route(
            method="POST",
            path=_BASE,
            operation="sendMessage",
            summary="Say something to the other side.",
            description=(
                "Either side is told by a mail without content: the buyer once until it is read, "
                "staff who answer at most once an hour. What was said is never changed."
            ),
            tag="conversations",
            takes=MessageAsked,
            handler=send_message,
            gives=Message,
            status=201,
            needs_key=True,
            codes=(Reason.ORDER_UNKNOWN, DoorCode.MESSAGE_EMPTY, *_LIMITS),
            **taking_part,
        ),
        Route(
            method="POST",
            path=f"{_BASE}/files",
            operation="sendFile",
            summary="Send a file to the other side: the body is the file.",
            description=(
                "JPEG, PNG, WebP, PDF or plain text of at most 10 MiB; its type is told by its "
                "first bytes. Words may stand beside it."
            ),
            tag="conversations",
            takes=MessageAsked,
            handler=send_file,
            gives=Message,
            status=201,
            needs_key=True,
            largest_upload=LARGEST_BYTES,
            codes=(Reason.ORDER_UNKNOWN, DoorCode.FILE_UNSUITABLE, *_LIMITS),
            **taking_part,
        ),
        Route(
            method="POST",
            path=f"{_BASE}/read",
            operation="markConversationRead",
            summary="Note that the messages up to one were seen; this proves nothing in law.",
            tag="conversations",
            takes=UpTo,
            handler=mark_read,
            gives=Progress,
            codes=(Reason.ORDER_UNKNOWN,),
            **taking_part,
        ),
        Route(
            method="POST",
            path=f"{_BASE}/settled",
            operation="settleConversation",
            summary="Note that nothing up to a message needs an answer.",
            tag="conversations",
            access=Access.ACTORS,
            roles=ANSWERING,
            takes=UpTo,
            handler=settle,
            gives=Progress,
            codes=(Reason.ORDER_UNKNOWN,),
        ),
    ]
