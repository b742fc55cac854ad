"""How a life comes nearer to money moving: payments, surpluses, payouts, chargebacks, releases.

Not here: the other commands (`goals.py`).
"""

from __future__ import annotations

from datetime import timedelta

from earnest.core.order.parts import PayoutOutcome, PayoutState
from earnest.core.order.settling import late_refund_line
from earnest.core.order.stage import Stage
from earnest.core.values.money import Money
from tests.core import world
from tests.core.laws.launching import paid_after_all, towards_payment
from tests.core.laws.lives import Ask, Life

SECOND = timedelta(seconds=1)
MONTH = timedelta(days=30)


def pay(life: Life, target: Stage) -> Ask | None:
    """Let money arrive: a deposit, part of the balance, or something that is not owed."""
    order = life.order
    fresh = {"provider_payment_id": f"extra-{life.asks}"}
    if order.pay_until is None and target is not order.stage:
        return towards_payment(life)
    pay_until = order.pay_until or life.at
    if order.stage is Stage.RESERVED and target is Stage.DEPOSITED:
        paid_at = min(life.at, pay_until - SECOND)
        return Ask("RecordPayment", life.at, {"paid_at": paid_at, **fresh})
    if order.stage is Stage.RESERVED and target is Stage.LAPSED:
        return Ask("RecordPayment", max(life.at, pay_until), fresh)
    if order.stage is Stage.LAPSED and target is not Stage.LAPSED:
        return paid_after_all(life, target, {"paid_at": pay_until - SECOND, **fresh})
    if order.stage is Stage.INSPECTED:
        return _pay_balance(life, target)
    amount = life.facts.policy.deposit if life.chance.random() < 0.5 else world.yuan(77)
    number = life.chance.randrange(len(order.payments)) + 1
    if order.stage is Stage.RESERVED:
        amount = world.yuan(77)
    return Ask("RecordPayment", life.at, {"payment_number": number, "amount": amount, **fresh})


def _pay_balance(life: Life, target: Stage) -> Ask:
    waiting = [each for each in life.order.payments if each.received_at is None]
    if not waiting:
        due = life.order.balance_due
        part = due if target is Stage.PAID else Money(due.amount // 3, due.currency)
        return Ask("RequestPayment", life.at, {"amount": part})
    payment = life.chance.choice(waiting)
    amount = life.order.balance_due if target is Stage.PAID else payment.amount
    if target is Stage.INSPECTED and amount.amount >= life.order.balance_due.amount:
        amount = Money(life.order.balance_due.amount // 2, amount.currency)
    if life.chance.random() < 0.2 and target is Stage.PAID:
        amount = amount + world.yuan(33)
    return Ask(
        "RecordPayment",
        life.at,
        {
            "payment_number": payment.number,
            "amount": amount,
            "provider_payment_id": f"balance-{life.asks}",
        },
    )


def _surplus(life: Life) -> Ask | None:
    """Let money arrive that is not owed, so that there is a payout."""
    if life.order.stage is Stage.INSPECTED:
        fields = {"payment_number": 1, "amount": world.yuan(5)}
        return Ask("RecordPayment", life.at, fields | {"provider_payment_id": f"x-{life.asks}"})
    return pay(life, life.order.stage)


def payout(life: Life, _: Stage) -> Ask | None:
    """Let the provider answer about a payout, after bringing one about."""
    open_payouts = [
        each
        for each in life.order.payouts
        if each.state
        not in {PayoutState.PAID, PayoutState.AWAITING_RELEASE, PayoutState.AWAITING_RETURN}
    ]
    if not open_payouts:
        return _surplus(life)
    payout = life.chance.choice(open_payouts)
    outcome = life.chance.choice([*PayoutOutcome, PayoutOutcome.PAID, PayoutOutcome.PAID])
    return Ask("RecordPayout", life.at, {"payout_number": payout.number, "outcome": outcome})


def chargeback(life: Life, _: Stage) -> Ask | None:
    """Let a bank take money back, after some came in."""
    fields = {"payment_number": 1, "amount": world.yuan(life.chance.choice((3, 20, 5_000)))}
    if life.order.deposited_at is None and not life.order.payouts:
        return _surplus(life)
    return Ask("RecordChargeback", life.at, fields)


def release(life: Life, _: Stage) -> Ask | None:
    """Release a sum beyond the buyer's own, where one waits or a late refund brings one."""
    waiting = [x for x in life.order.payouts if x.state is PayoutState.AWAITING_RELEASE]
    if waiting:
        return Ask("ReleasePayout", life.at, {"payout_number": waiting[0].number})
    for payout in life.order.payouts:
        if late_refund_line(life.order, payout, life.facts.policy, payout.due_at + MONTH):
            if payout.state is PayoutState.AWAITING_RETURN:
                return Ask("RecordReturn", life.at)
            if payout.state is not PayoutState.PAID:
                fields = {"payout_number": payout.number, "outcome": PayoutOutcome.PAID}
                return Ask("RecordPayout", max(life.at, payout.due_at + MONTH), fields)
    return None


def release_forfeiture(life: Life, _: Stage) -> Ask | None:
    """Release a forfeiture, where one waits."""
    forfeiture = life.order.forfeiture
    if forfeiture is None or forfeiture.released_at is not None:
        return None
    return Ask("ReleaseForfeiture", life.at, who=life.chance.choice(("finance:an", "finance:bo")))
