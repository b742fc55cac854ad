"""Units and payments to open as they are stored: PostgreSQL and the twin in memory alike.

Not here: the great number (`tests/chaos/test_oversell.py`) and the provider's calls
(`tests/gateways/test_checkouts.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TypeAlias

import msgspec
import psycopg
import pytest

from earnest.core.launch.edition import Edition
from earnest.core.order.allot import holds_unit
from earnest.core.queue.rank import UnitCount
from earnest.demo.maker import QUEUES, demo_offers
from earnest.desk.allotting import allot_free
from earnest.desk.answer import Answer
from earnest.desk.desk import Desk
from earnest.desk.ports import Loaded, Lookup, OrderKey, PersonKey, Store
from earnest.store.checkouts import PostgresCheckouts
from earnest.store.desk_store import PostgresStore
from earnest.store.memory import MemoryStore
from earnest.store.memory_checkouts import MemoryCheckouts
from earnest.store.pool import open_pool
from earnest.store.statements import STATEMENTS
from tests.desk.scarce import ScarceLibrary, campaign_of
from tests.desk.shop import CATALOGUE, QUEUE, STUCK_SECONDS, TERMS, Shop, buyer_of
from tests.desk.shop import content_hash as digest_of

KeptCheckouts: TypeAlias = MemoryCheckouts | PostgresCheckouts

ONE = Edition(units=1, per_person=2, offer_minutes=60)


class Stand:
    """A store of one kind, a desk on it, and people."""

    def __init__(self, store: Store, checkouts: KeptCheckouts, desk: Desk, shop: Shop) -> None:
        """Put them together."""
        self.store = store
        self.checkouts = checkouts
        self.desk = desk
        self.shop = shop

    async def reserve(self, buyer: str, person: str = "li") -> OrderKey:
        """A reservation that is accepted."""
        command = self.shop.reserve(buyer, person=person)
        answer = await self.desk.submit(command, digest_of(command))
        assert isinstance(answer, Answer)
        assert answer.is_accepted, answer
        return OrderKey(command.buyer_id, command.order_id)

    async def leave(self, key: OrderKey) -> None:
        """A withdrawal that is accepted."""
        [order] = (await self.loaded(key)).orders.values()
        command = self.shop.command("Withdraw", order, "buyer", "leave")
        answer = await self.desk.submit(command, digest_of(command))
        assert isinstance(answer, Answer)
        assert answer.is_accepted, answer

    async def loaded(self, *keys: OrderKey, first_waiting: int = 0) -> Loaded:
        """What a transaction finds."""
        lookup = Lookup(
            orders=tuple(sorted(keys)),
            queues=(),
            commands=(),
            people=(
                PersonKey(QUEUE, "li", buyer_of("nobody's login")),
                PersonKey(QUEUE, "nobody", buyer_of("b")),
            ),
            first_waiting=first_waiting,
        )
        async with self.store.transaction() as transaction:
            return await transaction.load(lookup)


@asynccontextmanager
async def stand(kind: str, url: str, edition: Edition, *, later: bool) -> AsyncIterator[Stand]:
    """A running desk on a store of this kind."""
    shop = Shop()
    async with asyncio.timeout(STUCK_SECONDS), await open_pool(url) as pool:
        store: MemoryStore | PostgresStore = (
            MemoryStore() if kind == "memory" else PostgresStore(pool)
        )
        checkouts: KeptCheckouts = (
            MemoryCheckouts(store, asyncio.get_running_loop().time)
            if isinstance(store, MemoryStore)
            else PostgresCheckouts(pool)
        )
        await store.publish(
            queues=QUEUES, terms=TERMS, catalogue=CATALOGUE, offers=demo_offers(TERMS, CATALOGUE)
        )
        library = ScarceLibrary(store, [campaign_of(edition)], payment_opens_later=later)
        desk = Desk(store, library, shop.clock.now)
        running = asyncio.create_task(desk.run())
        try:
            yield Stand(store, checkouts, desk, shop)
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


KINDS = pytest.mark.parametrize("kind", ["memory", "postgresql"])


@KINDS
def test_units_who_waits_and_persons_are_read_under_the_lock(
    kind: str, fresh_database_url: str
) -> None:
    async def life() -> None:
        async with stand(kind, fresh_database_url, ONE, later=False) as here:
            keys = [await here.reserve("a"), await here.reserve("b", "an")]
            keys.append(await here.reserve("c"))
            found = await here.loaded(*keys, first_waiting=9)

            assert found.queues[QUEUE].units == UnitCount(taken=1, waiting=2, limit=1)
            assert found.waiting == {QUEUE: (2, 3)}
            held = {each.order: each.person for each in found.held}
            assert held == dict(zip(keys, ["li", "an", "li"], strict=True))
            assert len(found.held) == 3
            assert (await here.loaded(*keys, first_waiting=1)).waiting == {QUEUE: (2,)}
            assert (await here.loaded(*keys)).waiting == {}
            assert await here.store.next_in_line({QUEUE: 1}, 9) == []
            assert await here.store.next_in_line({QUEUE: 2}, 9) == [keys[1]]
            assert await here.store.next_in_line({QUEUE: None}, 9) == keys[1:]
            assert await here.store.next_in_line({QUEUE: None}, 1) == [keys[1]]
            assert await here.store.next_in_line({}, 9) == []

            await here.leave(keys[0])
            assert await here.store.next_in_line({QUEUE: 1}, 9) == [keys[1]]
            assert await allot_free(here.desk, here.store, here.shop.clock.now()) == 1
            found = await here.loaded(*keys, first_waiting=9)
            assert found.queues[QUEUE].units == UnitCount(taken=1, waiting=1, limit=1)
            assert [holds_unit(found.orders[key]) for key in keys] == [False, True, False]
            held = {each.order: each.person for each in found.held}
            assert held == dict(zip(keys[1:], ["an", "li"], strict=True))

    asyncio.run(life())


@KINDS
def test_payments_to_open_come_in_rank_order_and_are_noted(
    kind: str, fresh_database_url: str
) -> None:
    async def life() -> None:
        many = msgspec.structs.replace(ONE, units=9, per_person=None)
        async with stand(kind, fresh_database_url, many, later=True) as here:
            keys = [await here.reserve(each) for each in "abc"]

            async def wanted(most: int = 9) -> list[tuple[int, bool]]:
                found = await here.checkouts.next_checkouts(most)
                return [(each.order.rank, each.is_sent) for each in found]

            assert await wanted() == [(1, False), (2, False), (3, False)]
            await here.checkouts.note_sent(keys[:1])
            assert await wanted(2) == [(1, True), (2, False)]
            await here.checkouts.note_refused(keys[1], "account_closed: gone")
            await here.checkouts.note_sent(keys[1:2])
            assert await wanted() == [(1, True), (3, False)]
            await here.leave(keys[0])
            assert await wanted() == [(3, False)]

            assert await here.checkouts.take_turn("pages", "one", 60)
            assert await here.checkouts.take_turn("pages", "one", 60)
            assert not await here.checkouts.take_turn("pages", "two", 60)
            assert await here.checkouts.take_turn("pages", "one", 0)
            assert await here.checkouts.take_turn("pages", "two", 60)

            # Booked turns follow one another, whoever asks; each begins when the last one ends.
            assert await here.checkouts.book_turn("payouts", "one", 600) == 0
            soon = await here.checkouts.book_turn("payouts", "two", 600)
            later = await here.checkouts.book_turn("payouts", "one", 600)
            assert (540 < soon <= 600, 1140 < later <= 1200) == (True, True)
            assert 590 < later - soon <= 600
            assert await here.checkouts.book_turn("payouts of another", "two", 600) == 0

    asyncio.run(life())


def test_the_lanes_of_two_desks_never_wait_for_each_other_in_a_circle(
    fresh_database_url: str,
) -> None:
    """Reservations lock queues, exits lock orders and then the same queues; all at once."""

    async def life() -> None:
        shop = Shop()
        everything = Edition(units=40, offer_minutes=60)
        async with (
            asyncio.timeout(STUCK_SECONDS),
            stand("postgresql", fresh_database_url, everything, later=False) as here,
            await open_pool(fresh_database_url) as pool,
        ):
            library = ScarceLibrary(PostgresStore(pool), [campaign_of(everything)])
            other = Desk(PostgresStore(pool), library, shop.clock.now, group_limit=7)
            running = asyncio.create_task(other.run())
            desks = [here.desk, other]
            for turn in range(4):
                reserves = [shop.reserve(f"{turn}-{number}") for number in range(40)]
                await asyncio.gather(
                    *(desks[n % 2].submit(each, digest_of(each)) for n, each in enumerate(reserves))
                )
                exits = [shop.command("Withdraw", each, "buyer", "leave") for each in reserves[:30]]
                more = [shop.reserve(f"{turn}-more {number}") for number in range(30)]
                asked = [each for pair in zip(exits, more, strict=True) for each in pair]
                answers = await asyncio.gather(
                    *(
                        desks[n // 2 % 2].submit(each, digest_of(each))
                        for n, each in enumerate(asked)
                    ),
                    *(allot_free(desk, here.store, shop.clock.now()) for desk in desks),
                )
                assert all(each.is_accepted for each in answers if isinstance(each, Answer))
            assert [desk.counts.retries for desk in desks] == [0, 0]
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(life())


def test_queues_locked_before_orders_would_wait_in_a_circle(fresh_database_url: str) -> None:
    """Control: one lane that took the queue first and its orders after would be a deadlock."""
    key = buyer_of("li")

    async def life() -> None:
        async with stand("postgresql", fresh_database_url, ONE, later=False) as here:
            await here.reserve("li")
            order = "SELECT 1 FROM earnest.orders WHERE buyer_id = %s FOR UPDATE"
            queue = "SELECT 1 FROM earnest.queue WHERE queue_id = %s FOR UPDATE"

            async def lane(first: tuple[str, str], second: tuple[str, str]) -> None:
                async with (
                    await psycopg.AsyncConnection.connect(fresh_database_url) as connection,
                    connection.transaction(),
                ):
                    await connection.execute(first[0].encode(), [first[1]])
                    await both.wait()
                    await connection.execute(second[0].encode(), [second[1]])

            both = asyncio.Barrier(2)
            outcomes = await asyncio.gather(
                lane((order, key), (queue, QUEUE)),
                lane((queue, QUEUE), (order, key)),
                return_exceptions=True,
            )
            assert sum(isinstance(each, psycopg.errors.DeadlockDetected) for each in outcomes) == 1

    asyncio.run(life())


# A limit per person from ten connections at once ---------------------------------------------

CONNECTIONS = 10


async def crowd(url: str) -> int:
    """One person through ten desks at once, each with a connection of its own; how many hold."""
    shop = Shop()
    two = Edition(per_person=2)
    async with asyncio.timeout(STUCK_SECONDS), AsyncExitStack() as stack:
        desks = []
        for _ in range(CONNECTIONS):
            store = PostgresStore(await stack.enter_async_context(await open_pool(url)))
            await store.publish(
                queues=QUEUES,
                terms=TERMS,
                catalogue=CATALOGUE,
                offers=demo_offers(TERMS, CATALOGUE),
            )
            library = ScarceLibrary(store, [campaign_of(two)])
            await library.refresh_offers()
            desks.append(Desk(store, library, shop.clock.now))
        running = [asyncio.create_task(desk.run()) for desk in desks]
        commands = [shop.reserve(f"login {n}", person="li") for n in range(CONNECTIONS)]
        answers = await asyncio.gather(
            *(
                desk.submit(each, digest_of(each))
                for desk, each in zip(desks, commands, strict=True)
            )
        )
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        return sum(isinstance(each, Answer) and each.is_accepted for each in answers)


def test_one_person_at_ten_desks_gets_what_one_person_may(fresh_database_url: str) -> None:
    assert asyncio.run(crowd(fresh_database_url)) == 2


def test_without_the_lock_one_person_gets_more(
    fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: the same with the queue's row read but not locked."""
    statement = STATEMENTS["lock_queues"]
    unlocked = statement.text.replace("FOR UPDATE", "")
    monkeypatch.setitem(
        STATEMENTS, "lock_queues", msgspec.structs.replace(statement, text=unlocked)
    )

    assert asyncio.run(crowd(fresh_database_url)) > 2
