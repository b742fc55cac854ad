"""Pausing a sale at the desk: nobody new gets in once it is acknowledged, and nobody loses by it.

The twin in memory shows what becomes of each; PostgreSQL shows it for several processes. Not here:
how much later what ends (`tests/core/test_pause.py`) and the doors (`tests/web/test_pauses.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec

from earnest.core.order import commands as ask
from earnest.core.order.stage import Stage
from earnest.core.queue.pause import SalePause
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.answer import Answer
from earnest.desk.desk import Desk
from earnest.desk.firing import fire_due
from earnest.desk.group import KeyReused
from earnest.desk.pause_ports import PauseAct
from earnest.desk.pausing import give_back, pause_sale, resume_sale
from earnest.desk.ports import Loaded, Lookup
from earnest.store.desk_store import PostgresStore, PostgresTransaction
from earnest.store.memory_campaigns import MemoryCampaigns
from earnest.store.memory_pauses import MemoryPauses
from earnest.store.pauses import PostgresPauses
from earnest.store.pool import open_pool
from earnest.store.shelf import PostgresShelf
from tests.desk.shop import QUEUE, STUCK_SECONDS, Shop, content_hash, in_shop, submitted
from tests.desk.test_two_desks import desks_on

TEXTS = {"en": "The price list was wrong.", "zh-Hans": "价目表有误。"}


def act(key: str, content: str = "a") -> PauseAct:
    """Somebody of sales at the button."""
    return PauseAct(queue_id=QUEUE, actor_id="staff:chen", key=key, content_hash=content)


class Control:
    """Launch control over a shop."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.pauses = MemoryPauses(shop.store, MemoryCampaigns(shop.store))

    async def pause(self, key: str = "pause") -> SalePause:
        """Pause the sale."""
        found = await pause_sale(self.pauses, act(key), TEXTS, self.shop.clock.now)
        assert isinstance(found, SalePause), found
        await self.shop.desk.library.refresh_pauses()
        return found

    async def resume(self, key: str = "resume") -> SalePause:
        """Resume it."""
        found = await resume_sale(self.pauses, act(key), self.shop.clock.now)
        assert isinstance(found, SalePause), found
        await self.shop.desk.library.refresh_pauses()
        return found

    async def settle(self) -> int:
        """Give back the time of pauses that are over."""
        return await give_back(self.shop.desk, self.pauses, self.shop.clock.now)


async def answer_to(shop: Shop, buyer: str) -> Answer:
    """What the desk says to a first reservation."""
    [answer] = await submitted(shop.desk, shop.reserve(buyer))
    assert isinstance(answer, Answer)
    return answer


def test_a_pause_keeps_out_who_is_new_says_why_and_spends_no_key() -> None:
    async def story(shop: Shop) -> None:
        control = Control(shop)
        kept = await shop.does(shop.reserve("li"))
        first = shop.reserve("bo")
        running = await control.pause()

        [turned_away, again] = await submitted(shop.desk, first, shop.reserve("li"))

        assert isinstance(turned_away, Answer)
        assert isinstance(again, Answer)
        assert turned_away.reason is Reason.SALE_PAUSED
        assert turned_away.details["since"] == running.since.isoformat()
        assert turned_away.details["why.en"] == TEXTS["en"]
        assert (again.is_accepted, again.rank) == (True, kept.rank), "a repeated key is answered"
        assert shop.store.tables.queues[QUEUE].next_rank == kept.rank + 1

        await control.resume()
        [let_in] = await submitted(shop.desk, first)
        assert isinstance(let_in, Answer)
        assert (let_in.is_accepted, let_in.rank) == (True, kept.rank + 1)
        shop.check()

    in_shop(story)


def test_time_to_pay_stands_still_and_is_given_back_exactly_once() -> None:
    async def story(shop: Shop) -> None:
        control = Control(shop)
        unpaid = await shop.does(shop.reserve("li"))
        paid = await shop.does(shop.reserve("bo"))
        assert unpaid.pay_until is not None
        shop.clock.advance(minutes=1)
        await control.pause()
        shop.clock.advance(hours=5)

        assert await fire_due(shop.desk, shop.store, shop.clock.now()) == 0
        assert await control.settle() == 0
        paid = await shop.does(shop.payment(paid))
        assert paid.stage is Stage.DEPOSITED

        await control.resume()
        assert await fire_due(shop.desk, shop.store, shop.clock.now()) == 0, "it still waits"
        assert [await control.settle(), await control.settle()] == [1, 0]
        after = shop.order(unpaid.order_id)
        assert after.pay_until == unpaid.pay_until + timedelta(hours=5)
        assert (after.rank, after.stage, after.pauses_seen) == (unpaid.rank, Stage.RESERVED, 1)
        assert shop.kinds(unpaid) == ["Reserved", "TimeGivenBack"]
        assert shop.kinds(paid) == ["Reserved", "DepositReceived"]

        shop.clock.instant = after.pay_until
        await fire_due(shop.desk, shop.store, shop.clock.now())
        assert shop.order(unpaid.order_id).stage is Stage.LAPSED
        shop.check()

    in_shop(story)


