"""Every check holds in a good world and fails in the world it is made for."""

from __future__ import annotations

from random import Random

from earnest.simulator import checks
from earnest.simulator.crowd import Buyer, Shares, draw_crowd
from earnest.simulator.launch import Seen
from earnest.simulator.life import AccountShown
from earnest.simulator.lives import LifeReport
from earnest.simulator.orders import OrderListed

NAMES = [f"order-{number}" for number in range(4)]


def world() -> tuple[list[Buyer], Seen]:
    """Four buyers who reserved one after the other: one never pays, one withdraws."""
    crowd = draw_crowd(4, Shares(withdraw=0, early_lock=0, never_pay=0, twice=0), Random(1))
    seen = Seen.of(4)
    for position, buyer in enumerate(crowd):
        buyer.buyer_id = f"buyer-{position}"
        seen.sent[position] = position + 1.0
        seen.intended[position] = position + 1.0
        seen.answered[position] = position + 1.5
        seen.pay_sent[position] = position + 1.6
        seen.paid[position] = position + 1.7
        seen.status[position] = 201
        seen.paid_status[position] = 200
        seen.rank[position] = position + 1
        seen.order_id[position] = NAMES[position]
    crowd[1].withdraws = True
    crowd[2].never_pays = True
    seen.pay_sent[2] = seen.paid[2] = 0.0
    seen.paid_status[2] = 0
    return crowd, seen


def listed() -> list[OrderListed]:
    stages = ["locked", "withdrawn", "lapsed", "locked"]
    return [
        OrderListed(NAMES[position], f"buyer-{position}", stages[position], position + 1)
        for position in range(4)
    ]


def told(orders: list[OrderListed]) -> dict[str, bool]:
    crowd, seen = world()
    expected = checks.expected_stages(crowd, seen, {})
    return {each.name: each.passed for each in checks.orders_as_told(orders, crowd, seen, expected)}


def test_a_good_world_holds() -> None:
    _, seen = world()

    assert checks.somebody_accepted(seen).passed
    assert checks.everybody_answered(seen).passed
    assert checks.same_answer_twice(seen).passed
    assert checks.ranks_dense(seen, queue_was_empty=True).passed
    assert checks.nobody_overtaken(seen).passed
    assert set(told(listed()).values()) == {True}


def test_an_empty_launch_proves_nothing() -> None:
    assert not checks.somebody_accepted(Seen.of(3)).passed


def test_silence_and_server_errors_are_noticed() -> None:
    _, seen = world()
    seen.status[0] = 0
    assert not checks.everybody_answered(seen).passed

    _, seen = world()
    seen.paid_status[0] = 0
    assert not checks.everybody_answered(seen).passed

    _, seen = world()
    seen.troubles = {"server_error": 1, "busy": 7}
    verdict = checks.everybody_answered(seen)
    assert not verdict.passed
    assert verdict.detail.endswith("sent again because of: busy 7, server_error 1")


def test_two_answers_to_one_request_are_noticed() -> None:
    _, seen = world()
    seen.sent_twice = 2
    seen.unequal = ["run-7"]

    verdict = checks.same_answer_twice(seen)

    assert (verdict.passed, verdict.detail) == (
        False,
        "2 requests sent twice, 1 answered differently: run-7",
    )


def test_an_empty_queue_begins_at_one() -> None:
    _, seen = world()
    assert not checks.ranks_dense(seen, queue_was_empty=False).passed

    for position in range(4):
        seen.rank[position] += 10
    assert checks.ranks_dense(seen, queue_was_empty=False).passed
    assert not checks.ranks_dense(seen, queue_was_empty=True).passed


def test_an_order_that_is_not_listed_is_lost() -> None:
    assert not told(listed()[1:])["no order lost"]


def test_an_order_listed_twice_or_never_told_is_noticed() -> None:
    assert not told([*listed(), listed()[0]])["no order twice"]
    assert not told([*listed(), OrderListed("order-9", "buyer-1", "locked", 9)])["no order twice"]


def test_orders_of_other_people_are_nobodys_business() -> None:
    assert set(told([*listed(), OrderListed("order-9", "else", "locked", 9)]).values()) == {True}


def test_a_stage_or_rank_that_differs_is_noticed() -> None:
    orders = listed()
    orders[0] = OrderListed(NAMES[0], "buyer-0", "deposited", 1)
    orders[3] = OrderListed(NAMES[3], "buyer-3", "locked", 5)

    verdicts = told(orders)

    assert not verdicts["every order where it belongs"]
    assert not verdicts["ranks listed as they were told"]
    assert verdicts["no order lost"]


def test_books_balance_by_the_nature_of_their_accounts() -> None:
    books = [
        AccountShown("provider_clearing", "CNY", 500),
        AccountShown("double_return_expense", "CNY", 100),
        AccountShown("committed_deposits", "CNY", 400),
        AccountShown("owed_to_buyers", "CNY", 200),
    ]

    assert checks.books_balance(books).passed
    assert not checks.books_balance(books[1:]).passed
    assert not checks.nothing_owed(books).passed
    assert checks.nothing_owed(books[:3]).passed


def test_a_life_that_went_wrong_is_named() -> None:
    good = LifeReport("delay", "order-1", ("locked", "terminated"))
    bad = LifeReport("delay", "order-2", ("locked",), "terminate-by-buyer was rejected")

    assert checks.lives_as_expected([good]).passed
    verdict = checks.lives_as_expected([good, bad])
    assert verdict.detail == "1: delay (order-2): terminate-by-buyer was rejected"
    assert not verdict.passed
