"""Facts that bear on a settlement: a declined loan, a fleet delivered in part.

Not here: losses (`losses.py`) and breaches (`terminate.py`).
"""

from __future__ import annotations

from earnest.core.order.commands import RecordFinanceDeclined, RecordPartialDelivery
from earnest.core.order.events import FinanceDeclined, PartlyDelivered
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.state import Order, changed
from earnest.core.settlement.position import Fleet
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def record_finance_declined(
    order: Order, command: RecordFinanceDeclined, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Note that the lender said no; the order goes on until the buyer leaves for it (US-04).

    Rejections: `proof_missing`.
    """
    if not command.proof.strip():
        return Rejected(Reason.PROOF_MISSING)
    return accepted(FinanceDeclined(at=now, proof=command.proof))


def record_partial_delivery(
    order: Order, command: RecordPartialDelivery, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Note how much of a fleet, whose deposit this order holds, was delivered and accepted.

    The deposit secures only the rest from now on (CN-22), so the buyer signs for what arrived.
    Rejections: `fleet_malformed`, `buyer_confirmation_missing`.
    """
    before = order.fleet.delivered if order.fleet is not None else 0
    same = order.fleet is None or order.fleet.vehicles == command.vehicles
    if not same or not before < command.delivered < command.vehicles:
        return Rejected(Reason.FLEET_MALFORMED, {"delivered": str(before)})
    if not command.buyer_signature.strip():
        return Rejected(Reason.BUYER_CONFIRMATION_MISSING)
    return accepted(
        PartlyDelivered(
            at=now,
            fleet=Fleet(
                vehicles=command.vehicles,
                delivered=command.delivered,
                rest_needed=command.rest_needed,
            ),
            buyer_signature=command.buyer_signature,
        )
    )


def finance_declined(order: Order, event: FinanceDeclined) -> Order:
    """The buyer cannot pay through no fault of its own."""
    return changed(order, event.at, finance_declined_at=event.at)


def partly_delivered(order: Order, event: PartlyDelivered) -> Order:
    """The deposit secures the rest of the fleet."""
    return changed(order, event.at, fleet=event.fleet)
