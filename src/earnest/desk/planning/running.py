"""A plan run: tried dry, and applied only if the same would come out now.

A dry run says its basis: the day, the capacity, the published plan, and how many orders of each
queue waited for what. Applying makes the plan again from the orders as they are now; if anything of
the basis is otherwise, or another plan comes out, nothing is applied. Not here: the commands that
follow (`carrying.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import date, timedelta

import msgspec

from earnest.core.plan.capacity import Capacity
from earnest.core.plan.checker import Checker, Finding
from earnest.core.plan.counters import Binding
from earnest.core.plan.differences import (
    Cause,
    Move,
    Summary,
    breaks,
    differences,
    summary_of,
)
from earnest.core.plan.effect import Effect, effect_of
from earnest.core.plan.plan import Plan, Task, digest_of
from earnest.core.plan.ranks import gentle_start
from earnest.core.plan.repair import Start, gentle_plan, without_lost
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.group import KeyReused
from earnest.desk.planning.fresh import planner_for
from earnest.desk.planning.ports import (
    Basis,
    PlannedSlot,
    Plans,
    PlanVersion,
    QueueSeen,
    WaitingOrder,
    Way,
)
from earnest.desk.planning.task import Preparation, plan_day
from earnest.desk.ports import OrderKey
from earnest.desk.publishing import Act


class DryRun(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that nobody has applied: what it would change, and what it was made from.

    `effect` compares a run with a supposed capacity with the same plan of the published one.
    """

    digest: str
    basis: Basis
    summary: Summary
    frozen_until: date
    moves: tuple[PlannedSlot, ...]
    effect: Effect | None = None


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A plan with everything to say and to write about it.

    `effect` is what a supposed capacity does, against the published one. None where nothing was
    supposed, or where no plan can be made of the published capacity, or none is published.
    """

    start: Start
    plan: Plan
    orders: tuple[WaitingOrder, ...]
    before: dict[OrderKey, PlannedSlot]
    basis: Basis
    digest: str
    moves: list[Move]
    effect: Effect | None = None

    @property
    def task(self) -> Task:
        """What the plan solves."""
        return self.start.task

    @property
    def summary(self) -> Summary:
        """The plan in figures."""
        return summary_of(self.task, self.plan, self.moves)

    @property
    def frozen_until(self) -> date:
        """The first day that is not frozen."""
        return self.task.grid.day(self.task.frozen_until)

    def findings(self) -> tuple[Finding, ...]:
        """What an independent check finds wrong with it: nothing."""
        is_fresh = self.basis.way is Way.FRESH
        return Checker(self.task, self.plan, is_fresh=is_fresh).findings()


async def dry_run(
    plans: Plans, way: Way, at: Instant, supposed: Capacity | None = None
) -> DryRun | Rejected:
    """Make a plan and say what it would change; nothing is written.

    With a `supposed` capacity it says what would be if that were published; such a run cannot be
    applied, because another plan comes out of what is. Rejections: `capacity_missing`,
    `horizon_short`.
    """
    made = await make(plans, way, at, supposed=supposed)
    if isinstance(made, Rejected):
        return made
    moved = {move.number for move in made.moves}
    return DryRun(
        digest=made.digest,
        basis=made.basis,
        summary=made.summary,
        frozen_until=made.frozen_until,
        moves=tuple(slot for number, slot in enumerate(rows(made)) if number in moved),
        effect=made.effect,
    )


async def make(
    plans: Plans,
    way: Way,
    at: Instant,
    basis: Basis | None = None,
    *,
    supposed: Capacity | None = None,
    planning: Callable[[], Awaitable[object]] | None = None,
) -> Made | Rejected:
    """A plan of everybody who waits now, or of those whom an earlier run saw; made for today.

    Of a queue that the earlier run did not see everybody is planned. `planning` is awaited once
    everybody was read. Rejections: `capacity_missing` where none is published or supposed,
    `horizon_short` where its days end before the frozen zone does.
    """
    published_capacity = await plans.capacity()
    document = supposed
    if document is None:
        if published_capacity is None:
            return Rejected(Reason.CAPACITY_MISSING)
        document = published_capacity.capacity
    queues = await plans.queues()
    today = plan_day(queues, at)
    short = _horizon_short(document, today)
    if short is not None:
        return short
    published = await plans.plan()
    slots: dict[OrderKey, PlannedSlot] = {}
    if published is not None:
        slots = {slot.order: slot async for slot in plans.slots(published.version)}
    orders = [order async for order in plans.waiting(document.begins)]
    seen = Basis(
        way=way,
        today=today,
        capacity_version=0 if published_capacity is None else published_capacity.version,
        published_plan=None if published is None else published.version,
        queues=(),
    )
    if planning is not None:
        await planning()
    # A plan of very many orders takes seconds, in which nobody at the doors should wait.
    read = _Read(document, queues, slots, orders, at)
    without = None
    if supposed is not None and published_capacity is not None:
        without = published_capacity.capacity
    return await asyncio.to_thread(_compared, read, seen, basis, without)


def _horizon_short(document: Capacity, today: date) -> Rejected | None:
    """Why no plan can be made of a document: its days end before the frozen zone does."""
    frozen_until = today + timedelta(days=document.frozen_days)
    if frozen_until < document.ends:
        return None
    details = {"ends": str(document.ends), "frozen_until": str(frozen_until)}
    return Rejected(Reason.HORIZON_SHORT, details)


class _Read(msgspec.Struct, frozen=True):
    """What was read for a plan at an instant."""

    document: Capacity
    queues: Sequence[Queue]
    slots: dict[OrderKey, PlannedSlot]
    orders: list[WaitingOrder]
    at: Instant


def _compared(read: _Read, seen: Basis, earlier: Basis | None, without: Capacity | None) -> Made:
    """The plan, and what is otherwise in it than without what was supposed."""
    made = _made(read, seen, earlier)
    if without is None or _horizon_short(without, seen.today) is not None:
        return made
    other = _made(msgspec.structs.replace(read, document=without), seen, earlier)
    effect = effect_of(made.task, made.plan, other.task, other.plan, other.summary)
    return msgspec.structs.replace(made, effect=effect)


def _made(read: _Read, seen: Basis, earlier: Basis | None) -> Made:
    """The plan of everybody who was read, or of those whom an earlier run saw."""
    orders = read.orders
    below = {queue.queue_id: _end(queue, orders) for queue in read.queues}
    if earlier is not None:
        known = {queue.queue_id: queue.next_rank for queue in earlier.queues}
        below |= {queue_id: known[queue_id] for queue_id in below.keys() & known.keys()}
    preparation = Preparation(read.document, read.queues, read.slots, read.at, seen.today)
    prepared = preparation.prepared(orders, below)
    start = start_of(prepared.task, seen.way)
    planner = planner_for(len(orders)) if seen.way is Way.FRESH else gentle_plan
    plan = planner(start.task)
    return Made(
        start=start,
        plan=plan,
        orders=prepared.orders,
        before=prepared.before,
        basis=msgspec.structs.replace(seen, queues=prepared.queues),
        digest=digest_of(start.task, plan),
        moves=list(differences(start, plan)),
    )


def start_of(task: Task, way: Way) -> Start:
    """What a plan is made from: a fresh one serves the ranks in their order anyway."""
    return without_lost(task) if way is Way.FRESH else gentle_start(task)


def _end(queue: Queue, orders: list[WaitingOrder]) -> int:
    """The first rank that was not there; orders read after the counter may have a higher one."""
    ranks = [order.rank for order in orders if order.queue_id == queue.queue_id]
    return max([queue.next_rank, *(rank + 1 for rank in ranks)])


async def apply_plan(
    plans: Plans, act: Act, digest: str, basis: Basis
) -> PlanVersion | Rejected | KeyReused:
    """Apply the plan of a dry run: all of it, or nothing.

    Rejections: `plan_outdated` with everything that is otherwise than the dry run saw it, also the
    day and who is held for what; `capacity_missing`, `horizon_short`. Orders reserved since the dry
    run wait for the next one.
    """
    earlier = await plans.plan_by_key(act.actor_id, act.key)
    if earlier is not None:
        return _same(earlier, act)
    made = await make(plans, basis.way, act.received_at, basis)
    if isinstance(made, Rejected):
        return made
    changes = changes_since(basis, made.basis)
    if changes or made.digest != digest:
        return Rejected(Reason.PLAN_OUTDATED, changes or UNCOUNTED)
    findings = await asyncio.to_thread(made.findings)
    assert not findings, "a plan that breaks a rule is never applied"
    plan = PlanVersion(
        version=0,
        digest=made.digest,
        basis=made.basis,
        summary=made.summary,
        frozen_until=made.frozen_until,
        actor_id=act.actor_id,
        key=act.key,
        content_hash=act.content_hash,
        published_at=act.received_at,
    )
    outcome = await plans.publish_plan(
        plan, rows(made), (order.configuration.features for order in made.orders)
    )
    return outcome if isinstance(outcome, Rejected) else _same(outcome, act)


def _same(found: PlanVersion, act: Act) -> PlanVersion | KeyReused:
    return found if found.content_hash == act.content_hash else KeyReused()


UNCOUNTED = {"orders": "configurations or promises of the same orders changed"}
"""What changed where another plan comes out of the same counts."""


def changes_since(then: Basis, now: Basis) -> dict[str, str]:
    """What changed between two runs, each as `before -> after`, by what it is."""
    changes: dict[str, tuple[object, object]] = {
        "today": (then.today, now.today),
        "capacity_version": (then.capacity_version, now.capacity_version),
        "published_plan": (then.published_plan or 0, now.published_plan or 0),
    }
    before = {queue.queue_id: queue for queue in then.queues}
    after = {queue.queue_id: queue for queue in now.queues}
    for queue_id in sorted({*before, *after}):
        none = QueueSeen(queue_id=queue_id, next_rank=1, orders=0, fixed=0, holds={})
        changes |= _queue_changes(queue_id, before.get(queue_id, none), after.get(queue_id, none))
    return {name: f"{was} -> {is_now}" for name, (was, is_now) in changes.items() if was != is_now}


def _queue_changes(
    queue_id: QueueId, before: QueueSeen, after: QueueSeen
) -> dict[str, tuple[object, object]]:
    changes: dict[str, tuple[object, object]] = {
        f"{queue_id} orders": (before.orders, after.orders),
        f"{queue_id} scheduled": (before.fixed, after.fixed),
    }
    for hold in sorted({*before.holds, *after.holds}):
        changes[f"{queue_id} {hold}"] = (before.holds.get(hold, 0), after.holds.get(hold, 0))
    return changes


def rows(made: Made) -> Iterator[PlannedSlot]:
    """Every order of a plan as it is written, in the order of service."""
    moves = {move.number: move for move in made.moves}
    task = made.task
    for number, order in enumerate(made.orders):
        place, move = made.plan.place(number), moves.get(number)
        planned = task.orders[number]
        slot = PlannedSlot(order=order.key, queue_id=order.queue_id)
        if place is None and planned.fixed is not None:
            slot = _as_before(slot, made.before.get(order.key))
        elif place is not None:
            line = task.grid.lines[place.line]
            slot = msgspec.structs.replace(
                slot,
                plant=line.plant,
                line=line.code,
                day=task.grid.day(place.day),
                arrives=task.grid.day(task.arrival(planned, place.line, place.day)),
            )
        if move is not None:
            yield _moved(task, slot, move)
        elif number in made.plan.short:
            yield _still_short(slot, made, number)
        else:
            yield slot


def _as_before(slot: PlannedSlot, before: PlannedSlot | None) -> PlannedSlot:
    """A scheduled car that the calendar no longer knows keeps the place that it had."""
    if before is None:
        return slot
    return msgspec.structs.replace(
        slot, plant=before.plant, line=before.line, day=before.day, arrives=before.arrives
    )


def _still_short(slot: PlannedSlot, made: Made, number: int) -> PlannedSlot:
    """An order that had no place and gets none: nothing moved, and its buyer is to know why."""
    return msgspec.structs.replace(
        slot,
        cause=Cause.SHORT.value,
        resource=_named(made.plan.short[number]),
        breaks_promise=breaks(made.task, made.task.orders[number], None, None),
    )


def _named(binding: Binding) -> str:
    return f"{binding.kind.value} {binding.name}".strip()


def _moved(task: Task, slot: PlannedSlot, move: Move) -> PlannedSlot:
    resource = None
    if move.binding is not None:
        resource = _named(move.binding)
    elif move.hold is not None:
        resource = move.hold.value
    return msgspec.structs.replace(
        slot,
        previous_day=None if move.before is None else task.grid.day(move.before.day),
        cause=move.cause.value,
        resource=resource,
        breaks_promise=move.breaks_promise,
    )
