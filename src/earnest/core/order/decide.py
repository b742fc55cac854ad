"""Deciding a command: the common checks, then the one function of its chapter.

Not here: any rule of its own beyond role, stage and stale writers.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

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
    standing_still,
    tender,
    terminate,
    waiting,
)
from earnest.core.order import commands as ask
from earnest.core.order import commands_of_agreements as agreed
from earnest.core.order import commands_of_delivery as delivering
from earnest.core.order import commands_of_launch as launched
from earnest.core.order import commands_of_planning as planned
from earnest.core.order.authority import AUTHORITY
from earnest.core.order.command import Command
from earnest.core.order.effective import effective_policy
from earnest.core.order.events import Event
from earnest.core.order.evolve import evolve
from earnest.core.order.facts import Facts, Outcome
from earnest.core.order.stage import AFTER_THE_END, OVER, TRANSITIONS, Stage
from earnest.core.order.state import Order
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

DECIDE: dict[type[Command], Callable[..., Outcome]] = {
    ask.Reserve: reserve.reserve,
    ask.RecordPayment: payment.record_payment,
    ask.Lapse: reserve.lapse,
    ask.Withdraw: cooling_off.withdraw,
    ask.Lock: lock.lock,
    ask.UndoLock: lock.undo_lock,
    ask.ChangeConfiguration: configure.change_configuration,
    ask.Defer: defer.defer,
    ask.AnswerDeferral: defer.answer_deferral,
    ask.Resume: defer.resume,
    ask.EndDeferral: defer.end_deferral,
    agreed.EndDeferralRequest: defer.end_deferral_request,
    agreed.ProposeAgreement: agree.propose_agreement,
    agreed.AcceptAgreement: agree.accept_agreement,
    agreed.DeclineAgreement: agree.decline_agreement,
    agreed.ApplyPublicPromise: promised.apply_public_promise,
    agreed.AcknowledgeClause: lock.acknowledge_clause,
    agreed.OfferTerms: newer_terms.offer_terms,
    agreed.AcceptTerms: newer_terms.accept_terms,
    agreed.DeclineTerms: newer_terms.decline_terms,
    agreed.AnnounceChange: waiting.announce_change,
    agreed.AnswerChange: waiting.answer_change,
    agreed.EndChange: waiting.end_change,
    planned.Schedule: schedule.schedule,
    planned.Reschedule: schedule.reschedule,
    planned.RevisePromise: schedule.revise_promise,
    planned.ConsentToDelay: delay.consent_to_delay,
    planned.LeaveForDelay: delay.leave_for_delay,
    planned.EndDelay: delay.end_delay,
    planned.AllowEarlier: schedule.allow_earlier,
    planned.RecordOvertaking: passing.record_overtaking,
    planned.AllocateCar: reallocate.allocate_car,
    planned.TakeSlot: freeing.take_slot,
    planned.RecordSlotTaken: freeing.record_slot_taken,
    planned.HoldCar: reallocate.hold_car,
    planned.RecordCarTaken: reallocate.record_car_taken,
    launched.AllotUnit: allot.allot_unit,
    launched.OpenPayment: allot.open_payment,
    launched.GiveTimeBack: standing_still.give_time_back,
    ask.RecordBuilt: build.record_built,
    ask.Ship: build.ship,
    ask.Tender: tender.tender,
    ask.BookAppointment: tender.book_appointment,
    ask.RecordMissedAppointment: tender.record_missed_appointment,
    ask.DemandCollection: tender.demand_collection,
    ask.RecordInspection: inspect.record_inspection,
    ask.DemandBalance: balance.demand_balance,
    ask.RequestPayment: balance.request_payment,
    ask.HandOver: handover.hand_over,
    ask.Close: handover.close,
    ask.CancelByBuyer: cancel.cancel_by_buyer,
    ask.DemandPerformance: cancel.demand_performance,
    ask.RecordNotice: cancel.record_notice,
    ask.ApproveCancellation: cancel.approve_cancellation,
    ask.CancelBySeller: cancel.cancel_by_seller,
    ask.RevokeCancellation: cancel.revoke_cancellation,
    ask.RefusePerformance: terminate.refuse_performance,
    ask.DemandDelivery: terminate.demand_delivery,
    ask.TerminateByBuyer: terminate.terminate_by_buyer,
    ask.TerminateForForceMajeure: terminate.terminate_for_force_majeure,
    ask.RecordReturn: giving_back.record_return,
    ask.DocumentLoss: losses.document_loss,
    ask.ApproveLoss: losses.approve_loss,
    ask.RecordResale: losses.record_resale,
    ask.RecordFinanceDeclined: beside.record_finance_declined,
    ask.RecordPartialDelivery: beside.record_partial_delivery,
    ask.ReleasePayout: payout.release_payout,
    ask.ReleaseForfeiture: payout.release_forfeiture,
    ask.RecordPayout: payout.record_payout,
    ask.RecordChargeback: payment.record_chargeback,
    ask.OpenCase: case.open_case,
    ask.AddEvidence: case.add_evidence,
    ask.AnswerCase: case.answer_case,
    ask.CloseCase: case.close_case,
    ask.Remind: case.remind,
    launched.DeliverBenefit: benefiting.deliver_benefit,
    delivering.ChooseCentre: preparing.choose_centre,
    delivering.RecordPreparation: preparing.record_preparation,
}
"""The rule of every command. A test proves that none is missing."""

WHY_NOT: dict[str, Reason] = {
    "Withdraw": Reason.COOLING_OFF_OVER,
    "Lock": Reason.NOTHING_DUE,
    "Lapse": Reason.NOTHING_DUE,
    "AllotUnit": Reason.NOTHING_DUE,
    "OpenPayment": Reason.NOTHING_DUE,
    "GiveTimeBack": Reason.NOTHING_DUE,
    "EndDeferral": Reason.NOTHING_DUE,
    "EndDeferralRequest": Reason.NOTHING_DUE,
    "EndChange": Reason.NOTHING_DUE,
    "EndDelay": Reason.NOTHING_DUE,
    "ConsentToDelay": Reason.DELAY_UNKNOWN,
    "LeaveForDelay": Reason.DELAY_UNKNOWN,
    "Close": Reason.NOTHING_DUE,
    "UndoLock": Reason.UNDO_WINDOW_OVER,
    "ChangeConfiguration": Reason.CHANGE_WINDOW_OVER,
    "AnswerDeferral": Reason.DEFERRAL_NOT_REQUESTED,
    "Resume": Reason.ORDER_NOT_DEFERRED,
    "Tender": Reason.VIN_MISSING,
    "RecordInspection": Reason.NOT_TENDERED,
    "BookAppointment": Reason.NOT_TENDERED,
    "RecordMissedAppointment": Reason.NOT_TENDERED,
    "DemandCollection": Reason.NOT_TENDERED,
    "RequestPayment": Reason.NOT_INSPECTED,
    "HandOver": Reason.BALANCE_UNPAID,
    "DemandPerformance": Reason.NO_DEFAULT,
    "RecordNotice": Reason.DEMAND_UNKNOWN,
    "ApproveCancellation": Reason.DEMAND_UNKNOWN,
    "RevokeCancellation": Reason.NO_CONTESTED_CANCELLATION,
    "DemandDelivery": Reason.NOT_LATE,
    "RecordReturn": Reason.NOTHING_TO_RETURN,
    "RecordResale": Reason.NO_LOSS_KEPT,
    "TakeSlot": Reason.NOTHING_DUE,
    "RecordSlotTaken": Reason.NOTHING_DUE,
    "HoldCar": Reason.CAR_NOT_RELEASED,
    "RecordCarTaken": Reason.NOTHING_DUE,
    "ReleasePayout": Reason.PAYOUT_NOT_WAITING,
    "ReleaseForfeiture": Reason.NOTHING_TO_RELEASE,
    "ChooseCentre": Reason.CENTRE_FIXED,
}
"""The reason that says most, for a command that the order's stage does not know."""


