"""GET /queues/{queue_id}/figures: a sale as it runs, in numbers, for those who watch over it.

Every server writes once a second what it saw at its doors, and all of these are added up. Not here:
`/metrics`, which programs read of one server, and what everybody may know of a queue (`places.py`).
"""

from __future__ import annotations

from math import isinf
from typing import Any

import msgspec

from earnest.core.order.actor import STAFF
from earnest.core.order.stage import Stage
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.desk.views import PaymentStates
from earnest.desk.watching import FRESH, summed, within
from earnest.web.api.pauses import PauseShown, pause_shown
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route

LAST = 500
"""Ranks over which the rate is measured."""

SHARE = 0.99
QUIET_SECONDS = 60
"""After so long without a reservation the rate is nothing."""


async def show_figures(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """How a sale runs now."""
    queue_id, now = QueueId(asked.path["queue_id"]), asked.received_at
    queue = await house.shelf.queue(queue_id)
    if queue is None:
        raise TurnedAway(DoorCode.QUEUE_NOT_FOUND)
    recent = await house.reader.reserved_since(queue_id, queue.next_rank - LAST)
    counted = await house.counting.of(house.reader, queue_id, now)
    servers = await house.watching.servers(now - FRESH)
    paused = house.desk.library.pause_of(queue_id)
    seconds = within(servers, SHARE)
    return Reply(
        value=Figures(
            queue_id=queue_id,
            now=now,
            reservations=queue.next_rank - 1,
            per_second=_rate(recent, now),
            stages=dict(counted.stages),
            payments=counted.payments,
            counted_at=counted.counted_at,
            servers=len(servers),
            waiting=sum(each.waiting for each in servers),
            turned_away=sum(each.turned_away for each in servers),
            answers=summed(servers, "answers"),
            messages=summed(servers, "messages"),
            answered=sum(sum(each.latencies) for each in servers),
            within_ms=None if seconds is None or isinf(seconds) else round(1_000 * seconds),
            is_slower=seconds is not None and isinf(seconds),
            provider=house.payments.name,
            troubled=tuple(sorted({part for each in servers for part in each.troubled})),
            pause=None if paused is None else pause_shown(paused),
        )
    )


def _rate(recent: tuple[int, Instant, Instant] | None, now: Instant) -> float:
    """Reservations a second over the last ranks; nothing when the last one is long ago."""
    if recent is None:
        return 0.0
    number, first, last = recent
    if (now - last).total_seconds() > QUIET_SECONDS:
        return 0.0
    return number / max((now - first).total_seconds(), 1.0)


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """A sale in numbers, over all `servers` that wrote what they saw in the last five seconds.

    `reservations` counts everybody who ever reserved in the queue; `stages` and `payments` were
    counted at `counted_at`. Of all queues together: `waiting` is how many commands wait for the
    next transaction, `turned_away` how many found a desk full, `answers` and `messages` are by
    status since each server began. Of the `answered` reservations of the last minute, 99 of 100
    left `within_ms` milliseconds; null when nobody asked, or when it `is_slower` than can be told.
    `troubled` names parts of servers that failed and wait to be started again.
    """

    queue_id: QueueId
    now: Instant
    reservations: int
    per_second: float
    stages: dict[Stage, int]
    payments: PaymentStates
    counted_at: Instant
    servers: int
    waiting: int
    turned_away: int
    answers: dict[str, int]
    messages: dict[str, int]
    answered: int
    within_ms: int | None
    is_slower: bool
    provider: str
    troubled: tuple[str, ...]
    pause: PauseShown | None


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/queues/{queue_id}/figures",
            operation="showFigures",
            summary="A sale as it runs, in numbers.",
            tag="operations",
            access=Access.OFFICE,
            roles=STAFF,
            takes=NoInput,
            handler=show_figures,
            gives=Figures,
            codes=(DoorCode.QUEUE_NOT_FOUND,),
        )
    ]
