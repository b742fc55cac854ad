"""What the published plan says of an overtaking: another plant, a scarce part, or too early.

The plan was made in the order of ranks and checked (`core/plan/checker.py`). So an order that it
puts no earlier than a later rank, and that needs something the later one does without, lost the
slot to that. And it moves nobody to before the promised window who did not allow it, nor anybody
behind that window for one who had put its order off meanwhile. Not here: the reasons that an order
itself gives (`core/order/standing.py`).
"""

from __future__ import annotations

from datetime import timedelta

from earnest.core.order.state import Order
from earnest.core.plan.calendar import Grid, written_out
from earnest.core.plan.signature import Signature, Signatures
from earnest.core.queue.overtaking import Why
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import last_day_of, zone
from earnest.desk.places.ports import ServedOrder
from earnest.desk.planning.ports import PlannedSlot, Plans
from earnest.desk.planning.task import week_of
from earnest.desk.ports import OrderKey


class PlannedReasons:
    """The reasons of the plan that is published now."""

    def __init__(self, plans: Plans) -> None:
        """Begin without any; each question looks whether a newer plan was published."""
        self._plans = plans
        self._version = 0
        self._queues: dict[QueueId, Queue] = {}
        self._known: tuple[Grid, Signatures] | None = None

    async def why(self, order: Order, by: ServedOrder) -> Why | None:
        """Why an order could not have used the slot of a later one; None if no plan says so.

        `order` is as it stood then. Raises `StoreUnavailable`.
        """
        slot = by.order.slot
        known = await self._published()
        if known is None or slot is None:
            return None
        grid, signatures = known
        mine, other = (signatures.all[self._number(signatures, each)] for each in (order, by.order))
        if slot.plant not in {grid.lines[line].plant for line in mine.lines}:
            return Why.PLANT_NOT_ALLOWED
        planned = await self._plans.slot_of(OrderKey(order.buyer_id, order.order_id))
        if planned is None or (planned.day is not None and week_of(planned.day) < slot.week):
            return None
        needs, does_without = (_scarce(each, grid, slot.plant) for each in (mine, other))
        if needs - does_without:
            return Why.SCARCE
        is_too_early = slot.week < self._week_of_window(signatures, order)
        if is_too_early and not order.is_earlier_allowed:
            return Why.ASKED_FOR_LATER
        was_away = order.deferrals_agreed > 0 and not self._can_wait(by.order, planned)
        return Why.ASKED_FOR_LATER if was_away else None

    def _can_wait(self, order: Order, instead: PlannedSlot) -> bool:
        """Whether the window of an order would hold if its car came on the day of another one."""
        last_day = last_day_of(order.promise.ends, self._queues[order.queue_id].time_zone)
        return instead.arrives is not None and instead.arrives <= last_day

    async def _published(self) -> tuple[Grid, Signatures] | None:
        plan = await self._plans.plan()
        if plan is None:
            return None
        if plan.version != self._version:
            version = await self._plans.capacity(plan.basis.capacity_version)
            assert version is not None, "a plan was made from a published capacity"
            grid = written_out(version.capacity)
            self._queues = {each.queue_id: each for each in await self._plans.queues()}
            self._known = (grid, Signatures(version.capacity, grid))
            self._version = plan.version
        return self._known

    def _number(self, signatures: Signatures, order: Order) -> int:
        configuration = order.configuration
        return signatures.number_of(
            configuration.model, configuration.options, self._queues[order.queue_id].market
        )

    def _week_of_window(self, signatures: Signatures, order: Order) -> str:
        """The week from which a car may be built so that it comes inside its window."""
        time_zone = self._queues[order.queue_id].time_zone
        begins = order.promise.begins.astimezone(zone(time_zone)).date()
        shortest = min(signatures.transport[self._number(signatures, order)], default=0)
        return week_of(begins - timedelta(days=shortest))


def _scarce(signature: Signature, grid: Grid, plant: str) -> set[tuple[str, int | str]]:
    """The parts and, at a plant, the capped options that a car uses."""
    parts: set[tuple[str, int | str]] = {("part", part) for part in signature.parts}
    caps: set[tuple[str, int | str]] = {
        ("option", grid.cap_of[row][1])
        for line, rows in zip(signature.lines, signature.caps, strict=True)
        if grid.lines[line].plant == plant
        for row in rows
    }
    return parts | caps
