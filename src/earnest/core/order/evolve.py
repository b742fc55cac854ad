"""Folding events into an order: for every event the one function of its chapter.

Not here: rules. An event already happened; folding never refuses one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from earnest.core.order import (
    agree,
    allot,
    balance,
    benefiting,
    beside,
    build,
    cancel,
    case,
    configure,
    cooling_off,
    defer,
    delay,
    freeing,
    giving_back,
    handover,
    inspect,
    lock,
    losses,
    newer_terms,
    passing,
    payment,
    payout,
    preparing,
    promised,
    reallocate,
    reserve,
    schedule,
    settling,
    standing_still,
    tender,
    terminate,
    waiting,
)
from earnest.core.order import events as happened
from earnest.core.order import events_of_agreements as agreed
from earnest.core.order import events_of_delivery as delivering
from earnest.core.order import events_of_launch as launched
from earnest.core.order.event import Event
from earnest.core.order.state import Order

EVOLVE: dict[type[Event], Callable[..., Order]] = {
    happened.Reserved: reserve.reserved,
    happened.DepositReceived: payment.deposit_received,
    happened.Lapsed: reserve.lapsed,
    happened.Reinstated: payment.reinstated,
    happened.SurplusReceived: payment.surplus_received,
    happened.Withdrawn: cooling_off.withdrawn,
    happened.ClauseAcknowledged: lock.clause_acknowledged,
    happened.Locked: lock.locked,
    happened.LockUndone: lock.lock_undone,
    happened.ConfigurationChanged: configure.configuration_changed,
    happened.DeferralRequested: defer.deferral_requested,
    happened.DeferralDeclined: defer.request_over,
    happened.DeferralTakenBack: defer.request_over,
    happened.DeferralUnanswered: defer.request_over,
    happened.Deferred: defer.deferred,
    happened.Resumed: defer.resumed,
    happened.DeferralEnded: defer.deferral_ended,
    agreed.AgreementProposed: agree.agreement_proposed,
    agreed.AgreementMade: agree.agreement_made,
    agreed.AgreementDeclined: agree.agreement_declined,
    agreed.PublicPromisesApplied: promised.public_promises_applied,
    agreed.PriceLowered: promised.price_lowered,
    agreed.TermsOffered: newer_terms.terms_offered,
    agreed.TermsAccepted: newer_terms.terms_accepted,
    agreed.TermsDeclined: newer_terms.terms_declined,
    agreed.ChangeAnnounced: waiting.change_announced,
    agreed.ChangeAnswered: waiting.change_answered,
    agreed.Switched: waiting.switched,
    agreed.ChangeUnanswered: waiting.change_unanswered,
    happened.Scheduled: schedule.scheduled,
    happened.Rescheduled: schedule.rescheduled,
    happened.PromiseRevised: schedule.promise_revised,
    happened.DelayAnswered: delay.delay_answered,
    happened.DelayUnanswered: delay.delay_unanswered,
    happened.EarlierAllowed: schedule.earlier_allowed,
    happened.Overtaken: passing.overtaken,
    happened.CarAllocated: reallocate.car_allocated,
    happened.SlotTaken: freeing.slot_taken,
    happened.CarHeld: reallocate.car_held,
    happened.CarTaken: reallocate.car_taken,
    happened.UnitAllotted: allot.unit_allotted,
    happened.PaymentOpened: allot.payment_opened,
    launched.TimeGivenBack: standing_still.time_given_back,
    happened.Built: build.built,
    happened.Shipped: build.shipped,
    happened.Tendered: tender.tendered,
    happened.AppointmentBooked: tender.appointment_booked,
    happened.AppointmentMissed: tender.appointment_missed,
    happened.Inspected: inspect.inspected,
    happened.PerformanceDemanded: cancel.performance_demanded,
    happened.NoticeDelivered: cancel.notice_delivered,
    happened.BalanceDemanded: balance.balance_demanded,
    happened.PaymentRequested: balance.payment_requested,
    happened.BalanceReceived: payment.balance_received,
    happened.HandedOver: handover.handed_over,
    happened.Closed: handover.closed,
    happened.CancelledByBuyer: cancel.cancelled_by_buyer,
    happened.CancellationApproved: cancel.cancellation_approved,
    happened.CancelledBySeller: cancel.cancelled_by_seller,
    happened.CancellationContested: cancel.cancellation_contested,
    happened.CancellationRevoked: cancel.cancellation_revoked,
    happened.PerformanceRefused: terminate.performance_refused,
    happened.DeliveryDemanded: terminate.delivery_demanded,
    happened.TerminatedByBuyer: terminate.terminated_by_buyer,
    happened.TerminatedForForceMajeure: terminate.terminated_for_force_majeure,
    happened.SettlementFixed: settling.settled,
    happened.CarReturned: giving_back.car_returned,
    happened.LossDocumented: losses.loss_documented,
    happened.LossApproved: losses.loss_approved,
    happened.FinanceDeclined: beside.finance_declined,
    happened.PartlyDelivered: beside.partly_delivered,
    happened.CompensationFixed: settling.compensated,
    happened.LateRefundCompensated: settling.compensated,
    happened.ResaleRecorded: losses.resale_recorded,
    happened.PayoutReleased: payout.payout_released,
    happened.ForfeitureReleased: payout.forfeiture_released,
    happened.PayoutPaid: payout.payout_paid,
    happened.PayoutUnknown: payout.payout_unknown,
    happened.PayoutFailed: payout.payout_failed,
    happened.ChargebackReceived: payment.chargeback_received,
    happened.CaseOpened: case.case_opened,
    happened.EvidenceAdded: case.evidence_added,
    happened.CaseAnswered: case.case_answered,
    happened.CaseClosed: case.case_closed,
    happened.Reminded: case.reminded,
    launched.BenefitDelivered: benefiting.benefit_delivered,
    delivering.CentreChosen: preparing.centre_chosen,
    delivering.Prepared: preparing.prepared,
}
"""How every event changes the order. A test proves that none is missing."""


def evolve(order: Order | None, event: Event) -> Order:
    """The order after one more event."""
    after = EVOLVE[type(event)](order, event)
    if order is not None and order.slot is not None:
        after = freeing.with_slot_freed(order, after, event)
    assert after.sequence == (order.sequence if order is not None else 0) + 1, (
        "every event grows the sequence by one"
    )
    return after


def fold(events: Iterable[Event]) -> Order:
    """The order that all its events add up to; there is at least the reservation."""
    order: Order | None = None
    for event in events:
        order = evolve(order, event)
    assert order is not None, "an order has at least one event"
    return order
