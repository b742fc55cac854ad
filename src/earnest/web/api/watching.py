"""GET /queues/{queue_id}/figures: a sale as it runs, in numbers, for those who watch over it.

Counts of orders are those of the whole house; what a server saw at its doors is its own. Not here:
`/metrics`, which programs read, and what everybody may know of a queue (`places.py`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.order.actor import STAFF
from earnest.core.order.stage import Stage
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route

LAST = 500
"""Ranks over which the rate is measured."""

QUIET_SECONDS = 60
"""After so long without a reservation the rate is nothing."""


async def show_figures(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """How a sale runs now."""
    queue_id = QueueId(asked.path["queue_id"])
    queue = await house.shelf.queue(queue_id)
    if queue is None:
        raise TurnedAway(DoorCode.QUEUE_NOT_FOUND)
    stages = await house.reader.stage_counts(queue_id)
    recent = await house.reader.reserved_since(queue_id, queue.next_rank - LAST)
    counts = house.counts
    return Reply(
        value=Figures(
            queue_id=queue_id,
            now=asked.received_at,
            reservations=queue.next_rank - 1,
            per_second=_rate(recent, asked.received_at),
            stages=dict(stages),
            waiting=house.desk.waiting,
            turned_away=house.desk.counts.full,
            answers={str(status): number for status, number in sorted(counts.reservations.items())},
            messages={str(status): number for status, number in sorted(counts.webhooks.items())},
            provider=house.payments.name,
            troubled=tuple(sorted(name for name, health in house.parts.items() if health.rests)),
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
    """A sale in numbers. `answers` and `messages` are by status, and of this server alone.

    `reservations` counts everybody who ever reserved in the queue; `waiting` is how many commands
    wait for the next transaction of this server, `turned_away` how many found it full.
    `troubled` names parts of this server that failed and wait to be started again.
    """

    queue_id: QueueId
    now: Instant
    reservations: int
    per_second: float
    stages: dict[Stage, int]
    waiting: int
    turned_away: int
    answers: dict[str, int]
    messages: dict[str, int]
    provider: str
    troubled: tuple[str, ...]


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
