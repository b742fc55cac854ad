"""Counting for those who watch a sale, once for all of them and never too often.

Counting reads every order of a queue, or every code of a campaign, which takes long where they are
many. So what was counted is remembered for at least a second and twenty times as long as the
counting took: whoever watches costs the database a twentieth of one connection at most, however
many they are.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

import msgspec

from earnest.core.order.stage import Stage
from earnest.core.values.ids import CampaignId, QueueId
from earnest.core.values.instant import Instant
from earnest.desk.campaign_ports import Campaigns, CodesOfGroup, IsOver
from earnest.desk.views import PaymentStates, Reader

AT_LEAST_SECONDS = 1.0
TIMES_AS_LONG = 20

Key = TypeVar("Key", bound=Hashable)
Counted = TypeVar("Counted")


class QueueCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many orders of a queue stand at each stage and payment, counted at an instant."""

    stages: Mapping[Stage, int]
    payments: PaymentStates
    counted_at: Instant


class _Remembered(Generic[Key, Counted]):
    """What was counted last of each thing."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._known: dict[Key, tuple[Counted, float]] = {}
        self._one_at_a_time: dict[Key, asyncio.Lock] = {}

    async def of(self, key: Key, count: Callable[[], Awaitable[Counted]]) -> Counted:
        """The last count of a thing, or a new one if that is too old."""
        async with self._one_at_a_time.setdefault(key, asyncio.Lock()):
            known = self._known.get(key)
            began_at = self._monotonic()
            if known is not None and began_at < known[1]:
                return known[0]
            counted = await count()
            ended_at = self._monotonic()
            lasts = max(AT_LEAST_SECONDS, TIMES_AS_LONG * (ended_at - began_at))
            self._known[key] = (counted, ended_at + lasts)
            return counted

    def forget(self, key: Key) -> None:
        """Count anew when it is asked for next."""
        self._known.pop(key, None)


class Counting:
    """What this process counted last: orders by queue, codes by campaign."""

    def __init__(self, monotonic: Callable[[], float] = time.perf_counter) -> None:
        self._orders: _Remembered[QueueId, QueueCount] = _Remembered(monotonic)
        self._codes: _Remembered[CampaignId, Sequence[CodesOfGroup]] = _Remembered(monotonic)

    async def of(self, reader: Reader, queue_id: QueueId, now: Instant) -> QueueCount:
        """The count of a queue, a new one if the last is too old. Raises `StoreUnavailable`."""

        async def count() -> QueueCount:
            return QueueCount(
                stages=await reader.stage_counts(queue_id),
                payments=await reader.payment_states(queue_id),
                counted_at=now,
            )

        return await self._orders.of(queue_id, count)

    async def codes(
        self, campaigns: Campaigns, campaign_id: CampaignId, is_over: IsOver
    ) -> Sequence[CodesOfGroup]:
        """How many codes each group of a campaign has. Raises `StoreUnavailable`."""

        async def count() -> Sequence[CodesOfGroup]:
            return await campaigns.codes_by_group(campaign_id, is_over)

        return await self._codes.of(campaign_id, count)

    def codes_changed(self, campaign_id: CampaignId) -> None:
        """Whoever issues or revokes codes sees them at once in the same process."""
        self._codes.forget(campaign_id)
