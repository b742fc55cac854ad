"""Who a car that was given up goes to, and what comes back to the buyer who gave it up.

Not here: locking both orders (`tests/desk/test_allocating.py`).
"""

from __future__ import annotations

import msgspec
import pytest

from earnest.core.ledger.account import Account
from earnest.core.order.decide import Step
from earnest.core.order.facts import Facts
from earnest.core.order.parts import BuiltCar, InspectionResult, LossItem, Remedy, Slot
from earnest.core.order.parts_of_planning import Allocation, RefusedCar, Taker
from earnest.core.order.reallocate import given_up, is_next
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.settlement.statement import LineKind
from earnest.core.values.ids import OrderId, QueueId
from earnest.core.values.outcome import Rejected
from tests.core import world
from tests.core.orders import answer, order_after, then
from tests.core.world import FACTS, OTHER_ORDER, OTHER_VIN, VIN, facts_of, local, terms_with, yuan

AT = local(2024, 9, 10, 10)
LOCKED = order_after("Locked")
BUILT = order_after("Built")
CAR = BuiltCar(vin=OTHER_VIN, configuration=LOCKED.configuration, built_at=local(2024, 8, 1))
REFUSED = {
    "result": InspectionResult.REFUSED,
    "remarks": ("The door is scratched.",),
    "remedy": Remedy.ANOTHER_CAR,
}


def reading(**fields: object) -> Facts:
    """The facts for giving this car to the next order."""
    allocation = Allocation(car=CAR, queue_id=LOCKED.queue_id, is_next=True)
    return msgspec.structs.replace(FACTS, allocation=msgspec.structs.replace(allocation, **fields))


def took(vin: str = VIN, *, price: int = 299_900, facts: Facts = FACTS) -> Facts:
    """The facts after another order took a car at this price."""
    taker = Taker(order_id=OTHER_ORDER, vin=vin, price=yuan(price))
    return msgspec.structs.replace(facts, taker=taker)


def reason(order: Order, facts: Facts, name: str = "AllocateCar", **fields: object) -> str:
    """Why a command is rejected."""
    outcome = answer(order, AT, "planning", name, facts, **fields)
    assert isinstance(outcome, Rejected)
    return outcome.reason


def test_a_locked_or_scheduled_order_gets_the_car_and_keeps_all_else() -> None:
    scheduled = then(LOCKED, AT, "planning", "Schedule", slot=Slot(plant="p", week="2024-W40"))
    for order in (LOCKED, scheduled):
        after = then(order, AT, "planning", "AllocateCar", reading(), vin=OTHER_VIN)
        assert (after.stage, after.car, after.rank) == (Stage.BUILT, CAR, order.rank)
        assert (after.price, after.promise, after.slot) == (order.price, order.promise, order.slot)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (FACTS, "car_not_released"),
        (reading(car=None), "car_not_released"),
        (reading(queue_id=QueueId("elsewhere")), "car_of_another_kind"),
        (
            reading(car=msgspec.structs.replace(CAR, configuration=world.SMALL)),
            "car_of_another_kind",
        ),
        (reading(is_next=False), "not_next_in_line"),
    ],
)
def test_a_car_goes_to_nobody_but_the_next_who_chose_it(facts: Facts, expected: str) -> None:
    assert reason(LOCKED, facts, vin=OTHER_VIN) == expected


def test_who_refused_a_car_is_not_offered_it_again_and_who_deferred_gets_none() -> None:
    refused = msgspec.structs.replace(LOCKED, refused_cars=(RefusedCar(car=CAR, refused_at=AT),))
    deferred = then(LOCKED, AT, "buyer", "Defer", until=local(2025, 3, 1))

    assert reason(refused, reading(), vin=OTHER_VIN) == "car_refused_before"
    assert reason(deferred, reading(), vin=OTHER_VIN) == "order_deferred"
    assert is_next((refused, deferred, BUILT), OTHER_VIN, AT)
    assert not is_next((refused, LOCKED), OTHER_VIN, AT)


