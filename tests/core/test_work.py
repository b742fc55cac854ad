"""What of an order waits for the office: cases, payouts and forfeitures, each with its clock.

Not here: how each comes about (`tables`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.cases.case import CaseFact
from earnest.core.order.parts import ForfeitureFact, Payout, PayoutKind, PayoutState
from earnest.core.order.parts_of_deferral import DeferralRequest
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.order.work import WorkKind, work_of
from earnest.core.values.money import Money
from tests.core.orders import order_after

AT = order_after("Locked").changed_at
SUM = Money(500_000, "CNY")


def order_with(**fields: object) -> Order:
    return msgspec.structs.replace(order_after("Locked"), **fields)


def payout(number: int, state: PayoutState, release_days: int | None = None) -> Payout:
    return Payout(
        number=number,
        kind=PayoutKind.REFUND,
        amount=SUM,
        due_at=AT + timedelta(days=7),
        state=state,
        payment_number=1,
        release_due_at=None if release_days is None else AT + timedelta(days=release_days),
    )


def case(number: int, **fields: object) -> CaseFact:
    return msgspec.structs.replace(
        CaseFact(
            number=number,
            subject="paint",
            opened_at=AT,
            answer_due_at=AT + timedelta(days=7),
            decision_due_at=AT + timedelta(days=30),
        ),
        **fields,
    )


def found(order: Order) -> list[tuple[WorkKind, int, int | None]]:
    return [(each.kind, (each.due_at - AT).days, each.number) for each in work_of(order)]


def test_nothing_waits_at_an_order_without_cases_and_payouts() -> None:
    assert work_of(order_with()) == ()


def test_a_case_waits_for_its_answer_and_then_for_its_decision() -> None:
    cases = (
        case(1),
        case(2, answered_at=AT),
        case(3, answer_due_at=None),
        case(4, closed_at=AT),
        case(5, answer_due_at=None, decision_due_at=None),
    )

    assert found(order_with(cases=cases)) == [
        (WorkKind.ANSWER_CASE, 7, 1),
        (WorkKind.DECIDE_CASE, 30, 2),
        (WorkKind.DECIDE_CASE, 30, 3),
    ]


def test_a_payout_waits_for_its_second_person_or_to_be_paid() -> None:
    payouts = (
        payout(1, PayoutState.AWAITING_RELEASE, release_days=3),
        payout(2, PayoutState.AWAITING_RELEASE),
        payout(3, PayoutState.DUE),
        payout(4, PayoutState.PAID),
        payout(5, PayoutState.AWAITING_RETURN),
    )

    assert found(order_with(payouts=payouts)) == [
        (WorkKind.RELEASE_PAYOUT, 3, 1),
        (WorkKind.REFUND, 7, 3),
        (WorkKind.RELEASE_PAYOUT, 7, 2),
    ]


def test_a_forfeiture_waits_until_it_is_released() -> None:
    fixed = ForfeitureFact(
        amount=SUM, fixed_at=AT, fixed_by="staff:an", release_due_at=AT + timedelta(days=5)
    )
    released = msgspec.structs.replace(fixed, released_at=AT)

    assert found(order_with(forfeiture=fixed)) == [(WorkKind.RELEASE_FORFEITURE, 5, None)]
    assert found(order_with(forfeiture=released)) == []


def test_a_request_for_a_deferral_waits_for_its_answer_while_it_can_be_given() -> None:
    long = DeferralRequest(requested_at=AT, valid_until=AT + timedelta(days=90))
    short = DeferralRequest(requested_at=AT, valid_until=AT + timedelta(days=9))

    assert found(order_with(deferral_request=long)) == [(WorkKind.ANSWER_DEFERRAL, 14, None)]
    assert found(order_with(deferral_request=short)) == [(WorkKind.ANSWER_DEFERRAL, 9, None)]
    assert found(order_with(deferral_request=long, stage=Stage.CANCELLED)) == []
