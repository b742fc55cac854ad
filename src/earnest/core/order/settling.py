"""What every exit has in common: the position it settles, the payouts and clocks that follow.

Not here: the computation itself (`core/settlement`) and the conditions of each exit.
"""

from __future__ import annotations

import msgspec

from earnest.core.ledger.account import Account
from earnest.core.order.events import CompensationFixed, LateRefundCompensated, SettlementFixed
from earnest.core.order.parts import (
    DEPOSIT_PAYMENT,
    ForfeitureFact,
    Payout,
    PayoutKind,
    PayoutState,
)
from earnest.core.order.position import lateness_of, position_of
from earnest.core.order.state import Order, changed
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.handing_over import late_handover
from earnest.core.settlement.interest import late_refund_grows_by
from earnest.core.settlement.position import Claim, Held
from earnest.core.settlement.refund_clock import refund_due_at
from earnest.core.settlement.settle import settle
from earnest.core.settlement.statement import Line, LineKind, Statement, beyond_own, to_buyer
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant, days_late, end_of_day_after, hours_later
from earnest.core.values.money import Money, nothing, smaller, total

LATE_REFUND = "late_refund"
"""Who fixed what a late refund grew by: nobody did, the clock does."""

_WITHDRAWALS = frozenset({Ground.COOLING_OFF, Ground.WITHDRAWAL_AFTER_HANDOVER})


class _Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """Until when money goes back on its payment, is transferred, and is released."""

    refund: Instant
    transfer: Instant
    release: Instant


def statement_of(
    order: Order, ground: Ground, policy: Policy, at: Instant, claim: Claim | None = None
) -> Statement:
    """The statement this order would get on this ground at this instant.

    Previews and postings both use it, so the one equals the other to the cent.
    """
    law = LAWS[policy.jurisdiction]
    return settle(ground, position_of(order, ground, policy, at, claim), law)


def settlement_fixed(
    order: Order,
    ground: Ground,
    policy: Policy,
    fixed_by: str,
    now: Instant,
    claim: Claim | None = None,
) -> SettlementFixed:
    """The settlement of an exit with the payouts that carry it out.

    The buyer's own money goes back at once, or when a car that is given back has arrived; what
    goes beyond it waits for a second person, who can release it but never change it (DESIGN 3).
    """
    statement = statement_of(order, ground, policy, now, claim)
    clocks = _clocks(ground, policy, now)
    back_until = comes_back_until(order, statement, policy, now)
    return SettlementFixed(
        at=now,
        statement=statement,
        payouts=_payouts(order, statement, fixed_by, clocks),
        fixed_by=fixed_by,
        release_due_at=clocks.release
        if back_until is None
        else end_of_day_after(back_until, policy.release_days, policy.time_zone),
        back_until=back_until,
    )


def comes_back_until(
    order: Order, statement: Statement, policy: Policy, now: Instant
) -> Instant | None:
    """Until when what this statement keeps goes back if another order takes the slot or the car.

    None where nothing is kept, where the terms do not say it, and where an order that ends now has
    neither. A car that is there counts, and not the slot that it was built in.
    """
    days = policy.deposit_back_if_taken_days
    has_something = order.car is not None or order.slot is not None
    if not days or not has_something or not statement.kept.is_positive:
        return None
    return end_of_day_after(now, days, policy.time_zone)


def _clocks(ground: Ground, policy: Policy, now: Instant) -> _Clocks:
    """The refund clocks of law and terms; inside the cooling-off period hours count."""
    law, days, zone_name = LAWS[policy.jurisdiction], policy.refund_days, policy.time_zone
    refund = refund_due_at(now, days, law, zone_name, by_card=True)
    if ground is Ground.COOLING_OFF:
        refund = hours_later(now, policy.cooling_off_refund_hours)
    return _Clocks(
        refund=refund,
        transfer=refund_due_at(now, days, law, zone_name, by_card=False),
        release=end_of_day_after(now, policy.release_days, zone_name),
    )


def _payouts(
    order: Order, statement: Statement, fixed_by: str, clocks: _Clocks
) -> tuple[Payout, ...]:
    """Refunds on the payments the money came by, and a transfer for what exceeds them.

    The latest payment goes back first, so that a balance returns the way it came and what is
    kept is kept of the deposit.
    """
    owed = statement.owed_to_buyer
    beyond = smaller(owed, beyond_own(statement.lines, statement.currency))
    returning = statement.ground is Ground.WITHDRAWAL_AFTER_HANDOVER
    planned = _refunds(order, owed - beyond, fixed_by, clocks.refund, awaits_return=returning)
    if beyond.is_positive:
        number = len(order.payouts) + len(planned) + 1
        planned.append(_transfer(number, beyond, fixed_by, clocks))
    return tuple(planned)


