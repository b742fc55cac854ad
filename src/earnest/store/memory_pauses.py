"""The twin in memory of pauses of sales.

Not here: groups that find a queue paused (`memory.py`). One contract suite runs against this and
against PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from earnest.core.order.stage import Stage
from earnest.core.queue.pause import SalePause
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.pause_ports import Judge, KeptPause, PauseAct
from earnest.desk.ports import OrderKey
from earnest.desk.telling.pauses import news_of_pause
from earnest.store.memory import MemoryStore
from earnest.store.memory_campaigns import MemoryCampaigns


class MemoryPauses:
    """`SalePauses` of the desk's ports, on the tables of a store in memory."""

    def __init__(self, store: MemoryStore, campaigns: MemoryCampaigns) -> None:
        """Keep them on a store's tables; whoever waits for a campaign of these is told."""
        self._store = store
        self._campaigns = campaigns
        self._done: dict[tuple[str, str], KeptPause] = {}

    async def pauses(self) -> Sequence[SalePause]:
        """Every pause of every queue, by queue, the earliest first."""
        return await self._store.pauses()

    async def begin(self, act: PauseAct, judge: Judge) -> KeptPause | Rejected:
        """Keep the pause that the judge gives, and tell whoever waits for the campaign."""
        return await self._act(act, judge)

    async def end(self, act: PauseAct, judge: Judge) -> KeptPause | Rejected:
        """Keep the end of the pause that the judge gives, and tell whoever waits."""
        return await self._act(act, judge)

    async def _act(self, act: PauseAct, judge: Judge) -> KeptPause | Rejected:
        async with self._store.transaction() as transaction:
            rows = transaction.tables
            if act.queue_id not in rows.queues:
                return Rejected(Reason.QUEUE_UNKNOWN)
            known = self._done.get((act.actor_id, act.key))
            if known is not None:
                newest = rows.pauses[known.paused.queue_id, known.paused.number]
                return msgspec.structs.replace(known, paused=newest)
            of_queue = [each for key, each in sorted(rows.pauses.items()) if key[0] == act.queue_id]
            paused = judge(of_queue)
            if isinstance(paused, Rejected):
                return paused
            rows.pauses[act.queue_id, paused.number] = paused
            beside = paused if paused.is_running else None
            queue = rows.queues[act.queue_id]
            rows.queues[act.queue_id] = msgspec.structs.replace(queue, paused=beside)
            if act.campaign_id is not None:
                told = self._campaigns.audience(act.campaign_id)
                news = [news_of_pause(act.campaign_id, paused, each) for each in told]
                rows.messages = (*rows.messages, *news)
            kept = KeptPause(paused=paused, content_hash=act.content_hash)
            self._done[act.actor_id, act.key] = kept
            return kept

    async def orders_in(
        self, paused: SalePause, stages: Sequence[Stage], after: OrderKey | None, limit: int
    ) -> Sequence[OrderKey]:
        """At most `limit` orders that were reserved before its end and stand at these stages."""
        assert paused.resumed_at is not None, "only a pause that is over has an end"
        found = [
            key
            for key, order in sorted(self._store.tables.orders.items())
            if order.queue_id == paused.queue_id and order.stage in stages
            if order.reserved_at < paused.resumed_at and (after is None or key > after)
        ]
        return found[:limit]

    async def settle(self, paused: SalePause, at: Instant) -> None:
        """Note that its time was given back to everybody."""
        key = (paused.queue_id, paused.number)
        rows = self._store.tables.pauses
        rows[key] = msgspec.structs.replace(rows[key], settled_at=at)
