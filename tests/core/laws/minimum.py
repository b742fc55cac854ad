"""The mandatory minimum of every jurisdiction, written down a second time and otherwise.

The judge compares every settlement with it. It reads the order's facts itself and knows nothing
of `core/settlement`, so that the same mistake would have to be made twice.

Not here: the laws about single events (`laws.py`).
"""

from __future__ import annotations

from fractions import Fraction

from earnest.core.order.parts import LossItem, LossSide
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.settlement.ground import BUYER_ANSWERS, SELLER_ANSWERS, Ground
from earnest.core.settlement.statement import Direction, LineKind, Statement
from earnest.core.terms.policy import DepositKind, Policy
from earnest.core.values.instant import Instant
from tests.core.laws.laws import law

EARNEST_LAWS = {"CN", "FR"}
LOSS_LAWS = {"EU", "DE", "UK"}
REFUND_LAWS = {"US-FTC", "US-CA", "US-NY"}
"""Korea is a refund law until the car is shipped and a loss law after that."""

LAST_SHARE = 5
"""Earnest money is at most a fifth of the price (Civil Code 586)."""


def both_broke_it(ground: Ground, order: Order, at: Instant) -> bool:
    """Whether the side that did not end the order broke it seriously as well (CN-21)."""
    agreed = order.deferral is not None and at < order.deferral.valid_until
    request = order.deferral_request
    buyer = not agreed and any(
        not each.met
        and each.cure_until is not None
        and at >= each.cure_until
        # What was running when the buyer asked for later stands still until the maker answers.
        and (request is None or each.cure_until <= request.requested_at)
        for each in order.demands
    )
    waits = order.stage in {Stage.TENDERED, Stage.INSPECTED} or order.deferral is not None
    demand = order.delivery_demand
    late = (
        not waits
        and demand is not None
        and at >= max(demand.cure_until, order.binding_promise.ends)
    )
    seller = bool(order.breaches) or late
    return (ground in BUYER_ANSWERS and seller) or (ground in SELLER_ANSWERS and buyer)


def keeps_at_most(ground: Ground, order: Order, policy: Policy, at: Instant) -> int:
    """The most that a seller may keep of the deposit, in minor units."""
    deposit, where = order.deposit_paid.amount, policy.jurisdiction
    if ground not in BUYER_ANSWERS or both_broke_it(ground, order, at):
        return 0
    if policy.forfeiture_waived or policy.deposit_kind is DepositKind.INTENT:
        return 0
    if "forfeiture" not in order.acknowledged:
        return 0
    shipped = order.stage in {Stage.IN_TRANSIT, Stage.TENDERED, Stage.INSPECTED, Stage.PAID}
    if where in REFUND_LAWS or (where == "KR" and not shipped):
        return 0
    if where in LOSS_LAWS or where == "KR":
        return min(deposit, approved_loss(order, LossSide.SELLER))
    if policy.deposit_kind is DepositKind.FEE:
        return deposit
    return min(deposit, order.price.amount // LAST_SHARE)


def approved_loss(order: Order, side: LossSide, without: LossItem | None = None) -> int:
    """One side's losses that a second person approved, in minor units, but for one item."""
    return sum(
        each.amount.amount
        for each in order.losses
        if each.side is side and each.approved_by is not None and each.item is not without
    )


def least_owed(ground: Ground, order: Order, policy: Policy, at: Instant) -> int:
    """The least that the buyer must get, in minor units, after what a bank already returned."""
    if ground is Ground.WITHDRAWAL_AFTER_HANDOVER:
        return order.price.amount - order.charged_back.amount
    held = order.deposit_paid.amount + order.balance_paid.amount
    least = held - keeps_at_most(ground, order, policy, at)
    if ground in SELLER_ANSWERS and not both_broke_it(ground, order, at):
        beyond = approved_loss(order, LossSide.BUYER)
        if policy.jurisdiction in EARNEST_LAWS and policy.deposit_kind is DepositKind.EARNEST:
            earnest = min(order.deposit_paid.amount, order.price.amount // LAST_SHARE)
            undelivered = Fraction(1)
            if order.fleet is not None and not order.fleet.rest_needed:
                undelivered = 1 - Fraction(order.fleet.delivered, order.fleet.vehicles)
            beyond = max(beyond, int(earnest * undelivered))
        least += beyond
    return max(0, least - order.charged_back.amount)


def judge_what_is_kept(statement: Statement, order: Order, policy: Policy, at: Instant) -> None:
    """Nothing is kept without ground and acknowledgement, and nothing doubled but earnest money."""
    kept = sum(
        line.amount.amount for line in statement.lines if line.direction is Direction.KEPT_BY_SELLER
    )
    most = keeps_at_most(statement.ground, order, policy, at)
    if kept:
        law("only a buyer who answers forfeits", holds=statement.ground in BUYER_ANSWERS)
        agreed = "forfeiture" in order.acknowledged
        law("the forfeiture clause was acknowledged", holds=agreed)
        law("whoever keeps has kept to the contract itself", holds=most > 0)
        law("no more is kept than the law allows", holds=kept <= most)
    doubled = statement.sum_of(LineKind.EARNEST_DOUBLED)
    if doubled.is_positive:
        law("only a seller who answers doubles", holds=statement.ground in SELLER_ANSWERS)
        earnest = policy.deposit_kind is DepositKind.EARNEST
        law("only earnest money is doubled", holds=earnest)
        law("only where the law doubles", holds=policy.jurisdiction in EARNEST_LAWS)
        capped = LAST_SHARE * doubled.amount <= order.price.amount
        law("earnest money is at most a fifth of the price", holds=capped)
