"""Firing deadlines: what has fallen due goes through the desk like any other command.

Not here: what is due (`core/timers.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from earnest.core.timers import command_of
from earnest.core.values.instant import Instant
from earnest.desk.desk import CommandFailed, Desk, DeskFull, KeyRunning
from earnest.desk.ports import OrderDeadline, Store, StoreUnavailable

log = structlog.get_logger(__name__)

FIRED_AT_ONCE = 1_000
"""Deadlines submitted together: two groups, so that one is decided while the next waits."""

PAUSE_SECONDS = 0.5
"""How long the firing rests when nothing more is due."""


async def fire_due(desk: Desk, store: Store, now: Instant) -> int:
    """Fire up to `FIRED_AT_ONCE` deadlines that have passed and wait for their commits.

    Returns how many were fired. A deadline that could not be fired stays where it is.
    """
    due = await store.due_deadlines(now, FIRED_AT_ONCE)
    return sum(await asyncio.gather(*(_fire(desk, each, now) for each in due)))


async def _fire(desk: Desk, due: OrderDeadline, now: Instant) -> bool:
    command = command_of(due.deadline, due.order.buyer_id, due.order.order_id, now)
    try:
        await desk.submit(command, command.key, fired=due.deadline)
    except (DeskFull, KeyRunning, StoreUnavailable):
        return False
    except CommandFailed:
        log.exception("deadline_failed", order_id=due.order.order_id, kind=due.deadline.kind)
        return False
    return True


async def keep_firing(desk: Desk, store: Store, now: Callable[[], Instant]) -> None:
    """Fire deadlines for ever, resting while none is due or none that is due can be fired."""
    while True:
        try:
            fired = await fire_due(desk, store, now())
        except StoreUnavailable:
            log.warning("firing_waits_for_store")
            fired = 0
        if fired == 0:
            await asyncio.sleep(PAUSE_SECONDS)
