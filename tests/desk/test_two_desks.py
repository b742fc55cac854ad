"""Several desks on one store, as several processes have: no command is ever decided twice.

The twin in memory shows it for one transaction after the other; PostgreSQL shows it with rows
that are really locked and connections that are really lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import psycopg

from earnest.core.bookkeeping import entry
from earnest.core.order import commands as ask
from earnest.core.order.evolve import fold
from earnest.demo.maker import QUEUES, demo_offers
from earnest.desk.answer import Answer
from earnest.desk.desk import Desk, KeyRunning
from earnest.desk.library import Library
from earnest.desk.ports import OrderKey, StoreUnavailable
from earnest.desk.views import OrderFilter
from earnest.store.desk_store import PostgresStore
from earnest.store.pool import open_pool
from earnest.store.reader import PostgresReader
from tests.desk.shop import CATALOGUE, STUCK_SECONDS, TERMS, Shop, content_hash, no_pause, submitted

END_OTHERS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend'
"""


def test_two_desks_give_one_answer_to_one_command() -> None:
    async def life() -> None:
        shop = Shop(group_limit=4)
        other = shop.another_desk()
        async with shop.open(shop.desk, other):
            commands = [shop.reserve(f"buyer {number}") for number in range(20)]
            here, there = await asyncio.gather(
                submitted(shop.desk, *commands), submitted(other, *reversed(commands))
            )

            assert here == list(reversed(there))
            assert [each.rank for each in here if isinstance(each, Answer)] != []
            assert len(shop.store.events) == 20
            shop.check()

    asyncio.run(life())


def test_of_two_conflicting_commands_at_two_desks_one_holds() -> None:
    async def life() -> None:
        shop = Shop()
        other = shop.another_desk()
        async with shop.open(shop.desk, other):
            order = await shop.deposited("li")
            (left,), (again,) = await asyncio.gather(
                submitted(shop.desk, shop.command("Withdraw", order, "buyer", "one")),
                submitted(other, shop.command("Withdraw", order, "buyer", "two")),
            )

            assert isinstance(left, Answer)
            assert isinstance(again, Answer)
            assert sorted([left.is_accepted, again.is_accepted]) == [False, True]
            assert shop.kinds(order).count("SettlementFixed") == 1
            shop.check()

    asyncio.run(life())


def test_two_desks_that_look_up_no_keys_carry_one_command_out_twice() -> None:
    """Control: the look-up after the locks is what keeps several processes from repeating."""

    async def life() -> None:
        shop = Shop()
        other = shop.another_desk()
        async with shop.open(shop.desk, other):
            order = await shop.deposited("li")
            shop.store.remembers_keys = False
            case = shop.command("OpenCase", order, "buyer", "case", subject="paint")
            await asyncio.gather(submitted(shop.desk, case), submitted(other, case))

            assert shop.kinds(order)[2:] == ["CaseOpened", "CaseOpened"]

    asyncio.run(life())


@asynccontextmanager
async def desks_on(
    url: str, shop: Shop, count: int, kind: type[PostgresStore] = PostgresStore
) -> AsyncIterator[list[Desk]]:
    """So many desks on a PostgreSQL database, each with its own connections."""
    async with AsyncExitStack() as stack:
        desks = []
        for _ in range(count):
            store = kind(await stack.enter_async_context(await open_pool(url)))
            await store.publish(
                queues=QUEUES,
                terms=TERMS,
                catalogue=CATALOGUE,
                offers=demo_offers(TERMS, CATALOGUE),
            )
            desks.append(
                Desk(store, Library(store), shop.clock.now, group_limit=25, sleep=no_pause)
            )
        tasks = [asyncio.create_task(desk.run()) for desk in desks]
        try:
            yield desks
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task


async def until_answered(desk: Desk, command: ask.Command) -> Answer:
    """Ask again with the same key, as a client does whose connection or server was lost."""
    while True:
        try:
            answer = await desk.submit(command, content_hash(command))
        except (StoreUnavailable, KeyRunning):
            await asyncio.sleep(0.01)
            continue
        assert isinstance(answer, Answer)
        return answer


async def check_database(url: str, orders: int) -> None:
    """Every order once, with dense ranks, and rows that follow from the events."""
    async with await open_pool(url) as pool:
        reader = PostgresReader(pool)
        found = await reader.orders(OrderFilter(), None, 10 * orders)
        assert sorted(each.rank for each in found) == list(range(1, orders + 1))
        for order in found:
            key = OrderKey(order.buyer_id, order.order_id)
            events = [each.event for each in await reader.events(key)]
            assert [type(each).__name__ for each in events] == ["Reserved", "DepositReceived"]
            assert fold(events) == order
            postings = [each.posting for each in await reader.postings(key)]
            assert postings == [posting for event in events for posting in entry(event)]


class Cutter:
    """Cuts every connection once, after so many commands were answered."""

    def __init__(self, url: str, after: int) -> None:
        """Wait for that many answers."""
        self.ended = 0
        self._url = url
        self._left = after

    async def answered(self) -> None:
        """Count an answer."""
        self._left -= 1
        if self._left == 0:
            async with await psycopg.AsyncConnection.connect(
                self._url, autocommit=True
            ) as connection:
                row = await (await connection.execute(END_OTHERS)).fetchone()
            self.ended = row[0] if row is not None else 0


def test_every_command_happens_once_on_postgresql_though_connections_are_cut(
    fresh_database_url: str,
) -> None:
    """Each command goes to two desks at once, and all connections are cut in the middle."""
    buyers = 120

    async def ask_both(desks: list[Desk], command: ask.Command, cutter: Cutter) -> None:
        here, there = await asyncio.gather(*(until_answered(desk, command) for desk in desks))
        assert here == there
        assert here.is_accepted
        await cutter.answered()

    async def life() -> None:
        shop = Shop()
        async with (
            asyncio.timeout(STUCK_SECONDS),
            desks_on(fresh_database_url, shop, 2) as desks,
        ):
            reserves = [shop.reserve(f"buyer {number}") for number in range(buyers)]
            payments = [shop.payment(each) for each in reserves]
            for commands in (reserves, payments):
                cutter = Cutter(fresh_database_url, after=40)
                await asyncio.gather(*(ask_both(desks, each, cutter) for each in commands))
                assert cutter.ended > 0
        await check_database(fresh_database_url, buyers)

    asyncio.run(life())