class Step(msgspec.Struct, frozen=True):
    """An accepted command: its events and the order after them."""

    order: Order
    events: tuple[Event, ...]


def decide(order: Order | None, command: Command, facts: Facts, now: Instant) -> Outcome:
    """Accept with events or reject with a reason; pure, and `now` is the command's own instant.

    Order of checks: role, the order exists, stale writer, stage, the chapter's own rules.
    """
    name = type(command).__name__
    if command.actor.roles.isdisjoint(AUTHORITY[name]):
        return Rejected(Reason.NOT_PERMITTED)
    if order is None:
        if not isinstance(command, ask.Reserve):
            return Rejected(Reason.ORDER_UNKNOWN)
    else:
        if command.expected_sequence not in {None, order.sequence}:
            return Rejected(Reason.SEQUENCE_STALE, {"sequence": str(order.sequence)})
        if isinstance(command, ask.Reserve):
            return Rejected(Reason.ORDER_EXISTS)
        if name not in TRANSITIONS[order.stage]:
            return _unsuitable(order, name, now)
    policy = effective_policy(order, facts, now)
    return DECIDE[type(command)](order, command, facts, policy, now)


def carry_out(order: Order | None, command: Command, facts: Facts, now: Instant) -> Step | Rejected:
    """Decide and fold: the order after the command, or why nothing happened."""
    outcome = decide(order, command, facts, now)
    if isinstance(outcome, Rejected):
        return outcome
    after = order
    for event in outcome.events:
        after = evolve(after, event)
    assert after is not None, "an accepted command leaves an order"
    if order is not None:
        name = type(command).__name__
        assert after.stage in TRANSITIONS[order.stage][name] or after is order, (
            f"{name} led from {order.stage} to {after.stage}, which the table does not allow"
        )
    return Step(after, outcome.events)


def _unsuitable(order: Order, name: str, now: Instant) -> Rejected:
    """The most telling reason why this stage does not know the command."""
    details = {"stage": order.stage.value, "command": name}
    if order.stage in OVER and (name == "Withdraw" or name not in AFTER_THE_END):
        return Rejected(Reason.ORDER_OVER, details)
    if name == "DemandBalance":
        reason = balance.why_no_demand(order, now)
    elif name == "Schedule" and order.stage is Stage.DEPOSITED:
        reason = Reason.COOLING_OFF_RUNNING
    elif name == "RequestPayment" and order.stage is Stage.PAID:
        reason = Reason.BALANCE_ALREADY_PAID
    else:
        reason = WHY_NOT.get(name)
    return Rejected(reason or Reason.STAGE_UNSUITABLE, details)
