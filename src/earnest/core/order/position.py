"""The position of an order: everything about it that a settlement needs, at an instant.

Not here: computing with it (`core/settlement`).
"""

from __future__ import annotations

from earnest.core.order.demand import ran_in_vain
from earnest.core.order.lateness import days_of_delay, days_of_this_delay, late_in_vain
from earnest.core.order.losses import approved, net_loss
from earnest.core.order.parts import LossSide, Purpose
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.settlement.delay import delay_compensation
from earnest.core.settlement.ground import BUYER_ANSWERS, SELLER_ANSWERS, Ground
from earnest.core.settlement.handing_over import Lateness
from earnest.core.settlement.position import WHOLE, Claim, Held, Position
from earnest.core.settlement.tax import tax_difference
from earnest.core.terms.packs.law import Law
from earnest.core.terms.policy import DepositKind, Policy
from earnest.core.terms.version import FORFEITURE_CLAUSE
from earnest.core.values.instant import Instant, days_between, last_day_of, zone
from earnest.core.values.money import Money, nothing, smaller

SHIPPED = frozenset({Stage.IN_TRANSIT, Stage.TENDERED, Stage.INSPECTED, Stage.PAID})
"""Stages in which the car has left the plant (KR-01)."""


def position_of(
    order: Order, ground: Ground, policy: Policy, at: Instant, claim: Claim | None = None
) -> Position:
    """What bears on ending this order on this ground at this instant.

    A buyer broke the contract seriously when a delivered demand ran out in vain and no agreement
    covers it; a seller when a breach is on record, or when it stayed late after a demand (CN-21).
    """
    zone_name = policy.time_zone
    waived = policy.forfeiture_waived and ground in BUYER_ANSWERS
    return Position(
        price=order.price,
        deposit_kind=DepositKind.INTENT if waived else policy.deposit_kind,
        deposit_account=order.deposit_account,
        deposit_paid=order.deposit_paid,
        balance_paid=order.balance_paid,
        charged_back=order.charged_back,
        earnest_cap_basis_points=policy.earnest_cap_basis_points,
        forfeiture_acknowledged=FORFEITURE_CLAUSE in order.acknowledged,
        deposit_days=_deposit_days(order, at, zone_name),
        balance_held=_balance_held(order, at, zone_name),
        interest_basis_points=policy.refund_interest_basis_points,
        buyer_broke_seriously=_buyer_broke_seriously(order, at),
        seller_broke_seriously=bool(order.breaches) or late_in_vain(order, at),
        sellers_loss=net_loss(order) if order.losses else None,
        buyers_loss=approved(order, LossSide.BUYER) if order.losses else None,
        delay_compensation=_compensation(order, ground, policy, at),
        fleet=order.fleet or WHOLE,
        is_shipped=order.stage in SHIPPED,
        claim=claim,
        price_paid=order.price if order.stage is Stage.HANDED_OVER else None,
    )


def _buyer_broke_seriously(order: Order, at: Instant) -> bool:
    if order.agreement_open(at):
        return False
    return any(ran_in_vain(order, each, at) for each in order.demands)


def _deposit_days(order: Order, at: Instant, time_zone: str) -> int:
    if order.deposited_at is None:
        return 0
    return days_between(order.deposited_at, at, time_zone)


def _balance_held(order: Order, at: Instant, time_zone: str) -> tuple[Held, ...]:
    if not order.balance_paid.is_positive:
        return ()
    return tuple(
        Held(each.amount, days_between(each.received_at, at, time_zone))
        for each in order.payments
        if each.purpose is Purpose.BALANCE and each.received_at is not None
    )


def _compensation(order: Order, ground: Ground, policy: Policy, at: Instant) -> Money | None:
    """What the delay so far is worth, where the seller answers for the end."""
    if ground not in SELLER_ANSWERS or policy.late_delivery_per_day is None:
        return None
    return delay_compensation(policy, days_of_delay(order, at, policy.time_zone))


def lateness_of(order: Order, policy: Policy, law: Law, at: Instant) -> Lateness | None:
    """What a handover at this instant costs the seller for being late; None in time."""
    days = days_of_delay(order, at, policy.time_zone)
    if not days:
        return None
    return Lateness(
        compensation=delay_compensation(policy, days),
        tax_difference=_tax(order, policy, law, at),
        buyers_loss=approved(order, LossSide.BUYER),
    )


def _tax(order: Order, policy: Policy, law: Law, at: Instant) -> Money:
    """The guaranteed difference when the year of the invoice is not the promised one (CN-40).

    Years that went by in a delay before a deferral count; those that the buyer deferred do not.
    """
    if law.purchase_tax is None or policy.tax_difference_cap is None:
        return nothing(policy.currency)
    cap = policy.tax_difference_cap
    delays = [(each.promised, each.until) for each in order.earlier_delays]
    if not delays or days_of_this_delay(order, at, policy.time_zone):
        delays.append((order.late_from or order.binding_promise.ends, at))
    borne = nothing(policy.currency)
    for promised, until in delays:
        years = last_day_of(promised, policy.time_zone).year, _year(until, policy)
        borne += tax_difference(law.purchase_tax, order.price, *years, cap)
    return smaller(borne, cap)


def _year(at: Instant, policy: Policy) -> int:
    return at.astimezone(zone(policy.time_zone)).year
