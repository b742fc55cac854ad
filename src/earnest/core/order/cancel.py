"""Cancelling after the lock: by the buyer simply, by the seller only with every condition.

Not here: the buyer's termination for the seller's breach (`terminate.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.cases.evidence import EvidenceKind
from earnest.core.cases.notice import BALANCE_DEMAND, BY_STAFF, Means
from earnest.core.order.balance import balance_notice_delivered, due_after_arrival
from earnest.core.order.case import case_of
from earnest.core.order.commands import (
    ApproveCancellation,
    CancelByBuyer,
    CancelBySeller,
    DemandPerformance,
    RecordNotice,
    RevokeCancellation,
)
from earnest.core.order.demand import is_demanded, last_unmet, ran_in_vain, right_is_dead
from earnest.core.order.effective import is_incorporated
from earnest.core.order.events import (
    CancellationApproved,
    CancellationContested,
    CancellationRevoked,
    CancelledByBuyer,
    CancelledBySeller,
    NoticeDelivered,
    PerformanceDemanded,
)
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import (
    Approval,
    Breach,
    BreachKind,
    ContestedCancellation,
    DemandFact,
)
from earnest.core.order.settling import settlement_fixed
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order, changed
from earnest.core.settlement.ground import SELLER_MAY_CANCEL_FOR, Ground
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import LEAST_CURE_DAYS, Policy
from earnest.core.terms.version import DEFERRAL_CLAUSE
from earnest.core.values.instant import Instant, end_of_day_after
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def cancel_by_buyer(
    order: Order, command: CancelByBuyer, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Leave without relying on a breach: the price is the earnest money, never more (CN-17).

    A buyer whose loan was declined leaves for that, where terms or law return the deposit then.
    """
    ground = Ground.FINANCE_DECLINED if finance_failed(order, policy) else Ground.BUYER_WISH
    return accepted(
        CancelledByBuyer(at=now, ground=ground, explanation=command.explanation),
        settlement_fixed(order, ground, policy, command.actor.actor_id, now),
    )


def finance_given(policy: Policy) -> bool:
    """Whether terms or law give the deposit back when the loan or lease is declined (US-04)."""
    law = LAWS[policy.jurisdiction]
    return policy.deposit_returned_if_finance_declined or law.finance_declined_returns_deposit


def finance_failed(order: Order, policy: Policy) -> bool:
    """Whether a declined loan or lease is on record and gives the deposit back."""
    return order.finance_declined_at is not None and finance_given(policy)


