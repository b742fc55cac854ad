"""Telling those who were overtaken: a job that looks every few minutes and puts it on record.

Each is a command through the desk that the order's own rule records once for each reason, so a
server that died in the middle goes on. What it has judged it remembers in memory; after a start
it judges everybody anew, some at a time. Not here: finding who was overtaken (`inversions.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from earnest.core.order.actor import TIMER
from earnest.core.order.commands_of_planning import RecordOvertaking
from earnest.core.order.stage import TRANSITIONS
from earnest.core.order.state import Order
from earnest.core.queue.lane import Lane
from earnest.core.queue.overtaking import Why
from earnest.core.values.instant import Instant
from earnest.desk.desk import CommandFailed, Desk, DeskFull, KeyRunning
from earnest.desk.looking import Sleep, keep_looking
from earnest.desk.places.following import Places
from earnest.desk.places.inversions import EventsOf, Overtakings, PlannedWhy, nothing_planned
from earnest.desk.places.ports import ServedOrder
from earnest.desk.ports import OrderKey, StoreUnavailable

log = structlog.get_logger(__name__)

SETTLING = timedelta(hours=1)
"""A slot counts once it was given so long ago: in the middle of a plan run later ranks may have
theirs a moment before earlier ones."""

LOOK_SECONDS = 300.0
"""How often a server looks."""

AT_MOST = 500
"""Orders judged in one look; the others follow in the next ones."""

_Passed = tuple[Order, Lane, list[ServedOrder]]
"""An order, where it stands, and who passed it there since it was last judged."""


class Passing:
    """The job, and what it has judged so far."""

    def __init__(
        self,
        desk: Desk,
        places: Places,
        events_of: EventsOf,
        planned: PlannedWhy = nothing_planned,
    ) -> None:
        """Begin without having judged anybody."""
        self._desk = desk
        self._places = places
        self._events_of = events_of
        self._planned = planned
        self._judged: dict[OrderKey, tuple[Lane, str | None, Instant]] = {}

    async def look(self, now: Instant) -> int:
        """Put on record who was overtaken since the last look; how many orders were judged.

        Raises `StoreUnavailable`.
        """
        look = Overtakings(
            moves=self._places.moves,
            snapshot=self._places.snapshot,
            events_of=self._events_of,
            lane=self._lane,
            planned=self._planned,
        )
        judged = 0
        later: list[_Passed] = []
        async for order, lane, by in look.everybody(now - SETTLING):
            new = self._not_judged(order, lane, by)
            if not new or "RecordOvertaking" not in TRANSITIONS[order.stage]:
                continue
            if judged == AT_MOST:
                break
            if order.lock is None:
                # It was on hold or cooled off, so there is a reason: who may have none comes first.
                later.append((order, lane, new))
                del later[AT_MOST:]
                continue
            judged += 1
            await self._judge(look, (order, lane, new), now)
        for each in later[: AT_MOST - judged]:
            judged += 1
            await self._judge(look, each, now)
        return judged

    async def _judge(self, look: Overtakings, passed: _Passed, now: Instant) -> None:
        order, lane, new = passed
        found = await look.judged(order, lane, new)
        if found is None or await self._record(order, lane, *found, now):
            key = OrderKey(order.buyer_id, order.order_id)
            last = max(each.given_at for each in new)
            self._judged[key] = (lane, _week(order), last)

    async def run(
        self,
        now: Callable[[], Instant],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Look for ever."""
        waits = "overtakings_wait_for_store"
        await keep_looking(self.look, now, seconds=LOOK_SECONDS, waits=waits, sleep=sleep)

    async def _lane(self, order: Order) -> Lane:
        await self._desk.library.facts_to_read(order)
        return self._desk.library.lane_of(order)

    def _not_judged(self, order: Order, lane: Lane, by: list[ServedOrder]) -> list[ServedOrder]:
        """Who overtook since the order was last judged, as long as it stands where it stood."""
        known = self._judged.get(OrderKey(order.buyer_id, order.order_id))
        if known is None or known[:2] != (lane, _week(order)):
            return by
        return [each for each in by if each.given_at > known[2]]

    async def _record(
        self, order: Order, lane: Lane, by: ServedOrder, why: Why | None, now: Instant
    ) -> bool:
        """Whether it is on record, or was before; a rejection is an answer as well."""
        if any((each.lane, each.why) == (lane, why) for each in order.overtaken):
            return True
        command = RecordOvertaking(
            buyer_id=order.buyer_id,
            order_id=order.order_id,
            actor=TIMER,
            key=f"overtaken:{order.order_id}",
            received_at=now,
            lane=lane,
            by_rank=by.order.rank,
            given_at=by.given_at,
            why=why,
        )
        try:
            await self._desk.submit(command, command.key, unkeyed=True)
        except (DeskFull, KeyRunning, StoreUnavailable):
            return False
        except CommandFailed:
            log.exception("overtaking_not_recorded", order_id=order.order_id)
            return False
        if why is None:
            log.warning("inversion", order_id=order.order_id, rank=order.rank, by=by.order.rank)
        return True


def _week(order: Order) -> str | None:
    return None if order.slot is None else order.slot.week
