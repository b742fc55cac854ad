"""Terminating: by the buyer for the seller's breach, by either side for force majeure.

Not here: cancelling without a breach, and the seller's cancellation (`cancel.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.order.commands import (
    DemandDelivery,
    RefusePerformance,
    TerminateByBuyer,
    TerminateForForceMajeure,
)
from earnest.core.order.events import (
    DeliveryDemanded,
    PerformanceRefused,
    TerminatedByBuyer,
    TerminatedForForceMajeure,
)
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.lateness import is_late, late_in_vain
from earnest.core.order.parts import Breach, BreachKind, DeliveryDemand
from earnest.core.order.settling import settlement_fixed
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order, changed
from earnest.core.settlement.ground import Ground
from earnest.core.terms.policy import FORCE_MAJEURE_NOTICE_DAYS, Policy
from earnest.core.values.instant import Instant, end_of_day_after
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

_BREACH_OF_GROUND = {
    Ground.REFUSAL: BreachKind.REFUSED_TO_PERFORM,
    Ground.UNFOUNDED_CANCELLATION: BreachKind.CANCELLED_WITHOUT_GROUND,
    Ground.BREACHED_AGREEMENT: BreachKind.ACTED_AGAINST_AGREEMENT,
}


def refuse_performance(
    order: Order, command: RefusePerformance, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Say, for the seller, that it will not perform. Only the buyer may draw a conclusion."""
    return accepted(
        PerformanceRefused(
            at=now, explanation=command.explanation, declared_by=command.actor.actor_id
        )
    )


def demand_delivery(
    order: Order, command: DemandDelivery, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Ask a late seller to deliver within the policy's reasonable time (CN-12)."""
    if not is_late(order, now):
        return Rejected(Reason.NOT_LATE, {"promise_ends": order.binding_promise.ends.isoformat()})
    if order.delivery_demand is not None:
        return Rejected(Reason.DEMAND_OPEN)
    cure_until = end_of_day_after(now, policy.delivery_cure_days, policy.time_zone)
    return accepted(DeliveryDemanded(at=now, cure_until=cure_until))


def terminate_by_buyer(
    order: Order, command: TerminateByBuyer, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """End the order for a breach that is on record; earnest money comes back double (CN-17).

    The buyer may choose the compensation of the terms instead (CN-18).
    Rejections: `ground_not_proven`, `cure_period_running`.
    """
    ground = command.ground
    if ground is Ground.DELAY:
        demand = order.delivery_demand
        if demand is None or not (is_late(order, now) or late_in_vain(order, now)):
            return Rejected(Reason.GROUND_NOT_PROVEN, {"ground": ground})
        if not late_in_vain(order, now):
            return Rejected(
                Reason.CURE_PERIOD_RUNNING, {"cure_until": demand.cure_until.isoformat()}
            )
    else:
        breach = _BREACH_OF_GROUND.get(ground)
        if breach is None or all(each.kind is not breach for each in order.breaches):
            return Rejected(Reason.GROUND_NOT_PROVEN, {"ground": ground})
    return accepted(
        TerminatedByBuyer(at=now, ground=ground, claim=command.claim),
        settlement_fixed(order, ground, policy, command.actor.actor_id, now, command.claim),
    )


def terminate_for_force_majeure(
    order: Order, command: TerminateForForceMajeure, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """End the order for an event beyond both sides: everything comes back once (CN-20).

    A seller that was already late when the event came is not relieved (S08), and an event from
    before the order was known to both. A seller that ends an order does so with two people, here
    as in a cancellation: the other one approves on this ground first. A seller that told the buyer
    of the event too late cannot rely on it; nothing of the kind binds the buyer. Rejections:
    `proof_missing`, `already_late`, `notice_malformed`, `notified_late`, `second_person_missing`.
    """
    if not command.proof.strip() or not order.reserved_at <= command.occurred_at <= now:
        return Rejected(Reason.PROOF_MISSING)
    actor_id = command.actor.actor_id
    event = TerminatedForForceMajeure(
        at=now, declared_by=actor_id, occurred_at=command.occurred_at, proof=command.proof
    )
    if not command.actor.is_buyer:
        refusal = _why_not_relieved(order, command, policy, now)
        if refusal is not None:
            return refusal
        approved_by = order.approved_by_another(Ground.FORCE_MAJEURE, command.occurred_at, actor_id)
        if approved_by is None:
            return Rejected(Reason.SECOND_PERSON_MISSING)
        event = msgspec.structs.replace(
            event, approved_by=approved_by, notified_at=command.notified_at or now
        )
    return accepted(event, settlement_fixed(order, Ground.FORCE_MAJEURE, policy, actor_id, now))


def _why_not_relieved(
    order: Order, command: TerminateForForceMajeure, policy: Policy, now: Instant
) -> Rejected | None:
    """What keeps a seller from relying on the event: being late before it, or telling it late."""
    if is_late(order, command.occurred_at):
        return Rejected(Reason.ALREADY_LATE)
    notified_at = command.notified_at or now
    if not command.occurred_at <= notified_at <= now:
        return Rejected(Reason.NOTICE_MALFORMED)
    until = end_of_day_after(command.occurred_at, FORCE_MAJEURE_NOTICE_DAYS, policy.time_zone)
    if notified_at >= until:
        return Rejected(Reason.NOTIFIED_LATE, {"days": str(FORCE_MAJEURE_NOTICE_DAYS)})
    return None


def performance_refused(order: Order, event: PerformanceRefused) -> Order:
    """The refusal is on record as a breach."""
    breach = Breach(kind=BreachKind.REFUSED_TO_PERFORM, at=event.at, by=event.declared_by)
    return changed(order, event.at, breaches=(*order.breaches, breach))


def delivery_demanded(order: Order, event: DeliveryDemanded) -> Order:
    """The late seller has until then."""
    demand = DeliveryDemand(demanded_at=event.at, cure_until=event.cure_until)
    return changed(order, event.at, delivery_demand=demand)


def terminated_by_buyer(order: Order, event: TerminatedByBuyer) -> Order:
    """The order ended for the seller's breach."""
    return changed(order, event.at, stage=Stage.TERMINATED)


def terminated_for_force_majeure(order: Order, event: TerminatedForForceMajeure) -> Order:
    """The order ended and nobody answers for it."""
    return changed(order, event.at, stage=Stage.TERMINATED)
