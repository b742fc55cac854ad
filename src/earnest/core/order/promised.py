"""Public promises on one order, and the price that only ever falls.

Not here: publishing a promise (the maker's office) and side agreements (`agree.py`).
"""

from __future__ import annotations

from earnest.core.order.commands_of_agreements import ApplyPublicPromise
from earnest.core.order.effective import promises_in_force
from earnest.core.order.event import Event
from earnest.core.order.events_of_agreements import PriceLowered, PublicPromisesApplied
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.overriding import moved_balance_due, moved_cure, with_overrides
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order, changed
from earnest.core.terms.agreement import AppliedPromise, value_among
from earnest.core.terms.override import Override, OverrideField
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money, nothing, smaller
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def apply_public_promise(
    order: Order, command: ApplyPublicPromise, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Hold a published promise against an order that was reserved before it (CN-26, EU-09).

    A promise can only improve a contract, so either side may apply it, while it is addressed to
    the public. Rejections: `promise_unknown`, `promise_applied`, those of a price reduction.
    """
    known = next((each for each in facts.promises if each.promise_id == command.promise_id), None)
    if known is None or not known.in_force(now):
        return Rejected(Reason.PROMISE_UNKNOWN, {"promise": command.promise_id})
    if any(each.promise.promise_id == command.promise_id for each in order.promises):
        return Rejected(Reason.PROMISE_APPLIED, {"promise": command.promise_id})
    applied = promises_in_force((known,), now, after=len(order.promises))
    lowered = price_lowered_by(order, known.overrides, f"promise {applied[0].number}", now)
    if isinstance(lowered, Rejected):
        return lowered
    return accepted(
        PublicPromisesApplied(
            at=now,
            promises=applied,
            balance_due_at=moved_balance_due(order, known.overrides, policy),
            cure_until=moved_cure(order, known.overrides, policy),
        ),
        *lowered,
    )


def promises_at_reservation(
    promises: tuple[AppliedPromise, ...], price: Money, at: Instant
) -> tuple[Event, ...]:
    """What a reservation is followed by while the maker promises something to everybody."""
    if not promises:
        return ()
    reductions = [
        value
        for each in promises
        if isinstance(
            value := value_among(each.promise.overrides, OverrideField.PRICE_REDUCTION), Money
        )
    ]
    applied = PublicPromisesApplied(at=at, promises=promises)
    reduction = max(reductions, default=nothing(price.currency))
    if not nothing(price.currency) < reduction < price:
        return (applied,)
    number = next(
        each.number
        for each in promises
        if value_among(each.promise.overrides, OverrideField.PRICE_REDUCTION) == reduction
    )
    lowered = PriceLowered(
        at=at,
        price=price - reduction,
        previous_price=price,
        reduction=reduction,
        cause=f"promise {number}",
    )
    return applied, lowered


def price_lowered_by(
    order: Order, overrides: tuple[Override, ...], cause: str, at: Instant
) -> tuple[PriceLowered, ...] | Rejected:
    """The fall of the price that some overrides bring; none when they bring none.

    Two reductions do not add up: the greater one stands. Rejections: `balance_already_paid`,
    `reduction_exceeds_balance_due` (something must be left to pay, or the order could not go on).
    """
    reduction = value_among(overrides, OverrideField.PRICE_REDUCTION)
    if not isinstance(reduction, Money):
        return ()
    further = reduction - (order.price_reduction or nothing(reduction.currency))
    if not further.is_positive:
        return ()
    if order.stage is Stage.PAID:
        return Rejected(Reason.BALANCE_ALREADY_PAID)
    if further >= order.balance_due:
        details = {"balance_due": str(order.balance_due.amount)}
        return Rejected(Reason.REDUCTION_EXCEEDS_BALANCE_DUE, details)
    lowered = PriceLowered(
        at=at,
        price=order.price - further,
        previous_price=order.price,
        reduction=reduction,
        cause=cause,
    )
    return (lowered,)


def reduced(order: Order, list_price: Money) -> Money:
    """A list price less what stands off it for this order; never less than what was paid."""
    if order.price_reduction is None:
        return list_price
    most = list_price - order.deposit_paid - order.balance_paid
    return list_price - smaller(order.price_reduction, most)


def public_promises_applied(order: Order, event: PublicPromisesApplied) -> Order:
    """The promises are part of this order for life, and move what they promise."""
    overrides = tuple(each for applied in event.promises for each in applied.promise.overrides)
    moved = with_overrides(
        order, overrides, balance_due_at=event.balance_due_at, cure_until=event.cure_until
    )
    return changed(moved, event.at, promises=(*order.promises, *event.promises))


def price_lowered(order: Order, event: PriceLowered) -> Order:
    """The order costs less."""
    return changed(order, event.at, price=event.price, price_reduction=event.reduction)
