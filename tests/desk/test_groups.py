"""Whatever waits when a commit returns is the next transaction, decided in the order it came."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from structlog.typing import EventDict

from earnest.core.catalogue.configuration import Configuration
from earnest.core.order import commands as ask
from earnest.core.order.parts import LockMode
from earnest.core.values.money import Money
from earnest.core.values.reason import Reason
from earnest.desk.answer import Answer
from earnest.desk.desk import TRIES, CommandFailed, Desk, DeskFull
from earnest.desk.group import KeyReused
from earnest.desk.ports import StoreUnavailable
from tests.desk.fakes import Fault
from tests.desk.shop import Shop, content_hash, in_shop, no_pause, submitted


def accepted(answers: list[Answer | KeyReused | BaseException]) -> list[bool]:
    return [isinstance(each, Answer) and each.is_accepted for each in answers]


def test_the_first_command_goes_at_once_and_the_others_wait_for_its_commit() -> None:
    async def visit(shop: Shop) -> None:
        shop.store.gate = asyncio.Event()
        first = asyncio.create_task(submitted(shop.desk, shop.reserve("first")))
        await asyncio.sleep(0.01)
        others = asyncio.create_task(
            submitted(shop.desk, *(shop.reserve(f"buyer {number}") for number in range(10)))
        )
        await asyncio.sleep(0.01)
        shop.store.gate.set()
        await asyncio.gather(first, others)

        assert shop.store.groups == [1, 10]
        assert (shop.desk.counts.groups, shop.desk.counts.commands) == (2, 11)
        shop.check()

    in_shop(visit)


def test_no_group_is_larger_than_its_limit() -> None:
    async def visit(shop: Shop) -> None:
        answers = await submitted(
            shop.desk, *(shop.reserve(f"buyer {number}") for number in range(10))
        )

        assert shop.store.groups == [3, 3, 3, 1]
        assert [each.rank for each in answers if isinstance(each, Answer)] == list(range(1, 11))
        shop.check()

    in_shop(visit, Shop(group_limit=3))


def test_ranks_follow_arrival_and_have_no_gaps_when_some_are_rejected() -> None:
    async def visit(shop: Shop) -> None:
        wrong = Configuration("s7-standard", ("paint-aqua",))
        commands: list[ask.Command] = []
        for number in range(12):
            command = shop.reserve(f"buyer {number}")
            if number % 3 == 1:
                command = msgspec.structs.replace(command, price=Money(1, "CNY"))
            if number % 3 == 2:
                command = msgspec.structs.replace(command, configuration=wrong)
            commands.append(command)
        answers = await submitted(shop.desk, *commands)

        reasons = [each.reason for each in answers if isinstance(each, Answer)]
        assert reasons == [None, Reason.PRICE_DIFFERS, Reason.CHOICE_MISSING] * 4
        assert [each.rank for each in answers if isinstance(each, Answer) and each.rank] == [
            1,
            2,
            3,
            4,
        ]
        assert shop.store.groups == [12]
        assert len(shop.store.tables.commands) == 12
        shop.check()

    in_shop(visit)


def test_a_reservation_and_its_payment_can_meet_in_one_group() -> None:
    async def visit(shop: Shop) -> None:
        reserve = shop.reserve("li")
        answers = await submitted(shop.desk, reserve, shop.payment(reserve))

        assert accepted(answers) == [True, True]
        assert shop.store.groups == [2]
        assert shop.kinds(reserve) == ["Reserved", "DepositReceived"]
        assert shop.order(reserve.order_id).sequence == 2
        shop.check()

    in_shop(visit)


def test_commands_of_one_order_are_decided_one_on_the_other() -> None:
    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        answers = await submitted(
            shop.desk,
            shop.command("Withdraw", order, "buyer", "leave"),
            shop.command("Withdraw", order, "buyer", "leave again"),
            shop.command("OpenCase", order, "buyer", "case", subject="paint"),
        )

        assert accepted(answers) == [True, False, True]
        assert isinstance(answers[1], Answer)
        assert answers[1].reason is Reason.ORDER_OVER
        shop.check()

    in_shop(visit)


def test_a_stale_writer_in_the_same_group_is_rejected() -> None:
    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        cases = [
            msgspec.structs.replace(
                shop.command("OpenCase", order, "buyer", key, subject=key),
                expected_sequence=order.sequence,
            )
            for key in ("one", "two")
        ]
        answers = await submitted(shop.desk, *cases)

        assert accepted(answers) == [True, False]
        assert isinstance(answers[1], Answer)
        assert (answers[1].reason, answers[1].details) == (
            Reason.SEQUENCE_STALE,
            {"sequence": "3"},
        )

    in_shop(visit)


def test_a_withdrawal_is_judged_by_when_it_was_received() -> None:
    """It waited in the queue while the period ended and the timer's lock was committed (S03)."""

    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        assert order.cooling_off_ends is not None
        shop.clock.instant = order.cooling_off_ends - timedelta(microseconds=1)
        in_time = shop.command("Withdraw", order, "buyer", "leave")
        shop.clock.advance(seconds=5)
        assert await shop.fire() == 1
        locked = shop.order(order.order_id)
        assert locked.lock is not None
        assert locked.lock.mode is LockMode.AT_EXPIRY
        too_late = shop.command("Withdraw", order, "buyer", "leave too late")

        answers = await submitted(shop.desk, too_late, in_time)

        assert accepted(answers) == [False, True]
        assert isinstance(answers[0], Answer)
        assert answers[0].reason is Reason.COOLING_OFF_OVER
        assert shop.kinds(order)[-3:] == ["Locked", "Withdrawn", "SettlementFixed"]
        shop.check()

    in_shop(visit)


