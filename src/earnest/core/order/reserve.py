"""Chapter one: reserving a place in the queue, and losing nothing but time when it is not paid.

Not here: the arrival of the deposit (`payment.py`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.catalogue.configuration import quote
from earnest.core.order.allot import unit_given, why_not_this_person
from earnest.core.order.coming import coming
from earnest.core.order.commands import Lapse, Reserve
from earnest.core.order.effective import promises_in_force
from earnest.core.order.events import Lapsed, Reserved
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import DEPOSIT_PAYMENT, Payment, Purpose
from earnest.core.order.parts_of_launch import OrderBenefit, UnitFact, UnitState
from earnest.core.order.promised import promises_at_reservation
from earnest.core.order.stage import Stage
from earnest.core.order.standing_still import payable_until
from earnest.core.order.state import Order, changed
from earnest.core.plan.counters import Resource
from earnest.core.plan.promise import PromiseReason
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import ACCEPTANCE_CLAUSE, acknowledged_as_shown
from earnest.core.values.instant import Instant, Window, weeks_later
from earnest.core.values.money import nothing
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

WORD_OF_PROVIDER = timedelta(minutes=5)
"""How long the lapse of a unit's holder waits for the provider's word about a last payment.

The unit goes to somebody else then, while any other reservation could simply come back.
"""


def reserve(
    order: Order | None, command: Reserve, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Give a rank and freeze terms, price and first promise (ADR 0004, CN-38).

    What the maker promises to everybody at this moment becomes part of the order (CN-26).

    Rejections: `sale_not_open`, those of `coming`, `terms_not_current`, `catalogue_not_current`,
    `terms_not_acknowledged`, the catalogue's own, `price_differs`, those of a limit per person,
    `no_plant_builds_it`, `beyond_horizon`.
    """
    assert order is None, "decide rejects a second reservation of one order"
    offer = facts.offer
    if offer is None or not offer.is_open(now):
        return Rejected(Reason.SALE_NOT_OPEN)
    came = coming(command, facts, now)
    if isinstance(came, Rejected):
        return came
    if command.terms_hash != offer.terms_hash:
        return Rejected(Reason.TERMS_NOT_CURRENT, {"terms_hash": offer.terms_hash})
    if command.catalogue_hash != offer.catalogue_hash:
        return Rejected(Reason.CATALOGUE_NOT_CURRENT, {"catalogue_hash": offer.catalogue_hash})
    unacknowledged = _unacknowledged(command, facts)
    if unacknowledged is not None:
        return unacknowledged
    quoted = quote(facts.catalogue, command.configuration)
    if isinstance(quoted, Rejected):
        return quoted
    if quoted.price != command.price:
        return Rejected(Reason.PRICE_DIFFERS, {"price": str(quoted.price.amount)})
    unit = None
    if facts.allotment is not None:
        not_this_person = why_not_this_person(command, facts.allotment)
        if not_this_person is not None:
            return not_this_person
        unit = unit_given(facts.allotment)
    promise = _promised(facts, policy, now)
    if isinstance(promise, Rejected):
        return promise
    assert facts.rank is not None, "the desk gives every reservation the queue's next rank"
    return accepted(
        Reserved(
            at=now,
            buyer_id=command.buyer_id,
            order_id=command.order_id,
            queue_id=command.queue_id,
            rank=facts.rank,
            terms_hash=command.terms_hash,
            catalogue_hash=command.catalogue_hash,
            language=command.language,
            acknowledgements=command.acknowledgements,
            configuration=quoted.configuration,
            price=quoted.price,
            deposit=policy.deposit,
            promise=promise,
            promise_reason=None if facts.foreseen is None else facts.foreseen.reason,
            attribution=came.attribution,
            benefits=came.benefits,
            code_id=came.code_id,
            pay_until=_pay_until(unit, facts, policy, now),
            unit=unit,
            person=command.person,
        ),
        *promises_at_reservation(promises_in_force(facts.promises, now), quoted.price, now),
    )


def _pay_until(unit: UnitFact | None, facts: Facts, policy: Policy, now: Instant) -> Instant | None:
    """When the payment window ends; None while nobody can pay."""
    if facts.payment_opens_later or (unit is not None and unit.state is UnitState.WAITING):
        return None
    return now + timedelta(minutes=policy.payment_window_minutes)


