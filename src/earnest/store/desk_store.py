"""The desk's store on PostgreSQL: a group is locked and loaded, and saved, in two round trips.

Not here: the statements' arrays (`saving.py`), and any decision about what is saved.

A whole transaction runs in the driver's pipeline mode: statements are sent without waiting for
the answers of those before them. Beginning, locking and loading is one round trip; saving and
committing is the other.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection, AsyncCursor

from earnest.core.launch.code import CodeFact
from earnest.core.order.parts_of_launch import UnitState
from earnest.core.order.state import Order
from earnest.core.queue.rank import Queue, UnitCount
from earnest.core.timers import Deadline, DeadlineKind
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.desk.allocating import AHEAD_LIMIT
from earnest.desk.ports import (
    Allotted,
    Changes,
    CommandKey,
    Counted,
    InboxMessage,
    KnownCommand,
    Loaded,
    Lookup,
    OrderDeadline,
    OrderKey,
)
from earnest.store.centres import decode_centre, deliveries_of
from earnest.store.codec import decode_order, decode_pause
from earnest.store.faults import named_faults
from earnest.store.publications import PostgresPublications
from earnest.store.saving import Columns, order_columns, writes
from earnest.store.statements import STATEMENTS


class PostgresTransaction:
    """One open transaction of the desk; see `Transaction` in the ports."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._sequences_before: dict[OrderKey, int] = {}

    async def load(self, lookup: Lookup) -> Loaded:
        """Lock orders in key order, queues, codes, counters in id order, then read all of it."""
        keys = sorted(lookup.orders)
        places = order_columns(keys)
        orders = await self._send("lock_orders", places)
        queues = await self._send("lock_queues", {"queue_ids": sorted(lookup.queues), **places})
        codes = await self._codes(lookup)
        counts = await self._counts(lookup)
        commands = await self._send("find_commands", _command_columns(lookup.commands))
        waiting = await self._waiting(lookup, places)
        people = await self._people(lookup)
        ahead = await self._ahead(lookup)
        centres, deliveries = await self._centres(lookup)
        loaded = Loaded(
            orders={OrderKey(row[0], row[1]): decode_order(row[2]) for row in await _all(orders)},
            queues={row[0]: _queue(row) for row in await _all(queues)},
            commands=_known(await _all(commands)),
            waiting=await _ranks(waiting),
            held=await _held(people),
            codes={row[0]: _code(row) for row in await _all(codes)},
            ahead=await _ahead_of(ahead),
            taken={Counted(row[0], row[1]): row[2] for row in await _all(counts)},
            centres={row[0]: decode_centre(row[1]) for row in await _all(centres)},
            deliveries=deliveries_of(await _all(deliveries)),
        )
        self._sequences_before = {key: order.sequence for key, order in loaded.orders.items()}
        return loaded

    async def _waiting(self, lookup: Lookup, places: Columns) -> AsyncCursor | None:
        """Ask for the first who wait, in a group that gives units."""
        if not lookup.first_waiting:
            return None
        return await self._send("first_waiting", {**places, "most": lookup.first_waiting})

    async def _people(self, lookup: Lookup) -> AsyncCursor | None:
        """Ask what persons and their logins hold, in a group in which they reserve."""
        if not lookup.people:
            return None
        columns = {
            "queue_ids": [each.queue_id for each in lookup.people],
            "people": [each.person for each in lookup.people],
            "buyer_ids": [each.buyer_id for each in lookup.people],
        }
        return await self._send("held_by_people", columns)

    async def _ahead(self, lookup: Lookup) -> AsyncCursor | None:
        """Ask who is ahead of orders that shall get a car, in a group that gives one on."""
        if not lookup.given_cars:
            return None
        places = order_columns(lookup.given_cars)
        return await self._send("orders_ahead", {**places, "most": AHEAD_LIMIT})

    async def _centres(self, lookup: Lookup) -> tuple[AsyncCursor | None, AsyncCursor | None]:
        """Lock centres and ask for their bays, in a group in which a car goes to one."""
        if lookup.bays_since is None:
            return None, None
        places = {"centre_ids": sorted(lookup.centres), **order_columns(sorted(lookup.centres_of))}
        centres = await self._send("lock_centres", places)
        return centres, await self._send("bays_taken", {**places, "since": lookup.bays_since})

    async def save(self, changes: Changes) -> None:
        """Write everything of a group; tender, inspection and demand rows follow from events."""
        for name, columns in writes(changes, self._sequences_before):
            await self._send(name, columns)

    async def _codes(self, lookup: Lookup) -> AsyncCursor | None:
        if not lookup.codes:
            return None
        return await self._send("lock_codes", {"code_ids": sorted(lookup.codes)})

    async def _counts(self, lookup: Lookup) -> AsyncCursor | None:
        if not lookup.counted:
            return None
        return await self._send("lock_campaign_counts", {"queue_ids": sorted(lookup.counted)})

    async def _send(self, name: str, parameters: Columns) -> AsyncCursor:
        return await self._connection.execute(STATEMENTS[name].text, parameters)