def test_a_car_is_free_once_its_order_was_cancelled_or_its_buyer_refused_it() -> None:
    tendered = order_after("Tendered")
    refused = then(tendered, AT, "buyer", "RecordInspection", **REFUSED)
    left = then(BUILT, AT, "buyer", "CancelByBuyer")

    assert given_up(left, VIN) == BUILT.car
    assert given_up(refused, VIN) == tendered.car
    for nothing in (BUILT, LOCKED, tendered):
        assert given_up(nothing, VIN) is None
    assert given_up(left, OTHER_VIN) is None
    resold = msgspec.structs.replace(left, resold_for=left.price)
    assert given_up(resold, VIN) is None


def test_the_order_that_gave_it_up_has_it_no_more_and_not_twice() -> None:
    tendered = order_after("Tendered")
    refused = then(tendered, AT, "buyer", "RecordInspection", **REFUSED)
    other = msgspec.structs.replace(
        refused, refused_cars=(RefusedCar(car=CAR, refused_at=AT), *refused.refused_cars)
    )
    for order in (then(BUILT, AT, "buyer", "CancelByBuyer"), refused, other):
        assert reason(order, FACTS, "RecordCarTaken") == "nothing_due"
        assert reason(order, took(OTHER_VIN), "RecordCarTaken") == "nothing_due"
        assert reason(order, took(), "RecordCarTaken", to_order_id=OrderId("X")) == "nothing_due"
        after = then(order, AT, "planning", "RecordCarTaken", took())
        assert given_up(after, VIN) is None
        assert after.payouts == order.payouts
        assert reason(after, took(), "RecordCarTaken") == "nothing_due"


def cancelled_with_loss(lost: int, costs: int) -> tuple[Order, Facts]:
    """An order under the law of the UK, cancelled with its car after losses were approved."""
    facts = facts_of(terms_with(jurisdiction="UK"))
    order = msgspec.structs.replace(BUILT, terms_hash=facts.terms.terms_hash)
    for item, amount in ((LossItem.LOST_PRICE, lost), (LossItem.COSTS, costs)):
        fields = {"item": item, "amount": yuan(amount)}
        order = then(order, AT, "sales:an", "DocumentLoss", facts, **fields)
        order = then(order, AT, "finance:bo", "ApproveLoss", facts)
    return then(order, AT, "buyer", "CancelByBuyer", facts), facts


@pytest.mark.parametrize(
    ("short_by", "returned"), [(0, 3_000), (1_000, 2_000), (4_000, 0), (-500, 3_500)]
)
def test_what_was_kept_beyond_the_loss_comes_back(short_by: int, returned: int) -> None:
    order, facts = cancelled_with_loss(3_000, 900)
    price = order.price - yuan(short_by)
    taker = Taker(order_id=OTHER_ORDER, vin=VIN, price=price)
    known = msgspec.structs.replace(facts, taker=taker)
    step = answer(order, AT, "planning", "RecordCarTaken", known)

    assert isinstance(step, Step)
    [event] = step.events
    assert step.order.resold_for == price
    assert step.order.forfeiture is not None
    assert step.order.forfeiture.amount == yuan(3_900 - returned)
    line, payout = getattr(event, "line"), getattr(event, "payout")  # noqa: B009 - of one event type
    assert (line is None, payout is None) == (not returned, not returned)
    if returned:
        assert line.kind is LineKind.RESALE_RETURNED
        assert line.posting.debit is Account.FORFEITURES_UNRELEASED
        assert payout.amount == yuan(returned)
    assert reason_of_resale(step.order, facts) == "no_loss_kept"


def reason_of_resale(order: Order, facts: Facts) -> str:
    """Why a resale cannot be recorded as well."""
    outcome = answer(order, AT, "finance", "RecordResale", facts)
    assert isinstance(outcome, Rejected)
    return outcome.reason


def test_forfeited_earnest_money_is_no_loss_and_does_not_come_back_by_it() -> None:
    left = then(BUILT, AT, "buyer", "CancelByBuyer")
    after = then(left, AT, "planning", "RecordCarTaken", took())

    assert left.forfeiture is not None
    assert (after.forfeiture, after.payouts) == (left.forfeiture, left.payouts)
    assert after.resold_for == yuan(299_900)
