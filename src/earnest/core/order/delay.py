"""A delay: the seller names a later window than the one that binds it, and the buyer chooses.

Silence changes nothing, except where the law says that a buyer who said nothing gets the money
back unasked (16 CFR 435.2, US-02). Not here: being late itself (`lateness.py`), the buyer's demand
and its end (`terminate.py`), and a delay that the buyer wants (`defer.py`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.order.commands_of_planning import ConsentToDelay, EndDelay, LeaveForDelay
from earnest.core.order.events import CancelledByBuyer, DelayAnswered, DelayUnanswered
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts_of_planning import DelayChoice, DelayNotice, DelayRight
from earnest.core.order.settling import settlement_fixed
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order, changed
from earnest.core.settlement.ground import Ground
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant, Window, end_of_day_after
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

BEFORE_SHIPPING = frozenset({Stage.DEPOSITED, Stage.LOCKED, Stage.SCHEDULED, Stage.BUILT})
"""Stages in which a delay can be answered: the right to leave for it ends with shipping (US-01)."""

CAN_CHANGE = frozenset({Stage.DEPOSITED, Stage.LOCKED})
"""Stages in which another configuration is possible: no material is committed yet."""


def delay_of(
    order: Order, promise: Window, policy: Policy, now: Instant, *, is_indefinite: bool
) -> DelayNotice | None:
    """The delay that showing this window means; None when it is none to be answered.

    A window inside the binding one is none; nor is one while the buyer deferred, since the next
    window comes with the request, or after shipping.
    """
    if order.stage not in BEFORE_SHIPPING or order.deferral is not None:
        return None
    if not is_indefinite and promise.ends <= order.binding_promise.ends:
        return None
    return DelayNotice(
        number=len(order.delays) + 1,
        announced_at=now,
        was=order.binding_promise,
        promise=promise,
        rights=tuple(_rights(order, policy)),
        is_indefinite=is_indefinite,
        answer_until=_answer_until(order, promise, policy, now, is_indefinite=is_indefinite),
    )


def _rights(order: Order, policy: Policy) -> list[DelayRight]:
    rights = [DelayRight.WAIT, DelayRight.AGREE]
    if order.stage in CAN_CHANGE:
        rights.append(DelayRight.CHANGE)
    rights.append(DelayRight.LEAVE)
    if policy.late_delivery_per_day is not None:
        rights.append(DelayRight.COMPENSATION)
    return rights


def _answer_until(
    order: Order, promise: Window, policy: Policy, now: Instant, *, is_indefinite: bool
) -> Instant | None:
    """Until when an express yes has to be there; None where silence may count as waiting.

    Silence agrees only to a first delay with a date and of at most so many days. For a first one
    that is longer or has no date the law gives these days after the promised time, for a second
    one the time that was shown last (16 CFR 435.2(b)). A notice that comes late must not cost the
    buyer the place, so there are always the days in which a change can be answered.
    """
    days = LAWS[policy.jurisdiction].silence_agrees_days
    if days is None:
        return None
    is_second = any(each.counts and each.promise.ends < promise.ends for each in order.delays)
    longest = order.binding_promise.ends + timedelta(days=days)
    if not is_second and not is_indefinite and promise.ends <= longest:
        return None
    by_law = max(order.promise.ends, order.binding_promise.ends) if is_second else longest
    return max(by_law, end_of_day_after(now, policy.change_answer_days, policy.time_zone))


def consent_to_delay(
    order: Order, command: ConsentToDelay, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Say yes to the later window: a change that both agreed, so it binds (CN-09, US-02).

    What the terms pay for each day still counts from the window that was promised first. To a
    window from before a deferral nobody can say yes any more. Rejections: `delay_unknown`,
    `delay_over`.
    """
    delay = _answerable(order, command.number)
    if isinstance(delay, Rejected):
        return delay
    if delay.is_kept or (delay.answer_until is not None and now >= delay.answer_until):
        return Rejected(Reason.DELAY_OVER, {"number": str(command.number)})
    choice = DelayChoice.AGREE
    return accepted(
        DelayAnswered(at=now, number=delay.number, choice=choice, promise=delay.promise)
    )


def leave_for_delay(
    order: Order, command: LeaveForDelay, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Leave because the seller will be later than promised; the whole deposit comes back.

    Nobody is too late for this: silence would have the same end. Rejections: `delay_unknown`,
    `delay_over`.
    """
    delay = _answerable(order, command.number)
    if isinstance(delay, Rejected):
        return delay
    ground, actor_id = Ground.DELAY_NOT_AGREED, command.actor.actor_id
    return accepted(
        DelayAnswered(at=now, number=delay.number, choice=DelayChoice.LEAVE),
        CancelledByBuyer(at=now, ground=ground, explanation=""),
        settlement_fixed(order, ground, policy, actor_id, now),
    )


def _answerable(order: Order, number: int) -> DelayNotice | Rejected:
    """The delay with this number while it waits for an answer."""
    delay = order.open_delay
    if delay is not None and delay.number == number:
        return delay
    known = any(each.number == number for each in order.delays)
    reason = Reason.DELAY_OVER if known else Reason.DELAY_UNKNOWN
    return Rejected(reason, {"number": str(number)})


def end_delay(
    order: Order, command: EndDelay, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """End the order of a buyer who did not say yes in time, and send the money back unasked."""
    delay = order.open_delay
    if delay is None or delay.answer_until is None or now < delay.answer_until:
        return Rejected(Reason.NOTHING_DUE)
    actor_id = command.actor.actor_id
    return accepted(
        DelayUnanswered(at=now, number=delay.number),
        settlement_fixed(order, Ground.DELAY_NOT_AGREED, policy, actor_id, now),
    )


def delay_answered(order: Order, event: DelayAnswered) -> Order:
    """A yes makes the later window bind; what follows from a no is another event."""
    answer: dict[str, object] = {"answer": event.choice, "answered_at": event.at}
    delays = _with(order, event.number, answer)
    if event.promise is None:
        return changed(order, event.at, delays=delays)
    return changed(
        order,
        event.at,
        delays=delays,
        binding_promise=event.promise,
        delivery_demand=None,
        late_from=order.late_from or order.binding_promise.ends,
    )


def delay_unanswered(order: Order, event: DelayUnanswered) -> Order:
    """The order ended because silence is no yes."""
    delays = _with(order, event.number, {"ended_at": event.at})
    return changed(order, event.at, stage=Stage.CANCELLED, delays=delays)


def _with(order: Order, number: int, fields: dict[str, object]) -> tuple[DelayNotice, ...]:
    return tuple(
        msgspec.structs.replace(each, **fields) if each.number == number else each
        for each in order.delays
    )
