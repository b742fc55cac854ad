"""Pauses of sales on PostgreSQL: kept under the lock of the queue's counter.

Not here: what a pause means (`core/queue/pause.py`), and groups that find the queue paused
(`desk_store.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import AsyncConnection

from earnest.core.order.stage import Stage
from earnest.core.queue.pause import SalePause
from earnest.core.values.ids import BuyerId, CampaignId, OrderId, QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.pause_ports import Judge, KeptPause, PauseAct
from earnest.desk.ports import OrderKey, OutgoingMessage
from earnest.desk.telling.pauses import news_of_pause
from earnest.store.codec import encode
from earnest.store.faults import named_faults
from earnest.store.jobs import defer_jobs
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS

Connection = AsyncConnection[Any]
_FIRST = OrderKey(BuyerId(""), OrderId(""))
_decode_texts = msgspec.json.Decoder(dict[str, str]).decode


class PostgresPauses:
    """`SalePauses` of the desk's ports. Every method raises `StoreUnavailable`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def pauses(self) -> Sequence[SalePause]:
        """Every pause of every queue, by queue, the earliest first."""
        with named_faults():
            async with self._pool.connection() as connection:
                return await pauses_kept(connection)

    async def begin(self, act: PauseAct, judge: Judge) -> KeptPause | Rejected:
        """Keep the pause that the judge gives, and tell whoever waits for the campaign."""
        return await self._act(act, judge, "add_sale_pause")

    async def end(self, act: PauseAct, judge: Judge) -> KeptPause | Rejected:
        """Keep the end of the pause that the judge gives, and tell whoever waits."""
        return await self._act(act, judge, "end_sale_pause")

    async def _act(self, act: PauseAct, judge: Judge, statement: str) -> KeptPause | Rejected:
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                asked = {"queue_id": act.queue_id}
                if not await _rows(connection, "lock_queue", **asked):
                    return Rejected(Reason.QUEUE_UNKNOWN)
                done = await _rows(connection, "pause_by_act", actor=act.actor_id, key=act.key)
                if done:
                    return KeptPause(paused=_pause(done[0]), content_hash=done[0][-1])
                known = await _rows(connection, "pauses_of_queue", **asked)
                paused = judge([_pause(row) for row in known])
                if isinstance(paused, Rejected):
                    return paused
                await _keep(connection, act, paused, statement)
                return KeptPause(paused=paused, content_hash=act.content_hash)

    async def orders_in(
        self, paused: SalePause, stages: Sequence[Stage], after: OrderKey | None, limit: int
    ) -> Sequence[OrderKey]:
        """At most `limit` orders that were reserved before its end and stand at these stages."""
        start = after or _FIRST
        with named_faults():
            async with self._pool.connection() as connection:
                rows = await _rows(
                    connection,
                    "orders_in_pause",
                    queue_id=paused.queue_id,
                    stages=[each.value for each in stages],
                    resumed_at=paused.resumed_at,
                    after_buyer_id=start.buyer_id,
                    after_order_id=start.order_id,
                    limit=limit,
                )
        return [OrderKey(row[0], row[1]) for row in rows]

    async def settle(self, paused: SalePause, at: Instant) -> None:
        """Note that its time was given back to everybody."""
        settled = {"queue_id": paused.queue_id, "number": paused.number, "at": at}
        with named_faults():
            async with self._pool.connection() as connection:
                await connection.execute(STATEMENTS["settle_sale_pause"].text, settled)


async def pauses_kept(connection: Connection) -> list[SalePause]:
    """Every pause of every queue, by queue, the earliest first."""
    return [_pause(row) for row in await _rows(connection, "sale_pauses")]


async def _keep(connection: Connection, act: PauseAct, paused: SalePause, statement: str) -> None:
    kept: dict[str, object] = {
        "queue_id": paused.queue_id,
        "number": paused.number,
        "since": paused.since,
        "texts": msgspec.json.encode(paused.texts).decode(),
        "resumed_at": paused.resumed_at,
        "actor": act.actor_id,
        "key": act.key,
        "content_hash": act.content_hash,
    }
    await connection.execute(STATEMENTS[statement].text, kept)
    beside = encode(paused) if paused.is_running else None
    marked = {"queue_id": paused.queue_id, "paused": beside}
    await connection.execute(STATEMENTS["mark_queue_paused"].text, marked)
    if act.campaign_id is not None:
        await _tell(connection, act.campaign_id, paused)


async def _tell(connection: Connection, campaign_id: CampaignId, paused: SalePause) -> None:
    """Letters to everybody who waits leave if and only if the pause is kept."""
    rows = await _rows(connection, "campaign_audience", campaign_id=campaign_id)
    messages: list[OutgoingMessage] = [
        news_of_pause(campaign_id, paused, BuyerId(row[0])) for row in rows
    ]
    if messages:
        await connection.execute(STATEMENTS["defer_jobs"].text, defer_jobs(messages))


def _pause(row: Sequence[Any]) -> SalePause:
    return SalePause(
        queue_id=QueueId(row[0]),
        number=row[1],
        since=row[2],
        texts=_decode_texts(row[3]),
        paused_by=row[4],
        resumed_at=row[5],
        resumed_by=row[6],
        settled_at=row[7],
    )


async def _rows(connection: Connection, name: str, **parameters: object) -> list[tuple[Any, ...]]:
    cursor = await connection.execute(STATEMENTS[name].text, parameters)
    return await cursor.fetchall()
