"""Deferral: moving delivery later without losing the place, and coming back.

Not here: the seller's demand after a silent end (`cancel.py`), the time of a demand that stands
still meanwhile (`demand.py`) and the reminders (`timers.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.order.commands import AnswerDeferral, Defer, EndDeferral, Resume
from earnest.core.order.commands_of_agreements import EndDeferralRequest
from earnest.core.order.demand import cure_after_request, demands_after_request
from earnest.core.order.events import (
    DeferralDeclined,
    DeferralEnded,
    DeferralRequested,
    DeferralTakenBack,
    DeferralUnanswered,
    Deferred,
    Resumed,
)
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.late_rights import cure_after, kept_when_deferring, unacknowledged
from earnest.core.order.parts_of_deferral import DeferralRequest, KeptRights
from earnest.core.order.stage import BEFORE_LOCK, Stage
from earnest.core.order.state import Order, changed
from earnest.core.settlement.ground import Ground
from earnest.core.terms.agreement import DeferralAgreement, Origin
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant, Window, end_of_day_after, weeks_later
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def defer(order: Order, command: Defer, facts: Facts, policy: Policy, now: Instant) -> Outcome:
    """Agree a deferral at once where it is the buyer's right, otherwise ask the maker.

    The right exists within the free number and before `scheduled`; after that material is
    committed and the maker has to agree. What a late seller owes stays; that a demand waits for
    the window agreed anew is acknowledged (`late_rights.py`). Rejections: `deferral_in_the_past`,
    `deferral_too_long`, `deferral_request_open`, `demand_waits_unacknowledged`.
    """
    if command.until <= now:
        return Rejected(Reason.DEFERRAL_IN_THE_PAST)
    longest = end_of_day_after(now, policy.deferral_days_longest, policy.time_zone)
    if command.until > longest:
        return Rejected(Reason.DEFERRAL_TOO_LONG, {"longest": longest.isoformat()})
    if order.deferral_request is not None:
        return Rejected(Reason.DEFERRAL_REQUEST_OPEN)
    kept = kept_when_deferring(order, now, policy.time_zone)
    wrong = unacknowledged(kept, command.puts_off)
    if wrong is not None:
        return wrong
    is_right = (
        order.stage in {Stage.DEPOSITED, Stage.LOCKED}
        and order.deferrals_used < policy.deferrals_free
    )
    if not is_right:
        asked = DeferralRequested(at=now, valid_until=command.until, puts_off=command.puts_off)
        return accepted(asked)
    agreement = DeferralAgreement(
        number=order.deferrals_agreed + 1,
        agreed_at=now,
        valid_until=command.until,
        origin=command.origin,
    )
    return accepted(Deferred(at=now, agreement=agreement, counts_as_free=True, kept=kept))


def answer_deferral(
    order: Order, command: AnswerDeferral, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """The maker's answer to a requested deferral.

    A seller that has become late since cannot take by a yes what the buyer has not put off
    (CN-09). Rejections: `deferral_not_requested`, `deferral_in_the_past`,
    `demand_waits_unacknowledged`.
    """
    request = order.deferral_request
    if request is None:
        return Rejected(Reason.DEFERRAL_NOT_REQUESTED)
    if not command.agreed:
        cure_until = cure_after_request(order, policy, now)
        declined = DeferralDeclined(at=now, explanation=command.explanation, cure_until=cure_until)
        return accepted(declined)
    if request.valid_until <= now:
        return Rejected(Reason.DEFERRAL_IN_THE_PAST)
    kept = kept_when_deferring(order, now, policy.time_zone)
    wrong = unacknowledged(kept, request.puts_off)
    if wrong is not None:
        return wrong
    agreement = DeferralAgreement(
        number=order.deferrals_agreed + 1,
        agreed_at=now,
        valid_until=request.valid_until,
        origin=Origin.STAFF_NOTE,
    )
    return accepted(Deferred(at=now, agreement=agreement, counts_as_free=False, kept=kept))


def resume(order: Order, command: Resume, facts: Facts, policy: Policy, now: Instant) -> Outcome:
    """Ask for the car: possible at any time, also after the deferral ended.

    Where nothing is agreed yet this takes the request back, and no window changes by it.
    The new window is what the live counters foresee. Where they foresee none it is that of the
    terms: coming back is the buyer's right, and the seller answers for a date that it cannot keep.
    """
    if order.deferral is None:
        if order.deferral_request is None:
            return Rejected(Reason.ORDER_NOT_DEFERRED)
        return accepted(
            DeferralTakenBack(at=now, cure_until=cure_after_request(order, policy, now))
        )
    foreseen = facts.foreseen
    reason = None
    promise = Window(
        weeks_later(now, policy.promise_weeks_from), weeks_later(now, policy.promise_weeks_to)
    )
    if foreseen is not None and foreseen.window is not None:
        promise, reason = foreseen.window, foreseen.reason
    cure_until = cure_after(order, promise, policy)
    resumed = Resumed(at=now, promise=promise, promise_reason=reason, cure_until=cure_until)
    return accepted(resumed)


def end_deferral(
    order: Order, command: EndDeferral, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Note that the agreed time is over and ask the buyer; nothing is taken."""
    if order.deferral is None or order.deferral.is_open(now):
        return Rejected(Reason.NOTHING_DUE)
    if order.deferral_ended_at is not None:
        return Rejected(Reason.NOTHING_DUE)
    return accepted(DeferralEnded(at=now))


