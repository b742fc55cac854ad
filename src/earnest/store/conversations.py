"""Conversations and links of orders on PostgreSQL: the schema `people`.

Not here: what limits them (`desk/conversing.py`) and how the mail that points to them is written.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection

from earnest.core.cases.evidence import MediaType
from earnest.core.terms.agreement import Party
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant
from earnest.desk.conversing import (
    MESSAGES_WITHIN,
    POINTER_TO_LINK,
    POINTER_TO_MESSAGE,
    Message,
    NewMessage,
    OrderLink,
    Progress,
    SaidBefore,
    SentFile,
    Unsaid,
    Waiting,
    needs_pointer,
    pointer,
    pointer_for_staff,
    staff_told_when,
    why_unsaid,
)
from earnest.desk.ports import OrderKey, OutgoingMessage
from earnest.store.faults import named_faults
from earnest.store.jobs import defer_jobs
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS

Row = tuple[Any, ...]


class PostgresConversations:
    """`Conversations` of the desk. Messages of one order are said one after the other."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def say(self, key: OrderKey, new: NewMessage) -> Message | Unsaid:
        """Add a message and note who is told; the same author's same key is the same message."""
        async with _transaction(self._pool) as connection:
            progress, told_at = await _locked(connection, key)
            known = await _rows(
                connection, "message_by_key", **_named(key), author=new.author, key=new.key
            )
            if known:
                is_same = known[0][-1] == new.content_hash
                return _message(known[0]) if is_same else Unsaid.KEY_REUSED
            why_not = why_unsaid(new, await self._said_before(connection, key, new))
            if why_not is not None:
                return why_not
            said = await _messages(connection, key)
            message = new.numbered(progress.messages + 1)
            await _execute(connection, "add_message", **_named(key), **_columns(message, new))
            await _move(connection, key, progress.after_message(new.by, new.at))
            if needs_pointer(said, progress, new):
                await _defer(connection, pointer(key, POINTER_TO_MESSAGE, message.number))
            told_at = staff_told_when(told_at, new)
            if told_at is not None:
                await _execute(connection, "note_staff_told", **_named(key), told_at=told_at)
                await _defer(connection, pointer_for_staff(key, message, told_at))
            return message

    async def _said_before(
        self, connection: AsyncConnection, key: OrderKey, new: NewMessage
    ) -> SaidBefore:
        since = new.at - MESSAGES_WITHIN
        ((lately, file_bytes),) = await _rows(
            connection, "said_before", **_named(key), said_by=new.by.value, since=since
        )
        return SaidBefore(lately, int(file_bytes))

    async def progress(self, key: OrderKey) -> Progress:
        """How far a conversation is; nothing was said where none was begun."""
        async with _lent(self._pool) as connection:
            rows = await _rows(connection, "conversation", **_named(key))
        return _progress(rows[0]) if rows else Progress()

    async def messages(self, key: OrderKey) -> Sequence[Message]:
        """Everything that was said about an order, in its order."""
        async with _lent(self._pool) as connection:
            return await _messages(connection, key)

    async def file(self, key: OrderKey, number: int) -> bytes | None:
        """The file of a message of this order, if it has one."""
        async with _lent(self._pool) as connection:
            rows = await _rows(connection, "file_of_message", **_named(key), number=number)
        return bytes(rows[0][0]) if rows else None

    async def note_read(self, key: OrderKey, by: Party, number: int) -> None:
        """Note that a side has seen the messages up to this one."""
        async with _transaction(self._pool) as connection:
            progress, _ = await _locked(connection, key)
            await _move(connection, key, progress.after_reading(by, number))

    async def settle(self, key: OrderKey, number: int) -> None:
        """Note that nothing up to this message needs an answer."""
        async with _transaction(self._pool) as connection:
            progress, _ = await _locked(connection, key)
            await _move(connection, key, progress.after_settling(number))

    async def waiting(self, limit: int) -> Sequence[Waiting]:
        """The buyers who wait for an answer, the longest first."""
        async with _lent(self._pool) as connection:
            rows = await _rows(connection, "waiting_conversations", limit=limit)
        return [
            Waiting(
                buyer_id=BuyerId(buyer_id),
                order_id=OrderId(order_id),
                messages=messages,
                since=since,
            )
            for buyer_id, order_id, messages, since in rows
        ]


