"""What is personal and stands beside orders: contents of evidence, and what became of notices.

`store/private.py` implements these protocols on the schema `people`, and the memory twin for
tests. Not here: what an order knows of its evidence (digests) and of its notices (proof), and who
may read what, which the doors decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant
from earnest.desk.ports import OrderKey, RecordedEvent


class StoredContent(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored under a digest, measured anew: an audit compares both."""

    digest: str
    actual_digest: str
    size_bytes: int


class Contents(Protocol):
    """The contents of evidence, by order and digest. They are added and never changed."""

    async def keep(self, key: OrderKey, digest: str, content: bytes, at: Instant) -> None:
        """Keep a content; one that is there already stays as it is."""

    async def content(self, key: OrderKey, digest: str) -> bytes | None:
        """The content with this digest, if this order has it."""

    async def stored(self, key: OrderKey) -> Sequence[StoredContent]:
        """Every content of an order, measured anew, by digest."""


class NoticeChannel(StrEnum):
    """How a notice reaches a buyer."""

    IN_APP = "in_app"
    MAIL = "mail"
    SMS = "sms"


class MarkKind(StrEnum):
    """What is known of a notice on its way. Only the last two prove that it arrived."""

    SENT = "sent"
    """The next station took it."""
    DELIVERED = "delivered"
    """A receipt says that it arrived."""
    OPENED = "opened"
    """The buyer's own login opened it."""


class NoticePlace(msgspec.Struct, frozen=True, order=True):
    """Where a notice stands: the event that it tells of."""

    order_id: OrderId
    sequence: int


class NoticeMark(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that became of a notice. `proof` names what shows it."""

    place: NoticePlace
    channel: NoticeChannel
    kind: MarkKind
    at: Instant
    proof: str


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """How a buyer wants to be told. `language` is None for the one they registered with.

    What the law wants told is told in the inbox always, and by some other way as well.
    """

    language: str | None = None
    mail: bool = True
    sms: bool = True


class NoticeCursor(msgspec.Struct, frozen=True):
    """The last notice of a page; the next page begins with the one before it in time."""

    recorded_at: Instant
    place: NoticePlace


class NoticeBook(Protocol):
    """The inbox of every buyer, what became of each notice, and how each wants to be told.

    Every method raises `StoreUnavailable` when the database cannot be reached.
    """

    async def told(
        self, buyer_id: BuyerId, untold: Sequence[str], before: NoticeCursor | None, limit: int
    ) -> Sequence[RecordedEvent]:
        """Events of all orders of a buyer, the newest first, without these kinds."""

    async def marks(
        self, buyer_id: BuyerId, order_id: OrderId | None = None
    ) -> Mapping[NoticePlace, Sequence[NoticeMark]]:
        """What became of the notices of a buyer, or of one order, in the order of time."""

    async def mark(self, buyer_id: BuyerId, mark: NoticeMark) -> bool:
        """Note what became of a notice, once; False when it was noted before."""

    async def mark_all(self, marks: Sequence[tuple[BuyerId, NoticeMark]]) -> None:
        """Note what became of several buyers' notices, each once."""

    async def preferences(self, buyer_id: BuyerId) -> Preferences:
        """How this buyer wants to be told; the usual for somebody who never said."""

    async def preferences_of(self, buyer_ids: Sequence[BuyerId]) -> Mapping[BuyerId, Preferences]:
        """How these buyers want to be told; who never said is left out."""

    async def prefer(self, buyer_id: BuyerId, wanted: Preferences, at: Instant) -> None:
        """Change how this buyer wants to be told."""
