"""What every exit has in common: the position it settles, the payouts and clocks that follow.

Not here: the computation itself (`core/settlement`) and the conditions of each exit.
"""

from __future__ import annotations

from earnest.core.order.events import SettlementFixed
from earnest.core.order.parts import ForfeitureFact, Payout, PayoutKind, PayoutState
from earnest.core.order.reserve import DEPOSIT_PAYMENT
from earnest.core.order.state import Order, changed
from earnest.core.settlement.ground import BUYER_ANSWERS, Ground
from earnest.core.settlement.settle import Position, settle
from earnest.core.settlement.statement import LineKind, Statement
from earnest.core.terms.policy import DepositKind, Policy
from earnest.core.terms.version import FORFEITURE_CLAUSE
from earnest.core.values.instant import Instant, end_of_day_after, hours_later
from earnest.core.values.money import nothing, smaller


def statement_of(order: Order, ground: Ground, policy: Policy) -> Statement:
    """The statement this order would get on this ground now. Previews and postings use it."""
    waived = policy.forfeiture_waived and ground in BUYER_ANSWERS
    return settle(
        ground,
        Position(
            price=order.price,
            deposit_kind=DepositKind.INTENT if waived else policy.deposit_kind,
            deposit_account=order.deposit_account,
            deposit_paid=order.deposit_paid,
            balance_paid=order.balance_paid,
            charged_back=order.charged_back,
            earnest_cap_basis_points=policy.earnest_cap_basis_points,
            forfeiture_acknowledged=FORFEITURE_CLAUSE in order.acknowledged,
        ),
    )


def settlement_fixed(
    order: Order, ground: Ground, policy: Policy, fixed_by: str, now: Instant
) -> SettlementFixed:
    """The settlement of an exit with the payouts that carry it out.

    The buyer's own money goes back at once; a doubled sum waits for a second person, who can
    release it but never change it (DESIGN section 3).
    """
    statement = statement_of(order, ground, policy)
    release_due_at = end_of_day_after(now, policy.release_days, policy.time_zone)
    if ground is Ground.COOLING_OFF:
        due_at = hours_later(now, policy.cooling_off_refund_hours)
    else:
        due_at = end_of_day_after(now, policy.refund_days, policy.time_zone)
    return SettlementFixed(
        at=now,
        statement=statement,
        payouts=_payouts(order, statement, fixed_by, due_at, release_due_at),
        fixed_by=fixed_by,
        release_due_at=release_due_at,
    )


def _payouts(
    order: Order,
    statement: Statement,
    fixed_by: str,
    due_at: Instant,
    release_due_at: Instant,
) -> tuple[Payout, ...]:
    """Refunds on the payments the money came by, and transfers for what exceeds them.

    The latest payment goes back first, so that a balance returns the way it came and what is
    kept is kept of the deposit.
    """
    owed = statement.owed_to_buyer
    doubled = smaller(owed, statement.sum_of(LineKind.EARNEST_DOUBLED))
    remaining = owed - doubled
    planned: list[Payout] = []
    for payment in reversed(order.payments):
        if payment.received_at is None:
            continue
        refundable = payment.amount - (payment.charged_back or nothing(statement.currency))
        part = smaller(remaining, refundable)
        if part.is_positive:
            planned.append(
                Payout(
                    number=len(order.payouts) + len(planned) + 1,
                    kind=PayoutKind.REFUND,
                    amount=part,
                    due_at=due_at,
                    state=PayoutState.DUE,
                    payment_number=payment.number,
                    fixed_by=fixed_by,
                    provider=payment.provider,
                    provider_payment_id=payment.provider_payment_id,
                )
            )
            remaining = remaining - part
    assert not remaining.is_positive, "the buyer's own money never exceeds the payments received"
    if doubled.is_positive:
        planned.append(
            Payout(
                number=len(order.payouts) + len(planned) + 1,
                kind=PayoutKind.TRANSFER,
                amount=doubled,
                due_at=due_at,
                state=PayoutState.AWAITING_RELEASE,
                payment_number=DEPOSIT_PAYMENT,
                fixed_by=fixed_by,
                release_due_at=release_due_at,
            )
        )
    return tuple(planned)


def settled(order: Order, event: SettlementFixed) -> Order:
    """Nothing is held any more: everything is owed, forfeited or set off."""
    none = nothing(order.price.currency)
    forfeited = event.statement.sum_of(LineKind.EARNEST_FORFEITED)
    forfeiture = None
    if forfeited.is_positive:
        forfeiture = ForfeitureFact(
            amount=forfeited,
            fixed_at=event.at,
            fixed_by=event.fixed_by,
            release_due_at=event.release_due_at,
        )
    set_off = event.statement.sum_of(LineKind.ALREADY_CHARGED_BACK)
    return changed(
        order,
        event.at,
        statement=event.statement,
        payouts=(*order.payouts, *event.payouts),
        forfeiture=forfeiture,
        deposit_paid=none,
        balance_paid=none,
        charged_back=order.charged_back - set_off,
    )
