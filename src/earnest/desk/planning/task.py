"""From stored orders to a planning task: who waits for what, in one order of service.

Not here: making the plan (`core/plan`) and applying it (`running.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter

import msgspec

from earnest.core.order.parts import LockMode
from earnest.core.order.stage import Stage
from earnest.core.plan.calendar import written_out
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.counters import NOWHERE
from earnest.core.plan.plan import Hold, Place, PlanOrder, Task
from earnest.core.plan.signature import Signatures
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant, last_day_of, zone
from earnest.desk.planning.ports import PlannedSlot, QueueSeen, WaitingOrder
from earnest.desk.ports import OrderKey

DEFAULT_ZONE = "UTC"
"""The time of plans where no queue has one."""

NOT_YET_SCHEDULED = frozenset({Stage.RESERVED, Stage.DEPOSITED, Stage.LOCKED})


class Prepared(msgspec.Struct, frozen=True):
    """A task with the orders behind its numbers, and what was seen of each queue."""

    task: Task
    orders: tuple[WaitingOrder, ...]
    queues: tuple[QueueSeen, ...]
    before: dict[OrderKey, PlannedSlot]


class Preparation:
    """What does not change from order to order while a task is made."""

    def __init__(
        self,
        capacity: Capacity,
        queues: Iterable[Queue],
        slots: dict[OrderKey, PlannedSlot],
        at: Instant,
        today: date,
    ) -> None:
        self._capacity = capacity
        self._queues = {queue.queue_id: queue for queue in queues}
        self._slots = slots
        self._at = at
        self._today = today
        self._grid = written_out(capacity)
        self._signatures = Signatures(capacity, self._grid)
        self._by_hand: dict[tuple[int, int], int] = {}
        self._line_of = {
            (line.plant, line.code): number for number, line in enumerate(self._grid.lines)
        }

    def prepared(self, orders: list[WaitingOrder], below: dict[QueueId, int]) -> Prepared:
        """The task of the orders whose rank is below that of their queue."""
        served = in_order_of_service(
            [order for order in orders if order.rank < below.get(order.queue_id, 1)]
        )
        planned = tuple(self._planned(order) for order in served)
        today = self._grid.index(self._today)
        task = Task(
            capacity_digest=self._capacity.digest,
            grid=self._grid,
            signatures=tuple(self._signatures.all),
            transport=tuple(self._signatures.transport),
            orders=planned,
            today=today,
            frozen_until=max(0, today + self._capacity.frozen_days),
        )
        seen = tuple(
            _seen(queue_id, rank, served, planned) for queue_id, rank in sorted(below.items())
        )
        return Prepared(task, tuple(served), seen, self._slots)

    def _planned(self, order: WaitingOrder) -> PlanOrder:
        queue = self._queues[order.queue_id]
        configuration = order.configuration
        signature = self._signatures.number_of(
            configuration.model, configuration.options, queue.market
        )
        place = self._place(self._slots.get(order.key))
        is_fixed = order.stage not in NOT_YET_SCHEDULED
        last = self._grid.index(last_day_of(order.promise.ends, queue.time_zone))
        first = order.promise.begins.astimezone(zone(queue.time_zone)).date()
        shortest = min(self._signatures.transport[signature], default=0)
        return PlanOrder(
            order_id=order.order_id,
            signature=signature,
            hold=None if is_fixed else hold_of(order, self._at),
            fixed=self._fixed(order, signature, place) if is_fixed else None,
            current=None if is_fixed else place,
            pull_in_from=0
            if order.is_earlier_allowed
            else max(0, self._grid.index(first) - shortest),
            arrives_by=last,
        )

    def _fixed(self, order: WaitingOrder, signature: int, place: Place | None) -> Place:
        """Where a scheduled car stands: in the plan, or in the week that somebody gave it by hand.

        A car that the calendar does not know (late, or on a line that is gone) takes nothing.
        """
        slot = order.slot
        if place is not None:
            day = self._grid.day(place.day)
            plant = self._grid.lines[place.line].plant
            if slot is None or (slot.plant, slot.week) == (plant, week_of(day)):
                return place
        if slot is not None and order.stage is Stage.SCHEDULED:
            free = [
                (self._by_hand.get((line, day), 0) - self._grid.cars[line][day], day, line)
                for line in self._signatures.all[signature].lines
                if self._grid.lines[line].plant == slot.plant
                for day in range(self._grid.days)
                if week_of(self._grid.day(day)) == slot.week
            ]
            if free:
                _, day_of_week, line = min(free)
                taken = self._by_hand.get((line, day_of_week), 0)
                self._by_hand[line, day_of_week] = taken + 1
                return Place(line, day_of_week)
        return Place(NOWHERE, NOWHERE)

    def _place(self, slot: PlannedSlot | None) -> Place | None:
        """A slot by the numbers of the grid; none where line or day are no longer in it."""
        if slot is None or slot.day is None or slot.plant is None or slot.line is None:
            return None
        line = self._line_of.get((slot.plant, slot.line))
        day = self._grid.index(slot.day)
        if line is None or not 0 <= day < self._grid.days:
            return None
        return Place(line, day)


def hold_of(order: WaitingOrder, at: Instant) -> Hold | None:
    """Why an order may not be scheduled now; the same reasons for which the rule rejects it.

    A deferred order is built only on the buyer's request, also when its time is over.
    """
    if order.deferral is not None:
        return Hold.DEFERRED
    if order.stage is Stage.RESERVED:
        return Hold.WAITING_LIST if order.pay_until is None else Hold.UNPAID
    if order.stage is Stage.DEPOSITED or order.lock is None:
        return Hold.COOLING_OFF
    ends = order.cooling_off_ends
    if order.lock.mode is LockMode.AT_EXPIRY and (ends is None or at < ends):
        return Hold.COOLING_OFF
    if order.lock.undo_until is not None and at < order.lock.undo_until:
        return Hold.COOLING_OFF
    return Hold.ANSWER_OPEN if order.deferral_request is not None else None


def in_order_of_service(orders: list[WaitingOrder]) -> list[WaitingOrder]:
    """All queues in one order: by when a queue had come so far, and inside it by rank.

    A queue's clock never goes back, so a rank never passes another of its own queue.
    """
    queues: dict[QueueId, list[WaitingOrder]] = {}
    for order in orders:
        queues.setdefault(order.queue_id, []).append(order)
    keyed: list[tuple[Instant, QueueId, int, WaitingOrder]] = []
    # Sorted queue by queue, because while very many are sorted at once nothing else gets its turn.
    for queue_id, served in sorted(queues.items()):
        served.sort(key=attrgetter("rank"))
        latest = served[0].reserved_at
        for order in served:
            latest = max(latest, order.reserved_at)
            keyed.append((latest, queue_id, order.rank, order))
    keyed.sort(key=lambda each: each[:3])
    return [each[3] for each in keyed]


def _seen(
    queue_id: QueueId, next_rank: int, orders: list[WaitingOrder], planned: tuple[PlanOrder, ...]
) -> QueueSeen:
    holds: dict[str, int] = {}
    count = fixed = 0
    for order, each in zip(orders, planned, strict=True):
        if order.queue_id == queue_id:
            count += 1
            fixed += each.fixed is not None
            if each.hold is not None:
                holds[each.hold.value] = holds.get(each.hold.value, 0) + 1
    return QueueSeen(
        queue_id=queue_id,
        next_rank=next_rank,
        orders=count,
        fixed=fixed,
        holds=dict(sorted(holds.items())),
    )


def plan_day(queues: Sequence[Queue], at: Instant) -> date:
    """The day of a plan that is made at an instant: that of the first queue."""
    return day_in(queues[0].time_zone if queues else DEFAULT_ZONE, at)


def day_in(time_zone: str, at: Instant) -> date:
    """The local day of an instant."""
    return at.astimezone(zone(time_zone)).date()


def week_of(day: date) -> str:
    """The production week of a day, as slots name it (ISO, for example 2024-W31)."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
