"""Four pools of connections, so that no work waits for the connections of another.

The desk has its own: whatever else is going on, groups are committed. What has to be known of
those who reserve before the desk decides is asked for whole groups of them, so one connection of
its own does. Doors that read have their own: orders, offers and profiles are answered while the
desk is saturated, because reading takes no lock and waits for none. All the rest (mail, payouts,
uploads, what is registered and published) shares the fourth. In each, only so many may wait, and
not for long: whoever is turned away is told to come again, and nothing piles up in memory. Not
here: the connections (`pool.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import msgspec

from earnest.store.pool import Pool, open_pool

FEWEST = 2
"""Connections of a pool at least: the desk commits in two lanes."""

WAITING_MOST = 200
"""Who may wait for a connection of a pool; at half a millisecond a read that is a tenth second."""

WAITING_SECONDS = 3.0
"""How long somebody waits for a connection before being told to come again."""

DESK_WAITING_SECONDS = 30.0
"""The desk is patient: giving up would only make it run the same group again."""


class Pools(msgspec.Struct, frozen=True):
    """The pools of one process."""

    desk: Pool
    reserving: Pool
    reads: Pool
    rest: Pool


@asynccontextmanager
async def open_pools(url: str, connections: int) -> AsyncIterator[Pools]:
    """Open the four pools with so many connections at most together, and close them in the end.

    With too few for all, those who reserve share the connections of the doors that read. Raises
    `StoreError` as `open_pool` does.
    """
    share = max(FEWEST, connections * 3 // 10)
    has_one_left = connections > 2 * share + FEWEST
    desk = max(FEWEST, connections - 2 * share - has_one_left)
    async with AsyncExitStack() as stack:

        async def opened(size: int, patience: float) -> Pool:
            pool = await open_pool(
                url,
                size_min=min(FEWEST, size),
                size_max=size,
                waiting_max=WAITING_MOST,
                waiting_seconds=patience,
            )
            stack.push_async_callback(pool.close)
            return pool

        reads = await opened(share, WAITING_SECONDS)
        yield Pools(
            desk=await opened(desk, DESK_WAITING_SECONDS),
            reserving=await opened(1, WAITING_SECONDS) if has_one_left else reads,
            reads=reads,
            rest=await opened(share, WAITING_SECONDS),
        )
