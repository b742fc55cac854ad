"""Contents of evidence and the book of notices on PostgreSQL: the schema `people`.

Not here: what an order knows of either, which is in its events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.rows import recorded_event
from earnest.store.statements import STATEMENTS

Row = tuple[Any, ...]


class PostgresContents:
    """`Contents` of the desk's private ports."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def keep(self, key: OrderKey, digest: str, content: bytes, at: Instant) -> None:
        """Keep a content; one that is there already stays as it is."""
        await _changed(
            self._pool,
            "keep_content",
            **_named(key),
            digest=digest,
            content=content,
            stored_at=at,
        )

    async def content(self, key: OrderKey, digest: str) -> bytes | None:
        """The content with this digest, if this order has it."""
        rows = await _rows(self._pool, "content_of_evidence", **_named(key), digest=digest)
        return bytes(rows[0][0]) if rows else None

    async def stored(self, key: OrderKey) -> Sequence[StoredContent]:
        """Every content of an order, measured anew, by digest."""
        rows = await _rows(self._pool, "contents_of_order", **_named(key))
        return [stored_content(row) for row in rows]


class PostgresNotices:
    """`NoticeBook` of the desk's private ports."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def told(
        self, buyer_id: BuyerId, untold: Sequence[str], before: NoticeCursor | None, limit: int
    ) -> Sequence[RecordedEvent]:
        """Events of all orders of a buyer, the newest first, without these kinds."""
        rows = await _rows(
            self._pool,
            "told_events",
            buyer_id=buyer_id,
            untold=list(untold),
            before=None if before is None else before.recorded_at,
            before_order_id=None if before is None else before.place.order_id,
            before_sequence=None if before is None else before.place.sequence,
            limit=limit,
        )
        return [recorded_event(row) for row in rows]

    async def marks(
        self, buyer_id: BuyerId, order_id: OrderId | None = None
    ) -> Mapping[NoticePlace, Sequence[NoticeMark]]:
        """What became of the notices of a buyer, or of one order, in the order of time."""
        found: dict[NoticePlace, list[NoticeMark]] = {}
        for row in await _rows(self._pool, "notice_marks", buyer_id=buyer_id, order_id=order_id):
            mark = _mark(row)
            found.setdefault(mark.place, []).append(mark)
        return found

    async def mark(self, buyer_id: BuyerId, mark: NoticeMark) -> bool:
        """Note what became of a notice, once; False when it was noted before."""
        return await _changed(self._pool, "mark_notices", **_columns([(buyer_id, mark)]))

    async def mark_all(self, marks: Sequence[tuple[BuyerId, NoticeMark]]) -> None:
        """Note what became of several buyers' notices, each once."""
        await _changed(self._pool, "mark_notices", **_columns(marks))

    async def preferences(self, buyer_id: BuyerId) -> Preferences:
        """How this buyer wants to be told; the usual for somebody who never said."""
        return (await self.preferences_of([buyer_id])).get(buyer_id, Preferences())

    async def preferences_of(self, buyer_ids: Sequence[BuyerId]) -> Mapping[BuyerId, Preferences]:
        """How these buyers want to be told; who never said is left out."""
        rows = await _rows(self._pool, "notice_preferences", buyer_ids=list(buyer_ids))
        return {
            BuyerId(row[0]): Preferences(language=row[1], mail=row[2], sms=row[3]) for row in rows
        }

    async def prefer(self, buyer_id: BuyerId, wanted: Preferences, at: Instant) -> None:
        """Change how this buyer wants to be told."""
        await _changed(
            self._pool,
            "prefer_notices",
            buyer_id=buyer_id,
            language=wanted.language,
            mail=wanted.mail,
            sms=wanted.sms,
            changed_at=at,
        )


def stored_content(row: Sequence[Any]) -> StoredContent:
    """Digest, digest measured anew, bytes."""
    return StoredContent(digest=row[0], actual_digest=row[1], size_bytes=row[2])


def _mark(row: Row) -> NoticeMark:
    return NoticeMark(
        place=NoticePlace(OrderId(row[0]), row[1]),
        channel=NoticeChannel(row[2]),
        kind=MarkKind(row[3]),
        at=row[4],
        proof=row[5],
    )


def _columns(marks: Sequence[tuple[BuyerId, NoticeMark]]) -> dict[str, list[Any]]:
    return {
        "buyer_ids": [buyer_id for buyer_id, _ in marks],
        "order_ids": [mark.place.order_id for _, mark in marks],
        "sequences": [mark.place.sequence for _, mark in marks],
        "channels": [mark.channel.value for _, mark in marks],
        "kinds": [mark.kind.value for _, mark in marks],
        "at": [mark.at for _, mark in marks],
        "proofs": [mark.proof for _, mark in marks],
    }


def _named(key: OrderKey) -> dict[str, str]:
    return {"buyer_id": key.buyer_id, "order_id": key.order_id}


async def _rows(pool: Pool, name: str, **parameters: object) -> list[Row]:
    with named_faults():
        async with pool.connection() as connection:
            cursor = await connection.execute(STATEMENTS[name].text, parameters)
            return await cursor.fetchall()


async def _changed(pool: Pool, name: str, **parameters: object) -> bool:
    with named_faults():
        async with pool.connection() as connection:
            cursor = await connection.execute(STATEMENTS[name].text, parameters)
            return cursor.rowcount == 1
