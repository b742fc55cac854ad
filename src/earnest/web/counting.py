"""Counting the orders of a queue for those who watch it, once for all of them and never too often.

Counting reads every order of the queue, which takes long where they are many. So what was counted
is remembered for at least a second and twenty times as long as the counting took: whoever
watches costs the database a twentieth of one connection at most, however many they are.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping

import msgspec

from earnest.core.order.stage import Stage
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.desk.views import PaymentStates, Reader

AT_LEAST_SECONDS = 1.0
TIMES_AS_LONG = 20


class QueueCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many orders of a queue stand at each stage and payment, counted at an instant."""

    stages: Mapping[Stage, int]
    payments: PaymentStates
    counted_at: Instant


class Counting:
    """What this process counted last, by queue."""

    def __init__(self, monotonic: Callable[[], float] = time.perf_counter) -> None:
        self._monotonic = monotonic
        self._known: dict[QueueId, tuple[QueueCount, float]] = {}
        self._one_at_a_time: dict[QueueId, asyncio.Lock] = {}

    async def of(self, reader: Reader, queue_id: QueueId, now: Instant) -> QueueCount:
        """The count of a queue, a new one if the last is too old. Raises `StoreUnavailable`."""
        async with self._one_at_a_time.setdefault(queue_id, asyncio.Lock()):
            known, good_until = self._known.get(queue_id, (None, 0.0))
            began_at = self._monotonic()
            if known is not None and began_at < good_until:
                return known
            counted = QueueCount(
                stages=await reader.stage_counts(queue_id),
                payments=await reader.payment_states(queue_id),
                counted_at=now,
            )
            ended_at = self._monotonic()
            lasts = max(AT_LEAST_SECONDS, TIMES_AS_LONG * (ended_at - began_at))
            self._known[queue_id] = (counted, ended_at + lasts)
            return counted