class Defective(ask.OpenCase, frozen=True, kw_only=True, tag=True):
    """A command that no rule was written for: deciding it fails."""


def defective(shop: Shop, order: ask.Command) -> ask.Command:
    return Defective(
        buyer_id=order.buyer_id,
        order_id=order.order_id,
        actor=order.actor,
        key="defect",
        received_at=shop.clock.now(),
        subject="no rule",
    )


def case(shop: Shop, order: ask.Command, subject: str) -> ask.Command:
    return shop.command("OpenCase", order, "buyer", subject, subject=subject)


def test_a_reservation_and_other_commands_are_committed_apart() -> None:
    async def visit(shop: Shop) -> None:
        li = shop.reserve("li")
        await shop.does(li)
        answers = await submitted(
            shop.desk, case(shop, li, "paint"), shop.reserve("wang"), case(shop, li, "wheels")
        )

        assert accepted(answers) == [True, True, True]
        assert sorted(shop.store.groups) == [1, 1, 2]
        shop.check()

    in_shop(visit)


def test_what_concerns_an_order_never_overtakes_its_reservation() -> None:
    async def visit(shop: Shop) -> None:
        shop.store.gate = asyncio.Event()
        li = shop.reserve("li")
        wanted: list[ask.Command] = [li, shop.payment(li), case(shop, li, "paint")]
        answers = [asyncio.create_task(submitted(shop.desk, li))]
        while not shop.store.open_transactions:  # noqa: ASYNC110 - the fake counts and has no event
            await asyncio.sleep(0)
        answers += [asyncio.create_task(submitted(shop.desk, each)) for each in wanted[1:]]
        await asyncio.sleep(0)
        shop.store.gate.set()

        assert [accepted(await each) for each in answers] == [[True], [True], [True]]
        assert shop.kinds(li) == ["Reserved", "DepositReceived", "CaseOpened"]
        assert shop.store.groups == [1, 2]
        # Once all of it is answered, the order's commands wait with all others again.
        await submitted(shop.desk, shop.reserve("wang"), case(shop, li, "wheels"))
        assert shop.store.groups == [1, 2, 1, 1]
        shop.check()

    in_shop(visit)