def demand_performance(
    order: Order, command: DemandPerformance, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Ask the buyer to cure a default that really exists.

    Collection has its own demand (`tender.py`). A buyer who asked for another deferral is not
    silent and gets an answer first (CN-06). Silence after a deferral counts only where the
    buyer acknowledged the clause that says so (CN-03). Rejections: `agreement_open`,
    `deferral_request_open`, `no_default`, `clause_not_incorporated`, `demand_open`,
    `cure_period_too_short`.
    """
    if order.agreement_open(now):
        return Rejected(Reason.AGREEMENT_OPEN)
    if order.deferral_request is not None:
        return Rejected(Reason.DEFERRAL_REQUEST_OPEN)
    if not _in_default(order, command.ground, now):
        return Rejected(Reason.NO_DEFAULT, {"ground": command.ground})
    if command.ground is Ground.DEFERRAL_SILENCE and not is_incorporated(
        order, facts.terms, DEFERRAL_CLAUSE
    ):
        return Rejected(Reason.CLAUSE_NOT_INCORPORATED, {"clause": DEFERRAL_CLAUSE})
    if is_demanded(order, command.ground, policy, now):
        return Rejected(Reason.DEMAND_OPEN)
    least = max(LEAST_CURE_DAYS, policy.cure_days)
    if command.cure_days < least:
        return Rejected(Reason.CURE_PERIOD_TOO_SHORT, {"days": str(least)})
    return accepted(
        PerformanceDemanded(
            at=now,
            number=len(order.demands) + 1,
            ground=command.ground,
            cure_days=command.cure_days,
        )
    )


def _in_default(order: Order, ground: Ground, now: Instant) -> bool:
    """Whether the buyer owes the act whose absence the seller would rely on.

    The balance is only asked for, and a deferral only waits, in the one stage of each.
    """
    if ground is Ground.BALANCE_DEFAULT:
        return order.balance_demand is not None and order.balance_demand.is_overdue(now)
    return ground is Ground.DEFERRAL_SILENCE and order.deferral is not None


def record_notice(
    order: Order, command: RecordNotice, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Prove that a demand arrived; its time starts then, not when it was sent (CN-11).

    Rejections: `demand_unknown`, `notice_malformed`, `proof_missing`.
    """
    cure_until = _runs_until(order, command, policy)
    if cure_until is None:
        return Rejected(Reason.DEMAND_UNKNOWN, {"demand": str(command.demand_number)})
    sent_at = _sent_at(order, command.demand_number)
    if not command.proof.strip() or not sent_at <= command.delivered_at <= now:
        return Rejected(Reason.NOTICE_MALFORMED)
    if not _proves_arrival(order, command):
        return Rejected(Reason.PROOF_MISSING, {"means": command.means})
    return accepted(
        NoticeDelivered(
            at=now,
            demand_number=command.demand_number,
            delivered_at=command.delivered_at,
            proof=command.proof,
            cure_until=cure_until,
            means=command.means,
            evidence_number=command.evidence_number,
        )
    )


def _runs_until(order: Order, command: RecordNotice, policy: Policy) -> Instant | None:
    """Until when the demand gives time if it arrived then; None unless it waits for its proof."""
    if command.demand_number == BALANCE_DEMAND:
        return due_after_arrival(order, command.delivered_at, policy)
    demand = order.demand(command.demand_number)
    if demand is None or demand.met or demand.notice_delivered_at is not None:
        return None
    begins = max(command.delivered_at, demand.not_before or command.delivered_at)
    return end_of_day_after(begins, demand.cure_days, policy.time_zone)


def _sent_at(order: Order, number: int) -> Instant:
    sent = order.balance_demand if number == BALANCE_DEMAND else order.demand(number)
    assert sent is not None, "only a demand that was sent waits for its proof"
    return sent.demanded_at


def _proves_arrival(order: Order, command: RecordNotice) -> bool:
    """Whether the means fits who records it, and a person's word is backed by a receipt (CN-39)."""
    if command.actor.is_buyer:
        return command.means is Means.IN_APP
    if not command.actor.is_staff:
        return command.means is Means.SMS
    piece = order.piece(command.evidence_number)
    return command.means in BY_STAFF and piece is not None and piece.kind is EvidenceKind.RECEIPT


def approve_cancellation(
    order: Order, command: ApproveCancellation, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """A second person checks an intended cancellation. It changes nothing by itself.

    There is something to check once the buyer was asked to perform, and where the seller relies
    on force majeure, which needs no demand. Rejections: `demand_unknown`.
    """
    if command.ground is not Ground.FORCE_MAJEURE and last_unmet(order, command.ground) is None:
        return Rejected(Reason.DEMAND_UNKNOWN, {"ground": command.ground})
    return accepted(
        CancellationApproved(at=now, ground=command.ground, staff_id=command.actor.actor_id)
    )


def cancel_by_seller(
    order: Order, command: CancelBySeller, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """End the order only with ground, demand, cure period, delivered notice and second person.

    If anything is missing the declaration is recorded as contested and a case opens; slot and
    money stay, and the buyer may hold on or terminate for it (DESIGN section 3, CN-11).
    """
    missing = _missing(order, command, policy, now)
    if not missing:
        assert command.ground is not None, "a missing ground is among what is missing"
        demand = last_unmet(order, command.ground)
        assert demand is not None, "a missing demand is among what is missing"
        approved_by = order.approved_by_another(
            demand.ground, demand.demanded_at, command.actor.actor_id
        )
        assert approved_by is not None, "a missing second person is among what is missing"
        return accepted(
            CancelledBySeller(
                at=now,
                ground=command.ground,
                demand_number=demand.number,
                approved_by=approved_by,
            ),
            settlement_fixed(order, command.ground, policy, command.actor.actor_id, now),
        )
    breaches = [BreachKind.CANCELLED_WITHOUT_GROUND]
    if "agreement_open" in missing:
        breaches.append(BreachKind.ACTED_AGAINST_AGREEMENT)
    return accepted(
        CancellationContested(
            at=now,
            ground=command.ground,
            missing=missing,
            breaches=tuple(breaches),
            declared_by=command.actor.actor_id,
        ),
        case_of(order, "contested_cancellation", command.actor, policy, now, seller_answers=True),
    )


def _missing(
    order: Order, command: CancelBySeller, policy: Policy, now: Instant
) -> tuple[str, ...]:
    """Every condition of a seller's cancellation that does not hold, by its stable name."""
    ground = command.ground
    missing = []
    if order.agreement_open(now):
        missing.append("agreement_open")
    if order.deferral_request is not None:
        missing.append("deferral_answer")
    if ground is None or ground not in SELLER_MAY_CANCEL_FOR:
        missing.append("ground")
        return tuple(missing)
    demand = last_unmet(order, ground)
    if demand is None:
        missing.append("demand")
    elif demand.notice_delivered_at is None:
        missing.append("notice_delivered")
    elif not ran_in_vain(order, demand, now):
        missing.append("cure_period_over")
    elif right_is_dead(demand, policy, now):
        missing.append("right_alive")
    if demand is None or not order.approved_by_another(
        ground, demand.demanded_at, command.actor.actor_id
    ):
        missing.append("second_person")
    return tuple(missing)


def revoke_cancellation(
    order: Order, command: RevokeCancellation, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Take a contested cancellation back; what the buyer may do about the breach stays.

    Whether a seller can undo its own breach before the buyer drew a conclusion is doubtful, so
    the buyer keeps the choice between holding on and terminating (CN-11, CN-13).
    """
    if order.contested is None:
        return Rejected(Reason.NO_CONTESTED_CANCELLATION)
    return accepted(CancellationRevoked(at=now))


def cancelled_by_buyer(order: Order, event: CancelledByBuyer) -> Order:
    """The order ended by the buyer's wish."""
    return changed(order, event.at, stage=Stage.CANCELLED)


def performance_demanded(order: Order, event: PerformanceDemanded) -> Order:
    """One more demand; its time does not run yet."""
    demand = DemandFact(
        number=event.number,
        ground=event.ground,
        demanded_at=event.at,
        cure_days=event.cure_days,
    )
    return changed(order, event.at, demands=(*order.demands, demand))


def notice_delivered(order: Order, event: NoticeDelivered) -> Order:
    """The time of this demand runs."""
    if event.demand_number == BALANCE_DEMAND:
        return balance_notice_delivered(order, event)
    demands = tuple(
        msgspec.structs.replace(
            each,
            notice_delivered_at=event.delivered_at,
            notice_proof=event.proof,
            notice_means=event.means,
            notice_evidence_number=event.evidence_number,
            cure_until=event.cure_until,
        )
        if each.number == event.demand_number
        else each
        for each in order.demands
    )
    return changed(order, event.at, demands=demands)


def cancellation_approved(order: Order, event: CancellationApproved) -> Order:
    """A second person agreed to this ground."""
    approval = Approval(ground=event.ground, staff_id=event.staff_id, at=event.at)
    return changed(order, event.at, approvals=(*order.approvals, approval))


def cancelled_by_seller(order: Order, event: CancelledBySeller) -> Order:
    """The order ended for the buyer's default."""
    return changed(order, event.at, stage=Stage.CANCELLED)


def cancellation_contested(order: Order, event: CancellationContested) -> Order:
    """Nothing ended; the breach is on record."""
    contested = ContestedCancellation(
        ground=event.ground, declared_at=event.at, missing=event.missing
    )
    breaches = tuple(
        Breach(kind=kind, at=event.at, by=event.declared_by) for kind in event.breaches
    )
    return changed(order, event.at, contested=contested, breaches=(*order.breaches, *breaches))


def cancellation_revoked(order: Order, event: CancellationRevoked) -> Order:
    """The declaration is gone; the breach it was stays on record."""
    return changed(order, event.at, contested=None)