def end_deferral_request(
    order: Order, command: EndDeferralRequest, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Close a request that the maker did not answer in time: the order goes on as it was.

    Who has to answer cannot hold the order, and what the buyer waits for, by being silent (CN-06).
    """
    request = order.deferral_request
    if request is None or now < request.answer_until:
        return Rejected(Reason.NOTHING_DUE)
    return accepted(DeferralUnanswered(at=now, cure_until=cure_after_request(order, policy, now)))


def deferral_requested(order: Order, event: DeferralRequested) -> Order:
    """The maker is asked. Who asks is not silent, so a demand for an answer is met."""
    request = DeferralRequest(
        requested_at=event.at, valid_until=event.valid_until, puts_off=event.puts_off
    )
    return changed(
        order,
        event.at,
        deferral_request=request,
        demands=order.demands_met(Ground.DEFERRAL_SILENCE),
    )


def request_over(
    order: Order, event: DeferralDeclined | DeferralTakenBack | DeferralUnanswered
) -> Order:
    """The request is gone and the order goes on. A demand that asking has met stays met."""
    demands = demands_after_request(order, event.cure_until, event.at)
    return changed(order, event.at, deferral_request=None, demands=demands)


def deferred(order: Order, event: Deferred) -> Order:
    """Slot, car and tender are released for others; rank, money and what accrued stay."""
    kept = event.kept or KeptRights()
    earlier = () if kept.delay is None else (kept.delay,)
    return changed(
        order,
        event.at,
        stage=order.stage if order.stage in BEFORE_LOCK else Stage.LOCKED,
        deferral=event.agreement,
        deferral_request=None,
        deferral_ended_at=None,
        deferrals_agreed=event.agreement.number,
        deferrals_used=order.deferrals_used + (1 if event.counts_as_free else 0),
        slot=None,
        car=None,
        tender=None,
        inspection=None,
        delivery_demand=kept.demand,
        demands=order.demands_met(*Ground),
        delays=order.delays_ended(event.at, counting=False, keeping=kept.leave),
        late_from=None,
        earlier_delays=(*order.earlier_delays, *earlier),
    )


def resumed(order: Order, event: Resumed) -> Order:
    """The buyer wants the car; a demand for an answer is met by this one."""
    demand = order.delivery_demand
    if demand is not None and event.cure_until is not None:
        demand = msgspec.structs.replace(demand, cure_until=event.cure_until)
    return changed(
        order,
        event.at,
        deferral=None,
        deferral_request=None,
        deferral_ended_at=None,
        promise=event.promise,
        binding_promise=event.promise,
        promise_reason=event.promise_reason,
        revised_reason=None,
        delivery_demand=demand,
        demands=order.demands_met(*Ground),
    )


def deferral_ended(order: Order, event: DeferralEnded) -> Order:
    """The agreement no longer stops a demand, but still nothing is built unasked."""
    return changed(order, event.at, deferral_ended_at=event.at)
