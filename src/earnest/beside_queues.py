"""What `earnest queue` reads and mends in the database beside a running server.

Not here: what is printed (`cli/queue.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from earnest.audit.beside import reading
from earnest.core.order.standing import lane_in
from earnest.core.order.state import Order
from earnest.core.queue.lane import Lane
from earnest.core.values.instant import Instant
from earnest.desk.places.folding import moves_of_file
from earnest.desk.places.following import Places
from earnest.desk.places.inversions import Inversion, inversions
from earnest.desk.places.snapshot import Snapshot
from earnest.desk.planning.passing import PlannedReasons
from earnest.desk.ports import RecordedMove
from earnest.desk.records import OrderFile
from earnest.gateways.clock import VirtualClock
from earnest.main import database_to_read
from earnest.settings import Settings
from earnest.store.plans import PostgresPlans
from earnest.store.pool import Pool, open_pool
from earnest.store.publications import PostgresPublications
from earnest.store.queue_moves import PIECE, PostgresMoves
from earnest.store.reader import PostgresReader


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[Pool, Places, VirtualClock]]:
    with database_to_read(settings) as url:
        async with await open_pool(url, size_min=1, size_max=2) as pool:
            offset = await PostgresPublications(pool).clock_offset_seconds()
            clock = VirtualClock(timedelta(seconds=offset))
            places = Places(PostgresMoves(pool), clock.now)
            await places.refresh()
            yield pool, places, clock


async def read_queues(settings: Settings) -> tuple[Snapshot, Instant]:
    """The picture of all queues, and the present."""
    async with _opened(settings) as (_, places, clock):
        return places.snapshot, clock.now()


async def find_inversions(settings: Settings) -> list[Inversion]:
    """Who was overtaken and still waits."""
    with database_to_read(settings) as url:
        async with reading(url) as records:
            catalogues = await records.published_catalogues()

    def lane_of(order: Order) -> Lane:
        return lane_in(order.configuration, catalogues[order.catalogue_hash])

    async with _opened(settings) as (pool, places, _):
        events_of = PostgresReader(pool).events
        planned = PlannedReasons(PostgresPlans(pool)).why
        return await inversions(PostgresMoves(pool), places.snapshot, events_of, lane_of, planned)


async def rebuild_moves(settings: Settings) -> tuple[int, int]:
    """Add missing moves; how many orders were looked at, and how many moves were added."""
    orders = added = 0
    with database_to_read(settings) as url:
        async with reading(url) as records, await open_pool(url, size_min=1, size_max=1) as pool:
            store = PostgresMoves(pool)
            catalogues = await records.published_catalogues()
            missing: list[RecordedMove] = []
            async for file in records.order_files():
                orders += 1
                if isinstance(file, OrderFile):
                    known = {(each.sequence, each.change) for each in file.moves}
                    missing += [
                        each
                        for each in moves_of_file(file, catalogues)
                        if (each.sequence, each.change) not in known
                    ]
                if len(missing) >= PIECE:
                    added += await store.add_moves(missing)
                    missing = []
            if missing:
                added += await store.add_moves(missing)
    return orders, added
