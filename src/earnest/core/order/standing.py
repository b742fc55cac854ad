"""Where an order stands in its queue, and which of its events moves it.

Not here: lanes and moves themselves (`core/queue`), which know no orders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from earnest.core.catalogue.configuration import Configuration
from earnest.core.catalogue.model import Catalogue
from earnest.core.order import events as happened
from earnest.core.order import events_of_agreements as agreed
from earnest.core.order.event import Event
from earnest.core.order.evolve import evolve
from earnest.core.order.parts import LockMode
from earnest.core.order.stage import ALIVE, Stage
from earnest.core.order.state import Order
from earnest.core.queue.lane import Lane, lane_named
from earnest.core.queue.move import Cause, Move, Standing, moves_between
from earnest.core.queue.overtaking import Why
from earnest.core.values.instant import Instant

LaneOf = Callable[[Order], Lane]
"""Finds the lane of an order, in the catalogue that its prices come from."""

CAUSES: dict[type[Event], Cause] = {
    happened.Reserved: Cause.RESERVED,
    happened.Reinstated: Cause.REINSTATED,
    happened.Lapsed: Cause.LAPSED,
    happened.Withdrawn: Cause.WITHDRAWN,
    happened.CancelledByBuyer: Cause.CANCELLED_BY_BUYER,
    happened.CancelledBySeller: Cause.CANCELLED_BY_SELLER,
    happened.DelayUnanswered: Cause.DELAY_NOT_AGREED,
    happened.TerminatedByBuyer: Cause.TERMINATED,
    happened.TerminatedForForceMajeure: Cause.TERMINATED,
    happened.Deferred: Cause.DEFERRED,
    happened.Resumed: Cause.RESUMED,
    happened.ConfigurationChanged: Cause.CONFIGURATION_CHANGED,
    agreed.Switched: Cause.SWITCHED,
    happened.Built: Cause.BUILT,
    happened.CarAllocated: Cause.REALLOCATED,
    happened.Inspected: Cause.CAR_REFUSED,
}
"""The events that can move an order in its queue. No other event ever does; a law proves it."""


def lane_in(configuration: Configuration, catalogue: Catalogue) -> Lane:
    """The model and the answers to the questions that have exactly one answer."""
    model = catalogue.model(configuration.model)
    assert model is not None, "a configuration is of a model of its catalogue"
    single = {choice.code for choice in model.choices if choice.single}
    answers = {option.code for option in model.options if option.choice in single}
    return lane_named(model.code, answers.intersection(configuration.options))


def is_waiting(order: Order) -> bool:
    """Whether the order waits for a car to be made: alive, without one, and not stepped aside."""
    return order.stage in ALIVE and order.car is None and order.deferral is None


def standing_of(order: Order | None, lane_of: LaneOf) -> Standing | None:
    """How the order stands in its queue; None before it is there and once it has its car or left.

    A deferred order stands aside, also one whose car was released by the deferral.
    """
    if order is None or order.stage not in ALIVE or order.car is not None:
        return None
    return Standing(lane_of(order), order.deferral is None)


def moved(
    before: Order | None, events: Iterable[Event], after: Order, lane_of: LaneOf
) -> tuple[int, tuple[Move, ...]]:
    """How one command moved an order: the number of its event that did, and the moves.

    A command has at most one event that moves, so the order before and after it is all that
    has to be looked at.
    """
    first = 1 if before is None else before.sequence + 1
    for number, event in enumerate(events, start=first):
        cause = CAUSES.get(type(event))
        if cause is None:
            continue
        found = moves_between(
            standing_of(before, lane_of),
            standing_of(after, lane_of),
            rank=after.rank,
            cause=cause,
            at=event.at,
        )
        if found:
            return number, found
    return first, ()


def moves_of(events: Iterable[Event], lane_of: LaneOf) -> tuple[tuple[int, Move], ...]:
    """Every move of an order's whole life, event by event, each with the number of its event."""
    found: list[tuple[int, Move]] = []
    order: Order | None = None
    for event in events:
        after = evolve(order, event)
        if type(event) in CAUSES:
            number, moves = moved(order, (event,), after, lane_of)
            found.extend((number, each) for each in moves)
        order = after
    return tuple(found)


def why_not_served(order: Order, at: Instant) -> Why | None:
    """Why an order could not have been given a slot at an instant; None if it could have.

    `order` is as it stood then. Who asked to have the car later is not passed over, but the maker's
    silence excuses nothing once its time to answer is over; a free withdrawal that still runs keeps
    material from being committed; what is unpaid, and what the buyer's bank took back, is on hold.
    Scarce parts and plants are for a plan to say.
    """
    request = order.deferral_request
    if order.deferral is not None or (request is not None and at < request.answer_until):
        return Why.ASKED_FOR_LATER
    if order.stage is Stage.RESERVED or order.charged_back.is_positive:
        return Why.HOLD
    if order.lock is None:
        return Why.COOLING_OFF
    undo_until = order.lock.undo_until
    if undo_until is not None and at < undo_until:
        return Why.COOLING_OFF
    if order.lock.mode is LockMode.AT_EXPIRY and order.cooling_off_running(at):
        return Why.COOLING_OFF
    return None
