"""Money coming in: deposit, balance in parts, and everything a provider can surprise us with.

Not here: asking for a payment (`reserve.py`, `balance.py`) and paying out (`payout.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.order.allot import sent_back_to_wait, waits_for_unit
from earnest.core.order.case import case_of
from earnest.core.order.commands import RecordChargeback, RecordPayment
from earnest.core.order.events import (
    BalanceReceived,
    ChargebackReceived,
    DepositReceived,
    Event,
    Lapsed,
    Reinstated,
    SurplusReceived,
)
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import Payment, Payout, PayoutKind, PayoutState, Purpose
from earnest.core.order.stage import EXITS, Stage
from earnest.core.order.standing_still import payable_until
from earnest.core.order.state import Order, changed
from earnest.core.settlement.ground import Ground
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant, end_of_day_after, hours_later
from earnest.core.values.money import Money, nothing, smaller, total
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def record_payment(
    order: Order, command: RecordPayment, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Book money that the provider received, and never turn any away.

    What is not owed (a second payment, a payment after the window, a wrong amount) is kept
    safe as a surplus and paid back. Rejections, which leave the message in the inbox for a
    person: `payment_unknown`, `currency_differs`, `amount_not_positive`.
    """
    payment = order.payment(command.payment_number)
    if payment is None:
        return Rejected(Reason.PAYMENT_UNKNOWN, {"payment": str(command.payment_number)})
    if command.amount.currency != order.price.currency:
        return Rejected(Reason.CURRENCY_DIFFERS, {"currency": order.price.currency})
    if not command.amount.is_positive:
        return Rejected(Reason.AMOUNT_NOT_POSITIVE)
    if _already_recorded(order, command):
        return accepted()
    if payment.received_at is not None:
        return accepted(_surplus(order, command, policy, now, command.amount, "paid_twice"))
    if payment.purpose is Purpose.DEPOSIT:
        return _deposit(order, command, facts, policy, now)
    return _balance(order, command, policy, now)


def _already_recorded(order: Order, command: RecordPayment) -> bool:
    """Whether this very payment is booked; two providers may use the same number."""
    reference = (command.provider, command.provider_payment_id)
    return _surplus_reference(*reference) in order.surplus_payment_ids or any(
        (payment.provider, payment.provider_payment_id) == reference for payment in order.payments
    )


def _surplus_reference(provider: str, provider_payment_id: str) -> str:
    """How a payment that was not owed is remembered on the order."""
    return f"{provider}/{provider_payment_id}"


