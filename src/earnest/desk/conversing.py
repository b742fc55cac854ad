"""What a buyer and the maker say to each other about an order, as values, limits and a port.

What is said is personal and stands beside the order: it changes nothing there, so that no form goes
stale because somebody wrote. It counts for the order once it was made a side agreement or evidence.
`store/conversations.py` implements the port. Not here: who may read and write, which the doors
decide, and the mail that points to a message (`gateways/pointers.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

import msgspec

from earnest.core.cases.evidence import MediaType
from earnest.core.order.actor import Role
from earnest.core.terms.agreement import Party
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant
from earnest.desk.ports import Channel, OrderKey, OutgoingMessage

LONGEST_MESSAGE = 2_000
"""Characters of one message at most."""

MOST_MESSAGES = 20
MESSAGES_WITHIN = timedelta(minutes=10)
"""So many messages of one side in so much time at most: a person writes fewer, a program more."""

MOST_FILE_BYTES = 50 * 1024 * 1024
"""Bytes of all files of one conversation at most."""

POINTED_ANEW_AFTER = timedelta(days=1)
"""One mail tells of any number of unread messages; after so long the next message is told anew."""

STAFF_TOLD_AGAIN_AFTER = timedelta(hours=1)
"""Staff get one mail in so much time about one conversation, however much its buyer writes."""

ANSWERING = frozenset({Role.SALES, Role.FINANCE, Role.DELIVERY})
"""Staff who answer messages, and who are told of them."""

POINTER_TO_MESSAGE = "message"
POINTER_TO_LINK = "link"
POINTER_FOR_STAFF = "for_staff"
POINTER_TO_DECISION = "decision"
"""What a pointer, which is a mail without content, leads to."""


class SentFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was sent with a message, by its digest; its type was told by its bytes."""

    digest: str
    media_type: MediaType
    size_bytes: int


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was said. Numbers count from 1 and follow each other without a gap."""

    number: int
    by: Party
    author: str
    at: Instant
    text: str
    file: SentFile | None = None


class NewMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is about to be said; author and key together are one message."""

    by: Party
    author: str
    at: Instant
    text: str
    key: str
    content_hash: str
    file: SentFile | None = None
    content: bytes = b""

    def numbered(self, number: int) -> Message:
        """The message as it is kept."""
        return Message(
            number=number,
            by=self.by,
            author=self.author,
            at=self.at,
            text=self.text,
            file=self.file,
        )


class Unsaid(StrEnum):
    """Why something was not said."""

    KEY_REUSED = "key_reused"
    TOO_OFTEN = "too_often"
    FILES_TOO_LARGE = "files_too_large"


class SaidBefore(msgspec.Struct, frozen=True):
    """What limits are about: messages of the same side lately, and the bytes of all files."""

    lately: int
    file_bytes: int


