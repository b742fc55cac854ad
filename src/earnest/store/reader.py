"""What the doors read of orders, on PostgreSQL: committed rows, without locks.

Not here: writing (`desk_store.py`), people (`register.py`), reading everything (`records.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from earnest.core.catalogue.model import Catalogue
from earnest.core.ledger.account import Account
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import BuyerId, CatalogueHash, OrderId, QueueId, TermsHash
from earnest.core.values.instant import Instant
from earnest.desk.outgoing import Occurrence, Place
from earnest.desk.ports import OrderKey, RecordedEvent, RecordedPosting
from earnest.desk.views import (
    EARLY_STAGES,
    AccountSum,
    DatedPosting,
    OrderFilter,
    PaymentStates,
    TermsHead,
)
from earnest.store.codec import decode_order
from earnest.store.faults import is_lost_connection, named_faults
from earnest.store.pool import Pool
from earnest.store.publications import PostgresPublications
from earnest.store.rows import recorded_event, recorded_posting
from earnest.store.statements import STATEMENTS

_FIRST = OrderKey(BuyerId(""), OrderId(""))
_LAST = OrderKey(BuyerId("~"), OrderId(""))
"""Behind every key: ids are letters and digits, which stand before it."""

Row = tuple[Any, ...]


class PostgresReader:
    """`Reader` of the desk's views and `Occurrences` of its senders.

    Every method takes a connection for its own statement only, reads again when that connection
    proves lost, and raises `StoreUnavailable` when the database cannot be reached.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._publications = PostgresPublications(pool)

    async def order_by_id(self, order_id: OrderId) -> Order | None:
        """The order with this id, whoever's it is. For staff."""
        rows = await self._rows("order_by_id", order_id=order_id)
        return decode_order(rows[0][0]) if rows else None

    async def orders_by_ids(self, order_ids: Sequence[OrderId]) -> Sequence[Order]:
        """The orders with these ids in the order of their keys, whoever's they are. For staff."""
        rows = await self._rows("orders_by_ids", order_ids=list(order_ids))
        return [decode_order(row[0]) for row in rows]

    async def order_of_buyer(self, key: OrderKey) -> Order | None:
        """The order with this id if it is this buyer's, otherwise None."""
        rows = await self._rows("order_of_buyer", buyer_id=key.buyer_id, order_id=key.order_id)
        return decode_order(rows[0][0]) if rows else None

    async def orders(
        self,
        wanted: OrderFilter,
        after: OrderKey | None,
        limit: int,
        until: OrderKey | None = None,
    ) -> Sequence[Order]:
        """At most `limit` orders that fit, in the order of their keys, after the given key."""
        start, end = after or _FIRST, until or _LAST
        rows = await self._rows(
            _page_statement(wanted),
            buyer_id=wanted.buyer_id,
            stage=None if wanted.stage is None else wanted.stage.value,
            queue_id=wanted.queue_id,
            vin=wanted.vin,
            after_buyer_id=start.buyer_id,
            after_order_id=start.order_id,
            until_buyer_id=end.buyer_id,
            until_order_id=end.order_id,
            limit=limit,
        )
        return [decode_order(row[0]) for row in rows]

    async def key_after(self, after: OrderKey | None, count: int) -> OrderKey | None:
        """The key that stands so many orders behind the given one; None where there are fewer."""
        start = after or _FIRST
        rows = await self._rows(
            "key_after",
            after_buyer_id=start.buyer_id,
            after_order_id=start.order_id,
            before_it=count - 1,
        )
        return OrderKey(*rows[0]) if rows else None

    async def orders_of(self, buyer_ids: Sequence[BuyerId], limit: int) -> Sequence[Order]:
        """At most `limit` orders of these buyers, in the order of their keys."""
        rows = await self._rows("orders_of_buyers", buyer_ids=list(buyer_ids), limit=limit)
        return [decode_order(row[0]) for row in rows]

    async def orders_with_work(self, limit: int) -> Sequence[Order]:
        """At most `limit` orders that wait for somebody of the office, the soonest first."""
        rows = await self._rows("orders_with_work", limit=limit)
        return [decode_order(row[0]) for row in rows]

    async def events(self, key: OrderKey) -> Sequence[RecordedEvent]:
        """Everything that happened to an order, by sequence."""
        rows = await self._rows("events_of_order", buyer_id=key.buyer_id, order_id=key.order_id)
        return [recorded_event(row) for row in rows]

    async def occurrences(self, places: Sequence[Place]) -> Mapping[Place, Occurrence]:
        """The events at these places; a place where nothing is stored is left out."""
        rows = await self._rows(
            "occurrences",
            buyer_ids=[place.buyer_id for place in places],
            order_ids=[place.order_id for place in places],
            sequences=[place.sequence for place in places],
        )
        return {
            Place(row[0], row[1], row[2]): Occurrence(recorded_event(row), row[7]) for row in rows
        }

    async def postings(self, key: OrderKey) -> Sequence[RecordedPosting]:
        """Every posting of an order, by sequence and line."""
        rows = await self._rows("postings_of_order", buyer_id=key.buyer_id, order_id=key.order_id)
        return [recorded_posting(row) for row in rows]

    async def journal(self, begins: Instant, ends: Instant, limit: int) -> Sequence[DatedPosting]:
        """At most `limit` postings recorded in `[begins, ends)`, in the order of recording."""
        rows = await self._rows("journal", begins=begins, ends=ends, limit=limit)
        return [
            DatedPosting(recorded_at=row[0], cause=row[1], posting=recorded_posting(row[2:]))
            for row in rows
        ]

    async def account_sums(self) -> Sequence[AccountSum]:
        """Every account over all orders of all buyers."""
        return [account_sum(row) for row in await self._rows("account_sums")]

    async def terms(self, terms_hash: TermsHash) -> TermsVersion | None:
        """A published terms version, by digest. It never changes."""
        return await self._publications.terms(terms_hash)

    async def catalogue(self, catalogue_hash: CatalogueHash) -> Catalogue | None:
        """A published catalogue, by digest. It never changes."""
        return await self._publications.catalogue(catalogue_hash)

    async def stage_counts(self, queue_id: QueueId) -> Mapping[Stage, int]:
        """How many orders of a queue stand at each stage; stages without any are left out."""
        rows = await self._rows("stage_counts", queue_id=queue_id)
        return {Stage(row[0]): row[1] for row in rows}

    async def payment_states(self, queue_id: QueueId) -> PaymentStates:
        """How the deposits of a queue stand with the provider."""
        ((to_open, refused),) = await self._rows("checkout_states", queue_id=queue_id)
        unmatched = await self._rows("inbox_outcomes")
        return PaymentStates(
            to_open=to_open,
            refused=refused,
            unmatched=tuple((row[0], row[1], row[2]) for row in unmatched),
        )

    async def reserved_since(
        self, queue_id: QueueId, rank: int
    ) -> tuple[int, Instant, Instant] | None:
        """How many orders have this rank or a later one, and the first and the last instant."""
        rows = await self._rows("reserved_since", queue_id=queue_id, rank=rank)
        number, first, last = rows[0]
        return (number, first, last) if number else None

    async def terms_versions(self, limit: int) -> Sequence[TermsHead]:
        """The versions of terms that were published last, the newest first."""
        return [
            TermsHead(terms_hash=row[0], version=row[1], published_at=row[2], published_by=row[3])
            for row in await self._rows("versions_of_terms", limit=limit)
        ]

    async def ping(self) -> None:
        """Ask the database for nothing; raises `StoreUnavailable` when it does not answer."""
        await self._rows("ping")

    async def _rows(self, name: str, **parameters: object) -> list[Row]:
        with named_faults():
            try:
                return await self._ask(name, parameters)
            except psycopg.OperationalError as error:
                if not is_lost_connection(error):
                    raise
                # Reading twice harms nobody, and the pool has just parted with what was lost.
                return await self._ask(name, parameters)

    async def _ask(self, name: str, parameters: dict[str, object]) -> list[Row]:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(STATEMENTS[name].text, parameters)
            return await cursor.fetchall()


def account_sum(row: Row) -> AccountSum:
    """An account with its debits minus credits."""
    return AccountSum(account=Account(row[0]), currency=row[1], debits_minus_credits=row[2])


def _page_statement(wanted: OrderFilter) -> str:
    """The statement whose index fits the most selective thing that is asked for."""
    if wanted.buyer_id is not None:
        return "page_of_orders_of_buyer"
    if wanted.vin is not None:
        return "page_of_orders_by_vin"
    if wanted.stage is not None and wanted.stage not in EARLY_STAGES:
        return "page_of_orders_in_later_stage"
    return "page_of_orders"