class PostgresStore(PostgresPublications):
    """`Store` and `Publications` of the desk's ports, on a pool of connections."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        """Open a transaction. Raises `StoreUnavailable`."""
        with named_faults():
            async with (
                self._pool.connection() as connection,
                connection.pipeline(),
                connection.transaction(),
            ):
                yield PostgresTransaction(connection)

    async def decided_before(self, keys: Sequence[CommandKey]) -> Mapping[CommandKey, KnownCommand]:
        """What was decided under these keys and committed; a key that is new is left out."""
        asked = _command_columns(keys)
        with named_faults():
            async with self._pool.connection() as connection:
                return _known(
                    await _all(await connection.execute(STATEMENTS["find_commands"].text, asked))
                )

    async def due_deadlines(self, now: Instant, limit: int) -> Sequence[OrderDeadline]:
        """Deadlines that have passed, the oldest first, at most `limit`."""
        asked = {"now": now, "limit": limit}
        with named_faults():
            async with self._pool.connection() as connection:
                rows = await _all(await connection.execute(STATEMENTS["due_deadlines"].text, asked))
        return [
            OrderDeadline(OrderKey(row[0], row[1]), Deadline(DeadlineKind(row[2]), row[3]))
            for row in rows
        ]

    async def next_in_line(
        self, limits: Mapping[QueueId, int | None], most: int
    ) -> Sequence[OrderKey]:
        """Orders that wait while units of their queue are free, as many as there are, by rank."""
        if not limits:
            return []
        asked = {"queue_ids": list(limits), "limits": list(limits.values()), "most": most}
        with named_faults():
            async with self._pool.connection() as connection:
                rows = await _all(await connection.execute(STATEMENTS["next_in_line"].text, asked))
        return [OrderKey(row[0], row[1]) for row in rows]

    async def keep_in_inbox(self, message: InboxMessage) -> bool:
        """Keep a message that matches no order; False when it was already kept."""
        kept = {
            "provider": message.provider,
            "event_id": message.event_id,
            "kind": message.kind,
            # A person will read it, so what is no text is shown as well as it can be.
            "body": message.body.decode(errors="replace").replace("\x00", "\ufffd"),
            "received_at": message.received_at,
            "outcome": message.outcome,
        }
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS["keep_in_inbox"].text, kept)
                return cursor.rowcount == 1


async def _all(cursor: AsyncCursor | None) -> list[tuple[Any, ...]]:
    """Every row that was found; none of what nobody asked for."""
    return [] if cursor is None else await cursor.fetchall()


def _command_columns(keys: Sequence[CommandKey]) -> Columns:
    return {
        "buyer_ids": [each.buyer_id for each in keys],
        "actors": [each.actor_id for each in keys],
        "keys": [each.key for each in keys],
    }


def _known(rows: Sequence[tuple[Any, ...]]) -> dict[CommandKey, KnownCommand]:
    return {
        CommandKey(row[0], row[1], row[2]): KnownCommand(row[3], row[4].encode()) for row in rows
    }


def _queue(row: Sequence[Any]) -> Queue:
    units = None if row[5] is None else UnitCount(taken=row[5], waiting=row[6], limit=row[7])
    return Queue(
        queue_id=row[0],
        model_line=row[1],
        market=row[2],
        time_zone=row[3],
        next_rank=row[4],
        units=units,
        paused=None if row[8] is None else decode_pause(row[8]),
    )


def _code(row: Sequence[Any]) -> CodeFact:
    return CodeFact(code_id=row[0], order_id=row[1], is_revoked=row[2])


async def _ranks(cursor: AsyncCursor | None) -> dict[QueueId, tuple[int, ...]]:
    """Ranks by queue, each as they were ordered."""
    ranks: dict[QueueId, list[int]] = {}
    for queue_id, rank in [] if cursor is None else await _all(cursor):
        ranks.setdefault(queue_id, []).append(rank)
    return {queue_id: tuple(each) for queue_id, each in ranks.items()}


async def _ahead_of(cursor: AsyncCursor | None) -> dict[OrderKey, tuple[Order, ...]]:
    """Who is ahead of each order, as they were ordered."""
    ahead: dict[OrderKey, list[Order]] = {}
    for buyer_id, order_id, state in [] if cursor is None else await _all(cursor):
        ahead.setdefault(OrderKey(buyer_id, order_id), []).append(decode_order(state))
    return {key: tuple(each) for key, each in ahead.items()}


async def _held(cursor: AsyncCursor | None) -> tuple[Allotted, ...]:
    rows = [] if cursor is None else await _all(cursor)
    return tuple(
        Allotted(
            order=OrderKey(row[0], row[1]),
            queue_id=row[2],
            rank=row[3],
            state=UnitState(row[4]),
            person=row[5],
        )
        for row in rows
    )
