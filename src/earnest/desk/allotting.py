"""Giving freed units on: whoever waits first is offered one, by a command like any other.

What is free and who waits follows from the counters of the queues, so that nothing is forgotten
when a process dies. Units that a newer edition adds are given as well; where a newer version limits
none any more, everybody who waits is given one. Not here: whether an offer holds
(`core/order/allot.py`), which is decided under the lock of the queue.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from earnest.core.order.actor import TIMER
from earnest.core.order.commands_of_launch import AllotUnit
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.desk.answer import Answer
from earnest.desk.desk import CommandFailed, Desk, DeskFull, KeyRunning
from earnest.desk.ports import OrderKey, Store, StoreUnavailable

log = structlog.get_logger(__name__)

ALLOTTED_AT_ONCE = 500
"""Offers submitted together: one group of the desk."""

PAUSE_SECONDS = 0.5
"""How long a freed unit may wait for the next look."""


async def allot_free(desk: Desk, store: Store, now: Instant) -> int:
    """Offer free units to the first who wait, in the order of their ranks; how many were given.

    Several processes may do so at once: the rule under the queue's lock lets only the first pass.
    """
    limits = desk.library.units_limited_to(now)
    given = [
        await _allot_queue(desk, store, queue_id, units, now) for queue_id, units in limits.items()
    ]
    return sum(given)


async def _allot_queue(
    desk: Desk, store: Store, queue_id: QueueId, units: int | None, now: Instant
) -> int:
    """Offer the free units of one queue.

    Those that are set aside for invited groups look free from outside. Then the first who waits is
    refused, and nobody behind is asked for, or a launch would decide hundreds in vain all the time.
    """
    waiting = await store.next_in_line({queue_id: units}, ALLOTTED_AT_ONCE)
    if not waiting or not await _allot(desk, waiting[0], now):
        return 0
    return 1 + sum(await asyncio.gather(*(_allot(desk, each, now) for each in waiting[1:])))


async def _allot(desk: Desk, key: OrderKey, now: Instant) -> bool:
    command = AllotUnit(
        buyer_id=key.buyer_id,
        order_id=key.order_id,
        actor=TIMER,
        key=f"allot:{key.order_id}",
        received_at=now,
    )
    try:
        answer = await desk.submit(command, command.key, unkeyed=True)
    except (DeskFull, KeyRunning, StoreUnavailable):
        return False
    except CommandFailed:
        log.exception("allotting_failed", order_id=key.order_id)
        return False
    assert isinstance(answer, Answer), "without a kept key nothing is reused"
    return answer.is_accepted


async def keep_allotting(desk: Desk, store: Store, now: Callable[[], Instant]) -> None:
    """Give freed units on for ever, resting while none is free or nobody waits."""
    while True:
        try:
            given = await allot_free(desk, store, now())
        except StoreUnavailable:
            log.warning("allotting_waits_for_store")
            given = 0
        if given == 0:
            await asyncio.sleep(PAUSE_SECONDS)