def _promised(facts: Facts, policy: Policy, now: Instant) -> Window | Rejected:
    """The first promise: what the counters of all that wait foresee, or the weeks of the terms.

    Where the plants cannot build the car within their published capacity nothing is sold: a date
    for it would have no basis, and money taken without one is what the buyer would regret
    (CN-34, CN-38, US-01; ADR 0018).
    """
    foreseen = facts.foreseen
    if foreseen is None:
        return promised_by_terms(policy, now)
    if foreseen.window is not None:
        return foreseen.window
    return not_buildable(foreseen.reason)


def promised_by_terms(policy: Policy, now: Instant) -> Window:
    """The window of the terms, for a queue without published capacity."""
    return Window(
        weeks_later(now, policy.promise_weeks_from), weeks_later(now, policy.promise_weeks_to)
    )


def not_buildable(reason: PromiseReason) -> Rejected:
    """Why a car cannot be sold now: no plant builds it, or none has room for it in time."""
    if reason.resource is Resource.PLANT:
        return Rejected(Reason.NO_PLANT_BUILDS_IT)
    details = {"horizon": reason.horizon.isoformat(), "resource": reason.name}
    return Rejected(Reason.BEYOND_HORIZON, details)


def _unacknowledged(command: Reserve, facts: Facts) -> Rejected | None:
    """The version as a whole must be accepted, and nothing may be accepted in other words."""
    for acknowledgement in command.acknowledgements:
        if not acknowledged_as_shown(acknowledgement, facts.terms):
            return Rejected(Reason.TERMS_NOT_ACKNOWLEDGED, {"clause": acknowledgement.clause_id})
    if all(each.clause_id != ACCEPTANCE_CLAUSE for each in command.acknowledgements):
        return Rejected(Reason.TERMS_NOT_ACKNOWLEDGED, {"clause": ACCEPTANCE_CLAUSE})
    return None


def lapse(order: Order, command: Lapse, facts: Facts, policy: Policy, now: Instant) -> Outcome:
    """End an unpaid reservation at the end of its payment window. No money was held.

    In a pause of the sale the window stands still.
    """
    pay_until = payable_until(order, facts.pauses, now)
    due_at = lapses_at(msgspec.structs.replace(order, pay_until=pay_until))
    if due_at is None or now < due_at:
        return Rejected(Reason.NOTHING_DUE)
    return accepted(Lapsed(at=now))


def lapses_at(order: Order) -> Instant | None:
    """When an unpaid reservation lapses; None while nothing can be paid."""
    if order.pay_until is None or order.unit is None:
        return order.pay_until
    return order.pay_until + WORD_OF_PROVIDER


def reserved(order: Order | None, event: Reserved) -> Order:
    """The order begins."""
    assert order is None, "an order begins once"
    none = nothing(event.price.currency)
    deposit = Payment(
        number=DEPOSIT_PAYMENT,
        purpose=Purpose.DEPOSIT,
        amount=event.deposit,
        requested_at=event.at,
    )
    return Order(
        buyer_id=event.buyer_id,
        order_id=event.order_id,
        queue_id=event.queue_id,
        rank=event.rank,
        stage=Stage.RESERVED,
        sequence=1,
        terms_hash=event.terms_hash,
        catalogue_hash=event.catalogue_hash,
        language=event.language,
        acknowledged=tuple(each.clause_id for each in event.acknowledgements),
        configuration=event.configuration,
        price=event.price,
        deposit=event.deposit,
        promise=event.promise,
        binding_promise=event.promise,
        reserved_at=event.at,
        changed_at=event.at,
        pay_until=event.pay_until,
        payments=(deposit,),
        deposit_paid=none,
        balance_paid=none,
        charged_back=none,
        promise_reason=event.promise_reason,
        attribution=event.attribution,
        benefits=tuple([OrderBenefit(benefit=each) for each in event.benefits]),
        code_id=event.code_id,
        unit=event.unit,
        person=event.person,
    )


def lapsed(order: Order, event: Lapsed) -> Order:
    """The reservation is over; its rank stays its own."""
    return changed(order, event.at, stage=Stage.LAPSED)
