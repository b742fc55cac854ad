"""A lost connection leaves nothing undone and does nothing twice, committed or not."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.order import commands as ask
from earnest.desk.answer import Answer
from earnest.desk.desk import TRIES, CommandFailed
from earnest.desk.ports import StoreUnavailable
from tests.desk.fakes import Fault
from tests.desk.shop import Shop, content_hash, in_shop, submitted


@pytest.mark.parametrize("fault", Fault)
def test_a_group_that_was_lost_is_run_again_and_happens_once(fault: Fault) -> None:
    async def visit(shop: Shop) -> None:
        shop.store.faults.append(fault)
        commands = [shop.reserve(f"buyer {number}") for number in range(5)]
        answers = await submitted(shop.desk, *commands)

        assert [each.rank for each in answers if isinstance(each, Answer)] == [1, 2, 3, 4, 5]
        assert shop.desk.counts.retries == 1
        assert len(shop.store.events) == 5
        shop.check()

    in_shop(visit)


def test_after_an_unknown_commit_the_first_answers_are_found_under_their_keys() -> None:
    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        shop.store.faults.append(Fault.AFTER_COMMIT)
        answers = await submitted(
            shop.desk,
            shop.command("Withdraw", order, "buyer", "leave"),
            shop.command("OpenCase", order, "buyer", "case", subject="paint"),
        )

        # Decided again the first would read otherwise: the order is over.
        assert [each.events for each in answers if isinstance(each, Answer)] == [
            ("Withdrawn", "SettlementFixed"),
            ("CaseOpened",),
        ]
        assert shop.store.groups[-2:] == [2, 0]
        shop.check()

    in_shop(visit)


def test_after_an_unknown_commit_reservations_find_the_ranks_they_were_given() -> None:
    async def visit(shop: Shop) -> None:
        shop.store.faults.append(Fault.AFTER_COMMIT)
        answers = await submitted(shop.desk, shop.reserve("li"), shop.reserve("wang"))

        assert [each.rank for each in answers if isinstance(each, Answer)] == [1, 2]
        assert shop.store.groups == [2, 0]
        shop.check()

    in_shop(visit)


def test_a_desk_that_forgets_keys_repeats_an_unknown_commit() -> None:
    """Control: this is what the look-up before the second run prevents."""

    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        shop.store.remembers_keys = False
        shop.store.faults.append(Fault.AFTER_COMMIT)
        case = shop.command("OpenCase", order, "buyer", "case", subject="paint")
        await submitted(shop.desk, case)
        assert shop.kinds(order)[2:] == ["CaseOpened", "CaseOpened"]

        shop.store.faults.append(Fault.AFTER_COMMIT)
        (second,) = await submitted(shop.desk, shop.reserve("wang"))
        assert isinstance(second, CommandFailed)

    in_shop(visit)


def test_deadlines_have_no_keys_and_still_happen_once() -> None:
    """A deadline that fired is gone, so running its group again finds nothing left to do."""

    async def visit(shop: Shop) -> None:
        orders = [await shop.deposited(f"buyer {number}") for number in range(3)]
        shop.clock.advance(hours=168)
        shop.store.faults.append(Fault.AFTER_COMMIT)
        await shop.fire()

        for order in orders:
            assert shop.kinds(order) == ["Reserved", "DepositReceived", "Locked"]
        assert await shop.fire() == 0
        shop.check()

    in_shop(visit)


def test_a_store_that_stays_away_is_told_to_everybody_and_the_keys_stay_valid() -> None:
    async def visit(shop: Shop) -> None:
        shop.store.faults.extend([Fault.BEFORE_COMMIT] * TRIES)
        commands = [shop.reserve("li"), shop.reserve("wang")]
        answers = await submitted(shop.desk, *commands)

        assert [type(each) for each in answers] == [StoreUnavailable, StoreUnavailable]
        assert answers[0] is not answers[1]
        assert (shop.store.opened, shop.desk.counts.retries) == (TRIES, TRIES)
        assert shop.store.events == []

        again = await submitted(shop.desk, *commands)
        assert [each.rank for each in again if isinstance(each, Answer)] == [1, 2]
        shop.check()

    in_shop(visit)


def test_a_store_that_answered_at_last_too_late_is_found_out_by_the_key() -> None:
    """Every try committed nothing but the last, whose answer was lost as well."""

    async def visit(shop: Shop) -> None:
        lost: list[Fault | None] = [Fault.AT_OPENING] * (TRIES - 1)
        shop.store.faults.extend([*lost, Fault.AFTER_COMMIT])
        command = shop.reserve("li")
        (answer,) = await submitted(shop.desk, command)
        assert isinstance(answer, StoreUnavailable)

        (again,) = await submitted(shop.desk, command)
        assert isinstance(again, Answer)
        assert again.events == ("Reserved",)
        assert len(shop.store.events) == 1
        shop.check()

    in_shop(visit)


def test_the_pauses_between_tries_double() -> None:
    async def life() -> list[float]:
        shop = Shop()
        pauses: list[float] = []

        async def noted(seconds: float) -> None:
            pauses.append(seconds)

        shop.desk = shop.another_desk(sleep=noted)
        async with shop.open():
            shop.store.faults.extend([Fault.AT_OPENING] * TRIES)
            await submitted(shop.desk, shop.reserve("li"))
        return pauses

    assert asyncio.run(life()) == [0.5, 1.0, 2.0, 4.0, 8.0]


faults = st.lists(st.sampled_from([None, None, *Fault]), max_size=30)


@given(faults, st.integers(min_value=1, max_value=4))
def test_whatever_is_lost_every_command_happens_exactly_once(
    lost: list[Fault | None], group_limit: int
) -> None:
    """Clients repeat what they got no answer to, with the same key, until they get one."""

    async def visit(shop: Shop) -> None:
        shop.store.faults.extend(lost)
        reserves = [shop.reserve(f"buyer {number}") for number in range(6)]

        async def client(number: int) -> None:
            await until_answered(shop, reserves[number])
            if number % 2:
                await until_answered(shop, shop.payment(reserves[number]))

        await asyncio.gather(*(client(number) for number in range(6)))

        for number, reserve in enumerate(reserves):
            paid = ["DepositReceived"] if number % 2 else []
            assert shop.kinds(reserve) == ["Reserved", *paid]
        shop.check()

    in_shop(visit, Shop(group_limit=group_limit))


async def until_answered(shop: Shop, command: ask.Command) -> None:
    """Ask as an impatient client does."""
    for _ in range(50):
        try:
            answer = await shop.desk.submit(command, content_hash(command))
        except StoreUnavailable:
            continue
        assert isinstance(answer, Answer)
        assert answer.is_accepted
        return
    raise AssertionError("nobody answered")
