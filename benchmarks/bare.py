"""The limit: rows of reservations and deposits in the same grouped statements, and nothing else.

Groups are decided and their arrays made before anything is measured, so only sending, writing and
committing remain; no HTTP, no rules, one connection. Not here: the desk.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec

from benchmarks.deciding import decided
from benchmarks.figures import Figure
from benchmarks.shop import paid, reserve
from earnest.core.order.commands import Command
from earnest.core.order.state import Order
from earnest.core.values.instant import Instant
from earnest.desk.group import Asked, lookup_of
from earnest.desk.library import Library
from earnest.desk.ports import Loaded, OrderKey
from earnest.gateways.clock import Clock
from earnest.store.desk_store import PostgresStore
from earnest.store.pool import open_pool
from earnest.store.saving import Write, writes
from earnest.store.statements import STATEMENTS

GROUP = 500


async def measure_bare(url: str, count: int, run: str) -> list[Figure]:
    """Write so many reservations, then their deposits, group by group."""
    async with await open_pool(url, size_max=2) as pool:
        store = PostgresStore(pool)
        library = Library(store)
        await library.refresh_offers()
        # Of this moment, because the server whose database this is fires what has fallen due.
        now = Clock().now()
        commands = [reserve(place, run, now) for place in range(count)]
        async with store.transaction() as transaction:
            loaded = await transaction.load(lookup_of([Asked(commands[0], "bare")]))
        loaded = msgspec.structs.replace(loaded, commands={})
        reservations, deposits = [], []
        for at in range(0, count, GROUP):
            some = commands[at : at + GROUP]
            reserved, loaded, orders = _decided(library, loaded, some, now)
            reservations.append(reserved)
            held = Loaded(orders=orders, queues={}, commands={})
            deposits.append(_decided(library, held, [paid(each) for each in some], now)[0])

        async def seconds(groups: Sequence[Sequence[Write]]) -> float:
            started = time.perf_counter()
            for group in groups:
                async with (
                    pool.connection() as connection,
                    connection.pipeline(),
                    connection.transaction(),
                ):
                    for name, columns in group:
                        await connection.execute(STATEMENTS[name].text, columns)
            return time.perf_counter() - started

        reserving = await seconds(reservations)
        paying = await seconds(deposits)
    return [
        Figure(name="(b) reservations, bare grouped SQL", count=count, seconds=reserving),
        Figure(name="(b) paid orders, bare grouped SQL", count=count, seconds=reserving + paying),
    ]


def _decided(
    library: Library, loaded: Loaded, commands: Sequence[Command], now: Instant
) -> tuple[list[Write], Loaded, dict[OrderKey, Order]]:
    """The statements of one group, and what the next finds."""
    changes = decided(library, loaded, [Asked(each, "bare") for each in commands], now)
    before = {key: order.sequence for key, order in loaded.orders.items()}
    queues = {queue.queue_id: queue for queue in changes.queues}
    orders = {OrderKey(order.buyer_id, order.order_id): order for order in changes.orders}
    return list(writes(changes, before)), msgspec.structs.replace(loaded, queues=queues), orders
