"""The moves of all queues on PostgreSQL: every one at one moment, then what follows.

Transactions commit in another order than they begin. Whoever remembered the newest row would miss
one that was written earlier and committed later, so the cursor is the oldest transaction that
was still open: everything before it has ended and was seen or never will be.

Not here: writing moves with their events (`saving.py`), and what is made of them (`desk/places`).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from psycopg import AsyncConnection, IsolationLevel

from earnest.core.order.events_of_planning import CarAllocated, Overtaken, Scheduled
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.queue.lane import Lane
from earnest.core.queue.move import Cause
from earnest.core.queue.rank import Queue
from earnest.core.timers import DeadlineKind
from earnest.core.values.ids import QueueId
from earnest.desk.places.ports import MovesRead, RecordedOvertaking, ServedOrder
from earnest.desk.ports import RecordedMove
from earnest.store.codec import decode_event, decode_order
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.saving import queue_moves
from earnest.store.statements import STATEMENTS

PIECE = 5_000
"""Moves read at a time: some hundredths of a second of work, so that others come in between."""

GIVEN_CAR = CarAllocated.__name__
"""The event by which an order gets a car that was built for another."""

SERVED_BY = (Scheduled.__name__, GIVEN_CAR)
"""The events by which an order gets a slot or a car. Building the car gives it nothing new."""

SERVED_STAGES = (
    Stage.SCHEDULED,
    Stage.BUILT,
    Stage.IN_TRANSIT,
    Stage.TENDERED,
    Stage.INSPECTED,
    Stage.PAID,
)
"""Stages in which an order has its slot or its car and the buyer does not have it yet."""

_CAUSES = {cause.value: cause for cause in Cause}
Row = tuple[Any, ...]


class PostgresMoves:
    """`Moves` of the ports of places, on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def every_move(self) -> AsyncIterator[MovesRead]:
        """Every move there is, at one moment, in pieces; there is at least one piece."""
        with named_faults():
            async with self._pool.connection() as connection:
                await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
                try:
                    # Who stops after the first piece ends the transaction before it is reset.
                    async with aclosing(self._pieces(connection)) as pieces:
                        async for piece in pieces:
                            yield piece
                finally:
                    await connection.set_isolation_level(None)

    async def _pieces(self, connection: AsyncConnection) -> AsyncGenerator[MovesRead, None]:
        async with connection.transaction():
            asked = await connection.execute(STATEMENTS["oldest_open_transaction"].text)
            ((cursor,),) = await asked.fetchall()
            async with connection.cursor(name="all_queue_moves") as moves:
                await moves.execute(STATEMENTS["all_queue_moves"].text)
                while True:
                    rows = await moves.fetchmany(PIECE)
                    yield MovesRead([recorded_move(row) for row in rows], cursor)
                    if len(rows) < PIECE:
                        return

    async def moves_since(self, cursor: str) -> MovesRead:
        """What was committed since, and again some of what was read before."""
        rows = await self._rows("queue_moves_since", since=cursor)
        moves = [recorded_move(row[1:]) for row in rows if row[1] is not None]
        return MovesRead(moves, rows[0][0])

    async def queues(self) -> Sequence[Queue]:
        """Every queue, by its id."""
        names = Queue.__struct_fields__
        return [Queue(**dict(zip(names, row, strict=False))) for row in await self._rows("queues")]

    async def cooling_off(self) -> Mapping[QueueId, int]:
        """How many orders of each queue are in their cooling-off period; none are left out."""
        kind = DeadlineKind.LOCK.value
        return dict(await self._rows("count_cooling_off", kind=kind))

    async def served_orders(self) -> Sequence[ServedOrder]:
        """Every order that has a slot or a car and waits for its handover."""
        rows = await self._rows("served_orders", kinds=[*SERVED_BY], stages=[*SERVED_STAGES])
        return [ServedOrder(decode_order(state), at, kind == GIVEN_CAR) for state, at, kind in rows]

    async def orders_of_ranks(self, queue_id: QueueId, ranks: Sequence[int]) -> Sequence[Order]:
        """The orders of these ranks of a queue, in their order."""
        rows = await self._rows("orders_of_ranks", queue_id=queue_id, ranks=[*ranks])
        return [decode_order(row[0]) for row in rows]

    async def overtakings(
        self, skip: int, limit: int, *, only_inversions: bool = False
    ) -> Sequence[RecordedOvertaking]:
        """Overtakings on record, the newest first, after so many of them."""
        rows = await self._rows(
            "overtakings", skip=skip, limit=limit, only_inversions=only_inversions
        )
        return [overtaking(row) for row in rows]

    async def add_moves(self, moves: Sequence[RecordedMove]) -> int:
        """Add moves that are missing and return how many were; for the repair command."""
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(
                    STATEMENTS["add_queue_moves"].text, queue_moves(moves)
                )
                return cursor.rowcount

    async def _rows(self, name: str, **parameters: object) -> list[Row]:
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS[name].text, parameters)
                return await cursor.fetchall()


def overtaking(row: Sequence[Any]) -> RecordedOvertaking:
    """Buyer, order, queue, rank, event, recorded at, and the order of the later rank."""
    buyer_id, order_id, queue_id, rank, body, recorded_at, by_order_id = row
    event = decode_event(body)
    assert isinstance(event, Overtaken), "the statement reads this kind only"
    return RecordedOvertaking(
        buyer_id=buyer_id,
        order_id=order_id,
        queue_id=queue_id,
        rank=rank,
        lane=event.lane,
        by_rank=event.by_rank,
        by_order_id=by_order_id,
        given_at=event.given_at,
        recorded_at=recorded_at,
        why=event.why,
    )


def recorded_move(row: Iterable[Any]) -> RecordedMove:
    """Buyer, order, sequence, queue, lane, rank, change, cause, at."""
    buyer_id, order_id, sequence, queue_id, lane, rank, change, cause, at = row
    return RecordedMove(
        buyer_id=buyer_id,
        order_id=order_id,
        sequence=sequence,
        queue_id=queue_id,
        lane=Lane(lane),
        rank=rank,
        change=change,
        cause=_CAUSES[cause],
        at=at,
    )
