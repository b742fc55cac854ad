"""What follows from a published plan: orders enter the frozen zone, and broken promises are said.

Each is a command through the desk with a key of its own, so doing it again changes nothing and a
server that died in the middle goes on. Not here: making plans (`running.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import structlog

from earnest.core.order.actor import Actor, Role
from earnest.core.order.command import Command
from earnest.core.order.commands_of_planning import Reschedule, RevisePromise, Schedule
from earnest.core.order.parts import Slot
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.plan.differences import Cause
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.desk.desk import CommandFailed, Desk, DeskFull, KeyRunning
from earnest.desk.foreseeing.calibrating import calibration_on
from earnest.desk.looking import Sleep, keep_looking
from earnest.desk.planning.ports import PlannedSlot, Plans, PlanVersion
from earnest.desk.planning.task import DEFAULT_ZONE, day_in, week_of
from earnest.desk.planning.windows import Windows
from earnest.desk.ports import StoreUnavailable
from earnest.desk.views import Reader

log = structlog.get_logger(__name__)

AT_ONCE = 500
"""Orders whose commands are given together: one group of the desk."""

LOOK_SECONDS = 2.0
"""How often a server looks whether a new plan was published."""

ACTOR = "plan"


async def carry_out(
    desk: Desk, plans: Plans, reader: Reader, plan: PlanVersion, now: Instant
) -> bool:
    """Give every command that follows from a plan; whether all of them were decided."""
    queues = {queue.queue_id: queue for queue in await plans.queues()}
    windows = await windows_of(plans, plan, queues, now)
    give = partial(_carry_out, desk, reader, plan, queues=queues, windows=windows, now=now)
    group: list[PlannedSlot] = []
    done = True
    async for slot in plans.slots(plan.version):
        if not _concerns(slot, plan):
            continue
        group.append(slot)
        if len(group) == AT_ONCE:
            done = await give(group) and done
            group = []
    done = await give(group) and done
    if done:
        await plans.mark_carried_out(plan.version, now)
    return done


async def windows_of(
    plans: Plans, plan: PlanVersion, queues: Mapping[QueueId, Queue], now: Instant
) -> Windows:
    """The windows of a plan's capacity, as wide as those of whoever reserves today."""
    capacity = await plans.capacity(plan.basis.capacity_version)
    assert capacity is not None, "a plan was made from a published capacity"
    time_zone = queues[min(queues)].time_zone if queues else DEFAULT_ZONE
    return Windows(capacity.capacity, await calibration_on(plans, day_in(time_zone, now)))


def _concerns(slot: PlannedSlot, plan: PlanVersion) -> bool:
    """Whether a command may follow: a day in the frozen zone, a lost slot, or a broken promise."""
    return (
        slot.breaks_promise
        or slot.cause == Cause.SHORT
        or (slot.day is not None and slot.day < plan.frozen_until)
    )


async def _carry_out(
    desk: Desk,
    reader: Reader,
    plan: PlanVersion,
    slots: Sequence[PlannedSlot],
    *,
    queues: Mapping[QueueId, Queue],
    windows: Windows,
    now: Instant,
) -> bool:
    commands: list[Command] = []
    for slot in slots:
        order = await reader.order_of_buyer(slot.order)
        if order is not None:
            commands.extend(commands_of(plan, slot, order, queues[order.queue_id], windows, now))
    return all(await asyncio.gather(*(_submit(desk, command) for command in commands)))


def commands_of(
    plan: PlanVersion,
    slot: PlannedSlot,
    order: Order,
    queue: Queue,
    windows: Windows,
    now: Instant,
) -> list[Command]:
    """What has to be said about one order, by what it is now.

    One for which no day is left is told so at once, with all that a delay without a date gives.
    """
    actor = Actor(f"{ACTOR}:{plan.version}", frozenset({Role.PLANNING}))
    about = partial(_about, order, actor, f"plan-{plan.version}-{order.order_id}", now)
    commands: list[Command] = []
    cause = cause_of(slot)
    if slot.day is not None and slot.plant is not None:
        given = Slot(plant=slot.plant, week=week_of(slot.day))
        if order.stage is Stage.LOCKED and slot.day < plan.frozen_until:
            commands.append(about(Schedule, "schedule", slot=given))
        if order.stage is Stage.SCHEDULED and order.slot != given and _knew(slot, order):
            commands.append(about(Reschedule, "reschedule", slot=given, cause=cause))
    if slot.breaks_promise:
        foreseen = windows.anew(order, slot, queue, now)
        commands.append(
            about(
                RevisePromise,
                "promise",
                promise=foreseen.window,
                cause=cause,
                is_indefinite=slot.day is None,
                reason=foreseen.reason,
            )
        )
    return commands


def _knew(slot: PlannedSlot, order: Order) -> bool:
    """Whether the plan moved a car out of the week that it still has.

    One that got another slot while the plan was made keeps that one; the next plan knows it.
    """
    return (
        order.slot is not None
        and slot.previous_day is not None
        and week_of(slot.previous_day) == order.slot.week
    )


def _about(
    order: Order,
    actor: Actor,
    key: str,
    now: Instant,
    kind: type[Command],
    what: str,
    **fields: object,
) -> Command:
    """A command about an order, under a key that says the plan and what is done."""
    common: dict[str, object] = {
        "buyer_id": order.buyer_id,
        "order_id": order.order_id,
        "actor": actor,
        "key": f"{key}-{what}",
        "received_at": now,
    }
    return kind(**common, **fields)  # type: ignore[arg-type]  # each kind is given its own fields


def cause_of(slot: PlannedSlot) -> str:
    """The one cause of a change, as the buyer's page and the event keep it."""
    return f"{slot.cause}: {slot.resource}" if slot.resource else slot.cause or "plan"


async def _submit(desk: Desk, command: Command) -> bool:
    """Whether a command was decided. A rejection is an answer: the order changed meanwhile."""
    try:
        await desk.submit(command, command.key)
    except (DeskFull, KeyRunning, StoreUnavailable):
        return False
    except CommandFailed:
        log.exception("plan_command_failed", order_id=command.order_id)
        return False
    return True


async def keep_carrying_out(
    desk: Desk,
    plans: Plans,
    reader: Reader,
    now: Callable[[], Instant],
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Carry out each newly published plan, for ever."""
    finished = 0

    async def look(at: Instant) -> None:
        nonlocal finished
        plan = await plans.plan()
        if plan is not None and plan.version != finished:
            is_done = await plans.carried_out(plan.version) or await carry_out(
                desk, plans, reader, plan, at
            )
            finished = plan.version if is_done else finished

    await keep_looking(look, now, seconds=LOOK_SECONDS, waits="plan_waits_for_store", sleep=sleep)
