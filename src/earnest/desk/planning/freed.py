"""Slots that fall free inside the frozen zone go to the next order like them, by themselves.

Whoever waits for a car of the same plan classes is asked in the order of ranks; the first that may
be scheduled, and has no slot as early, gets it with a better window. A scheduled one so leaves its
own slot, which the next look gives on. Nobody comes later by this. Plan runs do the same for days
outside the frozen zone. Not here: the rule (`core/order/freeing.py`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, timedelta
from typing import Protocol

import msgspec
import structlog

from earnest.core.order.actor import Actor, Role
from earnest.core.order.commands_of_planning import TakeSlot
from earnest.core.order.freeing import SLOT_FREE, slots_to_give
from earnest.core.order.parts import Slot
from earnest.core.order.schedule import why_not_committed
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.plan.calendar import cars_on
from earnest.core.plan.promise import Foreseen
from earnest.core.queue.rank import Queue
from earnest.core.values.instant import Instant, zone
from earnest.desk.answer import Answer
from earnest.desk.desk import CommandFailed, Desk, DeskFull, KeyRunning
from earnest.desk.looking import Sleep, keep_looking
from earnest.desk.places.ports import Moves
from earnest.desk.planning.carrying import windows_of
from earnest.desk.planning.ports import PlannedSlot, Plans, PlanVersion
from earnest.desk.planning.task import day_in, week_of
from earnest.desk.planning.windows import Windows
from earnest.desk.ports import OrderKey, StoreUnavailable

log = structlog.get_logger(__name__)

LOOK_SECONDS = 60.0
"""How often a server looks for slots."""

AT_ONCE = 500
"""Orders read together while the next is looked for."""

ACTOR = Actor("plan:slots", frozenset({Role.PLANNING}))


_ONE_DAY = timedelta(days=1)
_Place = tuple[str, date]
"""A line, as `plant/line`, and a day."""


class LeftSlots(Protocol):
    """Slots that were left. Every method raises `StoreUnavailable`."""

    async def left_slots(self, week: str) -> Sequence[Order]:
        """Every order that left a slot of this week or a later one, and nobody has it."""

    async def taken_slots(self, since: Instant) -> Sequence[tuple[OrderKey, Slot]]:
        """The slots that were taken since an instant, with the orders that had left them."""


class Free(msgspec.Struct, frozen=True):
    """A slot that an order left: its day, line and arrival are those of a plan.

    `is_known_to_plan` tells that the published plan still has the order there.
    """

    giver: Order
    slot: Slot
    row: PlannedSlot
    queue: Queue
    is_known_to_plan: bool

    @property
    def day(self) -> date:
        """The day on which the car would have been built."""
        assert self.row.day is not None, "a slot without a day is not given on"
        return self.row.day

    @property
    def place(self) -> _Place:
        """The line and the day."""
        return f"{self.row.plant}/{self.row.line}", self.day


class FreedSlots:
    """The job, over one desk."""

    def __init__(self, desk: Desk, plans: Plans, moves: Moves, left: LeftSlots) -> None:
        self._desk = desk
        self._plans = plans
        self._moves = moves
        self._left = left

    async def look(self, now: Instant) -> int:
        """Give every slot that was left to the next; how many were given.

        Without a published plan, or before the live counters stand, nothing is. Raises
        `StoreUnavailable`.
        """
        plan = await self._plans.plan()
        if plan is None or self._desk.library.foresees is None:
            return 0
        queues = {queue.queue_id: queue for queue in await self._plans.queues()}
        this_week = week_of(min(day_in(queue.time_zone, now) for queue in queues.values()))
        windows = await windows_of(self._plans, plan, queues, now)
        left = [
            free
            for giver in await self._left.left_slots(this_week)
            for slot in slots_to_give(giver)
            if (free := await self._free(giver, slot, queues[giver.queue_id], now)) is not None
        ]
        room = await self._room(plan, left)
        given = 0
        for free in left:
            if room[free.place] > 0 and await self._give(free, windows, now):
                room[free.place] -= 1
                given += 1
        return given

    async def _free(self, giver: Order, slot: Slot, queue: Queue, now: Instant) -> Free | None:
        """A slot that was left, while its day is still to come; one given by hand has no day.

        Its day stands in the newest plan that placed the giver in it: a plan that was applied since
        knows the giver no more, and places nobody in the frozen zone instead.
        """
        key = OrderKey(giver.buyer_id, giver.order_id)
        row = await self._plans.slot_in(key, slot.plant, slot.week)
        if row is None or row.day is None or row.day <= day_in(queue.time_zone, now):
            return None
        is_known = await self._plans.slot_of(key) == row
        return Free(giver, slot, row, queue, is_known_to_plan=is_known)

    async def _room(self, plan: PlanVersion, left: Sequence[Free]) -> Counter[_Place]:
        """How many cars more the lines still build on the days of these slots.

        The published plan counts those who left since then as if they stood there, and it does not
        know those who took a slot of somebody who had left before it was made.
        """
        capacity = await self._plans.capacity()
        assert capacity is not None, "a plan was made from a published capacity"
        room: Counter[_Place] = Counter()
        for day in sorted({each.day for each in left}):
            for line in capacity.capacity.lines:
                room[line.name, day] += cars_on(capacity.capacity, line, day)
            for placed in await self._plans.cars_placed(plan.version, day, day + _ONE_DAY):
                room[placed.name, day] -= placed.cars
        room.update(each.place for each in left if each.is_known_to_plan)
        for giver, slot in await self._left.taken_slots(plan.published_at):
            row = await self._plans.slot_in(giver, slot.plant, slot.week)
            if row is not None and row.day is not None and await self._plans.slot_of(giver) != row:
                room[f"{row.plant}/{row.line}", row.day] -= 1
        return room

    async def _give(self, free: Free, windows: Windows, now: Instant) -> bool:
        async for order in self._alike(free):
            if not await self._may_take(order, free, now):
                continue
            window = windows.anew(order, free.row, free.queue, now)
            return await self._submit(order, free, window, now)
        return False

    async def _alike(self, free: Free) -> AsyncIterator[Order]:
        """Who waits for a car of the same plan classes in the same queue, by rank."""
        foresees = self._desk.library.foresees
        assert foresees is not None, "looked for before"
        ranks = foresees.alike(free.giver.queue_id, free.giver.configuration)
        for first in range(0, len(ranks), AT_ONCE):
            piece = ranks[first : first + AT_ONCE]
            for order in await self._moves.orders_of_ranks(free.giver.queue_id, piece):
                yield order

    async def _may_take(self, order: Order, free: Free, now: Instant) -> bool:
        """Whether an order may be built then, has no slot as early, and would be there in time."""
        if order.stage not in {Stage.LOCKED, Stage.SCHEDULED} or order.car is not None:
            return False
        if why_not_committed(order, now) is not None:
            return False
        if not order.is_earlier_allowed and _arrives(free) < _first_day(order, free.queue):
            return False
        if order.slot is not None:
            return free.slot.week < order.slot.week
        row = await self._plans.slot_of(OrderKey(order.buyer_id, order.order_id))
        return row is None or row.day is None or free.slot.week < week_of(row.day)

    async def _submit(self, order: Order, free: Free, foreseen: Foreseen, now: Instant) -> bool:
        assert foreseen.window is not None, "a slot with a day has a window"
        command = TakeSlot(
            buyer_id=order.buyer_id,
            order_id=order.order_id,
            actor=ACTOR,
            key=f"{SLOT_FREE}:{free.giver.order_id}",
            received_at=now,
            slot=free.slot,
            from_buyer_id=free.giver.buyer_id,
            from_order_id=free.giver.order_id,
            promise=foreseen.window,
            reason=foreseen.reason,
        )
        try:
            answer = await self._desk.submit(command, command.key, unkeyed=True)
        except (DeskFull, KeyRunning, StoreUnavailable):
            return False
        except CommandFailed:
            log.exception("slot_not_given_on", order_id=order.order_id)
            return False
        assert isinstance(answer, Answer), "without a kept key nothing is reused"
        return answer.is_accepted

    async def run(
        self,
        now: Callable[[], Instant],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Look for ever."""
        waits = "freed_slots_wait_for_store"
        await keep_looking(self.look, now, seconds=LOOK_SECONDS, waits=waits, sleep=sleep)


def _arrives(free: Free) -> date:
    assert free.row.arrives is not None, "a row with a day has its arrival"
    return free.row.arrives


def _first_day(order: Order, queue: Queue) -> date:
    return order.promise.begins.astimezone(zone(queue.time_zone)).date()
