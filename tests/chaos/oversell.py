"""Ten thousand buyers for a thousand units: exactly a thousand get one, whatever else happens.

Two desks with connections of their own sell on one PostgreSQL. In every round buyers leave, offers
run out unpaid, units are given on, and payments are told late; at the end each unit has exactly one
deposit and nobody behind the last unit was asked for money. Run it by hand with

    python -m tests.chaos.oversell --buyers 10000 --units 1000 --rounds 100

or let `test_oversell.py` do it shortened. `--careless` is the control: units are counted before
the lock, as careless shops do, and then too many are sold.

Not here: killing anything (`kill_server.py`).
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from random import Random
from time import perf_counter
from typing import LiteralString

import msgspec
import uvloop

from earnest.core.launch.edition import Edition
from earnest.core.order import commands as ask
from earnest.core.order.allot import holds_unit, waits_for_unit
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.queue.offer import Offer
from earnest.core.queue.rank import Queue, UnitCount
from earnest.core.values.ids import QueueId
from earnest.demo.maker import OPENED_AT
from earnest.desk.allotting import allot_free
from earnest.desk.answer import Answer
from earnest.desk.desk import Desk
from earnest.desk.firing import fire_due
from earnest.desk.ports import Changes, Loaded, Lookup, Transaction
from earnest.desk.views import OrderFilter
from earnest.store.desk_store import PostgresStore
from earnest.store.pool import Pool, open_pool
from earnest.store.reader import PostgresReader
from tests.desk.scarce import ScarceLibrary, campaign_of
from tests.desk.shop import CATALOGUE, TERMS, Shop, content_hash
from tests.postgres import running_server

LEAVING = 0.1
"""Which part of the buyers leaves during a round, with a unit or without."""

UNPAID = 0.2
"""Which part of those who could pay lets the time run out."""

TOLD_LATE = 0.05
"""Which part pays in time while the provider's word comes after the lapse."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How many come for how many units, how often, and with how many commands in a group."""

    buyers: int
    units: int
    rounds: int
    group_limit: int = 500
    seed: int = 1


SHORT = Plan(buyers=240, units=24, rounds=2, group_limit=20)


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """What one round came to."""

    deposited: int
    counted: int
    most_held: int
    left: int
    lapsed: int
    offers: int
    seconds: float


class CarelessStore(PostgresStore):
    """The control: looks up what is left, then waits for its turn, then sells what it had seen."""

    def __init__(self, pool: Pool) -> None:
        """Sell on this pool."""
        super().__init__(pool)
        self._own = pool

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:  # type: ignore[override]  # a desk needs no more than this
        """Look first, then lock."""
        async with self._own.connection() as connection:
            rows = await connection.execute(
                "SELECT queue_id, units_taken, units_waiting, units_limit FROM earnest.queue"
            )
            seen = {row[0]: _count(row) async for row in rows}
        async with super().transaction() as locked:
            yield _Careless(locked, seen)


def _count(row: Sequence[int | None]) -> UnitCount | None:
    taken, waiting, limit = row[1], row[2], row[3]
    if taken is None or waiting is None:
        return None
    return UnitCount(taken=taken, waiting=waiting, limit=limit)


class _Careless:
    def __init__(self, locked: Transaction, seen: dict[QueueId, UnitCount | None]) -> None:
        self._locked = locked
        self._seen = seen

    async def load(self, lookup: Lookup) -> Loaded:
        loaded = await self._locked.load(lookup)
        stale = {
            key: msgspec.structs.replace(queue, units=self._seen[key])
            for key, queue in loaded.queues.items()
        }
        return msgspec.structs.replace(loaded, queues=stale)

    async def save(self, changes: Changes) -> None:
        await self._locked.save(changes)


