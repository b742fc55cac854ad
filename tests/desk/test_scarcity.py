"""Units of an edition at the desk: counted exactly, freed by every exit, given on in rank order.

Not here: the rules for one order (`tests/core/test_scarcity.py`) and the great number on
PostgreSQL (`tests/chaos/test_oversell.py`).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from structlog.typing import EventDict

from earnest.core.launch.edition import Edition
from earnest.core.order import commands as ask
from earnest.core.order.allot import holds_unit, waits_for_unit
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.queue.rank import UnitCount
from earnest.core.values.ids import CampaignId, QueueId
from earnest.core.values.reason import Reason
from earnest.demo.maker import OPENED_AT
from earnest.desk.allotting import allot_free, keep_allotting
from earnest.desk.answer import Answer
from earnest.desk.ports import OrderKey
from tests.desk.fakes import Fault
from tests.desk.scarce import ScarceLibrary, campaign_of, reserve_as, scarce_shop
from tests.desk.shop import QUEUE, Shop, buyer_of, in_shop, submitted

TWO = Edition(units=2, offer_minutes=60)


def units(shop: Shop) -> tuple[int, int]:
    """Units taken, and how many wait, as the queue's row counts them."""
    count = shop.store.tables.queues[QUEUE].units
    assert count is not None
    held = [each for each in shop.store.orders.values() if holds_unit(each)]
    waiting = [each for each in shop.store.orders.values() if waits_for_unit(each)]
    assert (len(held), len(waiting)) == (count.taken, count.waiting), "counters follow from orders"
    assert len(shop.store.tables.allotted) == count.taken + count.waiting
    return count.taken, count.waiting


def of(shop: Shop, buyer: str) -> Order:
    """The one order of a buyer."""
    buyer_id = buyer_of(buyer)
    return next(each for each in shop.store.orders.values() if each.buyer_id == buyer_id)


async def allot(shop: Shop) -> int:
    return await allot_free(shop.desk, shop.store, shop.clock.now())


def test_units_are_given_in_order_and_the_rest_waits() -> None:
    async def visit(shop: Shop) -> None:
        answers = await submitted(shop.desk, *(shop.reserve(each) for each in "abcd"))

        assert [each.rank for each in answers if isinstance(each, Answer)] == [1, 2, 3, 4]
        assert units(shop) == (2, 2)
        assert [holds_unit(of(shop, each)) for each in "abcd"] == [True, True, False, False]
        assert [_number(of(shop, each)) for each in "cd"] == [1, 2]
        assert await allot(shop) == 0
        shop.check()

    in_shop(visit, scarce_shop(TWO))


def test_a_freed_unit_goes_to_the_first_who_waits_and_to_nobody_new() -> None:
    async def visit(shop: Shop) -> None:
        for each in "abcd":
            await shop.does(shop.reserve(each))
        await shop.does(shop.payment(of(shop, "a")))
        await shop.does(shop.command("Withdraw", of(shop, "a"), "buyer", "leave"))
        await shop.does(shop.reserve("e"))

        assert units(shop) == (1, 3)
        assert await allot(shop) == 1
        assert [holds_unit(of(shop, each)) for each in "cde"] == [True, False, False]
        assert shop.clock.now() + timedelta(minutes=60) == of(shop, "c").pay_until
        assert units(shop) == (2, 2)
        shop.check()

    in_shop(visit, scarce_shop(TWO))


def test_an_offer_that_lapses_goes_to_the_next_and_a_payment_keeps_it() -> None:
    async def visit(shop: Shop) -> None:
        for each in "abcd":
            await shop.does(shop.reserve(each))
        await shop.does(shop.payment(of(shop, "b")))
        shop.clock.advance(hours=1)
        await shop.fire()
        assert (of(shop, "a").stage, await allot(shop)) == (Stage.LAPSED, 1)
        shop.clock.advance(hours=2)
        await shop.fire()
        assert (of(shop, "c").stage, await allot(shop)) == (Stage.LAPSED, 1)
        await shop.does(shop.payment(of(shop, "d")))

        assert units(shop) == (2, 0)
        assert Stage.DEPOSITED is of(shop, "d").stage
        shop.check()

    in_shop(visit, scarce_shop(TWO))


