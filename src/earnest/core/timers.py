"""Timers: the deadlines an order has now, derived from it and never stored decisions.

Not here: firing them. The desk turns a due deadline into a command like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum

import msgspec

from earnest.core.order.actor import TIMER
from earnest.core.order.case import reminder_name
from earnest.core.order.commands import Close, Command, EndDeferral, Lapse, Lock, Remind
from earnest.core.order.commands_of_agreements import EndChange, EndDeferralRequest
from earnest.core.order.commands_of_planning import EndDelay
from earnest.core.order.delay import BEFORE_SHIPPING
from earnest.core.order.demand import stands_still
from earnest.core.order.effective import running_policy
from earnest.core.order.handover import closes_at
from earnest.core.order.lateness import WAITS_FOR_BUYER
from earnest.core.order.parts import PayoutState
from earnest.core.order.reserve import lapses_at
from earnest.core.order.stage import ALIVE, DEFERRABLE, WAITING, Stage
from earnest.core.order.state import Order
from earnest.core.terms.policy import Policy
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant

CHANGE_REMINDER = timedelta(days=3)
"""How long before its end a buyer is reminded of a change that waits for an answer."""

DEFERRAL_REMINDER = timedelta(days=3)
"""How long before its end a maker's time to answer a request for a deferral is reminded of."""


class DeadlineKind(StrEnum):
    """What falls due. The first seven act; the others remind somebody and change nothing."""

    LAPSE = "lapse"
    LOCK = "lock"
    END_DEFERRAL = "end_deferral"
    END_DEFERRAL_REQUEST = "end_deferral_request"
    CLOSE = "close"
    END_CHANGE = "end_change"
    END_DELAY = "end_delay"
    DEFERRAL_ENDS_SOON = "deferral_ends_soon"
    DEFERRAL_ANSWER_DUE = "deferral_answer_due"
    AGREEMENT_TURNS = "agreement_turns"
    CHANGE_ANSWER_DUE = "change_answer_due"
    DELAY_ANSWER_DUE = "delay_answer_due"
    PROMISE_MISSED = "promise_missed"
    BALANCE_OVERDUE = "balance_overdue"
    CURE_PERIOD_OVER = "cure_period_over"
    DELIVERY_CURE_OVER = "delivery_cure_over"
    RELEASE_OVERDUE = "release_overdue"
    REFUND_OVERDUE = "refund_overdue"
    CASE_ANSWER_OVERDUE = "case_answer_overdue"
    CASE_DECISION_OVERDUE = "case_decision_overdue"


class Deadline(msgspec.Struct, frozen=True):
    """Something falls due for an order at an instant; the instant itself has passed it."""

    kind: DeadlineKind
    due_at: Instant


def deadlines(order: Order, policy: Policy) -> frozenset[Deadline]:
    """Every deadline of the order as it stands, from the standard policy of its terms.

    Agreements move them because they are derived: what runs is the policy effective when the
    order last changed, and the beginning and end of every agreement are deadlines themselves.
    """
    policy = running_policy(order, policy, order.changed_at)
    reminders = {
        each
        for each in _reminders(order, policy)
        if reminder_name(each.kind, each.due_at) not in order.reminded
    }
    return frozenset({*acting(order, policy), *reminders})


def acting(order: Order, policy: Policy) -> Iterator[Deadline]:
    """The deadlines that change the order by themselves when they fall due."""
    lapse_at = lapses_at(order)
    if order.stage is Stage.RESERVED and lapse_at is not None:
        yield Deadline(DeadlineKind.LAPSE, lapse_at)
    if order.stage is Stage.DEPOSITED and order.cooling_off_ends is not None:
        yield Deadline(DeadlineKind.LOCK, order.cooling_off_ends)
    if order.deferral is not None and order.deferral_ended_at is None and order.stage in ALIVE:
        yield Deadline(DeadlineKind.END_DEFERRAL, order.deferral.valid_until)
    if order.deferral_request is not None and order.stage in DEFERRABLE:
        yield Deadline(DeadlineKind.END_DEFERRAL_REQUEST, order.deferral_request.answer_until)
    if order.stage in WAITING:
        for change in order.changes:
            if change.is_unanswered:
                yield Deadline(DeadlineKind.END_CHANGE, change.answer_until)
    delay = order.open_delay
    if delay is not None and delay.answer_until is not None and order.stage in BEFORE_SHIPPING:
        yield Deadline(DeadlineKind.END_DELAY, delay.answer_until)
    if order.stage is Stage.HANDED_OVER and order.open_case is None:
        assert order.handed_over_at is not None, "a handed-over order knows when"
        yield Deadline(DeadlineKind.CLOSE, closes_at(order.handed_over_at, policy))


