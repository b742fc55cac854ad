"""Entering the frozen zone, changing the slot, and revising the promise.

Not here: planning itself. A plan run sends these commands.
"""

from __future__ import annotations

from earnest.core.order.commands_of_planning import (
    AllowEarlier,
    Reschedule,
    RevisePromise,
    Schedule,
)
from earnest.core.order.delay import delay_of
from earnest.core.order.events_of_planning import (
    EarlierAllowed,
    PromiseRevised,
    Rescheduled,
    Scheduled,
)
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import LockMode
from earnest.core.order.passing import reminder_of_overtakings, was_justly_overtaken
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order, changed
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def schedule(
    order: Order, command: Schedule, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Commit material to a locked order.

    A deferred order is never built without the buyer's request (the Haikou case), and one
    whose early lock can still be undone, or whose cooling-off period was prolonged by an
    agreement, is not committed to. Rejections: `order_deferred`, `deferral_request_open`,
    `cooling_off_running`, `undo_window_running`.
    """
    return why_not_committed(order, now) or accepted(Scheduled(at=now, slot=command.slot))


def why_not_committed(order: Order, now: Instant) -> Rejected | None:
    """Why neither material nor a car may be committed to a locked order yet."""
    if order.deferral is not None:
        return Rejected(Reason.ORDER_DEFERRED)
    if order.deferral_request is not None:
        return Rejected(Reason.DEFERRAL_REQUEST_OPEN)
    assert order.lock is not None, "a locked order knows its lock"
    if order.lock.mode is LockMode.AT_EXPIRY and order.cooling_off_running(now):
        return Rejected(Reason.COOLING_OFF_RUNNING)
    if order.lock.undo_until is not None and now < order.lock.undo_until:
        return Rejected(Reason.UNDO_WINDOW_RUNNING)
    return None


def reschedule(
    order: Order, command: Reschedule, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Give another slot, for one cause that the buyer can read."""
    if command.slot == order.slot:
        return Rejected(Reason.SLOT_UNCHANGED)
    return accepted(Rescheduled(at=now, slot=command.slot, cause=command.cause))


def revise_promise(
    order: Order, command: RevisePromise, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Show another window; every window ever shown stays in the events (CN-06).

    One that is later than the binding window gives the buyer rights (`delay.py`), and is when
    those who were justly served before are told of (`passing.py`).
    """
    if command.promise.begins > command.promise.ends or command.promise.ends <= now:
        return Rejected(Reason.PROMISE_MALFORMED)
    delay = delay_of(order, command.promise, policy, now, is_indefinite=command.is_indefinite)
    revised = PromiseRevised(
        at=now,
        promise=command.promise,
        cause=command.cause,
        delay=delay,
        is_earlier=command.promise.ends < order.promise.ends,
        promise_reason=command.reason,
    )
    if delay is None or not was_justly_overtaken(order):
        return accepted(revised)
    return accepted(revised, *reminder_of_overtakings(order, now))


def scheduled(order: Order, event: Scheduled) -> Order:
    """The order is inside the frozen zone."""
    return changed(order, event.at, stage=Stage.SCHEDULED, slot=event.slot)


def rescheduled(order: Order, event: Rescheduled) -> Order:
    """The order has another slot; an earlier one was left to others where the event says so."""
    return changed(order, event.at, slot=event.slot)


def promise_revised(order: Order, event: PromiseRevised) -> Order:
    """The window now shown. Lateness is still judged by the binding one (CN-09).

    A newer delay takes the place of an older one; a window inside the binding one ends it.
    """
    delays = order.delays_ended(event.at, counting=event.delay is not None)
    if event.delay is not None:
        delays = (*delays, event.delay)
    return changed(
        order,
        event.at,
        promise=event.promise,
        revised_reason=event.promise_reason,
        delays=delays,
    )


def allow_earlier(
    order: Order, command: AllowEarlier, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Consent to be pulled in when an earlier slot falls free; it uses up no deferral.

    A plan run moves nobody forward who did not ask for it: a car that comes before its buyer is
    ready helps nobody. While deferred there is nothing to pull in: the buyer resumes instead.
    Rejections: `order_deferred`.
    """
    if order.deferral is not None:
        return Rejected(Reason.ORDER_DEFERRED)
    if order.is_earlier_allowed == command.is_allowed:
        return accepted()
    return accepted(EarlierAllowed(at=now, is_allowed=command.is_allowed))


def earlier_allowed(order: Order, event: EarlierAllowed) -> Order:
    """Whether plan runs may pull the order in."""
    return changed(order, event.at, is_earlier_allowed=event.is_allowed)
