"""Giving the car back after the handover, where law or terms allow it.

Not here: free withdrawal before the lock (`cooling_off.py`) and the settlement itself.
"""

from __future__ import annotations

import msgspec

from earnest.core.order.commands import RecordReturn, Withdraw
from earnest.core.order.events import CarReturned, Withdrawn
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import PayoutState
from earnest.core.order.settling import settlement_fixed
from earnest.core.order.state import Order, changed
from earnest.core.settlement.ground import Ground
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant, end_of_day_after
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def withdrawal_days(policy: Policy) -> int:
    """For how many days after the handover the car can be given back; zero where it cannot.

    The law gives its days unless the car is made to the buyer's specification (EU-03); the terms
    may give more, also then.
    """
    if policy.withdrawal_exempt:
        return policy.withdrawal_days_after_handover
    law = LAWS[policy.jurisdiction]
    return max(policy.withdrawal_days_after_handover, law.withdrawal_days_after_handover)


def give_back(
    order: Order, command: Withdraw, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Withdraw after the handover: the whole price comes back once the car is back (EU-02).

    Rejections: `withdrawal_over`.
    """
    assert order.handed_over_at is not None, "a handed-over order knows when"
    days = withdrawal_days(policy)
    ends = end_of_day_after(order.handed_over_at, days, policy.time_zone)
    if not days or now >= ends:
        return Rejected(Reason.WITHDRAWAL_OVER, {"days": str(days)})
    ground = Ground.WITHDRAWAL_AFTER_HANDOVER
    settlement = settlement_fixed(order, ground, policy, command.actor.actor_id, now)
    return accepted(Withdrawn(at=now, after_handover=True), settlement)


def record_return(
    order: Order, command: RecordReturn, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Note that the car is back, or on proven way back; the refund leaves now (EU-02).

    Rejections: `nothing_to_return`, `proof_missing`.
    """
    if all(each.state is not PayoutState.AWAITING_RETURN for each in order.payouts):
        return Rejected(Reason.NOTHING_TO_RETURN)
    if not command.proof.strip():
        return Rejected(Reason.PROOF_MISSING)
    numbers = tuple(
        each.number for each in order.payouts if each.state is PayoutState.AWAITING_RETURN
    )
    return accepted(CarReturned(at=now, proof=command.proof, payout_numbers=numbers))


def car_returned(order: Order, event: CarReturned) -> Order:
    """What waited for the car is due; while it was not back, the seller was not late."""
    payouts = tuple(
        msgspec.structs.replace(each, state=PayoutState.DUE, due_at=max(each.due_at, event.at))
        if each.number in event.payout_numbers
        else each
        for each in order.payouts
    )
    return changed(order, event.at, payouts=payouts)
