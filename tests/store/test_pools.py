"""Four pools: what exhausts one leaves the others free, and in each only so many wait.

Not here: sessions and their rights (`test_connection.py`).
"""

from __future__ import annotations

import asyncio

from earnest.desk.ports import StoreUnavailable
from earnest.store.pools import WAITING_MOST, open_pools
from earnest.store.reader import PostgresReader


def test_connections_are_shared_out_and_the_desk_has_at_least_two(database_url: str) -> None:
    async def sizes(connections: int) -> tuple[int, int, int, int]:
        async with open_pools(database_url, connections) as pools:
            each = {id(pool): pool.max_size for pool in (pools.desk, pools.reads, pools.rest)}
            reserving = 0 if id(pools.reserving) in each else pools.reserving.max_size
            return (*each.values(), reserving)  # type: ignore[return-value]  # three and one

    assert asyncio.run(sizes(10)) == (3, 3, 3, 1)
    assert asyncio.run(sizes(7)) == (2, 2, 2, 1)
    assert asyncio.run(sizes(3)) == (2, 2, 2, 0), "those who reserve share with those who read"


def test_reads_are_answered_while_all_other_connections_are_taken(database_url: str) -> None:
    async def story() -> None:
        async with (
            open_pools(database_url, 6) as pools,
            pools.desk.connection(),
            pools.desk.connection(),
            pools.rest.connection(),
            pools.rest.connection(),
        ):
            await PostgresReader(pools.reads).ping()

    asyncio.run(story())


def test_whoever_comes_beyond_those_that_may_wait_is_turned_away(database_url: str) -> None:
    async def story() -> None:
        async with open_pools(database_url, 6) as pools:
            reader = PostgresReader(pools.reads)
            async with pools.reads.connection(), pools.reads.connection():
                asked = [asyncio.create_task(reader.ping()) for _ in range(WAITING_MOST + 10)]
                await asyncio.sleep(0)
            results = await asyncio.gather(*asked, return_exceptions=True)

        turned_away = [each for each in results if isinstance(each, StoreUnavailable)]
        assert len(turned_away) == 10
        assert results.count(None) == WAITING_MOST

    asyncio.run(story())
