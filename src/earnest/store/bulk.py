"""Commands asked for many orders on PostgreSQL.

Not here: giving them (`desk/bulk.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant
from earnest.desk.answer import Answer
from earnest.desk.bulk import BulkAct, key_of
from earnest.desk.ports import OrderKey
from earnest.store.codec import decode_bulk_command, encode
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS

_decode_answer = msgspec.json.Decoder(Answer).decode


class PostgresBulkActs:
    """`BulkActs` of the desk."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def keep(self, act: BulkAct) -> BulkAct:
        """Keep an act; the one on record under its number, whatever it asks."""
        await self._change(
            "add_bulk_act",
            bulk_id=act.bulk_id,
            actor=act.actor_id,
            content_hash=act.content_hash,
            command=encode(act.command),
            buyer_ids=[order.buyer_id for order in act.orders],
            order_ids=[order.order_id for order in act.orders],
            asked_at=act.command.received_at,
        )
        kept = await self.act(act.bulk_id)
        assert kept is not None, "an act is never removed"
        return kept

    async def act(self, bulk_id: str) -> BulkAct | None:
        """The act with this number."""
        found = await self._acts("bulk_act", bulk_id=bulk_id)
        return found[0] if found else None

    async def latest(self, limit: int) -> Sequence[BulkAct]:
        """The acts that were asked last, the newest first."""
        return await self._acts("latest_bulk_acts", limit=limit)

    async def unfinished(self) -> Sequence[BulkAct]:
        """Acts whose commands were not all given, the oldest first."""
        return await self._acts("unfinished_bulk_acts")

    async def answers(self, act: BulkAct) -> Mapping[OrderId, Answer]:
        """What the desk answered so far, by order."""
        rows = await self._rows(
            "bulk_answers",
            actor=act.actor_id,
            buyer_ids=[order.buyer_id for order in act.orders],
            keys=[key_of(act.bulk_id, order.order_id) for order in act.orders],
        )
        return {OrderId(row[0]): _decode_answer(row[1]) for row in rows}

    async def finish(self, bulk_id: str, at: Instant) -> None:
        """Note that every command was given; a second time changes nothing."""
        await self._change("finish_bulk_act", bulk_id=bulk_id, at=at)

    async def _acts(self, name: str, **parameters: object) -> list[BulkAct]:
        return [_act(row) for row in await self._rows(name, **parameters)]

    async def _rows(self, name: str, **parameters: object) -> list[tuple[Any, ...]]:
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS[name].text, parameters)
                return await cursor.fetchall()

    async def _change(self, name: str, **parameters: object) -> None:
        with named_faults():
            async with self._pool.connection() as connection:
                await connection.execute(STATEMENTS[name].text, parameters)


def _act(row: tuple[Any, ...]) -> BulkAct:
    bulk_id, content_hash, command, buyer_ids, order_ids, finished_at = row
    orders = zip(buyer_ids, order_ids, strict=True)
    return BulkAct(
        bulk_id=bulk_id,
        content_hash=content_hash,
        command=decode_bulk_command(command),
        orders=tuple(OrderKey(*order) for order in orders),
        finished_at=finished_at,
    )
