"""The twin in memory of the commands that were asked for many orders.

Not here: giving them (`desk/bulk.py`). One contract suite runs against this and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant
from earnest.desk.answer import Answer
from earnest.desk.bulk import MOST_ORDERS, BulkAct, key_of
from earnest.desk.ports import CommandKey
from earnest.store.memory import MemoryStore
from earnest.store.memory_tables import ConstraintViolated

_decode_answer = msgspec.json.Decoder(Answer).decode


class MemoryBulkActs:
    """`BulkActs` of the desk."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._acts: dict[str, BulkAct] = {}

    async def keep(self, act: BulkAct) -> BulkAct:
        """Keep an act; the one on record under its number, whatever it asks."""
        if not 0 < len(act.orders) <= MOST_ORDERS:
            raise ConstraintViolated("an act is about some orders, and not too many")
        return self._acts.setdefault(act.bulk_id, act)

    async def act(self, bulk_id: str) -> BulkAct | None:
        """The act with this number."""
        return self._acts.get(bulk_id)

    async def latest(self, limit: int) -> Sequence[BulkAct]:
        """The acts that were asked last, the newest first."""
        by_number = sorted(self._acts.values(), key=lambda each: each.bulk_id)
        newest = sorted(by_number, key=lambda each: each.command.received_at, reverse=True)
        return newest[:limit]

    async def unfinished(self) -> Sequence[BulkAct]:
        """Acts whose commands were not all given, the oldest first."""
        waiting = [each for each in self._acts.values() if each.finished_at is None]
        return sorted(waiting, key=lambda each: (each.command.received_at, each.bulk_id))

    async def answers(self, act: BulkAct) -> Mapping[OrderId, Answer]:
        """What the desk answered so far, by order."""
        known = self._store.tables.commands
        keys = {
            order.order_id: CommandKey(
                order.buyer_id, act.actor_id, key_of(act.bulk_id, order.order_id)
            )
            for order in act.orders
        }
        return {
            order_id: _decode_answer(known[key].answer)
            for order_id, key in keys.items()
            if key in known
        }

    async def finish(self, bulk_id: str, at: Instant) -> None:
        """Note that every command was given; a second time changes nothing."""
        act = self._acts[bulk_id]
        if act.finished_at is None:
            self._acts[bulk_id] = msgspec.structs.replace(act, finished_at=at)