def why_unsaid(new: NewMessage, before: SaidBefore) -> Unsaid | None:
    """Which limit stands against a message; None when it can be said."""
    if before.lately >= MOST_MESSAGES:
        return Unsaid.TOO_OFTEN
    if new.file is not None and before.file_bytes + new.file.size_bytes > MOST_FILE_BYTES:
        return Unsaid.FILES_TOO_LARGE
    return None


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a conversation is. `waits_since` is when the buyer said what nobody answered yet.

    Reading proves nothing in law: what has to be proven to have arrived is a notice.
    """

    messages: int = 0
    waits_since: Instant | None = None
    read_by_buyer: int = 0
    read_by_seller: int = 0

    def read_by(self, party: Party) -> int:
        """The last message that a side has seen."""
        return self.read_by_buyer if party is Party.BUYER else self.read_by_seller

    def after_message(self, by: Party, at: Instant) -> Progress:
        """One message more: the buyer begins to wait, or was answered."""
        waits_since = (self.waits_since or at) if by is Party.BUYER else None
        return msgspec.structs.replace(self, messages=self.messages + 1, waits_since=waits_since)

    def after_reading(self, by: Party, number: int) -> Progress:
        """A side has seen the messages up to this one; what was seen stays seen."""
        seen = max(self.read_by(by), min(number, self.messages))
        if by is Party.BUYER:
            return msgspec.structs.replace(self, read_by_buyer=seen)
        return msgspec.structs.replace(self, read_by_seller=seen)

    def after_settling(self, number: int) -> Progress:
        """Nothing up to this message needs an answer; what was said since still does."""
        if number < self.messages:
            return self
        return msgspec.structs.replace(self, waits_since=None)


def needs_pointer(messages: Sequence[Message], progress: Progress, new: NewMessage) -> bool:
    """Whether the buyer is told of a message of the maker by mail: once until it is read."""
    if new.by is Party.BUYER:
        return False
    return not any(
        each.by is Party.SELLER
        and each.number > progress.read_by_buyer
        and new.at < each.at + POINTED_ANEW_AFTER
        for each in messages
    )


def staff_told_when(last: Instant | None, new: NewMessage) -> Instant | None:
    """When staff are to be told of a message of the buyer; None when a mail waits already.

    `last` is when the mail before left or is due. Within an hour of it the next one waits for the
    hour to be over, so that nothing is forgotten that was said right after somebody had read.
    """
    if new.by is Party.SELLER or (last is not None and last > new.at):
        return None
    return new.at if last is None else max(new.at, last + STAFF_TOLD_AGAIN_AFTER)


def pointer(
    key: OrderKey, subject: str, number: int = 1, not_before: Instant | None = None
) -> OutgoingMessage:
    """The mail that says only that something is there to be read, and where."""
    return OutgoingMessage(
        channel=Channel.POINTER,
        buyer_id=key.buyer_id,
        order_id=key.order_id,
        sequence=number,
        subject=subject,
        not_before=not_before,
    )


def pointer_for_staff(key: OrderKey, message: Message, told_at: Instant) -> OutgoingMessage:
    """The mail that tells staff of a message of the buyer, now or when the hour is over."""
    later = told_at if told_at > message.at else None
    return pointer(key, POINTER_FOR_STAFF, message.number, later)


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A buyer who waits for an answer, since when, and how many messages there are."""

    buyer_id: BuyerId
    order_id: OrderId
    messages: int
    since: Instant


class Conversations(Protocol):
    """What was said about each order. Every method raises `StoreUnavailable`."""

    async def say(self, key: OrderKey, new: NewMessage) -> Message | Unsaid:
        """Add a message and note who is told; the same author's same key is the same message."""

    async def progress(self, key: OrderKey) -> Progress:
        """How far a conversation is; nothing was said where none was begun."""

    async def messages(self, key: OrderKey) -> Sequence[Message]:
        """Everything that was said about an order, in its order."""

    async def file(self, key: OrderKey, number: int) -> bytes | None:
        """The file of a message of this order, if it has one."""

    async def note_read(self, key: OrderKey, by: Party, number: int) -> None:
        """Note that a side has seen the messages up to this one."""

    async def settle(self, key: OrderKey, number: int) -> None:
        """Note that nothing up to this message needs an answer."""

    async def waiting(self, limit: int) -> Sequence[Waiting]:
        """The buyers who wait for an answer, the longest first."""


class OrderLink(msgspec.Struct, frozen=True, kw_only=True):
    """The link that shows an order until its end. The nonce alone opens nothing."""

    nonce: str
    made_at: Instant
    ends_at: Instant

    def is_open(self, at: Instant) -> bool:
        """Whether it shows the order at this instant."""
        return at < self.ends_at


class OrderLinks(Protocol):
    """The one link of each order. Every method raises `StoreUnavailable`."""

    async def put(self, key: OrderKey, link: OrderLink, *, is_mailed: bool) -> None:
        """Make a link in place of the one before, and have it mailed to the buyer if wanted."""

    async def link(self, key: OrderKey) -> OrderLink | None:
        """The link of an order, open or over."""

    async def drop(self, key: OrderKey) -> None:
        """Take the link back; without one this changes nothing."""