def test_who_waits_may_leave_and_counts_no_more() -> None:
    async def visit(shop: Shop) -> None:
        for each in "abcd":
            await shop.does(shop.reserve(each))
        await shop.does(shop.command("Withdraw", of(shop, "c"), "buyer", "leave"))

        assert units(shop) == (2, 1)
        await shop.does(shop.command("Withdraw", of(shop, "a"), "buyer", "leave"))
        assert await allot(shop) == 1
        assert holds_unit(of(shop, "d"))
        shop.check()

    in_shop(visit, scarce_shop(TWO))


def test_reservations_withdrawals_and_offers_of_one_group_see_each_other() -> None:
    """All in one transaction: who leaves in it is not offered what another frees in it."""

    async def visit(shop: Shop) -> None:
        for each in "abcde":
            await shop.does(shop.reserve(each))
        a, c, d = (of(shop, each) for each in "acd")
        commands = [
            shop.command("Withdraw", c, "buyer", "leave"),
            shop.command("AllotUnit", d, "timer", "early"),
            shop.command("Withdraw", a, "buyer", "leave"),
            shop.command("AllotUnit", of(shop, "e"), "timer", "out of turn"),
            shop.command("AllotUnit", d, "timer", "in turn"),
        ]
        answers = await submitted(shop.desk, *commands)

        reasons = [each.reason for each in answers if isinstance(each, Answer)]
        assert reasons == [None, Reason.NOTHING_DUE, None, Reason.NOTHING_DUE, None]
        assert holds_unit(of(shop, "d"))
        assert units(shop) == (2, 1)
        shop.check()

    in_shop(visit, scarce_shop(TWO))


def test_a_late_word_about_a_payment_never_sells_a_unit_twice() -> None:
    async def visit(shop: Shop) -> None:
        for each in "abcd":
            await shop.does(shop.reserve(each))
        in_time = shop.clock.now()
        shop.clock.advance(hours=1)
        await shop.fire()
        assert await allot(shop) == 2
        for number, each in enumerate("ab"):
            payment = shop.payment(of(shop, each), event_id=f"late-{number}")
            await shop.does(_paid_at(shop, payment, in_time))

        assert [of(shop, each).stage for each in "ab"] == [Stage.RESERVED] * 2
        assert units(shop) == (2, 2)
        await shop.does(shop.command("Withdraw", of(shop, "d"), "buyer", "leave"))
        assert await allot(shop) == 1
        assert holds_unit(of(shop, "a"))
        shop.check()

    in_shop(visit, scarce_shop(TWO))


def test_units_that_a_newer_version_adds_go_to_those_who_wait() -> None:
    async def visit(shop: Shop) -> None:
        for each in "abcd":
            await shop.does(shop.reserve(each))
        library = shop.desk.library
        assert isinstance(library, ScarceLibrary)
        library.put(campaign_of(Edition(units=4, offer_minutes=60), version=2))

        assert await allot(shop) == 2
        assert units(shop) == (4, 0)
        assert UnitCount(taken=4, waiting=0, limit=4) == shop.store.tables.queues[QUEUE].units
        shop.check()

    in_shop(visit, scarce_shop(TWO))


