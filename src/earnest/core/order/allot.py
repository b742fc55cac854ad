"""Units of a limited edition, and payments that open later than the place is given.

The waiting list is the queue itself: an order without a unit keeps its rank, is asked for nothing
and may leave at any time. Not here: counting units (`desk/units.py`) and the edition as it is
published (`core/launch/edition.py`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.launch.edition import Allotment
from earnest.core.order.commands import Reserve
from earnest.core.order.commands_of_launch import AllotUnit, OpenPayment
from earnest.core.order.events import Event
from earnest.core.order.events_of_launch import PaymentOpened, UnitAllotted
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import DEPOSIT_PAYMENT
from earnest.core.order.parts_of_launch import UnitFact, UnitState
from earnest.core.order.stage import EXITS, Stage
from earnest.core.order.state import Order, changed
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def holds_unit(order: Order) -> bool:
    """Whether one of the edition's units is this order's.

    An order that ends before its handover frees its unit. After the handover the unit is spent: a
    car that is given back is a used one.
    """
    is_over = order.stage in EXITS and order.handed_over_at is None
    return order.unit is not None and order.unit.state is UnitState.HELD and not is_over


def waits_for_unit(order: Order) -> bool:
    """Whether this order is on the waiting list of its edition."""
    waits = order.unit is not None and order.unit.state is UnitState.WAITING
    return waits and order.stage is Stage.RESERVED


def counts_for_person(order: Order) -> bool:
    """Whether the order counts towards what its person may hold: until it ends without a car."""
    return order.person is not None and order.stage not in EXITS


def why_not_this_person(command: Reserve, allotment: Allotment) -> Rejected | None:
    """The limit per person, counted under the lock of the queue.

    Rejections: `person_unverified`, `person_limit_reached`.
    """
    limit = allotment.edition.per_person
    if limit is None:
        return None
    if command.person is None:
        return Rejected(Reason.PERSON_UNVERIFIED, {"proof": allotment.edition.proof.value})
    if allotment.of_person >= limit:
        return Rejected(Reason.PERSON_LIMIT_REACHED, {"limit": str(limit)})
    return None


def unit_given(allotment: Allotment) -> UnitFact:
    """A unit for a new reservation, or its place on the waiting list.

    Nobody who comes new gets a unit while somebody waits, though one may just have been freed, or
    units may be limited no more; except by a group for which it was set aside.
    """
    minutes = allotment.edition.offer_minutes
    if allotment.is_free_to_new:
        return UnitFact(state=UnitState.HELD, offer_minutes=minutes)
    return UnitFact(
        state=UnitState.WAITING, offer_minutes=minutes, waiting_number=allotment.waiting + 1
    )


def allot_unit(
    order: Order, command: AllotUnit, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Give a freed unit to the first who waits, with time to pay for it.

    Rejections: `nothing_due` when the order does not wait, is not the first, or no unit is free.
    """
    allotment = facts.allotment
    if not waits_for_unit(order) or allotment is None or not allotment.is_free:
        return Rejected(Reason.NOTHING_DUE)
    if allotment.first_waiting != order.rank:
        return Rejected(Reason.NOTHING_DUE)
    events: list[Event] = [UnitAllotted(at=now)]
    if not facts.payment_opens_later:
        events.append(_opened(order, policy, now, is_offer=True))
    return accepted(*events)


def open_payment(
    order: Order, command: OpenPayment, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Begin the payment window when the buyer can pay, not when the place was given.

    Rejections: `payment_unknown`; `nothing_due` when it is open already, or while the order waits
    for a unit.
    """
    if command.payment_number != DEPOSIT_PAYMENT:
        return Rejected(Reason.PAYMENT_UNKNOWN, {"payment": str(command.payment_number)})
    if order.pay_until is not None or waits_for_unit(order):
        return Rejected(Reason.NOTHING_DUE)
    is_offer = order.unit is not None and order.unit.waiting_number is not None
    return accepted(_opened(order, policy, now, is_offer=is_offer, link=command.link))


def _opened(
    order: Order, policy: Policy, now: Instant, *, is_offer: bool, link: str | None = None
) -> PaymentOpened:
    """Whoever is offered a freed unit has the announced time, never less than the terms give."""
    minutes = policy.payment_window_minutes
    if is_offer and order.unit is not None:
        minutes = max(minutes, order.unit.offer_minutes)
    return PaymentOpened(
        at=now,
        payment_number=DEPOSIT_PAYMENT,
        pay_until=now + timedelta(minutes=minutes),
        is_offer=is_offer,
        link=link,
    )


def unit_allotted(order: Order, event: UnitAllotted) -> Order:
    """The order has a unit now."""
    assert order.unit is not None, "only an order of an edition gets a unit"
    held = msgspec.structs.replace(order.unit, state=UnitState.HELD)
    return changed(order, event.at, unit=held)


def payment_opened(order: Order, event: PaymentOpened) -> Order:
    """The deposit can be paid; its window counts from here."""
    payments = tuple(
        msgspec.structs.replace(each, requested_at=event.at, link=event.link)
        if each.number == event.payment_number
        else each
        for each in order.payments
    )
    return changed(order, event.at, pay_until=event.pay_until, payments=payments)


def sent_back_to_wait(order: Order) -> Order:
    """A lapsed order that had paid in time waits again with its rank, as its unit was given on."""
    assert order.unit is not None, "only an order of an edition can wait for a unit"
    waiting = msgspec.structs.replace(
        order.unit, state=UnitState.WAITING, waiting_number=order.unit.waiting_number or 1
    )
    return msgspec.structs.replace(order, unit=waiting, pay_until=None)
