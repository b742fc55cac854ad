"""Spoiling a copy of the town as only the database's owner can, with every guard switched off.

Not here: what the audit says of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

import msgspec
import psycopg
from psycopg.sql import SQL, Identifier

from earnest.core.bookkeeping import entry
from earnest.core.order.evolve import fold
from earnest.core.order.standing import lane_in, moves_of
from earnest.core.order.state import Order
from earnest.core.queue.lane import Lane
from earnest.core.timers import deadlines
from earnest.desk.ports import (
    Changes,
    OrderDeadline,
    OrderKey,
    RecordedEvent,
    RecordedMove,
    RecordedPosting,
)
from earnest.store.desk_store import PostgresStore
from earnest.store.pool import open_pool
from earnest.store.reader import PostgresReader
from tests.audit.town import Town, key_of
from tests.core import world

FACTS = (
    "balance_demand",
    "inspection",
    "tender",
    "posting",
    "event",
    "command",
    "queue_move",
    "terms_version",
    "catalogue_version",
)
"""Tables whose rows nobody may change, the owner included, until the trigger is off."""

Rewrite = Callable[[list[RecordedEvent]], Iterable[RecordedEvent]]


def spoil(town: Town, statement: str, buyer: str = "", **pieces: str) -> None:
    """Run one statement as the owner, with append-only triggers and foreign keys off.

    `{order}` in it stands for the condition that a row belongs to this buyer's order; other
    pieces are filled in as they are. The statement must change something.
    """
    key = key_of(buyer)
    order = SQL("buyer_id = {} AND order_id = {}").format(key.buyer_id, key.order_id)
    written = {name: SQL(piece) for name, piece in pieces.items()}
    with psycopg.connect(town.url) as connection:
        connection.execute("SET session_replication_role = replica")
        for table in FACTS:
            connection.execute(
                SQL("ALTER TABLE earnest.{} DISABLE TRIGGER append_only").format(Identifier(table))
            )
        connection.execute("ALTER TABLE people.evidence DISABLE TRIGGER append_only")
        made = connection.execute(SQL(statement).format(order=order, **written))
        assert made.rowcount > 0, "nothing was spoilt"


def rewrite(town: Town, buyer: str, change: Rewrite) -> None:
    """Give an order another past, and store everything that follows from it.

    Row, state, postings, deadlines and demands fit the new past perfectly, as a defect in a rule
    would leave them, so only a rule about the past itself can notice.
    """
    asyncio.run(_rewrite(town, buyer, change))


async def _rewrite(town: Town, buyer: str, change: Rewrite) -> None:
    key = key_of(buyer)
    async with await open_pool(town.url, size_min=1, size_max=1) as pool:
        before = list(await PostgresReader(pool).events(key))
    past = [
        msgspec.structs.replace(each, sequence=number)
        for number, each in enumerate(change(before), start=1)
    ]
    for table in ("deadline", "balance_demand", "inspection", "tender", "posting", "event"):
        _forget(town, table, buyer)
    _forget(town, "queue_move", buyer)
    _forget(town, "orders", buyer)
    with psycopg.connect(town.url, autocommit=True) as connection:
        role = SQL("ALTER DATABASE {} SET session_replication_role = replica")
        connection.execute(role.format(Identifier(town.database)))
    order = fold(each.event for each in past)
    async with (
        await open_pool(town.url, size_min=1, size_max=1) as pool,
        PostgresStore(pool).transaction() as transaction,
    ):
        await transaction.save(
            Changes(
                commands=[],
                events=past,
                postings=[posting for each in past for posting in _postings(each)],
                orders=[order],
                created={key},
                deadlines_set=[OrderDeadline(key, each) for each in deadlines(order, world.POLICY)],
                deadlines_cleared=[],
                queues=[],
                moves=_moves(past, key),
                messages=[],
            )
        )


def _forget(town: Town, table: str, buyer: str) -> None:
    spoil(
        town,
        "WITH gone AS (DELETE FROM earnest.{table} WHERE {order}) SELECT 1",
        buyer,
        table=table,
    )


def _moves(past: list[RecordedEvent], key: OrderKey) -> list[RecordedMove]:
    """The moves that follow, in the one catalogue of the town."""
    order = fold(each.event for each in past)
    return [
        RecordedMove(
            buyer_id=key.buyer_id,
            order_id=key.order_id,
            sequence=sequence,
            queue_id=order.queue_id,
            lane=move.lane,
            rank=move.rank,
            change=move.change,
            cause=move.cause,
            at=move.at,
        )
        for sequence, move in moves_of((each.event for each in past), _lane_of)
    ]


def _lane_of(order: Order) -> Lane:
    return lane_in(order.configuration, world.CATALOGUE)


def _postings(recorded: RecordedEvent) -> Iterable[RecordedPosting]:
    for line, posting in enumerate(entry(recorded.event), start=1):
        yield RecordedPosting(
            buyer_id=recorded.buyer_id,
            order_id=recorded.order_id,
            sequence=recorded.sequence,
            line=line,
            posting=posting,
        )


def changed(kind: type, **fields: object) -> Rewrite:
    """A past in which every event of a kind has other fields."""

    def change(past: list[RecordedEvent]) -> Iterable[RecordedEvent]:
        for each in past:
            if isinstance(each.event, kind):
                other = msgspec.structs.replace(each.event, **fields)
                yield msgspec.structs.replace(each, event=other)
            else:
                yield each

    return change


def without(*kinds: type) -> Rewrite:
    """A past in which events of these kinds never happened."""
    return lambda past: [each for each in past if not isinstance(each.event, kinds)]