class Sale:
    """One round: a queue of its own, and everybody who comes for its units."""

    def __init__(self, market: Market, number: int) -> None:
        """Name the queue; nothing happens before `run`."""
        self._market = market
        self._plan = market.plan
        self._chance = Random(f"{market.plan.seed}-{number}")
        self.queue_id = QueueId(f"limited-{number}")
        self._edition = Edition(units=market.plan.units, offer_minutes=60)
        self._late: list[ask.Command] = []
        self._steps = 0
        self.left = 0
        self.most_held = 0

    async def run(self) -> Round:
        """Open, sell, let people leave and not pay, and then let everybody pay."""
        began = perf_counter()
        await self._open()
        watching = asyncio.create_task(self._watch())
        await self._ask(self._reservations())
        for phase in range(6):
            await self._step(careful=phase < 3)
        while await self._payable():
            await self._step(careful=False)
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        orders = await self._orders()
        return Round(
            deposited=sum(each.deposit_paid.is_positive and holds_unit(each) for each in orders),
            counted=await self._market.taken(self.queue_id),
            most_held=self.most_held,
            left=self.left,
            lapsed=sum(each.stage is Stage.LAPSED for each in orders),
            offers=sum(_was_offered(each) for each in orders),
            seconds=perf_counter() - began,
        )

    async def _open(self) -> None:
        queue = Queue(
            queue_id=self.queue_id, model_line="s7", market="CN", time_zone="Asia/Shanghai"
        )
        offer = Offer(
            queue_id=self.queue_id,
            terms_hash=TERMS.terms_hash,
            catalogue_hash=CATALOGUE.catalogue_hash,
            opens_at=OPENED_AT,
        )
        await self._market.publish(queue, offer, self._edition)

    def _reservations(self) -> list[ask.Command]:
        shop = self._market.shop
        return [
            shop.reserve(f"{self.queue_id} {number}", queue_id=self.queue_id)
            for number in range(self._plan.buyers)
        ]

    async def _step(self, *, careful: bool) -> None:
        """Some pay, some leave, some do neither; then time runs out for those."""
        self._steps += 1
        told = await self._what_people_do(careful=careful)
        await asyncio.gather(self._ask(told), self._market.allot())
        self._market.shop.clock.advance(hours=2)
        await asyncio.gather(self._market.fire(), self._market.allot())
        late, self._late = self._late, []
        await asyncio.gather(self._ask(late), self._market.allot())
        await self._market.allot()

    async def _what_people_do(self, *, careful: bool) -> list[ask.Command]:
        commands = []
        for order in await self._orders():
            roll = self._chance.random() if careful else 1.0
            can_leave = order.stage in {Stage.RESERVED, Stage.DEPOSITED}
            if can_leave and roll < LEAVING / 3:
                self.left += 1
                commands.append(self._withdrawal(order))
            elif _is_payable(order):
                payment = self._market.shop.payment(order, event_id=f"{self._steps}-{order.rank}")
                if roll < UNPAID:
                    continue
                paid_late = roll < UNPAID + TOLD_LATE
                (self._late if paid_late else commands).append(payment)
        return commands

    def _withdrawal(self, order: Order) -> ask.Command:
        return self._market.shop.command("Withdraw", order, "buyer", f"leave-{self._steps}")

    async def _ask(self, commands: Iterable[ask.Command]) -> None:
        """Everything at once, by turns at the desks."""
        desks = self._market.desks
        answers = await asyncio.gather(
            *(
                desks[number % len(desks)].submit(each, content_hash(each))
                for number, each in enumerate(commands)
            )
        )
        assert all(isinstance(each, Answer) for each in answers)

    async def _orders(self) -> Sequence[Order]:
        return await self._market.reader.orders(
            OrderFilter(queue_id=self.queue_id), None, self._plan.buyers + 1
        )

    async def _payable(self) -> int:
        return sum(_is_payable(each) for each in await self._orders())

    async def _watch(self) -> None:
        """Look from outside how many orders hold a unit, again and again."""
        while True:
            self.most_held = max(self.most_held, await self._market.held(self.queue_id))
            await asyncio.sleep(0.02)


def _is_payable(order: Order) -> bool:
    return order.stage is Stage.RESERVED and not waits_for_unit(order)


def _was_offered(order: Order) -> bool:
    return order.unit is not None and order.unit.waiting_number is not None and holds_unit(order)


