"""Which occasion an event is: events of one kind can need different words.

Not here: the words. A language that has none for the closer occasion uses those of the kind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from earnest.core.cases.notice import BALANCE_DEMAND, Means
from earnest.core.ledger.account import Account
from earnest.core.order import events as happened
from earnest.core.order import events_of_agreements as agreed
from earnest.core.order import events_of_delivery as delivering
from earnest.core.order import events_of_launch as launched
from earnest.core.order.event import Event
from earnest.core.order.parts import BreachKind, InspectionResult
from earnest.core.order.parts_of_launch import UnitState
from earnest.core.settlement.statement import LineKind, beyond_own


def occasion(event: Event) -> str:
    """The kind of the event and, after a dot, what is particular; the kind alone if nothing is."""
    kind = type(event).__name__
    particular = _PARTICULAR.get(type(event))
    return kind if particular is None else f"{kind}.{particular(event)}"


def _inspected(event: happened.Inspected) -> str:
    if event.result is InspectionResult.REFUSED and event.remedy is not None:
        return f"refused_{event.remedy}"
    return event.result.value


def _contested(event: happened.CancellationContested) -> str:
    against = BreachKind.ACTED_AGAINST_AGREEMENT in event.breaches
    return "against_agreement" if against else "without_ground"


def _price(event: happened.ConfigurationChanged) -> str:
    return "same_price" if event.price == event.previous_price else "other_price"


def _received(event: happened.BalanceReceived) -> str:
    return "part" if event.outstanding.is_positive else "all"


def _force_majeure(event: happened.TerminatedForForceMajeure) -> str:
    return "by_buyer" if event.declared_by.startswith("buyer:") else "by_seller"


def _notice(event: happened.NoticeDelivered) -> str:
    if event.demand_number == BALANCE_DEMAND:
        return "balance_in_app" if event.means is Means.IN_APP else "balance"
    return "recorded" if event.means is None else event.means.value


def _balance(event: happened.BalanceDemanded) -> str:
    return "on_arrival" if event.due_at is None else "dated"


def _payment(event: happened.PaymentRequested) -> str:
    return "further" if event.balance_due_at is None else "starts_days"


def _settlement(event: happened.SettlementFixed) -> str:
    """The line that matters most; a doubled sum and a forfeited one never stand together."""
    kinds = {line.kind for line in event.statement.lines}
    owed = "_rest_owed" if event.statement.owed_to_buyer.is_positive else ""
    if LineKind.EARNEST_DOUBLED in kinds:
        return "doubled"
    back = "" if event.back_until is None else "_may_come_back"
    if LineKind.EARNEST_FORFEITED in kinds:
        return f"forfeited{owed}{back}"
    if LineKind.FEE_KEPT in kinds:
        return f"fee_kept{owed}{back}"
    if LineKind.LOSS_KEPT in kinds:
        return f"loss_kept{owed}"
    if beyond_own(event.statement.lines, event.statement.currency).is_positive:
        return "beyond"
    if owed:
        return "owed"
    return "set_off" if kinds else "nothing"


def _request_over(
    event: happened.DeferralDeclined | happened.DeferralTakenBack | happened.DeferralUnanswered,
) -> str:
    return "alone" if event.cure_until is None else "time_given_back"


def _deferred(event: happened.Deferred) -> str:
    return "in_time" if event.kept is None else "while_late"


def _withdrawn(event: happened.Withdrawn) -> str:
    return "after_handover" if event.after_handover else "before_lock"


def _revised(event: happened.PromiseRevised) -> str:
    if event.delay is None:
        return "earlier" if event.is_earlier else "inside"
    kind = "undated_" if event.delay.is_indefinite else ""
    return f"{kind}delay" if event.delay.answer_until is None else f"{kind}consent"


def _resale(event: happened.ResaleRecorded) -> str:
    return "unchanged" if event.payout is None else "returned"


def _taken(event: happened.CarTaken) -> str:
    if event.price is None:
        return "refused"
    return "unchanged" if event.payout is None else "returned"


def _prepared(event: delivering.Prepared) -> str:
    in_order = all(each.in_order for each in event.checklist)
    return "all_in_order" if in_order else "with_faults"


def _released(event: happened.ForfeitureReleased) -> str:
    return "fee" if event.income is Account.FEE_INCOME else "deposit"


def _reserved(event: happened.Reserved) -> str:
    if event.unit is not None and event.unit.state is UnitState.WAITING:
        return "waiting"
    if event.pay_until is None:
        return "opens_later"
    return "with_benefits" if event.benefits else "alone"


_PARTICULAR: dict[type[Event], Callable[[Any], str]] = {
    happened.Reserved: _reserved,
    happened.Reinstated: lambda event: "unit_gone" if event.unit_gone else "whole",
    happened.PaymentOpened: lambda event: "offer" if event.is_offer else "at_once",
    launched.TimeGivenBack: lambda event: "to_pay" if event.is_to_pay else "benefits",
    happened.SurplusReceived: lambda event: event.why,
    happened.Locked: lambda event: event.mode.value,
    happened.ConfigurationChanged: _price,
    happened.DeferralDeclined: _request_over,
    happened.DeferralTakenBack: _request_over,
    happened.DeferralUnanswered: _request_over,
    happened.Deferred: _deferred,
    happened.Inspected: _inspected,
    happened.PerformanceDemanded: lambda event: event.ground.value,
    happened.NoticeDelivered: _notice,
    happened.BalanceDemanded: _balance,
    happened.PaymentRequested: _payment,
    happened.BalanceReceived: _received,
    happened.CancellationContested: _contested,
    happened.TerminatedForForceMajeure: _force_majeure,
    happened.SettlementFixed: _settlement,
    happened.Withdrawn: _withdrawn,
    happened.PromiseRevised: _revised,
    happened.DelayAnswered: lambda event: event.choice.value,
    happened.EarlierAllowed: lambda event: "given" if event.is_allowed else "taken_back",
    happened.Overtaken: lambda event: event.why or "without_reason",
    happened.LossDocumented: lambda event: event.side.value,
    happened.ResaleRecorded: _resale,
    happened.CarHeld: lambda event: "held" if event.is_held else "released",
    happened.CarTaken: _taken,
    happened.SlotTaken: lambda event: "unchanged" if event.payout is None else "returned",
    happened.ForfeitureReleased: _released,
    happened.CaseOpened: lambda event: event.subject,
    happened.CaseClosed: lambda event: event.outcome,
    agreed.ChangeAnnounced: lambda event: event.change.change.value,
    agreed.ChangeAnswered: lambda event: event.choice.value,
    agreed.TermsOffered: lambda event: "worse" if event.worse else "as_good",
    delivering.Prepared: _prepared,
    happened.Reminded: lambda event: event.subject,
}
