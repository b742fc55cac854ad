"""Benefits of an order: frozen at the reservation, owed until delivered, lost by their conditions.

Everything here follows from the order's own events. Not here: which benefits a campaign has and
who gets them (`core/launch`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.launch.benefit import (
    AT_RESERVATION,
    Benefit,
    Condition,
    DepositedBefore,
    LockedBefore,
    NotLeft,
)
from earnest.core.order.commands_of_launch import DeliverBenefit
from earnest.core.order.events_of_launch import BenefitDelivered
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts_of_launch import OrderBenefit
from earnest.core.order.stage import EXITS
from earnest.core.order.state import Order, changed
from earnest.core.settlement.ground import SELLER_ANSWERS, Ground
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

_NOT_THE_BUYERS_LEAVING = SELLER_ANSWERS | {Ground.CHANGED_WHILE_WAITING}
"""Whoever ends an order for these did not leave it: a party that keeps a condition from being
fulfilled against good faith cannot rely on it (Civil Code 159)."""


class Standing(StrEnum):
    """Where a benefit of an order stands."""

    OPEN = "open"
    """A condition can still be fulfilled or missed."""
    OWED = "owed"
    """Every condition is fulfilled and it was not delivered yet."""
    DELIVERED = "delivered"
    LOST = "lost"
    """A published condition was missed."""


class BenefitStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A benefit with where it stands; `missed` is the condition by which it was lost."""

    benefit: Benefit
    standing: Standing
    missed: Condition | None = None


def standings(order: Order, at: Instant) -> tuple[BenefitStanding, ...]:
    """Where every benefit of an order stands at an instant, by its events alone."""
    return tuple(standing_of(order, each, at) for each in order.benefits)


def standing_of(order: Order, given: OrderBenefit, at: Instant) -> BenefitStanding:
    """Where one of them stands. What was delivered stays delivered."""
    benefit = given.benefit
    if given.delivered_at is not None:
        return BenefitStanding(benefit=benefit, standing=Standing.DELIVERED)
    held = [(each, _held(order, each, at)) for each in benefit.conditions]
    missed = next((each for each, holds in held if holds is False), None)
    if missed is not None:
        return BenefitStanding(benefit=benefit, standing=Standing.LOST, missed=missed)
    is_open = any(holds is None for _, holds in held)
    return BenefitStanding(benefit=benefit, standing=Standing.OPEN if is_open else Standing.OWED)


def _held(order: Order, condition: Condition, at: Instant) -> bool | None:
    """Whether a condition is fulfilled; None while it can still be.

    Money counts at the provider's paid-at, so what looked missed comes to hold when a payment made
    in time is told late (DESIGN 5).
    """
    match condition:
        case DepositedBefore(at=limit):
            return _in_time(order.deposited_at, limit, at)
        case LockedBefore(at=limit):
            return _in_time(None if order.lock is None else order.lock.locked_at, limit, at)
        case NotLeft():
            return not has_left(order)
        case _:
            assert isinstance(condition, AT_RESERVATION), "every other condition is known here"
            return True


def _in_time(happened_at: Instant | None, limit: Instant, at: Instant) -> bool | None:
    if happened_at is not None:
        return happened_at < limit
    return None if at < limit else False


def time_decides(order: Order) -> bool:
    """Whether a benefit changes, or has changed, by time alone, without an event of the order."""
    return any(
        isinstance(condition, DepositedBefore | LockedBefore)
        and _held(order, condition, condition.at) is False
        for given in order.benefits
        if given.delivered_at is None
        for condition in given.benefit.conditions
    )


def has_left(order: Order) -> bool:
    """Whether the order ended by the buyer's own leaving, or by nobody's fault."""
    if order.stage not in EXITS:
        return False
    return order.statement is None or order.statement.ground not in _NOT_THE_BUYERS_LEAVING


def deliver_benefit(
    order: Order, command: DeliverBenefit, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Record that an owed benefit was given, once.

    Rejections: `benefit_unknown`, `benefit_delivered`, `benefit_not_owed`, `proof_missing`.
    """
    given = next((x for x in order.benefits if x.benefit.benefit_id == command.benefit_id), None)
    if given is None:
        return Rejected(Reason.BENEFIT_UNKNOWN)
    standing = standing_of(order, given, now).standing
    if standing is Standing.DELIVERED:
        return Rejected(Reason.BENEFIT_DELIVERED)
    if standing is not Standing.OWED:
        return Rejected(Reason.BENEFIT_NOT_OWED, {"standing": standing.value})
    if not command.proof.strip():
        return Rejected(Reason.PROOF_MISSING)
    return accepted(
        BenefitDelivered(at=now, benefit_id=command.benefit_id, proof=command.proof.strip())
    )


def benefit_delivered(order: Order, event: BenefitDelivered) -> Order:
    """One benefit less is owed."""
    return changed(
        order,
        event.at,
        benefits=tuple(
            msgspec.structs.replace(each, delivered_at=event.at)
            if each.benefit.benefit_id == event.benefit_id
            else each
            for each in order.benefits
        ),
    )
