"""A key makes a command the same command: new, the first answer again, or reused."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from earnest.core.order.parts import PayoutOutcome
from earnest.core.values.ids import derive_order_id
from earnest.core.values.reason import Reason
from earnest.desk.answer import Answer
from earnest.desk.desk import DeskFull, KeyRunning
from earnest.desk.group import KeyReused
from tests.desk.shop import DEPOSIT, Shop, buyer_of, content_hash, in_shop, submitted


def test_a_new_command_is_decided_and_answered_after_the_commit() -> None:
    async def visit(shop: Shop) -> None:
        command = shop.reserve("li")
        answer = await shop.desk.submit(command, content_hash(command))

        assert isinstance(answer, Answer)
        assert answer.is_accepted
        assert answer.order_id == derive_order_id(buyer_of("li"), "first")
        assert (answer.rank, answer.sequence, answer.events) == (1, 1, ("Reserved",))
        assert answer.payment is not None
        assert (answer.payment.payment_number, answer.payment.amount) == (1, DEPOSIT)
        assert len(shop.store.tables.commands) == 1
        shop.check()

    in_shop(visit)


def test_the_same_command_again_gets_the_first_answer_and_writes_nothing() -> None:
    async def visit(shop: Shop) -> None:
        command = shop.reserve("li")
        first = await shop.desk.submit(command, content_hash(command))
        shop.clock.advance(hours=5)
        again = shop.reserve("li")
        second = await shop.desk.submit(again, content_hash(again))

        assert second == first
        assert len(shop.store.events) == len(shop.store.orders) == 1
        shop.check()

    in_shop(visit)


def test_the_first_answer_stays_the_answer_when_the_order_has_gone_on() -> None:
    async def visit(shop: Shop) -> None:
        command = shop.reserve("li")
        first = await shop.desk.submit(command, content_hash(command))
        await shop.does(shop.payment(command))
        second = await shop.desk.submit(command, content_hash(command))

        assert second == first
        assert isinstance(second, Answer)
        assert (second.sequence, second.stage) == (1, "reserved")

    in_shop(visit)


def test_the_same_key_with_other_content_is_told_so_and_changes_nothing() -> None:
    async def visit(shop: Shop) -> None:
        command = shop.reserve("li")
        await shop.desk.submit(command, content_hash(command))
        other = msgspec.structs.replace(command, language="en")
        answer = await shop.desk.submit(other, content_hash(other))

        assert answer == KeyReused()
        assert len(shop.store.events) == 1

    in_shop(visit)


def test_a_rejection_is_an_answer_that_stays() -> None:
    """Otherwise a repeated request could be accepted after the client was told that it was not."""

    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        early = shop.command("UndoLock", order, "buyer", "undo")
        first = await shop.desk.submit(early, content_hash(early))
        second = await shop.desk.submit(early, content_hash(early))

        assert isinstance(first, Answer)
        assert first.reason is Reason.UNDO_WINDOW_OVER
        assert second == first
        assert shop.kinds(order) == ["Reserved", "DepositReceived"]

    in_shop(visit)


def test_a_key_that_is_being_decided_is_running() -> None:
    async def visit(shop: Shop) -> None:
        shop.store.gate = asyncio.Event()
        command = shop.reserve("li")
        first = asyncio.create_task(shop.desk.submit(command, content_hash(command)))
        await asyncio.sleep(0)

        with pytest.raises(KeyRunning):
            await shop.desk.submit(command, content_hash(command))

        shop.store.gate.set()
        answer = await first
        assert await shop.desk.submit(command, content_hash(command)) == answer
        shop.check()

    in_shop(visit)


def test_a_key_belongs_to_its_buyer_and_its_actor() -> None:
    async def visit(shop: Shop) -> None:
        li, wang = await shop.deposited("li"), await shop.deposited("wang")
        answers = await submitted(
            shop.desk,
            shop.command("OpenCase", li, "buyer", "same", subject="paint"),
            shop.command("OpenCase", wang, "buyer", "same", subject="wheels"),
            shop.command("OpenCase", li, "sales:an", "same", subject="delay"),
            shop.command("OpenCase", li, "sales:bo", "same", subject="delay"),
        )

        assert [isinstance(each, Answer) and each.is_accepted for each in answers] == [True] * 4
        assert len(shop.order(li.order_id).cases) == 3
        assert len(shop.order(wang.order_id).cases) == 1

    in_shop(visit)


def test_one_key_for_two_orders_of_a_buyer_is_reused() -> None:
    """Keys are one space for a buyer and an actor; the order is part of the content."""

    async def visit(shop: Shop) -> None:
        one, two = await shop.deposited("li", "one"), await shop.deposited("li", "two")
        first = shop.command("OpenCase", one, "buyer", "same", subject="paint")
        second = shop.command("OpenCase", two, "buyer", "same", subject="paint")
        await shop.desk.submit(first, content_hash(first))

        assert await shop.desk.submit(second, content_hash(second)) == KeyReused()

    in_shop(visit)


def test_a_full_queue_turns_away_and_the_key_stays_valid() -> None:
    async def visit(shop: Shop) -> None:
        shop.store.gate = asyncio.Event()
        first = asyncio.create_task(submitted(shop.desk, shop.reserve("a")))
        await asyncio.sleep(0.01)
        waiting = asyncio.create_task(submitted(shop.desk, shop.reserve("b"), shop.reserve("c")))
        await asyncio.sleep(0.01)
        turned_away = shop.reserve("d")
        with pytest.raises(DeskFull):
            await shop.desk.submit(turned_away, content_hash(turned_away))
        assert (shop.desk.waiting, shop.desk.counts.full) == (2, 1)

        shop.store.gate.set()
        await asyncio.gather(first, waiting)
        answer = await shop.desk.submit(turned_away, content_hash(turned_away))

        assert isinstance(answer, Answer)
        assert answer.rank == 4
        shop.check()

    in_shop(visit, Shop(queue_limit=2))


def test_a_client_that_goes_away_has_asked_all_the_same() -> None:
    """Its command is decided once, and the answer waits under the key."""

    async def visit(shop: Shop) -> None:
        shop.store.gate = asyncio.Event()
        command = shop.reserve("li")
        task = asyncio.create_task(shop.desk.submit(command, content_hash(command)))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        shop.store.gate.set()
        await shop.deposited("wang")

        answer = await shop.desk.submit(command, content_hash(command))
        assert isinstance(answer, Answer)
        assert answer.rank == 1
        shop.check()

    in_shop(visit)


def test_a_desk_that_forgets_keys_does_everything_twice() -> None:
    """Control: without the look-up the same request is carried out again."""

    async def visit(shop: Shop) -> None:
        order = await shop.deposited("li")
        shop.store.remembers_keys = False
        command = shop.command("OpenCase", order, "buyer", "case", subject="paint")
        for _ in range(2):
            await shop.desk.submit(command, content_hash(command))

        assert shop.kinds(order)[2:] == ["CaseOpened", "CaseOpened"]

    in_shop(visit)


def test_a_command_about_an_order_that_does_not_exist_is_rejected_and_remembered() -> None:
    async def visit(shop: Shop) -> None:
        stranger = shop.reserve("nobody")
        command = shop.command(
            "RecordPayout",
            stranger,
            "provider",
            "evt-1",
            payout_number=1,
            attempt=1,
            outcome=PayoutOutcome.PAID,
        )
        answers = [await shop.desk.submit(command, content_hash(command)) for _ in range(2)]

        assert [each.reason for each in answers if isinstance(each, Answer)] == [
            Reason.ORDER_UNKNOWN
        ] * 2
        assert (shop.store.events, shop.store.orders) == ([], {})
        assert len(shop.store.tables.commands) == 1

    in_shop(visit)
