"""Where orders stand in the queue along their lives, and why some could not have been served."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order import parts
from earnest.core.order.events import EVENTS
from earnest.core.order.parts_of_deferral import DeferralRequest
from earnest.core.order.standing import CAUSES, is_waiting, lane_in, why_not_served
from earnest.core.order.state import Order
from earnest.core.queue.overtaking import Why
from earnest.core.values.instant import Instant
from tests.core import world
from tests.core.orders import order_after, then

AT = world.local(2024, 8, 1)


def test_extras_open_no_lane_of_their_own() -> None:
    plain = lane_in(world.PLAIN, world.CATALOGUE)
    with_bar = Configuration("aurora", (*world.PLAIN.options, "tow_bar"))

    assert plain == "aurora/grey/wheels_19" == lane_in(with_bar, world.CATALOGUE)
    assert lane_in(world.DEAR, world.CATALOGUE) != plain


def test_causes_are_of_events_that_exist() -> None:
    assert CAUSES.keys() <= set(EVENTS)


def test_an_order_waits_until_it_has_its_car() -> None:
    assert is_waiting(order_after("DepositReceived"))
    assert is_waiting(order_after("Scheduled"))
    assert not is_waiting(order_after("Built"))


LOCKED = order_after("Locked")
EARLY = parts.LockFact(locked_at=AT, mode=parts.LockMode.EARLY, undo_until=AT + timedelta(hours=1))
REQUEST = DeferralRequest(requested_at=AT, valid_until=AT + timedelta(days=9))


@pytest.mark.parametrize(
    ("order", "at", "why"),
    [
        (order_after("Reserved"), AT, Why.HOLD),
        (msgspec.structs.replace(LOCKED, charged_back=world.yuan(1)), AT, Why.HOLD),
        (order_after("DepositReceived"), AT, Why.COOLING_OFF),
        (LOCKED, AT, None),
        (
            msgspec.structs.replace(LOCKED, cooling_off_ends=AT + timedelta(days=1)),
            AT,
            Why.COOLING_OFF,
        ),
        (msgspec.structs.replace(LOCKED, lock=EARLY), AT, Why.COOLING_OFF),
        (msgspec.structs.replace(LOCKED, lock=EARLY), AT + timedelta(hours=1), None),
        (msgspec.structs.replace(LOCKED, deferral_request=REQUEST), AT, Why.ASKED_FOR_LATER),
        (
            msgspec.structs.replace(LOCKED, deferral_request=REQUEST),
            REQUEST.answer_until,
            None,
        ),
        (then(LOCKED, AT, "buyer", "Defer", until=AT + timedelta(days=9)), AT, Why.ASKED_FOR_LATER),
    ],
)
def test_why_an_order_could_not_have_been_served(
    order: Order, at: Instant, why: Why | None
) -> None:
    assert why_not_served(order, at) is why