@pytest.mark.parametrize("other", [CampaignId("limited"), CampaignId("its-successor")])
def test_where_units_are_limited_no_more_whoever_waits_comes_before_anybody_new(
    other: CampaignId,
) -> None:
    """By a further version of the campaign or by another one that follows it."""

    async def visit(shop: Shop) -> None:
        for each in "abcde":
            await shop.does(shop.reserve(each))
        library = shop.desk.library
        assert isinstance(library, ScarceLibrary)
        endless = msgspec.structs.replace(campaign_of(None, version=2), campaign_id=other)
        library.follow(endless, shop.clock.now())

        await shop.does(shop.reserve("f"))
        assert units(shop) == (2, 4), "nobody new overtakes those who wait"
        assert _number(of(shop, "f")) == 4

        assert await allot(shop) == 4
        assert units(shop) == (6, 0)
        assert UnitCount(taken=6, waiting=0, limit=None) == shop.store.tables.queues[QUEUE].units
        assert [of(shop, each).pay_until is None for each in "cdef"] == [False] * 4
        await shop.does(shop.reserve("g"))
        assert of(shop, "g").unit is None, "nothing is scarce any more"
        assert (units(shop), await allot(shop)) == ((6, 0), 0)
        shop.check()

    in_shop(visit, scarce_shop(TWO))


def test_units_are_limited_where_an_edition_ever_was_published() -> None:
    async def visit(shop: Shop) -> None:
        library = shop.desk.library
        assert isinstance(library, ScarceLibrary)
        now, other = shop.clock.now(), QueueId("y7-launch-cn")
        library.put(campaign_of(TWO), campaign_of(None, other))
        library.follow(campaign_of(None, version=2), now)

        assert library.units_limited_to(OPENED_AT - timedelta(days=1)) == {}
        assert library.units_limited_to(now - timedelta(seconds=1)) == {QUEUE: 2}
        assert library.units_limited_to(now) == {QUEUE: None}

    in_shop(visit, scarce_shop(TWO))


def test_a_queue_without_edition_counts_nothing() -> None:
    async def visit(shop: Shop) -> None:
        await shop.does(shop.reserve("a"))

        assert await allot(shop) == 0
        assert shop.store.tables.queues[QUEUE].units is None
        assert shop.store.tables.allotted == {}

    in_shop(visit)


# A limit per person --------------------------------------------------------------------------


@pytest.mark.parametrize("desks", [1, 2])
def test_ten_connections_of_one_person_get_what_one_person_may(desks: int) -> None:
    async def life() -> None:
        shop = scarce_shop(Edition(units=100, per_person=2), group_limit=3)
        all_desks = [shop.desk, *(shop.another_desk() for _ in range(desks - 1))]
        async with shop.open(*all_desks):
            answers = await asyncio.gather(
                *(
                    submitted(all_desks[n % desks], reserve_as(shop, f"login {n}", "li", f"k{n}"))
                    for n in range(10)
                )
            )
            accepted = [each for [each] in answers if isinstance(each, Answer) and each.is_accepted]
            assert len(accepted) == 2
            again = reserve_as(shop, "login 1", "li", "another")
            [refused] = await submitted(shop.desk, again)
            assert isinstance(refused, Answer)
            assert (refused.reason, refused.details) == (
                Reason.PERSON_LIMIT_REACHED,
                {"limit": "2"},
            )
            first = shop.order(accepted[0].order_id)
            await shop.does(shop.command("Withdraw", first, "buyer", "leave"))
            await shop.does(reserve_as(shop, "login 1", "li", "after one left"))
            assert units(shop) == (2, 0)
            shop.check()

    asyncio.run(life())


@pytest.mark.parametrize("desks", [1, 2])
def test_ten_connections_of_one_login_get_no_more_by_proving_ten_persons(desks: int) -> None:
    """The door looked each person up in between two proofs, so every command shows another."""

    async def life() -> None:
        shop = scarce_shop(Edition(units=100, per_person=2), group_limit=3)
        all_desks = [shop.desk, *(shop.another_desk() for _ in range(desks - 1))]
        async with shop.open(*all_desks):
            answers = await asyncio.gather(
                *(
                    submitted(all_desks[n % desks], reserve_as(shop, "login", f"li {n}", f"k{n}"))
                    for n in range(10)
                )
            )
            accepted = [each for [each] in answers if isinstance(each, Answer) and each.is_accepted]
            assert len(accepted) == 2
            person = shop.order(accepted[0].order_id).person
            assert person is not None
            await shop.does(reserve_as(shop, "another login", person, "of the same person"))
            [refused] = await submitted(shop.desk, reserve_as(shop, "third login", person, "more"))
            assert isinstance(refused, Answer)
            assert refused.reason is Reason.PERSON_LIMIT_REACHED
            first = shop.order(accepted[0].order_id)
            await shop.does(shop.command("Withdraw", first, "buyer", "leave"))
            await shop.does(reserve_as(shop, "login", "somebody new", "after one left"))
            assert units(shop) == (3, 0)
            shop.check()

    asyncio.run(life())