def _refunds(
    order: Order, owed: Money, fixed_by: str, due_at: Instant, *, awaits_return: bool
) -> list[Payout]:
    remaining = owed
    planned: list[Payout] = []
    for payment in reversed(order.payments):
        if payment.received_at is None:
            continue
        refundable = payment.amount - (payment.charged_back or nothing(owed.currency))
        part = smaller(remaining, refundable)
        if part.is_positive:
            planned.append(
                Payout(
                    number=len(order.payouts) + len(planned) + 1,
                    kind=PayoutKind.REFUND,
                    amount=part,
                    due_at=due_at,
                    state=PayoutState.AWAITING_RETURN if awaits_return else PayoutState.DUE,
                    payment_number=payment.number,
                    fixed_by=fixed_by,
                    provider=payment.provider,
                    provider_payment_id=payment.provider_payment_id,
                )
            )
            remaining = remaining - part
    assert not remaining.is_positive, "the buyer's own money never exceeds the payments received"
    return planned


def _transfer(number: int, amount: Money, fixed_by: str, clocks: _Clocks) -> Payout:
    return Payout(
        number=number,
        kind=PayoutKind.TRANSFER,
        amount=amount,
        due_at=clocks.transfer,
        state=PayoutState.AWAITING_RELEASE,
        payment_number=DEPOSIT_PAYMENT,
        fixed_by=fixed_by,
        release_due_at=clocks.release,
    )


def compensation_lines(order: Order, policy: Policy, at: Instant) -> tuple[Line, ...]:
    """What a handover at this instant would owe the buyer beside the car; empty in time."""
    law = LAWS[policy.jurisdiction]
    lateness = lateness_of(order, policy, law, at)
    return () if lateness is None else late_handover(lateness, law)


def compensation_fixed(
    order: Order, policy: Policy, fixed_by: str, now: Instant
) -> CompensationFixed | None:
    """What a late handover owes, with the payout that waits for a second person (S16, S21)."""
    lines = compensation_lines(order, policy, now)
    if not lines:
        return None
    clocks = _clocks(Ground.DELAY, policy, now)
    owed = total([line.amount for line in lines], policy.currency)
    return CompensationFixed(
        at=now,
        lines=lines,
        payout=_transfer(len(order.payouts) + 1, owed, fixed_by, clocks),
        fixed_by=fixed_by,
    )


def late_refund_line(order: Order, payout: Payout, policy: Policy, at: Instant) -> Line | None:
    """What a payout that is not paid in time grows by, if it were paid at this instant.

    A surplus was never owed by a settlement, and what a late refund grew by does not grow again.
    """
    if payout.is_surplus or payout.fixed_by == LATE_REFUND or at < payout.due_at:
        return None
    law = LAWS[policy.jurisdiction]
    late = Held(payout.amount, days_late(payout.due_at, at, policy.time_zone))
    withdrawn = order.statement is not None and order.statement.ground in _WITHDRAWALS
    owed = late_refund_grows_by(
        late, policy.refund_interest_basis_points, law, after_withdrawal=withdrawn
    )
    if not owed.is_positive:
        return None
    rule, expense = law.citations.late_refund, Account.INTEREST_EXPENSE
    return to_buyer(LineKind.INTEREST_PAID, expense, owed, rule)


def late_refund_compensated(
    order: Order, payout: Payout, policy: Policy, now: Instant
) -> LateRefundCompensated | None:
    """What is owed beside a refund that was paid too late (CN-29, FR-02)."""
    line = late_refund_line(order, payout, policy, now)
    if line is None:
        return None
    clocks = _clocks(Ground.DELAY, policy, now)
    return LateRefundCompensated(
        at=now,
        late_payout_number=payout.number,
        days_late=days_late(payout.due_at, now, policy.time_zone),
        line=line,
        payout=_transfer(len(order.payouts) + 1, line.amount, LATE_REFUND, clocks),
    )


def settled(order: Order, event: SettlementFixed) -> Order:
    """Nothing is held any more: everything is owed, forfeited or set off."""
    none = nothing(order.price.currency)
    statement = event.statement
    forfeiture = None
    if statement.kept.is_positive:
        fee = statement.sum_of(LineKind.FEE_KEPT).is_positive
        forfeiture = ForfeitureFact(
            amount=statement.kept,
            fixed_at=event.at,
            fixed_by=event.fixed_by,
            release_due_at=event.release_due_at,
            income=Account.FEE_INCOME if fee else Account.FORFEITURE_INCOME,
            back_until=event.back_until,
        )
    set_off = statement.sum_of(LineKind.ALREADY_CHARGED_BACK)
    return changed(
        order,
        event.at,
        statement=statement,
        payouts=(*order.payouts, *event.payouts),
        forfeiture=forfeiture,
        deposit_paid=none,
        balance_paid=none,
        charged_back=order.charged_back - set_off,
    )


def compensated(order: Order, event: CompensationFixed | LateRefundCompensated) -> Order:
    """More is owed to the buyer and waits for a second person."""
    return changed(order, event.at, payouts=(*order.payouts, event.payout))
