"""Reading everything that is stored, order by order, at one moment of the database.

Not here: judging it (`audit/`). This implements `desk/records.py` on PostgreSQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection, IsolationLevel

from earnest.core.catalogue.model import Catalogue
from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Posting
from earnest.core.queue.rank import Queue
from earnest.core.terms.version import TermsVersion
from earnest.core.timers import Deadline, DeadlineKind
from earnest.core.values.ids import BuyerId, CatalogueHash, OrderId, QueueId, TermsHash
from earnest.core.values.money import Money
from earnest.desk.ports import OrderKey, RecordedEvent, RecordedPosting
from earnest.desk.records import (
    MessageFigures,
    OrderFile,
    QueueFigures,
    StoredDemand,
    StoredRow,
)
from earnest.desk.views import AccountSum
from earnest.store.codec import decode_catalogue, decode_event, decode_order, decode_terms
from earnest.store.pool import Pool
from earnest.store.reader import account_sum
from earnest.store.statements import STATEMENTS

PAGE = 1_000
"""Orders read at a time."""

Row = tuple[Any, ...]


class PostgresRecords:
    """`Records` inside one repeatable-read transaction; open it with `records_of`."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Read through a connection whose transaction is already open."""
        self._connection = connection

    async def order_files(self, after: OrderKey | None = None) -> AsyncIterator[OrderFile]:
        """Every order with its facts, in key order, streamed in pages."""
        last = after or OrderKey(BuyerId(""), OrderId(""))
        while True:
            rows = await self._rows(
                "record_rows",
                after_buyer_id=last.buyer_id,
                after_order_id=last.order_id,
                limit=PAGE,
            )
            if not rows:
                return
            for file in await self._files(rows):
                yield file
            last = _key(rows[-1])

    async def order_count(self) -> int:
        """How many orders there are."""
        ((count,),) = await self._rows("count_orders")
        return int(count)

    async def order_file(self, order_id: str) -> OrderFile | None:
        """One order with its facts, by order id."""
        rows = await self._rows("record_row_by_id", order_id=order_id)
        files = await self._files(rows) if rows else []
        return files[0] if files else None

    async def queue_figures(self) -> Sequence[QueueFigures]:
        """The ranks of every queue."""
        return [
            QueueFigures(
                queue=Queue(
                    queue_id=QueueId(row[0]),
                    model_line=row[1],
                    market=row[2],
                    time_zone=row[3],
                    next_rank=row[4],
                ),
                orders=row[5],
                distinct_ranks=row[6],
                lowest_rank=row[7],
                highest_rank=row[8],
            )
            for row in await self._rows("queue_figures")
        ]

    async def account_sums(self) -> Sequence[AccountSum]:
        """Every account over all orders."""
        return [account_sum(row) for row in await self._rows("account_sums")]

    async def published_terms(self) -> Mapping[TermsHash, TermsVersion]:
        """Every published terms version by the digest it is filed under."""
        return {
            TermsHash(digest): decode_terms(body)
            for digest, body in await self._rows("published_terms")
        }

    async def published_catalogues(self) -> Mapping[CatalogueHash, Catalogue]:
        """Every published catalogue by the digest it is filed under."""
        return {
            CatalogueHash(digest): decode_catalogue(body)
            for digest, body in await self._rows("published_catalogues")
        }

    async def orphans(self) -> Sequence[OrderKey]:
        """Keys that have facts but no row, the first thousand of them."""
        return [_key(row) for row in await self._rows("orphans")]

    async def message_figures(self) -> MessageFigures:
        """How groups of outgoing messages stand."""
        ((waiting, given_up),) = await self._rows("message_figures")
        return MessageFigures(waiting=waiting, given_up=given_up)

    async def _files(self, rows: Sequence[Row]) -> list[OrderFile]:
        """The files of one page of rows: four statements, whatever the page's length."""
        first, last = _key(rows[0]), _key(rows[-1])
        stretch = {
            "first_buyer_id": first.buyer_id,
            "first_order_id": first.order_id,
            "last_buyer_id": last.buyer_id,
            "last_order_id": last.order_id,
        }
        events = _by_order(await self._rows("record_events", **stretch))
        postings = _by_order(await self._rows("record_postings", **stretch))
        deadlines = _by_order(await self._rows("record_deadlines", **stretch))
        demands = _by_order(await self._rows("record_demands", **stretch))
        return [
            OrderFile(
                key=(key := _key(row)),
                row=_stored_row(row),
                state=decode_order(row[13]),
                events=tuple(_event(each) for each in events[key]),
                postings=tuple(_posting(each) for each in postings[key]),
                deadlines=frozenset(
                    Deadline(DeadlineKind(each[2]), each[3]) for each in deadlines[key]
                ),
                demands=tuple(
                    StoredDemand(
                        sequence=each[2], tender_number=each[3], amount=Money(each[4], each[5])
                    )
                    for each in demands[key]
                ),
            )
            for row in rows
        ]

    async def _rows(self, name: str, **parameters: object) -> Sequence[Row]:
        cursor = await self._connection.execute(STATEMENTS[name].text, parameters)
        return await cursor.fetchall()


@asynccontextmanager
async def records_of(pool: Pool) -> AsyncIterator[PostgresRecords]:
    """Everything stored, as it was at one moment; writers go on meanwhile."""
    async with pool.connection() as connection:
        await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
        try:
            async with connection.transaction():
                yield PostgresRecords(connection)
        finally:
            await connection.set_isolation_level(None)


def _key(row: Row) -> OrderKey:
    return OrderKey(BuyerId(row[0]), OrderId(row[1]))


def _by_order(rows: Iterable[Row]) -> defaultdict[OrderKey, list[Row]]:
    found: defaultdict[OrderKey, list[Row]] = defaultdict(list)
    for row in rows:
        found[_key(row)].append(row)
    return found


def _stored_row(row: Row) -> StoredRow:
    return StoredRow(
        queue_id=row[2],
        rank=row[3],
        stage=row[4],
        sequence=row[5],
        terms_hash=row[6],
        catalogue_hash=row[7],
        price=Money(row[8], row[9]),
        vin=row[10],
        reserved_at=row[11],
        changed_at=row[12],
    )


def _event(row: Row) -> RecordedEvent:
    return RecordedEvent(
        buyer_id=row[0],
        order_id=row[1],
        sequence=row[2],
        event=decode_event(row[3]),
        actor_id=row[4],
        command_key=row[5],
        recorded_at=row[6],
    )


def _posting(row: Row) -> RecordedPosting:
    return RecordedPosting(
        buyer_id=row[0],
        order_id=row[1],
        sequence=row[2],
        line=row[3],
        posting=Posting(Account(row[4]), Account(row[5]), Money(row[6], row[7])),
    )