def test_an_order_of_both_the_person_and_the_login_counts_once() -> None:
    async def visit(shop: Shop) -> None:
        await shop.does(reserve_as(shop, "login", "li", "one"))
        await shop.does(reserve_as(shop, "other login", "li", "two"))
        await shop.does(reserve_as(shop, "login", "li", "three"))
        [refused] = await submitted(shop.desk, reserve_as(shop, "login", "li", "four"))

        assert isinstance(refused, Answer)
        assert refused.reason is Reason.PERSON_LIMIT_REACHED
        assert units(shop) == (3, 0)

    in_shop(visit, scarce_shop(Edition(units=100, per_person=3)))


def test_a_person_unknown_to_the_door_is_turned_away_where_persons_count() -> None:
    async def visit(shop: Shop) -> None:
        [answer] = await submitted(shop.desk, shop.reserve("a"))

        assert isinstance(answer, Answer)
        assert (answer.reason, answer.details) == (Reason.PERSON_UNVERIFIED, {"proof": "phone"})
        assert shop.store.orders == {}

    in_shop(visit, scarce_shop(Edition(per_person=1)))


# What goes wrong -----------------------------------------------------------------------------


def test_offers_wait_for_the_store_and_the_desk() -> None:
    async def visit(shop: Shop) -> None:
        for each in "abc":
            await shop.does(shop.reserve(each))
        await shop.does(shop.command("Withdraw", of(shop, "a"), "buyer", "leave"))
        shop.store.faults.extend([Fault.AT_OPENING] * 6)
        assert await allot(shop) == 0
        assert await allot(shop) == 1

    in_shop(visit, scarce_shop(TWO))


def test_a_defect_in_one_offer_is_noted(logged: list[EventDict]) -> None:
    async def visit(shop: Shop) -> None:
        for each in "abc":
            await shop.does(shop.reserve(each))
        shop.store.tables.queues.pop(QUEUE)
        waits = of(shop, "c")
        shop.store.in_line = [OrderKey(waits.buyer_id, waits.order_id)]
        assert await allot(shop) == 0

    in_shop(visit, scarce_shop(TWO))
    assert "allotting_failed" in [each["event"] for each in logged]


def test_the_worker_gives_units_on_until_it_is_stopped(logged: list[EventDict]) -> None:
    async def visit(shop: Shop) -> None:
        for each in "abc":
            await shop.does(shop.reserve(each))
        await shop.does(shop.command("Withdraw", of(shop, "a"), "buyer", "leave"))
        shop.store.looks_lost = 1
        working = asyncio.create_task(keep_allotting(shop.desk, shop.store, shop.clock.now))
        await shop.store.looked_twice.wait()
        working.cancel()
        assert units(shop) == (2, 0)

    in_shop(visit, scarce_shop(TWO))
    assert "allotting_waits_for_store" in [each["event"] for each in logged]


def _number(order: Order) -> int | None:
    assert order.unit is not None
    return order.unit.waiting_number


def _paid_at(shop: Shop, payment: ask.Command, at: object) -> ask.Command:
    assert isinstance(payment, ask.RecordPayment)
    order = shop.order(payment.order_id)
    return shop.command(
        "RecordPayment",
        order,
        "provider",
        f"paid-{payment.order_id}",
        payment_number=1,
        amount=payment.amount,
        paid_at=at,
        provider="null",
        provider_payment_id=payment.provider_payment_id,
    )
