"""Orders of a limited edition, and orders whose payment opens later than their place is given.

Not here: counting units over many orders (`tests/desk/test_scarcity.py`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from earnest.core.foresight import as_it_will_stand
from earnest.core.launch.edition import Allotment, Edition, Proof
from earnest.core.order.allot import counts_for_person, holds_unit, waits_for_unit
from earnest.core.order.decide import Step
from earnest.core.order.exits import exits
from earnest.core.order.facts import Facts
from earnest.core.order.parts_of_launch import UnitFact, UnitState
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.terms.override import Override, OverrideField
from earnest.core.timers import DeadlineKind, deadlines
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core.orders import answer, order_after, then
from tests.core.world import FACTS, POLICY, facts_of, local, yuan

EDITION = Edition(units=10, offer_minutes=600)
TEN = local(2024, 7, 1, 10)


def facts(*, later: bool = False, rank: int = 1, **numbers: Any) -> Facts:  # noqa: ANN401 - whatever an allotment knows
    return msgspec.structs.replace(
        facts_of(rank=rank),
        allotment=Allotment(edition=EDITION, **numbers),
        payment_opens_later=later,
    )


def reserve(facts: Facts, **fields: object) -> Order:
    step = answer(None, TEN, "buyer", "Reserve", facts, **fields)
    assert isinstance(step, Step), step
    return step.order


WAITING = reserve(facts(taken=10, waiting=2, rank=13))
HELD = reserve(facts(taken=9, rank=10))
FREE = facts(taken=9, waiting=3, first_waiting=13)


def reason(order: Order | None, at: Instant, who: str, name: str, of: Facts, **said: object) -> str:
    rejected = answer(order, at, who, name, of, **said)
    assert isinstance(rejected, Rejected), rejected
    return rejected.reason


def test_a_reservation_gets_a_unit_while_one_is_left() -> None:
    assert UnitFact(state=UnitState.HELD, offer_minutes=600) == HELD.unit
    assert TEN + timedelta(minutes=30) == HELD.pay_until
    assert holds_unit(HELD)
    assert not waits_for_unit(HELD)


@pytest.mark.parametrize("numbers", [{"taken": 10, "waiting": 2}, {"taken": 9, "waiting": 2}])
def test_nobody_new_gets_a_unit_while_somebody_waits(numbers: dict[str, int]) -> None:
    order = reserve(facts(rank=13, later=False, **numbers))

    assert (order.pay_until, order.rank, order.stage) == (None, 13, Stage.RESERVED)
    assert UnitFact(state=UnitState.WAITING, offer_minutes=600, waiting_number=3) == order.unit
    assert waits_for_unit(order)
    assert not holds_unit(order)


def test_who_waits_is_asked_for_nothing_and_may_leave_at_any_time() -> None:
    later = TEN + timedelta(days=400)
    left = then(WAITING, later, "buyer", "Withdraw")

    assert deadlines(WAITING, POLICY) == frozenset()
    assert reason(WAITING, later, "timer", "Lapse", FACTS) == Reason.NOTHING_DUE
    assert as_it_will_stand(WAITING, FACTS, later) == WAITING
    assert (left.stage, waits_for_unit(left)) == (Stage.WITHDRAWN, False)
    assert left.statement is not None
    assert left.statement.lines == ()
    [free] = [each for each in exits(WAITING, FACTS, later) if each.is_open]
    assert (free.command, free.statement.lines) == ("Withdraw", ())


def test_a_freed_unit_goes_to_the_first_who_waits_with_time_to_pay() -> None:
    at = TEN + timedelta(days=3)
    offered = then(WAITING, at, "timer", "AllotUnit", FREE)

    assert holds_unit(offered)
    assert at + timedelta(minutes=600) == offered.pay_until
    paid = then(offered, at + timedelta(minutes=599), "provider", "RecordPayment", FREE)
    assert (paid.stage, holds_unit(paid)) == (Stage.DEPOSITED, True)


def test_an_offer_that_stays_unpaid_frees_the_unit_for_the_next() -> None:
    at = TEN + timedelta(days=3)
    offered = then(WAITING, at, "timer", "AllotUnit", FREE)
    [lapse] = [each for each in deadlines(offered, POLICY) if each.kind is DeadlineKind.LAPSE]

    assert at + timedelta(minutes=605) == lapse.due_at
    assert reason(offered, at + timedelta(minutes=604), "timer", "Lapse", FREE) == "nothing_due"
    lapsed = then(offered, lapse.due_at, "timer", "Lapse", FREE)
    assert not holds_unit(lapsed)
    assert not waits_for_unit(lapsed)


@pytest.mark.parametrize(
    "of",
    [
        facts(taken=10, waiting=3, first_waiting=13),
        facts(taken=9, waiting=3, first_waiting=12),
        facts(taken=9, waiting=3),
        FACTS,
    ],
)
def test_a_unit_is_given_only_to_the_first_and_only_when_it_is_free(of: Facts) -> None:
    assert reason(WAITING, TEN, "timer", "AllotUnit", of) == Reason.NOTHING_DUE


def test_a_unit_is_given_once() -> None:
    assert reason(HELD, TEN, "timer", "AllotUnit", FREE) == Reason.NOTHING_DUE
    assert reason(order_after("Locked"), TEN, "timer", "AllotUnit", FREE) == Reason.NOTHING_DUE


def test_money_that_comes_without_a_unit_goes_back() -> None:
    paid = then(WAITING, TEN, "provider", "RecordPayment", facts(taken=10))

    assert (paid.stage, paid.pay_until) == (Stage.RESERVED, None)
    assert [yuan(5_000)] == [each.amount for each in paid.payouts]


def test_a_unit_returns_when_an_order_ends_and_is_spent_by_the_handover() -> None:
    fields = {"unit": HELD.unit, "person": "p"}
    alive, handed_over, closed = (
        msgspec.structs.replace(order_after(event), **fields)
        for event in ("Locked", "HandedOver", "Closed")
    )
    left = then(alive, local(2024, 7, 20), "buyer", "CancelByBuyer")
    given_back = msgspec.structs.replace(handed_over, stage=Stage.WITHDRAWN)

    assert [holds_unit(each) for each in (alive, handed_over, closed)] == [True, True, True]
    assert not holds_unit(left)
    assert holds_unit(given_back)
    assert [counts_for_person(each) for each in (alive, closed, left, given_back)] == [
        True,
        True,
        False,
        False,
    ]
    assert not counts_for_person(WAITING)


# The provider's late word --------------------------------------------------------------------


def test_a_payment_in_time_takes_the_unit_back_while_it_is_free() -> None:
    lapsed = then(HELD, TEN + timedelta(minutes=35), "timer", "Lapse", FREE)
    at = TEN + timedelta(hours=2)
    in_time = {"paid_at": TEN + timedelta(minutes=29)}

    back = then(lapsed, at, "provider", "RecordPayment", facts(taken=9), **in_time)

    assert (back.stage, holds_unit(back)) == (Stage.DEPOSITED, True)


def test_when_the_unit_was_given_on_the_order_waits_first_and_the_money_goes_back() -> None:
    lapsed = then(HELD, TEN + timedelta(minutes=35), "timer", "Lapse", FREE)
    at = TEN + timedelta(hours=2)
    in_time = {"paid_at": TEN + timedelta(minutes=29)}

    back = then(lapsed, at, "provider", "RecordPayment", facts(taken=10, waiting=5), **in_time)

    assert (Stage.RESERVED, None, HELD.rank) == (back.stage, back.pay_until, back.rank)
    assert waits_for_unit(back)
    assert [yuan(5_000)] == [each.amount for each in back.payouts]
    first = facts(taken=9, waiting=6, first_waiting=HELD.rank)
    assert holds_unit(then(back, at, "timer", "AllotUnit", first))


# A limit per person --------------------------------------------------------------------------


def test_an_order_beyond_what_one_person_may_hold_is_rejected() -> None:
    two = Edition(per_person=2, proof=Proof.IDENTITY_NUMBER)
    second, third = (
        msgspec.structs.replace(FACTS, allotment=Allotment(edition=two, of_person=alive))
        for alive in (1, 2)
    )
    digest = {"person": "d1"}

    assert reserve(second, **digest).person == "d1"
    assert Rejected(Reason.PERSON_LIMIT_REACHED, {"limit": "2"}) == answer(
        None, TEN, "buyer", "Reserve", third, **digest
    )
    assert Rejected(Reason.PERSON_UNVERIFIED, {"proof": "identity_number"}) == answer(
        None, TEN, "buyer", "Reserve", second
    )


def test_without_a_limit_of_units_every_order_has_one() -> None:
    only_persons = Allotment(edition=Edition(per_person=2), taken=9)
    order = reserve(msgspec.structs.replace(FACTS, allotment=only_persons), person="d1")

    assert holds_unit(order)


# A provider that is slower than the launch ---------------------------------------------------

LATER = facts_of(rank=4)
LATER = msgspec.structs.replace(LATER, payment_opens_later=True)


def test_the_place_is_given_at_once_and_the_window_counts_from_the_opening() -> None:
    secured = reserve(LATER)
    at = TEN + timedelta(minutes=100)
    opened = then(secured, at, "provider", "OpenPayment", LATER, link="https://pay.example/4")

    assert (secured.rank, secured.pay_until) == (4, None)
    assert at + timedelta(minutes=30) == opened.pay_until
    assert [("https://pay.example/4", at)] == [(x.link, x.requested_at) for x in opened.payments]
    paid = then(opened, at + timedelta(minutes=29), "provider", "RecordPayment", LATER)
    assert Stage.DEPOSITED is paid.stage


def test_a_payment_opens_once_and_only_that_of_the_deposit() -> None:
    secured = reserve(LATER)
    opened = then(secured, TEN, "provider", "OpenPayment", LATER)

    assert reason(opened, TEN, "provider", "OpenPayment", LATER) == Reason.NOTHING_DUE
    assert reason(WAITING, TEN, "provider", "OpenPayment", LATER) == Reason.NOTHING_DUE
    assert (
        reason(secured, TEN, "provider", "OpenPayment", LATER, payment_number=2)
        == "payment_unknown"
    )


def test_who_pays_before_the_opening_was_noted_has_paid_in_time() -> None:
    paid = then(reserve(LATER), TEN, "provider", "RecordPayment", LATER)

    assert Stage.DEPOSITED is paid.stage


def test_a_freed_unit_at_a_slow_provider_is_kept_until_its_payment_opens() -> None:
    waits = reserve(facts(taken=10, waiting=0, rank=13, later=True))
    free = facts(taken=9, waiting=1, first_waiting=13, later=True)
    allotted = then(waits, TEN, "timer", "AllotUnit", free)
    at = TEN + timedelta(hours=5)

    assert (holds_unit(allotted), allotted.pay_until) == (True, None)
    assert reason(allotted, at, "timer", "Lapse", free) == Reason.NOTHING_DUE
    opened = then(allotted, at, "provider", "OpenPayment", free)
    assert at + timedelta(minutes=600) == opened.pay_until


def test_a_longer_window_agreed_meanwhile_counts_from_the_opening_too() -> None:
    said = {"overrides": (Override(OverrideField.PAYMENT_WINDOW_MINUTES, 90),)}

    def agreed(order: Order, at: Instant) -> Order:
        return then(order, at, "sales", "ProposeAgreement", LATER, **said)

    at = TEN + timedelta(minutes=100)
    before = then(agreed(reserve(LATER), TEN), at, "provider", "OpenPayment", LATER)
    after = agreed(then(reserve(LATER), at, "provider", "OpenPayment", LATER), at)

    assert at + timedelta(minutes=90) == before.pay_until
    assert at + timedelta(minutes=90) == after.pay_until
