"""Capacity and plans over the store's twin in memory.

Not here: orders (`memory.py`). The contract suite runs against this twin and PostgreSQL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date

import msgspec

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order.promise_health import Planned, PromiseState, promise_state
from earnest.core.order.stage import EXITS, Stage
from earnest.core.order.state import Order
from earnest.core.plan.calibration import Basis, PlanError, cohort_of, lead_time
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import OrderId, QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.desk.planning.checking import waiting_of
from earnest.desk.planning.ports import (
    CapacityHead,
    CapacityVersion,
    CarsPlaced,
    PlannedSlot,
    PlanVersion,
    PromisesCounted,
    WaitingKind,
    WaitingOrder,
)
from earnest.desk.planning.task import day_in, week_of
from earnest.desk.ports import OrderKey
from earnest.store.memory import MemoryStore
from earnest.store.plans import outdated, superseded

_WAITS = frozenset({Stage.RESERVED, Stage.DEPOSITED, Stage.LOCKED, Stage.SCHEDULED})


class MemoryPlans:
    """`Plans` of the desk's planning, for as long as the process lives."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._capacities: list[CapacityVersion] = []
        self._plans: list[PlanVersion] = []
        self._slots: dict[int, dict[OrderKey, PlannedSlot]] = {}
        self._features: dict[int, dict[OrderKey, tuple[str, ...]]] = {}
        self._carried_out: set[int] = set()

    async def add_capacity(
        self, capacity: CapacityVersion, instead_of: int | None = None
    ) -> CapacityVersion | Rejected:
        """Publish a capacity document; the version on record under its actor and key."""
        for earlier in self._capacities:
            if (earlier.actor_id, earlier.key) == (capacity.actor_id, capacity.key):
                return earlier
        newest = len(self._capacities)
        if instead_of is not None and instead_of != newest:
            return superseded(instead_of, newest)
        made = msgspec.structs.replace(capacity, version=len(self._capacities) + 1)
        self._capacities.append(made)
        return made

    async def capacity(self, version: int | None = None) -> CapacityVersion | None:
        """A capacity document by its number, or the one published last."""
        number = len(self._capacities) if version is None else version
        return self._capacities[number - 1] if 0 < number <= len(self._capacities) else None

    async def capacity_history(self) -> Sequence[CapacityHead]:
        """Every version, the newest first."""
        return [
            CapacityHead(
                version=each.version,
                digest=each.digest,
                begins=each.capacity.begins,
                ends=each.capacity.ends,
                actor_id=each.actor_id,
                published_at=each.published_at,
            )
            for each in reversed(self._capacities)
        ]

    async def queues(self) -> Sequence[Queue]:
        """Every queue, by id."""
        queues = self._store.tables.queues
        return [queues[key] for key in sorted(queues)]

    async def waiting(self, since: date) -> AsyncIterator[WaitingOrder]:
        """Every order that waits for a car, and every later one with a slot on or after a day."""
        published = self._slots.get(len(self._plans), {})
        for key, order in self._store.tables.orders.items():
            slot = published.get(key)
            has_slot = slot is not None and slot.day is not None and slot.day >= since
            if order.stage in _WAITS or (order.stage not in EXITS and has_slot):
                yield waiting_of(order)

    async def waiting_kinds(self) -> Sequence[WaitingKind]:
        """How many orders wait for which car, by queue and configuration."""
        kinds: dict[tuple[QueueId, Configuration], list[OrderId]] = {}
        for order in self._store.tables.orders.values():
            if order.stage in _WAITS:
                key = (order.queue_id, order.configuration)
                kinds.setdefault(key, []).append(order.order_id)
        return [
            WaitingKind(
                queue_id=queue_id,
                configuration=configuration,
                orders=len(ids),
                order_id=min(ids),
            )
            for (queue_id, configuration), ids in kinds.items()
        ]

    async def plan(self, version: int | None = None) -> PlanVersion | None:
        """A plan by its number, or the published one."""
        number = len(self._plans) if version is None else version
        return self._plans[number - 1] if 0 < number <= len(self._plans) else None

    async def plan_by_key(self, actor_id: str, key: str) -> PlanVersion | None:
        """The plan that this actor applied with this key."""
        return next(
            (each for each in self._plans if (each.actor_id, each.key) == (actor_id, key)), None
        )

    async def plan_history(self, limit: int) -> Sequence[PlanVersion]:
        """The plans applied last, the newest first."""
        return self._plans[::-1][:limit]

    async def slots(self, version: int) -> AsyncIterator[PlannedSlot]:
        """Every order of a plan version, in the order of their keys."""
        slots = self._slots.get(version, {})
        for key in sorted(slots):
            yield slots[key]

    async def slot_of(self, order: OrderKey) -> PlannedSlot | None:
        """An order's row in the published plan."""
        return self._slots.get(len(self._plans), {}).get(order)

    async def slot_in(self, order: OrderKey, plant: str, week: str) -> PlannedSlot | None:
        """The newest row that placed an order in this plant and week, inside the frozen zone."""
        for plan in reversed(self._plans):
            slot = self._slots[plan.version].get(order)
            if slot is None or slot.day is None or slot.day >= plan.frozen_until:
                continue
            if (slot.plant, week_of(slot.day)) == (plant, week):
                return slot
        return None

    async def cars_placed(
        self, version: int, begins: date, ends: date, features: Sequence[str] | None = None
    ) -> Sequence[CarsPlaced]:
        """How many cars a plan version builds on the days of `[begins, ends)`, by line and day."""
        counted: Counter[tuple[str, str, date]] = Counter()
        for slot in self._slots.get(version, {}).values():
            if slot.plant is None or slot.line is None or slot.day is None:
                continue
            own = self._features[version][slot.order]
            is_meant = features is None or not set(own).isdisjoint(features)
            if begins <= slot.day < ends and is_meant:
                counted[slot.plant, slot.line, slot.day] += 1
        return [
            CarsPlaced(plant=plant, line=line, day=day, cars=cars)
            for (plant, line, day), cars in sorted(counted.items())
        ]

    async def promise_counts(
        self, begins: date, ends: date, today: date
    ) -> Sequence[PromisesCounted]:
        """How the promises to those stand who reserved on the days of `[begins, ends)`."""
        tables = self._store.tables
        counted: Counter[tuple[date, str, PromiseState, bool]] = Counter()
        for order in tables.orders.values():
            reserved = day_in(tables.queues[order.queue_id].time_zone, order.reserved_at)
            if begins <= reserved < ends:
                counted[
                    cohort_of(reserved),
                    order.configuration.model,
                    self._state(order, today),
                    order.promise_reason is not None
                    and order.promise_reason.basis is Basis.CALIBRATED,
                ] += 1
        return [
            PromisesCounted(
                week=week, lane_group=group, state=state, is_claimed=is_claimed, orders=orders
            )
            for (week, group, state, is_claimed), orders in sorted(counted.items())
        ]

    def _state(self, order: Order, today: date) -> PromiseState:
        key = OrderKey(order.buyer_id, order.order_id)
        slot = self._slots.get(len(self._plans), {}).get(key)
        late_days = None
        if order.promise_reason is not None and order.promise_reason.given_on is not None:
            given_on = order.promise_reason.given_on
            outcome = self._store.tables.outcomes.get((order.order_id, given_on))
            late_days = None if outcome is None else outcome.days
        planned = None if slot is None else Planned(slot.arrives)
        return promise_state(order, late_days, planned, today)

    async def publish_plan(
        self,
        plan: PlanVersion,
        slots: Iterable[PlannedSlot],
        features: Iterable[tuple[str, ...]],
    ) -> PlanVersion | Rejected:
        """Write a plan with all its rows and make it the published one.

        Rejections: `plan_outdated` if another plan or capacity was published since its basis.
        """
        earlier = await self.plan_by_key(plan.actor_id, plan.key)
        if earlier is not None:
            return earlier
        pointers = (len(self._plans) or None, len(self._capacities) or None)
        if pointers != (plan.basis.published_plan, plan.basis.capacity_version):
            return outdated(plan.basis, pointers)
        rows: dict[OrderKey, PlannedSlot] = {}
        chosen: dict[OrderKey, tuple[str, ...]] = {}
        for slot, own in zip(slots, features, strict=True):
            rows[slot.order], chosen[slot.order] = slot, own
        made = msgspec.structs.replace(plan, version=len(self._plans) + 1)
        self._plans.append(made)
        self._slots[made.version] = rows
        self._features[made.version] = chosen
        return made

    async def plan_errors(self, day: date) -> Sequence[PlanError]:
        """What became of promises, as far as it counts on a day."""
        found: dict[tuple[object, ...], list[PlanError]] = {}
        for outcome in self._store.tables.outcomes.values():
            if outcome.counts_from <= day:
                error = outcome.error
                key = (error.lane_group, error.cohort, lead_time(error.lead_days), error.days)
                found.setdefault(key, []).append(error)
        counted = [
            msgspec.structs.replace(
                same[0], lead_days=min(each.lead_days for each in same), cars=len(same)
            )
            for same in found.values()
        ]
        return sorted(counted, key=lambda x: (x.lane_group, x.cohort, x.lead_days, x.days))

    async def carried_out(self, version: int) -> bool:
        """Whether the commands that follow from a plan were all given."""
        return version in self._carried_out

    async def mark_carried_out(self, version: int, at: Instant) -> None:  # noqa: ARG002 - the port's
        """Note that they were; a second time changes nothing."""
        self._carried_out.add(version)
