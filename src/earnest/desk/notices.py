"""Notices: which events are told, which of them nobody can switch off, and by which ways.

What the law or the terms want told is told in the inbox always and by one more way at least,
whatever the buyer prefers; preferences choose the way. Not here: the words (`telling`), what became
of a notice (`private.py`), and the proof that starts a cure period (`core/cases/notice.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from earnest.core.cases.notice import BALANCE_DEMAND
from earnest.core.order import events as happened
from earnest.core.order import events_of_agreements as agreed
from earnest.core.order import events_of_delivery as delivering
from earnest.core.order import events_of_launch as launched
from earnest.core.order.events import Event
from earnest.desk.private import NoticeChannel, Preferences

LEGAL: Mapping[type[Event], str] = {
    happened.DepositReceived: "EU-01, FR-01: order and receipt of money, on a durable medium",
    happened.SurplusReceived: "CN-29: money that is owed back",
    happened.Locked: "CN-03: the end of free withdrawal",
    happened.ConfigurationChanged: "EU-01, CN-09: another contract than before",
    happened.PaymentOpened: "CN-38, EU-01: the time to pay is running",
    launched.TimeGivenBack: "CN-26, CN-38: the time to pay ends later",
    happened.Lapsed: "EU-01: the reservation is over",
    happened.Withdrawn: "EU-02: the withdrawal has arrived",
    happened.DeferralDeclined: "CN-05, CN-09: no agreement came about",
    happened.DeferralUnanswered: "CN-06, CN-09: no agreement came about, and asking again is free",
    happened.Deferred: "CN-05, CN-09: an agreement came about",
    happened.DeferralEnded: "CN-05: its end takes nothing, and asks",
    happened.PromiseRevised: "US-01, EU-05, CN-38: another delivery time, with what one may do",
    happened.DelayAnswered: "CN-09, US-02: the answer to a delay has arrived",
    happened.DelayUnanswered: "US-02: the order ended, and the money goes back unasked",
    happened.EarlierAllowed: "CN-09: what was agreed about the delivery",
    happened.Overtaken: "CN-26, CN-06: the published order of the queue, and what departed from it",
    happened.CarAllocated: "CN-38: the car that the order gets was built for somebody else",
    happened.CarTaken: "CN-21: another buyer has the car, which lowers the seller's loss",
    happened.SlotTaken: "CN-21: another buyer has the slot, and what was kept may come back by it",
    happened.Tendered: "CN-37: the car can be inspected",
    happened.PerformanceDemanded: "CN-11, DE-06: a demand counts when it arrives",
    happened.NoticeDelivered: "CN-11: the time of a demand is running",
    happened.BalanceDemanded: "CN-08, CN-11, CN-37: the balance is due once this has arrived",
    happened.BalanceReceived: "FR-01: a receipt for every payment",
    happened.HandedOver: "CN-36: what was handed over",
    happened.CancelledByBuyer: "CN-11: the declaration has arrived",
    happened.CancelledBySeller: "CN-11, Civil Code 565: ends the order when it arrives",
    happened.CancellationContested: "CN-11: what ends nothing, and the buyer's choice",
    happened.CancellationRevoked: "CN-11: the declaration is taken back",
    happened.PerformanceRefused: "CN-12: the right to leave",
    happened.TerminatedByBuyer: "CN-11: the declaration has arrived",
    happened.TerminatedForForceMajeure: "CN-20: to be told at once, with proof",
    happened.SettlementFixed: "CN-29: what comes back, line by line",
    happened.ForfeitureReleased: "CN-17: earnest money is lost",
    happened.PayoutPaid: "CN-29: the refund was made",
    happened.PayoutFailed: "CN-29: the refund is late",
    happened.ChargebackReceived: "CN-33: a case is open",
    happened.CaseOpened: "CN-33: a complaint was taken up",
    happened.CaseAnswered: "CN-33: the answer to a complaint",
    happened.CaseClosed: "CN-33: the decision of a complaint, with its reasons",
    agreed.AgreementProposed: "CN-09: an offer that waits for an answer",
    agreed.AgreementMade: "CN-05, CN-09: an agreement came about",
    agreed.AgreementDeclined: "CN-09: no agreement came about",
    agreed.PublicPromisesApplied: "CN-26: what was promised to everybody binds here",
    agreed.PriceLowered: "CN-35: a promised benefit",
    agreed.TermsOffered: "CN-09: other terms apply only if accepted",
    agreed.TermsAccepted: "CN-09, EU-01: other terms than before",
    agreed.TermsDeclined: "CN-09: the terms stay",
    agreed.ChangeAnnounced: "CN-09, EU-08: nothing changes in silence",
    agreed.ChangeAnswered: "CN-09: the answer has arrived",
    agreed.Switched: "CN-09, EU-01: another contract than before",
    agreed.ChangeUnanswered: "CN-09: silence changed nothing",
    happened.LossDocumented: "CN-15, UK-02: what the seller wants to keep, itemised",
    happened.LossApproved: "CN-15: what the seller may keep",
    happened.FinanceDeclined: "US-04: the deposit comes back",
    happened.PartlyDelivered: "CN-22: what was delivered and what was not",
    happened.CompensationFixed: "CN-14: what delay is worth",
    happened.LateRefundCompensated: "CN-29: interest on a late refund",
    happened.ResaleRecorded: "CN-21: a resale lowers the seller's loss",
    happened.CarReturned: "EU-02: the refund runs from here",
    launched.BenefitDelivered: "CN-26, CN-06: what was promised to everybody was given",
    happened.Reminded: "US-01, CN-12, CN-29: a right or a danger that time has brought",
}
"""Events that the law or the terms want told, each with why. No preference switches them off."""

UNTOLD: frozenset[type[Event]] = frozenset(
    {
        happened.ClauseAcknowledged,
        happened.PaymentRequested,
        happened.CancellationApproved,
        happened.PayoutReleased,
        happened.PayoutUnknown,
        happened.Rescheduled,
        happened.CarHeld,
        happened.UnitAllotted,
        delivering.CentreChosen,
    }
)
"""Events that concern the house alone, or that the buyer has just done; the timeline has them."""

BY_SMS: frozenset[type[Event]] = frozenset(
    {
        happened.PaymentOpened,
        happened.PerformanceDemanded,
        happened.BalanceDemanded,
        happened.CancelledBySeller,
        happened.CancellationContested,
        happened.PerformanceRefused,
        happened.TerminatedForForceMajeure,
        happened.DeferralEnded,
        happened.CaseAnswered,
        happened.CaseClosed,
    }
)
"""Events that are told by telephone as well: their arrival may have to be proven, or time runs."""

UNTOLD_KINDS = tuple(sorted(kind.__name__ for kind in UNTOLD))


def demand_number(event: Event) -> int | None:
    """The number of the demand that an event is, whose arrival starts its time; None for others."""
    match event:
        case happened.PerformanceDemanded(number=number):
            return number
        case happened.BalanceDemanded():
            return BALANCE_DEMAND
        case _:
            return None


def is_told_later(event: Event) -> bool:
    """Whether the page says this at once, and no letter of its own leaves for it.

    A later rank that was justly served before may be one of thousands, and changes nothing while
    the window stays: one letter tells of all if it matters (ADR 0025). A slot that went to somebody
    else changes nothing for whoever left it, unless money comes back by it.
    """
    if isinstance(event, happened.SlotTaken):
        return event.payout is None
    return isinstance(event, happened.Overtaken) and event.why is not None


def is_legal(event: Event) -> bool:
    """Whether the law or the terms want this event told."""
    return type(event) in LEGAL and not is_told_later(event)


def ways(
    event: Event, wanted: Preferences, *, has_mail: bool, has_phone: bool
) -> frozenset[NoticeChannel]:
    """By which ways an event goes to a buyer, beside the inbox, which has everything.

    A legal notice that no chosen way would carry goes by every way there is.
    """
    possible = set()
    if has_mail:
        possible.add(NoticeChannel.MAIL)
    if has_phone and type(event) in BY_SMS:
        possible.add(NoticeChannel.SMS)
    chosen = {
        way
        for way, is_wanted in ((NoticeChannel.MAIL, wanted.mail), (NoticeChannel.SMS, wanted.sms))
        if is_wanted and way in possible
    }
    return frozenset(possible if is_legal(event) and not chosen else chosen)
