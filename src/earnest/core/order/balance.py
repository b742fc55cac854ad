"""The balance: demanded after the passed joint inspection of an identified car, paid in parts.

Its days run from the proven arrival of the demand (CN-11). Not here: which proof counts
(`cancel.py`), the arrival of the money (`payment.py`). There is no other way to demand a balance.
"""

from __future__ import annotations

import msgspec

from earnest.core.cases.notice import Means
from earnest.core.order.commands import DemandBalance, RequestPayment
from earnest.core.order.events import BalanceDemanded, NoticeDelivered, PaymentRequested
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import BalanceDemand, Payment, Purpose
from earnest.core.order.state import Order, changed
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant, end_of_day_after
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def demand_balance(
    order: Order, command: DemandBalance, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Ask for the rest of the price (CN-07, CN-08, EU-10: never before tender and inspection).

    Nothing is due by the demand itself: its days run once its arrival is proven (CN-11).
    Rejections: those of `why_no_demand`.
    """
    reason = why_no_demand(order, now)
    if reason is not None:
        return Rejected(reason)
    inspection, tender = order.inspection, order.tender
    assert inspection is not None, "why_no_demand asked for an inspection"
    assert tender is not None, "a passed inspection belongs to a tender"
    assert inspection.tender_number == tender.number, "a new tender is inspected anew"
    return accepted(
        BalanceDemanded(
            at=now,
            tender_number=inspection.tender_number,
            amount=order.balance_due,
            due_days=policy.balance_due_days,
        )
    )


def due_after_arrival(order: Order, arrived_at: Instant, policy: Policy) -> Instant | None:
    """When a demand falls due that arrived then; None if there is none or its days run already.

    Days that were agreed or promised since the demand count, if they are more.
    """
    demand = order.balance_demand
    if demand is None or demand.due_at is not None:
        return None
    days = max(demand.due_days, policy.balance_due_days)
    return end_of_day_after(arrived_at, days, policy.time_zone)


def why_no_demand(order: Order, at: Instant) -> Reason | None:
    """What stands against demanding the balance at this instant; None when nothing does.

    The hard guard of the whole house, in the order in which a buyer would object: an agreement
    in force (CN-05), no joint inspection of the tendered car, a refused one (CN-08, CN-37).
    """
    if order.agreement_open(at):
        return Reason.AGREEMENT_OPEN
    if order.inspection is None:
        return Reason.NOT_INSPECTED
    if not order.inspection.passed:
        return Reason.INSPECTION_REFUSED
    if not order.balance_due.is_positive:
        return Reason.BALANCE_ALREADY_PAID
    if order.balance_demand is not None:
        return Reason.BALANCE_ALREADY_DEMANDED
    return None


def request_payment(
    order: Order, command: RequestPayment, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Open a payment of part of the balance; several may add up to it.

    A buyer who does so after the demand shows that it arrived. A payment that was opened before
    the demand shows nothing, whenever its money comes.
    Rejections: `currency_differs`, `amount_not_positive`, `amount_exceeds_balance_due`.
    """
    if command.amount.currency != order.price.currency:
        return Rejected(Reason.CURRENCY_DIFFERS, {"currency": order.price.currency})
    if not command.amount.is_positive:
        return Rejected(Reason.AMOUNT_NOT_POSITIVE)
    if command.amount.amount > order.balance_due.amount:
        return Rejected(
            Reason.AMOUNT_EXCEEDS_BALANCE_DUE, {"balance_due": str(order.balance_due.amount)}
        )
    return accepted(
        PaymentRequested(
            at=now,
            payment_number=len(order.payments) + 1,
            purpose=Purpose.BALANCE,
            amount=command.amount,
            balance_due_at=due_after_arrival(order, now, policy),
        )
    )


def balance_demanded(order: Order, event: BalanceDemanded) -> Order:
    """The balance was asked for; its days do not run yet."""
    demand = BalanceDemand(
        tender_number=event.tender_number,
        amount=event.amount,
        demanded_at=event.at,
        due_days=event.due_days,
        due_at=event.due_at,
    )
    return changed(order, event.at, balance_demand=demand)


def balance_notice_delivered(order: Order, event: NoticeDelivered) -> Order:
    """The days of the balance run."""
    demand = order.balance_demand
    assert demand is not None, "a notice of the balance follows its demand"
    arrived = msgspec.structs.replace(
        demand,
        due_at=event.cure_until,
        notice_delivered_at=event.delivered_at,
        notice_proof=event.proof,
        notice_means=event.means,
        notice_evidence_number=event.evidence_number,
    )
    return changed(order, event.at, balance_demand=arrived)


def payment_requested(order: Order, event: PaymentRequested) -> Order:
    """One more payment the buyer can make; the first after a demand shows that it arrived."""
    demand = order.balance_demand
    if event.balance_due_at is not None:
        assert demand is not None, "only an open demand falls due"
        demand = msgspec.structs.replace(
            demand,
            due_at=event.balance_due_at,
            notice_delivered_at=event.at,
            notice_proof=f"payment {event.payment_number}",
            notice_means=Means.ACTED,
        )
    payment = Payment(
        number=event.payment_number,
        purpose=event.purpose,
        amount=event.amount,
        requested_at=event.at,
    )
    return changed(order, event.at, payments=(*order.payments, payment), balance_demand=demand)