class PostgresOrderLinks:
    """`OrderLinks` of the desk."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(self, key: OrderKey, link: OrderLink, *, is_mailed: bool) -> None:
        """Make a link in place of the one before, and have it mailed to the buyer if wanted."""
        async with _transaction(self._pool) as connection:
            await _execute(
                connection,
                "put_order_link",
                **_named(key),
                nonce=link.nonce,
                made_at=link.made_at,
                ends_at=link.ends_at,
            )
            if is_mailed:
                await _defer(connection, pointer(key, POINTER_TO_LINK))

    async def link(self, key: OrderKey) -> OrderLink | None:
        """The link of an order, open or over."""
        async with _lent(self._pool) as connection:
            rows = await _rows(connection, "order_link", **_named(key))
        if not rows:
            return None
        ((nonce, made_at, ends_at),) = rows
        return OrderLink(nonce=nonce, made_at=made_at, ends_at=ends_at)

    async def drop(self, key: OrderKey) -> None:
        """Take the link back; without one this changes nothing."""
        async with _lent(self._pool) as connection:
            await _execute(connection, "drop_order_link", **_named(key))


@asynccontextmanager
async def _lent(pool: Pool) -> AsyncIterator[AsyncConnection]:
    with named_faults():
        async with pool.connection() as connection:
            yield connection


@asynccontextmanager
async def _transaction(pool: Pool) -> AsyncIterator[AsyncConnection]:
    async with _lent(pool) as connection, connection.transaction():
        yield connection


async def _locked(connection: AsyncConnection, key: OrderKey) -> tuple[Progress, Instant | None]:
    """How far a conversation is, and when staff were told of it last; nobody moves it now."""
    await _execute(connection, "open_conversation", **_named(key))
    (row,) = await _rows(connection, "lock_conversation", **_named(key))
    return _progress(row[:-1]), row[-1]


async def _move(connection: AsyncConnection, key: OrderKey, progress: Progress) -> None:
    await _execute(
        connection,
        "move_conversation",
        **_named(key),
        messages=progress.messages,
        waits_since=progress.waits_since,
        read_by_buyer=progress.read_by_buyer,
        read_by_seller=progress.read_by_seller,
    )


async def _messages(connection: AsyncConnection, key: OrderKey) -> list[Message]:
    return [_message(row) for row in await _rows(connection, "messages_of_order", **_named(key))]


async def _defer(connection: AsyncConnection, message: OutgoingMessage) -> None:
    await _execute(connection, "defer_jobs", **defer_jobs([message]))


async def _rows(connection: AsyncConnection, name: str, **parameters: object) -> list[Row]:
    cursor = await connection.execute(STATEMENTS[name].text, parameters)
    return await cursor.fetchall()


async def _execute(connection: AsyncConnection, name: str, **parameters: object) -> None:
    await connection.execute(STATEMENTS[name].text, parameters)


def _progress(row: Row) -> Progress:
    messages, waits_since, read_by_buyer, read_by_seller = row
    return Progress(
        messages=messages,
        waits_since=waits_since,
        read_by_buyer=read_by_buyer,
        read_by_seller=read_by_seller,
    )


def _message(row: Row) -> Message:
    number, said_by, author, said_at, text, digest, media_type, size_bytes = row[:8]
    file = None
    if digest is not None:
        file = SentFile(digest=digest, media_type=MediaType(media_type), size_bytes=size_bytes)
    return Message(
        number=number, by=Party(said_by), author=author, at=said_at, text=text, file=file
    )


def _columns(message: Message, new: NewMessage) -> dict[str, object]:
    file = message.file
    return {
        "number": message.number,
        "said_by": message.by.value,
        "author": message.author,
        "said_at": message.at,
        "text": message.text,
        "key": new.key,
        "content_hash": new.content_hash,
        "file_digest": None if file is None else file.digest,
        "file_type": None if file is None else file.media_type.value,
        "file": None if file is None else new.content,
    }


def _named(key: OrderKey) -> dict[str, str]:
    return {"buyer_id": key.buyer_id, "order_id": key.order_id}
