"""Ranks over several desks on PostgreSQL: dense, and nobody overtakes who was answered before.

Not here: one command at two desks (`test_two_desks.py`) and processes (`tests/main`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle

from psycopg import AsyncCursor

from earnest.desk.answer import Answer
from earnest.desk.desk import CommandFailed, Desk
from earnest.simulator.fairness import Place, density, inversions
from earnest.store.desk_store import PostgresStore, PostgresTransaction
from earnest.store.saving import Columns
from earnest.store.statements import STATEMENTS
from tests.desk.shop import STUCK_SECONDS, Shop, content_hash
from tests.desk.test_two_desks import desks_on

BUYERS = 400
AT_ONCE = 40


class Careless(PostgresTransaction):
    """Reads the counter of a queue without locking it."""

    async def _send(self, name: str, parameters: Columns) -> AsyncCursor:
        if name != "lock_queues":
            return await super()._send(name, parameters)
        unlocked = STATEMENTS[name].text.replace("FOR UPDATE", "")
        return await self._connection.execute(unlocked.encode(), parameters)


class CarelessStore(PostgresStore):
    """A store whose transactions lock no counter."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        """A careless transaction."""
        async with super().transaction() as careful:
            yield Careless(careful._connection)  # noqa: SLF001 - the control breaks in


async def places_given(desks: Sequence[Desk], shop: Shop) -> list[Place]:
    """Let everybody reserve, each at the next desk, so many at once; what they saw.

    Whoever is told that the command failed has no place.
    """
    loop = asyncio.get_running_loop()
    waiting = iter(zip(range(BUYERS), cycle(desks), strict=False))
    seen: list[Place] = []

    async def client() -> None:
        for number, desk in waiting:
            command = shop.reserve(f"buyer {number}")
            sent = loop.time()
            try:
                answer = await desk.submit(command, content_hash(command))
            except CommandFailed:
                continue
            assert isinstance(answer, Answer)
            assert answer.rank is not None
            seen.append(Place(answer.rank, sent, loop.time()))

    await asyncio.gather(*(client() for _ in range(AT_ONCE)))
    return seen


def seen_at(url: str, store: type[PostgresStore]) -> list[Place]:
    """The places that two desks gave."""

    async def life() -> list[Place]:
        shop = Shop()
        async with asyncio.timeout(STUCK_SECONDS), desks_on(url, shop, 2, store) as desks:
            return await places_given(desks, shop)

    return asyncio.run(life())


def test_two_desks_give_dense_ranks_and_overtake_nobody(fresh_database_url: str) -> None:
    seen = seen_at(fresh_database_url, PostgresStore)

    assert len(seen) == BUYERS
    assert density([each.rank for each in seen]).is_dense
    assert inversions(seen) == 0


def test_two_desks_that_lock_no_counter_spoil_ranks(fresh_database_url: str) -> None:
    """Control: the lock on the queue's one row is what keeps ranks dense.

    Without it ranks are given twice, or the database refuses a counter that would fall.
    """
    seen = seen_at(fresh_database_url, CarelessStore)

    assert BUYERS - len(seen) + density([each.rank for each in seen]).repeated > 0
