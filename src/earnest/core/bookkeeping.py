"""Bookkeeping: for every event the entry that it causes, and only that.

Not here: deciding amounts. An event carries what it moves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Entry, Posting
from earnest.core.order import events as happened
from earnest.core.order import events_of_agreements as agreed
from earnest.core.order import events_of_delivery as delivering
from earnest.core.order import events_of_launch as launched
from earnest.core.order.event import Event
from earnest.core.values.money import Money


def entry(event: Event) -> Entry:
    """The postings of one event; empty when it moves no money."""
    return ENTRIES[type(event)](event)


def _none(_: Event) -> Entry:
    return ()


def _move(debit: Account, credit: Account, amount: Money) -> Entry:
    return (Posting(debit, credit, amount),) if amount.is_positive else ()


def _deposit_received(event: happened.DepositReceived) -> Entry:
    return _move(Account.PROVIDER_CLEARING, Account.CUSTOMER_DEPOSITS, event.amount)


def _surplus_received(event: happened.SurplusReceived) -> Entry:
    return _move(Account.PROVIDER_CLEARING, Account.OWED_TO_BUYERS, event.amount)


def _balance_received(event: happened.BalanceReceived) -> Entry:
    return _move(Account.PROVIDER_CLEARING, Account.CUSTOMER_BALANCES, event.amount)


def _locked(event: happened.Locked) -> Entry:
    return _move(Account.CUSTOMER_DEPOSITS, Account.COMMITTED_DEPOSITS, event.deposit)


def _lock_undone(event: happened.LockUndone) -> Entry:
    return _move(Account.COMMITTED_DEPOSITS, Account.CUSTOMER_DEPOSITS, event.deposit)


def _handed_over(event: happened.HandedOver) -> Entry:
    return (
        *_move(Account.COMMITTED_DEPOSITS, Account.SALES_REVENUE, event.deposit),
        *_move(Account.CUSTOMER_BALANCES, Account.SALES_REVENUE, event.balance_paid),
    )


def _settlement_fixed(event: happened.SettlementFixed) -> Entry:
    return tuple(line.posting for line in event.statement.lines)


def _compensation_fixed(event: happened.CompensationFixed) -> Entry:
    return tuple(line.posting for line in event.lines)


def _late_refund(event: happened.LateRefundCompensated) -> Entry:
    return (event.line.posting,)


def _resale(event: happened.ResaleRecorded | happened.CarTaken | happened.SlotTaken) -> Entry:
    return () if event.line is None else (event.line.posting,)


def _forfeiture_released(event: happened.ForfeitureReleased) -> Entry:
    return _move(Account.FORFEITURES_UNRELEASED, event.income, event.amount)


def _payout_paid(event: happened.PayoutPaid) -> Entry:
    return _move(Account.OWED_TO_BUYERS, Account.PROVIDER_CLEARING, event.amount)


def _chargeback_received(event: happened.ChargebackReceived) -> Entry:
    return _move(Account.CHARGEBACKS, Account.PROVIDER_CLEARING, event.amount)


ENTRIES: dict[type[Event], Callable[[Any], Entry]] = {
    happened.Reserved: _none,
    happened.DepositReceived: _deposit_received,
    happened.Lapsed: _none,
    happened.Reinstated: _none,
    happened.SurplusReceived: _surplus_received,
    happened.Withdrawn: _none,
    happened.ClauseAcknowledged: _none,
    happened.Locked: _locked,
    happened.LockUndone: _lock_undone,
    happened.ConfigurationChanged: _none,
    happened.DeferralRequested: _none,
    happened.DeferralDeclined: _none,
    happened.DeferralTakenBack: _none,
    happened.DeferralUnanswered: _none,
    happened.Deferred: _none,
    happened.Resumed: _none,
    happened.DeferralEnded: _none,
    agreed.AgreementProposed: _none,
    agreed.AgreementMade: _none,
    agreed.AgreementDeclined: _none,
    agreed.PublicPromisesApplied: _none,
    agreed.PriceLowered: _none,
    agreed.TermsOffered: _none,
    agreed.TermsAccepted: _none,
    agreed.TermsDeclined: _none,
    agreed.ChangeAnnounced: _none,
    agreed.ChangeAnswered: _none,
    agreed.Switched: _none,
    agreed.ChangeUnanswered: _none,
    happened.Scheduled: _none,
    happened.Rescheduled: _none,
    happened.PromiseRevised: _none,
    happened.DelayAnswered: _none,
    happened.DelayUnanswered: _none,
    happened.EarlierAllowed: _none,
    happened.Overtaken: _none,
    happened.CarAllocated: _none,
    happened.SlotTaken: _resale,
    happened.CarHeld: _none,
    happened.CarTaken: _resale,
    happened.UnitAllotted: _none,
    happened.PaymentOpened: _none,
    launched.TimeGivenBack: _none,
    happened.Built: _none,
    happened.Shipped: _none,
    happened.Tendered: _none,
    happened.AppointmentBooked: _none,
    happened.AppointmentMissed: _none,
    happened.Inspected: _none,
    happened.PerformanceDemanded: _none,
    happened.NoticeDelivered: _none,
    happened.BalanceDemanded: _none,
    happened.PaymentRequested: _none,
    happened.BalanceReceived: _balance_received,
    happened.HandedOver: _handed_over,
    happened.Closed: _none,
    happened.CancelledByBuyer: _none,
    happened.CancellationApproved: _none,
    happened.CancelledBySeller: _none,
    happened.CancellationContested: _none,
    happened.CancellationRevoked: _none,
    happened.PerformanceRefused: _none,
    happened.DeliveryDemanded: _none,
    happened.TerminatedByBuyer: _none,
    happened.TerminatedForForceMajeure: _none,
    happened.SettlementFixed: _settlement_fixed,
    happened.CarReturned: _none,
    happened.LossDocumented: _none,
    happened.LossApproved: _none,
    happened.FinanceDeclined: _none,
    happened.PartlyDelivered: _none,
    happened.CompensationFixed: _compensation_fixed,
    happened.LateRefundCompensated: _late_refund,
    happened.ResaleRecorded: _resale,
    happened.PayoutReleased: _none,
    happened.ForfeitureReleased: _forfeiture_released,
    happened.PayoutPaid: _payout_paid,
    happened.PayoutUnknown: _none,
    happened.PayoutFailed: _none,
    happened.ChargebackReceived: _chargeback_received,
    happened.CaseOpened: _none,
    happened.EvidenceAdded: _none,
    happened.CaseAnswered: _none,
    happened.CaseClosed: _none,
    happened.Reminded: _none,
    launched.BenefitDelivered: _none,
    delivering.CentreChosen: _none,
    delivering.Prepared: _none,
}
"""The entry of every event. A law proves that none is missing and that all sum to zero."""