def test_a_defective_command_fails_alone(logged: list[EventDict]) -> None:
    async def visit(shop: Shop) -> None:
        first = shop.reserve("first")
        await shop.does(first)
        answers = await submitted(
            shop.desk,
            *(case(shop, first, f"before {number}") for number in range(3)),
            defective(shop, first),
            *(case(shop, first, f"after {number}") for number in range(3)),
        )

        assert accepted(answers) == [True, True, True, False, True, True, True]
        assert isinstance(answers[3], CommandFailed)
        assert str(answers[3]) == "Defective"
        assert [each.sequence for each in answers if isinstance(each, Answer)] == [2, 3, 4, 5, 6, 7]
        assert shop.store.groups == [1] * 7
        assert [line["event"] for line in logged] == ["group_failed", "command_failed"]
        shop.check()

    in_shop(visit)


def test_a_defective_command_alone_fails_and_the_desk_goes_on() -> None:
    async def visit(shop: Shop) -> None:
        first = shop.reserve("first")
        await shop.does(first)
        command = defective(shop, first)
        with pytest.raises(CommandFailed, match="Defective"):
            await shop.desk.submit(command, content_hash(command))
        # The key is free again: once the defect is mended the same request can succeed.
        with pytest.raises(CommandFailed, match="Defective"):
            await shop.desk.submit(command, content_hash(command))

        await shop.does(shop.reserve("second"))
        shop.check()

    in_shop(visit)


def test_a_store_lost_while_a_failed_group_is_run_one_by_one_is_told_to_each() -> None:
    async def visit(shop: Shop) -> None:
        first = shop.reserve("first")
        await shop.does(first)
        shop.store.faults.extend([None, *[Fault.AT_OPENING] * TRIES])
        answers = await submitted(shop.desk, case(shop, first, "paint"), defective(shop, first))

        assert [type(each) for each in answers] == [StoreUnavailable, CommandFailed]
        shop.check()

    in_shop(visit)


def test_a_provider_that_says_the_same_under_another_key_changes_nothing() -> None:
    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        before = shop.store.tables
        again = msgspec.structs.replace(shop.payment(order), key="evt-again")
        answer = await shop.desk.submit(again, content_hash(again))

        assert isinstance(answer, Answer)
        assert (answer.is_accepted, answer.events, answer.sequence) == (True, (), 2)
        assert shop.store.tables.orders == before.orders
        assert shop.store.tables.events == before.events
        shop.check()

    in_shop(visit)


def test_a_reservation_in_a_queue_that_does_not_exist_is_rejected() -> None:
    async def visit(shop: Shop) -> None:
        command = msgspec.structs.replace(shop.reserve("li"), queue_id="nowhere")
        answer = await shop.desk.submit(command, content_hash(command))

        assert isinstance(answer, Answer)
        assert answer.reason is Reason.SALE_NOT_OPEN

    in_shop(visit)


# Stopping.


def test_a_desk_finishes_its_group_before_it_stops_and_turns_the_rest_away() -> None:
    async def life() -> None:
        shop = Shop(group_limit=1)
        await shop.publish()
        shop.store.gate = asyncio.Event()
        running = asyncio.create_task(shop.desk.run())
        first = asyncio.create_task(submitted(shop.desk, shop.reserve("first")))
        await asyncio.sleep(0.01)
        second = asyncio.create_task(submitted(shop.desk, shop.reserve("second")))
        await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.sleep(0.01)
        shop.store.gate.set()
        with pytest.raises(asyncio.CancelledError):
            await running

        assert accepted(await first) == [True]
        assert [type(each) for each in await second] == [DeskFull]
        late = shop.reserve("third")
        with pytest.raises(DeskFull):
            await shop.desk.submit(late, content_hash(late))
        shop.check()

    asyncio.run(life())


def test_a_desk_that_cannot_begin_turns_everybody_away() -> None:
    async def life() -> None:
        shop = Shop()

        class NoOffers(type(shop.desk.library)):  # type: ignore[misc]  # the library's own class
            async def refresh_offers(self) -> None:
                raise ConnectionError("no database yet")

        await shop.publish()
        desk = Desk(shop.store, NoOffers(shop.store), shop.clock.now, sleep=no_pause)
        waiting = asyncio.create_task(submitted(desk, shop.reserve("li")))
        await asyncio.sleep(0)
        with pytest.raises(ConnectionError):
            await desk.run()

        assert [type(each) for each in await waiting] == [DeskFull]

    asyncio.run(life())