class Market:
    """Two desks on one database, each with connections of its own."""

    def __init__(self, plan: Plan, stores: Sequence[PostgresStore], pool: Pool) -> None:
        """Make the desks; `pool` is for looking from outside."""
        self.plan = plan
        self.shop = Shop()
        self.reader = PostgresReader(pool)
        self._pool = pool
        self._stores = stores
        self._libraries = [ScarceLibrary(store, []) for store in stores]
        self.desks = [
            Desk(
                store,
                library,
                self.shop.clock.now,
                queue_limit=plan.buyers + 1_000,
                group_limit=plan.group_limit,
            )
            for store, library in zip(stores, self._libraries, strict=True)
        ]

    async def publish(self, queue: Queue, offer: Offer, edition: Edition) -> None:
        """Put a queue with its edition on sale at every desk."""
        for store, library in zip(self._stores, self._libraries, strict=True):
            await store.publish(queues=[queue], terms=TERMS, catalogue=CATALOGUE, offers=[offer])
            library.put(campaign_of(edition, queue.queue_id))
            await library.refresh_offers()

    async def allot(self) -> None:
        """Both processes give freed units on, until none is left to give."""
        now = self.shop.clock.now()
        pairs = list(zip(self.desks, self._stores, strict=True))
        while sum(await asyncio.gather(*(allot_free(*pair, now) for pair in pairs))):
            pass

    async def fire(self) -> None:
        """Both processes fire what is due, until nothing is."""
        now = self.shop.clock.now()
        pairs = list(zip(self.desks, self._stores, strict=True))
        while sum(await asyncio.gather(*(fire_due(*pair, now) for pair in pairs))):
            pass

    async def held(self, queue_id: QueueId) -> int:
        """Orders that hold a unit now, as committed."""
        return await self._number(
            "SELECT count(*) FROM earnest.allotment WHERE queue_id = %s AND state = 'held'",
            queue_id,
        )

    async def taken(self, queue_id: QueueId) -> int:
        """Units taken by the counter of the queue."""
        return await self._number(
            "SELECT units_taken FROM earnest.queue WHERE queue_id = %s", queue_id
        )

    async def _number(self, statement: LiteralString, queue_id: QueueId) -> int:
        async with self._pool.connection() as connection:
            row = await (await connection.execute(statement, [queue_id])).fetchone()
        assert row is not None
        return int(row[0])


@asynccontextmanager
async def market(url: str, plan: Plan, *, careless: bool = False) -> AsyncIterator[Market]:
    """Two running desks on this database."""
    kind = CarelessStore if careless else PostgresStore
    async with AsyncExitStack() as stack:
        pools = [await stack.enter_async_context(await open_pool(url)) for _ in range(3)]
        made = Market(plan, [kind(pool) for pool in pools[:2]], pools[2])
        tasks = [asyncio.create_task(desk.run()) for desk in made.desks]
        try:
            yield made
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task


async def sell(
    url: str,
    plan: Plan,
    *,
    careless: bool = False,
    first: int = 1,
    reach: Callable[[int], None] = lambda _: None,
) -> list[Round]:
    """All rounds, one after the other, each in a queue of its own.

    They are numbered from `first` on, and `reach` is told the number of each that is over.
    """
    rounds: list[Round] = []
    async with market(url, plan, careless=careless) as made:
        for number in range(first, first + plan.rounds):
            rounds.append(await Sale(made, number).run())
            reach(number)
    return rounds


def main() -> int:
    """Run by hand; the result is 0 if every round sold exactly its units."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--buyers", type=int, default=10_000)
    parser.add_argument("--units", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--careless", action="store_true", help="the control, which must fail")
    said = parser.parse_args()
    plan = Plan(buyers=said.buyers, units=said.units, rounds=said.rounds, seed=said.seed)
    with running_server("embedded") as server:
        name = server.create_database(server.template)
        rounds = uvloop.run(sell(server.url_of(name), plan, careless=said.careless))
    for number, each in enumerate(rounds, start=1):
        print(f"round {number}: {each}")  # noqa: T201 - the figures are what this is run for
    exact = [each.deposited == each.counted == plan.units for each in rounds]
    print(f"{sum(exact)} of {len(rounds)} rounds sold exactly {plan.units} units")  # noqa: T201 - as above
    return 0 if all(exact) else 1


if __name__ == "__main__":
    sys.exit(main())