def _deposit(
    order: Order, command: RecordPayment, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """The provider's own clock decides whether the deposit came in time (DESIGN section 5)."""
    if order.stage not in {Stage.RESERVED, Stage.LAPSED}:
        return accepted(_surplus(order, command, policy, now, command.amount, "order_over"))
    if command.amount != order.deposit:
        return accepted(_surplus(order, command, policy, now, command.amount, "amount_differs"))
    if waits_for_unit(order):
        return accepted(_surplus(order, command, policy, now, command.amount, "no_unit"))
    pay_until = payable_until(order, facts.pauses, now)
    if pay_until is not None and command.paid_at >= pay_until:
        late = _surplus(order, command, policy, now, command.amount, "paid_too_late")
        return accepted(late) if order.stage is Stage.LAPSED else accepted(Lapsed(at=now), late)
    received = DepositReceived(
        at=now,
        payment_number=command.payment_number,
        amount=command.amount,
        paid_at=command.paid_at,
        provider=command.provider,
        provider_payment_id=command.provider_payment_id,
        cooling_off_ends=hours_later(command.paid_at, policy.cooling_off_hours),
    )
    if order.stage is Stage.RESERVED:
        return accepted(received)
    if order.unit is not None and not _unit_is_free(facts):
        surplus = _surplus(order, command, policy, now, command.amount, "unit_gone")
        return accepted(Reinstated(at=now, unit_gone=True), surplus)
    return accepted(Reinstated(at=now), received)


def _unit_is_free(facts: Facts) -> bool:
    """Whether a lapsed order of an edition can have a unit again, at its old rank."""
    return facts.allotment is not None and facts.allotment.is_free


def _balance(order: Order, command: RecordPayment, policy: Policy, now: Instant) -> Outcome:
    if order.stage is not Stage.INSPECTED:
        why = "order_over" if order.stage in EXITS else "more_than_due"
        return accepted(_surplus(order, command, policy, now, command.amount, why))
    credited = smaller(command.amount, order.balance_due)
    events: list[Event] = [
        BalanceReceived(
            at=now,
            payment_number=command.payment_number,
            amount=credited,
            paid_at=command.paid_at,
            provider=command.provider,
            provider_payment_id=command.provider_payment_id,
            outstanding=order.balance_due - credited,
        )
    ]
    rest = command.amount - credited
    if rest.is_positive:
        events.append(_surplus(order, command, policy, now, rest, "more_than_due"))
    return accepted(*events)


def _surplus(
    order: Order, command: RecordPayment, policy: Policy, now: Instant, amount: Money, why: str
) -> SurplusReceived:
    return SurplusReceived(
        at=now,
        payment_number=command.payment_number,
        amount=amount,
        paid_at=command.paid_at,
        provider=command.provider,
        provider_payment_id=command.provider_payment_id,
        why=why,
        payout=Payout(
            number=len(order.payouts) + 1,
            kind=PayoutKind.REFUND,
            amount=amount,
            due_at=end_of_day_after(now, policy.refund_days, policy.time_zone),
            state=PayoutState.DUE,
            payment_number=command.payment_number,
            provider=command.provider,
            provider_payment_id=command.provider_payment_id,
        ),
    )


def record_chargeback(
    order: Order, command: RecordChargeback, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Book what a bank took back and open a case; the order itself stays as it is.

    Money that was never owed counts as well: the bank does not ask what it was for. Rejections,
    which leave the message in the inbox for a person: `payment_unknown`, `currency_differs`,
    `amount_not_positive`, `chargeback_exceeds_payment`.
    """
    payment = order.payment(command.payment_number)
    if payment is None:
        return Rejected(Reason.PAYMENT_UNKNOWN, {"payment": str(command.payment_number)})
    if command.amount.currency != order.price.currency:
        return Rejected(Reason.CURRENCY_DIFFERS, {"currency": order.price.currency})
    if not command.amount.is_positive:
        return Rejected(Reason.AMOUNT_NOT_POSITIVE)
    received = _received(order, payment)
    already = payment.charged_back or nothing(received.currency)
    if (command.amount + already).amount > received.amount:
        return Rejected(Reason.CHARGEBACK_EXCEEDS_PAYMENT, {"received": str(received.amount)})
    charged_back = ChargebackReceived(
        at=now,
        payment_number=command.payment_number,
        amount=command.amount,
        provider_reference=command.provider_reference,
    )
    opened = case_of(order, "chargeback", command.actor, policy, now, seller_answers=False)
    return accepted(charged_back, opened)


def _received(order: Order, payment: Payment) -> Money:
    """Everything that came in for a payment, owed or not."""
    surpluses = [
        payout.amount
        for payout in order.payouts
        if payout.is_surplus and payout.payment_number == payment.number
    ]
    credited = nothing(payment.amount.currency) if payment.received_at is None else payment.amount
    return credited + total(surpluses, payment.amount.currency)


def deposit_received(order: Order, event: DepositReceived) -> Order:
    """The deposit is held and the cooling-off period runs."""
    return changed(
        order,
        event.at,
        stage=Stage.DEPOSITED,
        payments=_with_received(order, event),
        deposit_paid=order.deposit_paid + event.amount,
        deposited_at=event.paid_at,
        cooling_off_ends=event.cooling_off_ends,
    )


def reinstated(order: Order, event: Reinstated) -> Order:
    """The reservation is back where it was, with its rank."""
    back = sent_back_to_wait(order) if event.unit_gone else order
    return changed(back, event.at, stage=Stage.RESERVED)


def surplus_received(order: Order, event: SurplusReceived) -> Order:
    """Money that is not owed is on its way back."""
    return changed(
        order,
        event.at,
        payouts=(*order.payouts, event.payout),
        surplus_payment_ids=(
            *order.surplus_payment_ids,
            _surplus_reference(event.provider, event.provider_payment_id),
        ),
    )


def balance_received(order: Order, event: BalanceReceived) -> Order:
    """Part of the balance is held; with the last part the order is paid, and no demand open."""
    paid = not event.outstanding.is_positive
    return changed(
        order,
        event.at,
        stage=Stage.PAID if paid else order.stage,
        payments=_with_received(order, event),
        balance_paid=order.balance_paid + event.amount,
        demands=order.demands_met(Ground.BALANCE_DEFAULT) if paid else order.demands,
    )


def chargeback_received(order: Order, event: ChargebackReceived) -> Order:
    """The bank's part is remembered with the payment, so that nothing is returned twice."""
    payments = []
    for payment in order.payments:
        if payment.number != event.payment_number:
            payments.append(payment)
            continue
        so_far = payment.charged_back or nothing(event.amount.currency)
        payments.append(msgspec.structs.replace(payment, charged_back=so_far + event.amount))
    return changed(
        order,
        event.at,
        payments=tuple(payments),
        charged_back=order.charged_back + event.amount,
    )


def _with_received(order: Order, event: DepositReceived | BalanceReceived) -> tuple[Payment, ...]:
    return tuple(
        msgspec.structs.replace(
            payment,
            amount=event.amount,
            received_at=event.paid_at,
            provider=event.provider,
            provider_payment_id=event.provider_payment_id,
        )
        if payment.number == event.payment_number
        else payment
        for payment in order.payments
    )
