"""Reading everything that is stored, order by order, at one moment of the database.

Not here: judging it (`audit/`). This implements `desk/records.py` on PostgreSQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import msgspec
from psycopg import AsyncConnection, IsolationLevel

from earnest.core.catalogue.model import Catalogue
from earnest.core.ledger.account import Account
from earnest.core.queue.rank import Queue
from earnest.core.terms.version import TermsVersion
from earnest.core.timers import Deadline, DeadlineKind
from earnest.core.values.ids import BuyerId, CatalogueHash, OrderId, QueueId, TermsHash
from earnest.core.values.money import Money
from earnest.desk.ports import OrderKey
from earnest.desk.records import (
    LaunchTables,
    MessageFigures,
    OrderFile,
    QueueFigures,
    StoredCount,
    StoredDemand,
    StoredRow,
    StoredUnit,
    UnreadableFile,
)
from earnest.desk.views import AccountSum
from earnest.store.centres import deliveries_of
from earnest.store.codec import decode_catalogue, decode_order, decode_terms
from earnest.store.pool import Pool
from earnest.store.private import stored_content
from earnest.store.queue_moves import recorded_move
from earnest.store.reader import account_sum
from earnest.store.rows import recorded_event, recorded_posting
from earnest.store.statements import STATEMENTS

PAGE = 1_000
"""Orders read at a time."""

UNREADABLE = (msgspec.MsgspecError, ValueError, AssertionError)
"""What decoding raises on content that breaks its own type: only a hand in the database does."""

CHART = frozenset(each.value for each in Account)
Row = tuple[Any, ...]
Document = TypeVar("Document")


class PostgresRecords:
    """`Records` inside one repeatable-read transaction; open it with `records_of`."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Read through a connection whose transaction is already open."""
        self._connection = connection

    async def order_files(
        self, after: OrderKey | None = None
    ) -> AsyncIterator[OrderFile | UnreadableFile]:
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

    async def order_file(self, order_id: str) -> OrderFile | UnreadableFile | None:
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
        """Every account of the chart over all orders.

        What lies on any other account is left out, so that the rest does not sum to zero.
        """
        return [account_sum(row) for row in await self._rows("account_sums") if row[0] in CHART]

    async def published_terms(self) -> Mapping[TermsHash, TermsVersion]:
        """Every published terms version that can be read, by the digest it is filed under."""
        rows = await self._rows("published_terms")
        return {TermsHash(digest): each for digest, each in _readable(rows, decode_terms)}

    async def published_catalogues(self) -> Mapping[CatalogueHash, Catalogue]:
        """Every published catalogue that can be read, by the digest it is filed under."""
        rows = await self._rows("published_catalogues")
        return {CatalogueHash(digest): each for digest, each in _readable(rows, decode_catalogue)}

    async def orphans(self) -> Sequence[OrderKey]:
        """Keys that have facts but no row, the first thousand of them."""
        return [_key(row) for row in await self._rows("orphans")]

    async def launch_tables(self) -> LaunchTables:
        """What is stored of units, quotas, codes, pages to open, and deliveries."""
        units = await self._rows("stored_units")
        counts = await self._rows("stored_counts")
        counted = await self._rows("stored_unit_counts")
        return LaunchTables(
            units=tuple(
                StoredUnit(
                    order=_key(row), queue_id=row[2], rank=row[3], state=row[4], person=row[5]
                )
                for row in units
            ),
            counted={row[0]: (row[1], row[2]) for row in counted},
            counts=tuple(
                StoredCount(campaign_id=row[0], counter=row[1], taken=row[2]) for row in counts
            ),
            codes=dict(await self._rows("stored_codes")),
            pages=frozenset(_key(row) for row in await self._rows("stored_pages")),
            deliveries=deliveries_of(await self._rows("stored_deliveries")),
        )

    async def message_figures(self) -> MessageFigures:
        """How groups of outgoing messages stand."""
        ((waiting, given_up),) = await self._rows("message_figures")
        return MessageFigures(waiting=waiting, given_up=given_up)

    async def _files(self, rows: Sequence[Row]) -> list[OrderFile | UnreadableFile]:
        """The files of one page of rows: six statements, whatever the page's length."""
        first, last = _key(rows[0]), _key(rows[-1])
        stretch = {
            "first_buyer_id": first.buyer_id,
            "first_order_id": first.order_id,
            "last_buyer_id": last.buyer_id,
            "last_order_id": last.order_id,
        }
        facts = [
            _by_order(await self._rows(name, **stretch))
            for name in (
                "record_events",
                "record_postings",
                "record_deadlines",
                "record_demands",
                "record_contents",
                "record_moves",
            )
        ]
        return [_file(row, *(each[_key(row)] for each in facts)) for row in rows]

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


def _file(
    row: Row,
    events: Iterable[Row],
    postings: Iterable[Row],
    deadlines: Iterable[Row],
    demands: Iterable[Row],
    contents: Iterable[Row],
    moves: Iterable[Row],
) -> OrderFile | UnreadableFile:
    """One order's file, or what keeps it from being read; the others' files do not suffer."""
    key = _key(row)
    try:
        return OrderFile(
            key=key,
            row=_stored_row(row),
            state=decode_order(row[13]),
            events=tuple(recorded_event(each) for each in events),
            postings=tuple(recorded_posting(each) for each in postings),
            deadlines=frozenset(Deadline(DeadlineKind(each[2]), each[3]) for each in deadlines),
            demands=tuple(
                StoredDemand(
                    sequence=each[2], tender_number=each[3], amount=Money(each[4], each[5])
                )
                for each in demands
            ),
            contents=tuple(stored_content(each[2:]) for each in contents),
            moves=tuple(recorded_move(each) for each in moves),
        )
    except UNREADABLE as error:
        return UnreadableFile(key=key, explanation=str(error))


def _readable(
    rows: Iterable[Row], decode: Callable[[str], Document]
) -> Iterator[tuple[str, Document]]:
    """Documents with their digests, without those that cannot be read."""
    for digest, body in rows:
        with suppress(*UNREADABLE):
            yield digest, decode(body)


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
