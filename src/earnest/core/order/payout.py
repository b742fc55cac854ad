"""Money going out: releases by a second person, and what the provider says of each attempt.

Not here: how much is owed; that was fixed by the settlement and no release changes it.
"""

from __future__ import annotations

import msgspec

from earnest.core.cases.second_person import is_another_person
from earnest.core.order.commands import RecordPayout, ReleaseForfeiture, ReleasePayout
from earnest.core.order.events import (
    ForfeitureReleased,
    PayoutFailed,
    PayoutPaid,
    PayoutReleased,
    PayoutUnknown,
)
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import Payout, PayoutOutcome, PayoutState
from earnest.core.order.settling import late_refund_compensated
from earnest.core.order.state import Order, changed
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def release_payout(
    order: Order, command: ReleasePayout, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Release a sum beyond the buyer's own; neither who fixed nor who broke the contract may.

    Otherwise one member of staff could refuse to perform towards a friend and pay out double.

    Rejections: `payout_unknown`, `payout_not_waiting`, `second_person_missing`.
    """
    payout = order.payout(command.payout_number)
    if payout is None:
        return Rejected(Reason.PAYOUT_UNKNOWN, {"payout": str(command.payout_number)})
    if payout.state is not PayoutState.AWAITING_RELEASE:
        return Rejected(Reason.PAYOUT_NOT_WAITING)
    behind_it = (payout.fixed_by, *(breach.by for breach in order.breaches))
    if not is_another_person(command.actor.actor_id, *behind_it):
        return Rejected(Reason.SECOND_PERSON_MISSING)
    return accepted(
        PayoutReleased(at=now, payout_number=payout.number, staff_id=command.actor.actor_id)
    )


def release_forfeiture(
    order: Order, command: ReleaseForfeiture, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Release what the seller keeps into income, by a second person (CN-17, DESIGN section 3).

    Rejections: `nothing_to_release`, `forfeiture_may_come_back`, `second_person_missing`.
    """
    forfeiture = order.forfeiture
    if forfeiture is None or forfeiture.released_at is not None:
        return Rejected(Reason.NOTHING_TO_RELEASE)
    if forfeiture.may_come_back(now):
        assert forfeiture.back_until is not None, "what may come back has its time"
        until = forfeiture.back_until.isoformat()
        return Rejected(Reason.FORFEITURE_MAY_COME_BACK, {"until": until})
    if not is_another_person(command.actor.actor_id, forfeiture.fixed_by):
        return Rejected(Reason.SECOND_PERSON_MISSING)
    return accepted(
        ForfeitureReleased(
            at=now,
            amount=forfeiture.amount,
            staff_id=command.actor.actor_id,
            income=forfeiture.income,
        )
    )


def record_payout(
    order: Order, command: RecordPayout, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Note what the provider said; a repeated or overtaken message changes nothing.

    A refund that comes too late brings what it grew by (CN-29, FR-02). Rejections, which leave
    the message for a person: `payout_unknown`, `second_person_missing` (nobody released it),
    `payout_waits_for_return`, `payout_finished` (a confirmed payment is said to have failed).
    """
    payout = order.payout(command.payout_number)
    if payout is None:
        return Rejected(Reason.PAYOUT_UNKNOWN, {"payout": str(command.payout_number)})
    if payout.state is PayoutState.AWAITING_RELEASE:
        return Rejected(Reason.SECOND_PERSON_MISSING)
    if payout.state is PayoutState.AWAITING_RETURN:
        return Rejected(Reason.PAYOUT_WAITS_FOR_RETURN)
    if payout.state is PayoutState.PAID:
        if command.outcome is PayoutOutcome.FAILED and command.attempt == payout.attempt:
            return Rejected(Reason.PAYOUT_FINISHED)
        return accepted()
    if command.outcome is PayoutOutcome.PAID:
        return _paid(order, payout, command, policy, now)
    if command.attempt != payout.attempt:
        return accepted()
    if command.outcome is PayoutOutcome.UNKNOWN:
        if payout.state is PayoutState.UNKNOWN:
            return accepted()
        return accepted(
            PayoutUnknown(at=now, payout_number=payout.number, explanation=command.explanation)
        )
    return accepted(
        PayoutFailed(
            at=now,
            payout_number=payout.number,
            explanation=command.explanation,
            next_attempt=payout.attempt + 1,
        )
    )


def _paid(
    order: Order, payout: Payout, command: RecordPayout, policy: Policy, now: Instant
) -> Outcome:
    paid = PayoutPaid(
        at=now,
        payout_number=payout.number,
        amount=payout.amount,
        provider_reference=command.provider_reference,
    )
    owed = late_refund_compensated(order, payout, policy, now)
    return accepted(paid) if owed is None else accepted(paid, owed)


def payout_released(order: Order, event: PayoutReleased) -> Order:
    """The sum is on its way."""
    return _with(order, event.at, event.payout_number, state=PayoutState.DUE)


def forfeiture_released(order: Order, event: ForfeitureReleased) -> Order:
    """The forfeiture is final."""
    assert order.forfeiture is not None, "only a forfeiture is released"
    released = msgspec.structs.replace(order.forfeiture, released_at=event.at)
    return changed(order, event.at, forfeiture=released)


def payout_paid(order: Order, event: PayoutPaid) -> Order:
    """The buyer has the money."""
    return _with(order, event.at, event.payout_number, state=PayoutState.PAID)


def payout_unknown(order: Order, event: PayoutUnknown) -> Order:
    """Somebody has to find out before anything is repeated."""
    return _with(order, event.at, event.payout_number, state=PayoutState.UNKNOWN)


def payout_failed(order: Order, event: PayoutFailed) -> Order:
    """Still owed; the next attempt has its own key."""
    return _with(
        order,
        event.at,
        event.payout_number,
        state=PayoutState.FAILED,
        attempt=event.next_attempt,
    )


def _with(order: Order, at: Instant, number: int, **fields: object) -> Order:
    payouts: list[Payout] = [
        msgspec.structs.replace(each, **fields) if each.number == number else each
        for each in order.payouts
    ]
    return changed(order, at, payouts=tuple(payouts))
