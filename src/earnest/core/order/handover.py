"""The handover: possession passes, and the money held becomes the seller's.

Not here: anything before the balance is paid.
"""

from __future__ import annotations

from earnest.core.order.commands import Close, HandOver
from earnest.core.order.events import Closed, HandedOver
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.giving_back import withdrawal_days
from earnest.core.order.settling import compensation_fixed
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order, changed
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant, end_of_day_after
from earnest.core.values.money import nothing
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def hand_over(
    order: Order, command: HandOver, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Hand over the car that was ordered, with every document (CN-36).

    A late car brings its compensation with it, which no signature waives (CN-18, CN-40).
    Rejections: `vin_differs`, `configuration_differs`, `documents_missing`,
    `buyer_confirmation_missing`.
    """
    assert order.car is not None, "a paid order has a car"
    if command.vin != order.car.vin:
        return Rejected(Reason.VIN_DIFFERS, {"vin": order.car.vin})
    if order.car.configuration != order.configuration:
        return Rejected(Reason.CONFIGURATION_DIFFERS, _difference(order))
    missing = [each for each in policy.handover_documents if each not in command.documents]
    if missing:
        return Rejected(Reason.DOCUMENTS_MISSING, {"documents": ", ".join(missing)})
    if not command.signatures:
        return Rejected(Reason.BUYER_CONFIRMATION_MISSING)
    handed_over = HandedOver(
        at=now,
        vin=order.car.vin,
        documents=command.documents,
        signatures=command.signatures,
        deposit=order.deposit_paid,
        balance_paid=order.balance_paid,
    )
    owed = compensation_fixed(order, policy, command.actor.actor_id, now)
    return accepted(handed_over) if owed is None else accepted(handed_over, owed)


def _difference(order: Order) -> dict[str, str]:
    """What was ordered and not built, and the other way round."""
    assert order.car is not None, "a paid order has a car"
    ordered = {order.configuration.model, *order.configuration.options}
    was_built = {order.car.configuration.model, *order.car.configuration.options}
    return {
        "not_built": ", ".join(sorted(ordered - was_built)),
        "not_ordered": ", ".join(sorted(was_built - ordered)),
    }


def close(order: Order, command: Close, facts: Facts, policy: Policy, now: Instant) -> Outcome:
    """Close the file some days after the handover, unless a case is open."""
    assert order.handed_over_at is not None, "a handed-over order knows when"
    if order.open_case is not None:
        return Rejected(Reason.CASE_OPEN)
    if now < closes_at(order.handed_over_at, policy):
        return Rejected(Reason.NOTHING_DUE)
    return accepted(Closed(at=now))


def closes_at(handed_over_at: Instant, policy: Policy) -> Instant:
    """When the file can be closed: never while the car may still be given back."""
    days = max(policy.close_days_after_handover, withdrawal_days(policy))
    return end_of_day_after(handed_over_at, days, policy.time_zone)


def handed_over(order: Order, event: HandedOver) -> Order:
    """The car is the buyer's; what was held is the seller's."""
    none = nothing(order.price.currency)
    return changed(
        order,
        event.at,
        stage=Stage.HANDED_OVER,
        handed_over_at=event.at,
        deposit_paid=none,
        balance_paid=none,
    )


def closed(order: Order, event: Closed) -> Order:
    """Nothing more is expected."""
    return changed(order, event.at, stage=Stage.CLOSED, closed_at=event.at)