def test_two_pauses_are_given_back_one_after_the_other_even_while_a_third_goes_on() -> None:
    async def story(shop: Shop) -> None:
        control = Control(shop)
        unpaid = await shop.does(shop.reserve("li"))
        assert unpaid.pay_until is not None
        for number in (1, 2):
            await control.pause(f"pause {number}")
            shop.clock.advance(hours=1)
            await control.resume(f"resume {number}")
        await control.pause("third")
        shop.clock.advance(hours=1)

        assert await control.settle() == 2
        after = shop.order(unpaid.order_id)
        assert after.pay_until == unpaid.pay_until + timedelta(hours=2)
        assert await fire_due(shop.desk, shop.store, shop.clock.now()) == 0

    in_shop(story)


def test_a_repeated_act_gets_its_first_result_and_one_that_changes_nothing_is_refused() -> None:
    async def story(shop: Shop) -> None:
        control = Control(shop)
        now = shop.clock.now
        assert await resume_sale(control.pauses, act("early"), now) == Rejected(
            Reason.SALE_NOT_PAUSED
        )
        first = await control.pause()

        assert await pause_sale(control.pauses, act("pause"), TEXTS, now) == first
        assert await pause_sale(control.pauses, act("pause", "b"), TEXTS, now) == KeyReused()
        second = await pause_sale(control.pauses, act("other"), TEXTS, now)
        assert isinstance(second, Rejected)
        assert second.reason is Reason.SALE_PAUSED
        elsewhere = msgspec.structs.replace(act("x"), queue_id="none")
        assert await pause_sale(control.pauses, elsewhere, TEXTS, now) == Rejected(
            Reason.QUEUE_UNKNOWN
        )

    in_shop(story)


# Several processes -------------------------------------------------------------------------


class CarelessTransaction(PostgresTransaction):
    """Control: one that does not look at what stands beside the counter that it locked."""

    async def load(self, lookup: Lookup) -> Loaded:
        """What was found, as a desk would see it that looks for pauses once a second."""
        loaded = await super().load(lookup)
        queues = {
            queue_id: msgspec.structs.replace(queue, paused=None)
            for queue_id, queue in loaded.queues.items()
        }
        return msgspec.structs.replace(loaded, queues=queues)


class CarelessStore(PostgresStore):
    """A store of careless transactions."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        """A careless transaction."""
        async with super().transaction() as careful:
            yield CarelessTransaction(careful._connection)  # noqa: SLF001 - the control breaks in


async def _ranks_given_after_a_pause(url: str, kind: type[PostgresStore]) -> tuple[int, int]:
    """How many got in by the acknowledgement of a pause in the midst of a rush, and after it."""
    shop = Shop()
    async with desks_on(url, shop, 3, kind) as desks, await open_pool(url) as pool:
        shelf, pauses = PostgresShelf(pool), PostgresPauses(pool)
        wanted = [shop.reserve(f"buyer {number}") for number in range(600)]
        shares = [
            asyncio.create_task(_rush(desk, wanted[place::3])) for place, desk in enumerate(desks)
        ]
        while await _given(shelf) < 30:  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0)
        found = await pause_sale(pauses, act("pause"), TEXTS, shop.clock.now)
        acknowledged = await _given(shelf)
        assert isinstance(found, SalePause), found
        answers = [answer for share in await asyncio.gather(*shares) for answer in share]
        afterwards = await _given(shelf)
        assert sum(answer.is_accepted for answer in answers) == afterwards
        kept_out = [answer for answer in answers if not answer.is_accepted]
        assert {answer.reason for answer in kept_out} <= {Reason.SALE_PAUSED}
        return acknowledged, afterwards


async def _rush(desk: Desk, wanted: Sequence[ask.Command]) -> list[Answer]:
    results = await asyncio.gather(*(desk.submit(each, content_hash(each)) for each in wanted))
    assert all(isinstance(each, Answer) for each in results)
    return [each for each in results if isinstance(each, Answer)]


async def _given(shelf: PostgresShelf) -> int:
    queue = await shelf.queue(QUEUE)
    return 0 if queue is None else queue.next_rank - 1


def test_once_a_pause_is_acknowledged_no_process_lets_anybody_in(fresh_database_url: str) -> None:
    async def story() -> None:
        acknowledged, afterwards = await _ranks_given_after_a_pause(
            fresh_database_url, PostgresStore
        )

        assert afterwards == acknowledged
        assert acknowledged < 600, "the pause came in the midst of the rush"

    asyncio.run(asyncio.wait_for(story(), STUCK_SECONDS))


def test_processes_that_only_look_from_time_to_time_let_people_in(fresh_database_url: str) -> None:
    """Control: it is the row under the lock that keeps everybody out."""

    async def story() -> None:
        acknowledged, afterwards = await _ranks_given_after_a_pause(
            fresh_database_url, CarelessStore
        )

        assert (acknowledged < 600, afterwards) == (True, 600)

    asyncio.run(asyncio.wait_for(story(), STUCK_SECONDS))
