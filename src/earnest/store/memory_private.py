"""The twin in memory of the contents of evidence and of the book of notices.

Not here: orders (`memory.py`). One contract suite runs against this and against PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from earnest.core.cases.evidence import LARGEST_BYTES, digest_of
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant
from earnest.desk.ports import OrderKey, RecordedEvent
from earnest.desk.private import (
    MarkKind,
    NoticeChannel,
    NoticeCursor,
    NoticeMark,
    NoticePlace,
    Preferences,
    StoredContent,
)
from earnest.store.memory import MemoryStore
from earnest.store.memory_tables import ConstraintViolated


class MemoryContents:
    """`Contents` of the desk's private ports."""

    def __init__(self) -> None:
        self.contents: dict[tuple[OrderKey, str], bytes] = {}

    async def keep(self, key: OrderKey, digest: str, content: bytes, at: Instant) -> None:  # noqa: ARG002 - the twin needs no instant
        """Keep a content; one that is there already stays as it is."""
        if digest != digest_of(content) or not 0 < len(content) <= LARGEST_BYTES:
            raise ConstraintViolated("a content is what its digest says, and not too large")
        self.contents.setdefault((key, digest), content)

    async def content(self, key: OrderKey, digest: str) -> bytes | None:
        """The content with this digest, if this order has it."""
        return self.contents.get((key, digest))

    async def stored(self, key: OrderKey) -> Sequence[StoredContent]:
        """Every content of an order, measured anew, by digest."""
        return [
            StoredContent(digest=digest, actual_digest=digest_of(content), size_bytes=len(content))
            for (owner, digest), content in sorted(self.contents.items())
            if owner == key
        ]


class MemoryNotices:
    """`NoticeBook` of the desk's private ports."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._marks: dict[BuyerId, list[NoticeMark]] = {}
        self._preferences: dict[BuyerId, Preferences] = {}

    async def told(
        self, buyer_id: BuyerId, untold: Sequence[str], before: NoticeCursor | None, limit: int
    ) -> Sequence[RecordedEvent]:
        """Events of all orders of a buyer, the newest first, without these kinds."""
        events = [
            each
            for key, recorded in self._store.tables.events.items()
            if key.buyer_id == buyer_id
            for each in recorded
            if type(each.event).__name__ not in untold
            and (before is None or _when(each) < (before.recorded_at, before.place))
        ]
        return sorted(events, key=_when, reverse=True)[:limit]

    async def marks(
        self, buyer_id: BuyerId, order_id: OrderId | None = None
    ) -> Mapping[NoticePlace, Sequence[NoticeMark]]:
        """What became of the notices of a buyer, or of one order, in the order of time."""
        found: dict[NoticePlace, list[NoticeMark]] = {}
        for mark in sorted(self._marks.get(buyer_id, ()), key=lambda each: each.at):
            if order_id in {None, mark.place.order_id}:
                found.setdefault(mark.place, []).append(mark)
        return found

    async def mark(self, buyer_id: BuyerId, mark: NoticeMark) -> bool:
        """Note what became of a notice, once; False when it was noted before."""
        if mark.channel is NoticeChannel.MAIL and mark.kind is not MarkKind.SENT:
            raise ConstraintViolated("a mail that was taken proves nothing")
        if mark.kind is MarkKind.OPENED and mark.channel is not NoticeChannel.IN_APP:
            raise ConstraintViolated("only a login opens a notice")
        marks = self._marks.setdefault(buyer_id, [])
        if any(_same(mark, each) for each in marks):
            return False
        marks.append(mark)
        return True

    async def mark_all(self, marks: Sequence[tuple[BuyerId, NoticeMark]]) -> None:
        """Note what became of several buyers' notices, each once."""
        for buyer_id, mark in marks:
            await self.mark(buyer_id, mark)

    async def preferences(self, buyer_id: BuyerId) -> Preferences:
        """How this buyer wants to be told; the usual for somebody who never said."""
        return self._preferences.get(buyer_id, Preferences())

    async def preferences_of(self, buyer_ids: Sequence[BuyerId]) -> Mapping[BuyerId, Preferences]:
        """How these buyers want to be told; who never said is left out."""
        said = self._preferences
        return {buyer_id: said[buyer_id] for buyer_id in buyer_ids if buyer_id in said}

    async def prefer(self, buyer_id: BuyerId, wanted: Preferences, at: Instant) -> None:  # noqa: ARG002 - the twin needs no instant
        """Change how this buyer wants to be told."""
        self._preferences[buyer_id] = wanted


def _when(recorded: RecordedEvent) -> tuple[Instant, NoticePlace]:
    return recorded.recorded_at, NoticePlace(recorded.order_id, recorded.sequence)


def _same(one: NoticeMark, other: NoticeMark) -> bool:
    return (one.place, one.channel, one.kind) == (other.place, other.channel, other.kind)
