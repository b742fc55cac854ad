"""What events and orders say beside stage and money: who confirmed, why, and under which name."""

from __future__ import annotations

import msgspec

from earnest.core.cases.notice import Means
from earnest.core.order.decide import Step
from earnest.core.order.events import BalanceDemanded, Inspected, SurplusReceived
from earnest.core.order.evolve import evolve
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.terms.override import Override, OverrideField
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core.orders import answer, order_after, then
from tests.core.world import acknowledgement, local, yuan

DEFAULT = {"ground": Ground.BALANCE_DEFAULT}
TWENTY_ONE_DAYS = (Override(field=OverrideField.BALANCE_DUE_DAYS, value=21),)


def _surplus(order: Order, at: Instant, **fields: object) -> SurplusReceived:
    """The surplus that one more payment turns out to be."""
    step = answer(order, at, "provider", "RecordPayment", **fields)
    assert isinstance(step, Step)
    [surplus] = [each for each in step.events if isinstance(each, SurplusReceived)]
    return surplus


def test_an_inspection_names_who_confirmed_it() -> None:
    at = local(2024, 8, 29, 11)
    tendered = order_after("Tendered")

    login = answer(tendered, at, "buyer", "RecordInspection")
    signed = answer(tendered, at, "delivery", "RecordInspection", buyer_signature="digest")

    assert isinstance(login, Step)
    assert isinstance(signed, Step)
    confirmed = [
        each.confirmed_by for each in (*login.events, *signed.events) if isinstance(each, Inspected)
    ]
    assert confirmed == ["buyer:an", "digest"]


def test_a_clause_acknowledged_twice_is_one_clause() -> None:
    at = local(2024, 7, 2)
    shown = acknowledgement("lock_effect", at)
    order = order_after("DepositReceived")

    for _ in range(2):
        order = then(order, at, "buyer", "Lock", acknowledgement=shown)
        order = then(order, at, "buyer", "UndoLock")

    assert order.acknowledged == ("terms", "forfeiture", "lock_effect")


def test_a_demand_from_before_its_arrival_had_to_be_proven_keeps_its_date() -> None:
    inspected, at = order_after("Inspected"), local(2024, 8, 29, 11)
    stored = (
        b'{"kind":"BalanceDemanded","at":"2024-08-29T03:00:00Z","tender_number":1,'
        b'"amount":{"amount":29490000,"currency":"CNY"},"due_at":"2024-09-05T16:00:00Z"}'
    )
    demanded = evolve(inspected, msgspec.json.decode(stored, type=BalanceDemanded))

    early = answer(demanded, local(2024, 9, 5, 23), "finance", "DemandPerformance", **DEFAULT)
    late = answer(demanded, local(2024, 9, 6), "finance", "DemandPerformance", **DEFAULT)
    opened = answer(demanded, at, "buyer", "RecordNotice", means=Means.IN_APP)
    longer = then(demanded, at, "sales", "ProposeAgreement", overrides=TWENTY_ONE_DAYS)

    assert isinstance(early, Rejected)
    assert isinstance(late, Step)
    assert isinstance(opened, Rejected)
    assert opened.reason is Reason.DEMAND_UNKNOWN
    assert longer.balance_demand is not None
    assert longer.balance_demand.due_at == local(2024, 9, 20)


def test_a_surplus_says_why_it_is_none_of_the_sellers() -> None:
    at = local(2024, 8, 29, 12)
    withdrawn = then(order_after("Reserved"), local(2024, 7, 1, 10), "buyer", "Withdraw")
    asked = then(order_after("Inspected"), at, "buyer", "RequestPayment")
    twice = then(asked, at, "buyer", "RequestPayment")
    paid = then(twice, at, "provider", "RecordPayment", payment_number=2)
    left = then(twice, at, "buyer", "CancelByBuyer")
    reserved = order_after("Reserved")
    late = local(2024, 7, 1, 10, 30)

    assert _surplus(withdrawn, at).why == "order_over"
    assert _surplus(left, at).why == "order_over"
    assert _surplus(paid, at).why == "more_than_due"
    assert _surplus(asked, at, amount=yuan(300_000)).why == "more_than_due"
    assert _surplus(paid, at, payment_number=1, provider_payment_id="again").why == "paid_twice"
    assert _surplus(reserved, at, paid_at=late).why == "paid_too_late"
    assert _surplus(reserved, at, amount=yuan(1)).why == "amount_differs"


def test_a_refund_names_the_payment_it_goes_back_on() -> None:
    at = local(2024, 8, 29, 12)
    again = _surplus(order_after("Locked"), at, provider="other", provider_payment_id="again")
    left = then(order_after("BalanceReceived"), at, "sales", "RefusePerformance")
    ended = then(left, at, "buyer", "TerminateByBuyer", ground="refusal")

    assert (again.payout.provider, again.payout.provider_payment_id) == ("other", "again")
    assert again.payout.is_surplus
    assert [
        (each.payment_number, each.provider, each.provider_payment_id) for each in ended.payouts
    ] == [(2, "sandbox", "pay-2"), (1, "sandbox", "pay-1"), (1, None, None)]
    assert not any(each.is_surplus for each in ended.payouts)
