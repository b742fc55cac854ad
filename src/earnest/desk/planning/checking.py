"""A stored plan checked again: orders as they were then, days as they are stored.

The orders are folded anew from their events until the plan was applied, so a withdrawal since then
accuses nobody. Not here: the check itself (`core/plan/checker.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Sequence

import msgspec

from earnest.core.order.evolve import fold
from earnest.core.order.state import Order
from earnest.core.plan.checker import Checker, Finding
from earnest.core.plan.counters import NOWHERE
from earnest.core.plan.plan import Place, Plan, Task, digest_of
from earnest.core.plan.planner import is_inside
from earnest.core.queue.rank import Queue
from earnest.desk.planning.ports import (
    CapacityVersion,
    PlannedSlot,
    Plans,
    PlanVersion,
    WaitingOrder,
    Way,
)
from earnest.desk.planning.running import start_of
from earnest.desk.planning.task import Preparation, Prepared, plan_day
from earnest.desk.ports import OrderKey, RecordedEvent


class StoredFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One breach, by day and order: what, of whom, or of which resource."""

    breach: str
    day: str
    order_id: str | None
    resource: str


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of a stored plan found.

    `is_as_applied`: what is stored has the digest under which it was applied. `missing` are orders
    of the plan of which no event of that time is stored.
    """

    plan: PlanVersion
    orders: int
    placed: int
    findings: tuple[StoredFinding, ...]
    missing: tuple[OrderKey, ...]
    is_as_applied: bool

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return self.is_as_applied and not self.findings and not self.missing


Stories = AsyncIterable[tuple[OrderKey, Sequence[RecordedEvent]]]
"""Orders with their events, by sequence."""


async def check_plan(plans: Plans, plan: PlanVersion, stories: Stories) -> Checked:
    """Check a plan against the orders, the capacity and the published plan of its time."""
    slots = {slot.order: slot async for slot in plans.slots(plan.version)}
    earlier = plan.basis.published_plan
    before = {} if earlier is None else {s.order: s async for s in plans.slots(earlier)}
    capacity = await plans.capacity(plan.basis.capacity_version)
    assert capacity is not None, "a plan was made from a published capacity"
    orders = []
    async for key, events in stories:
        then = [each.event for each in events if each.recorded_at <= plan.published_at]
        if key in slots and then:
            orders.append(waiting_of(fold(then)))
    queues = await plans.queues()
    return await asyncio.to_thread(_checked, plan, slots, before, capacity, (orders, queues))


def waiting_of(order: Order) -> WaitingOrder:
    """What a plan run reads of an order."""
    fields = {name: getattr(order, name) for name in WaitingOrder.__struct_fields__}
    return WaitingOrder(**fields)


def _checked(
    plan: PlanVersion,
    slots: dict[OrderKey, PlannedSlot],
    before: dict[OrderKey, PlannedSlot],
    capacity: CapacityVersion,
    served: tuple[list[WaitingOrder], Sequence[Queue]],
) -> Checked:
    orders, queues = served
    # By the day of its application: a plan of an earlier one places cars on days that are over.
    today = plan_day(queues, plan.published_at)
    preparation = Preparation(capacity.capacity, queues, before, plan.published_at, today)
    below = {seen.queue_id: seen.next_rank for seen in plan.basis.queues}
    prepared = preparation.prepared(orders, below)
    task = start_of(prepared.task, plan.basis.way).task
    stored = _stored(task, prepared, slots, capacity)
    findings = Checker(task, stored, is_fresh=plan.basis.way is Way.FRESH).findings()
    known = {order.key for order in prepared.orders}
    return Checked(
        plan=plan,
        orders=len(slots),
        placed=sum(slot.day is not None for slot in slots.values()),
        findings=tuple(_finding(task, prepared, each) for each in findings),
        missing=tuple(sorted(key for key in slots if key not in known)),
        is_as_applied=digest_of(task, stored) == plan.digest,
    )


def _stored(
    task: Task, prepared: Prepared, slots: dict[OrderKey, PlannedSlot], capacity: CapacityVersion
) -> Plan:
    """The stored rows as a plan of the task. A car that the calendar did not know took nothing."""
    numbers = {(line.plant, line.code): number for number, line in enumerate(task.grid.lines)}
    places = []
    for order, planned in zip(prepared.orders, task.orders, strict=True):
        slot = slots[order.key]
        place = Place(NOWHERE, NOWHERE)
        is_known = planned.fixed is None or is_inside(task, planned.fixed)
        if is_known and slot.plant is not None and slot.line is not None and slot.day is not None:
            place = Place(numbers.get((slot.plant, slot.line), NOWHERE), task.grid.index(slot.day))
        places.append(place)
    return Plan(
        capacity_digest=capacity.digest,
        lines=tuple(place.line for place in places),
        days=tuple(place.day for place in places),
    )


def _finding(task: Task, prepared: Prepared, finding: Finding) -> StoredFinding:
    number = finding.number
    return StoredFinding(
        breach=finding.breach.value,
        day=str(task.grid.day(finding.day)),
        order_id=None if number is None else prepared.orders[number].order_id,
        resource=finding.resource,
    )