def _reminders(order: Order, policy: Policy) -> Iterator[Deadline]:
    if order.stage in ALIVE and order.stage is not Stage.RESERVED:
        yield from _reminders_while_alive(order, policy)
    for payout in order.payouts:
        if payout.state in {PayoutState.PAID, PayoutState.AWAITING_RETURN}:
            continue
        yield Deadline(DeadlineKind.REFUND_OVERDUE, payout.due_at)
        if payout.state is PayoutState.AWAITING_RELEASE and payout.release_due_at is not None:
            yield Deadline(DeadlineKind.RELEASE_OVERDUE, payout.release_due_at)
    if order.forfeiture is not None and order.forfeiture.released_at is None:
        yield Deadline(DeadlineKind.RELEASE_OVERDUE, order.forfeiture.release_due_at)
    for case in order.cases:
        if not case.is_open:
            continue
        if case.answer_due_at is not None and case.answered_at is None:
            yield Deadline(DeadlineKind.CASE_ANSWER_OVERDUE, case.answer_due_at)
        if case.decision_due_at is not None:
            yield Deadline(DeadlineKind.CASE_DECISION_OVERDUE, case.decision_due_at)


def _reminders_while_alive(order: Order, policy: Policy) -> Iterator[Deadline]:
    if order.deferral is not None:
        for days in policy.deferral_reminder_days:
            due_at = order.deferral.valid_until - timedelta(days=days)
            if due_at > order.deferral.agreed_at:
                yield Deadline(DeadlineKind.DEFERRAL_ENDS_SOON, due_at)
    elif order.stage not in WAITS_FOR_BUYER and order.stage is not Stage.PAID:
        yield Deadline(DeadlineKind.PROMISE_MISSED, order.binding_promise.ends)
    request = order.deferral_request
    if request is not None and order.stage in DEFERRABLE:
        due_at = request.answer_until - DEFERRAL_REMINDER
        if due_at > request.requested_at:
            yield Deadline(DeadlineKind.DEFERRAL_ANSWER_DUE, due_at)
    for change in order.changes:
        due_at = change.answer_until - CHANGE_REMINDER
        if order.stage in WAITING and change.is_unanswered and due_at > change.announced_at:
            yield Deadline(DeadlineKind.CHANGE_ANSWER_DUE, due_at)
    delay = order.open_delay
    if delay is not None and delay.answer_until is not None and order.stage in BEFORE_SHIPPING:
        due_at = delay.answer_until - CHANGE_REMINDER
        if due_at > delay.announced_at:
            yield Deadline(DeadlineKind.DELAY_ANSWER_DUE, due_at)
    for agreement in order.agreements:
        for instant in (agreement.valid_from, agreement.valid_until):
            if instant is not None and instant > order.changed_at:
                yield Deadline(DeadlineKind.AGREEMENT_TURNS, instant)
    balance = order.balance_demand
    if balance is not None and balance.due_at is not None and order.stage is Stage.INSPECTED:
        yield Deadline(DeadlineKind.BALANCE_OVERDUE, balance.due_at)
    for demand in order.demands:
        if demand.cure_until is None or demand.met or stands_still(order, demand):
            continue
        yield Deadline(DeadlineKind.CURE_PERIOD_OVER, demand.cure_until)
    if order.stage not in WAITS_FOR_BUYER and order.deferral is None:
        delivery = order.delivery_demand
        if delivery is not None and delivery.in_vain_since is None:
            yield Deadline(DeadlineKind.DELIVERY_CURE_OVER, delivery.cure_until)


_ACTING: dict[DeadlineKind, type[Command]] = {
    DeadlineKind.LAPSE: Lapse,
    DeadlineKind.LOCK: Lock,
    DeadlineKind.END_DEFERRAL: EndDeferral,
    DeadlineKind.END_DEFERRAL_REQUEST: EndDeferralRequest,
    DeadlineKind.CLOSE: Close,
    DeadlineKind.END_CHANGE: EndChange,
    DeadlineKind.END_DELAY: EndDelay,
}


def command_of(deadline: Deadline, buyer_id: BuyerId, order_id: OrderId, now: Instant) -> Command:
    """The command that a due deadline becomes, judged when it is fired."""
    key = reminder_name(deadline.kind, deadline.due_at)
    acting = _ACTING.get(deadline.kind)
    if acting is not None:
        return acting(buyer_id=buyer_id, order_id=order_id, actor=TIMER, key=key, received_at=now)
    return Remind(
        buyer_id=buyer_id,
        order_id=order_id,
        actor=TIMER,
        key=key,
        received_at=now,
        subject=deadline.kind,
        due_at=deadline.due_at,
    )
