"""Reading and auditing a database while servers go on writing to it.

Not here: what is checked (`rules.py`, `run.py`) and where the database is (`main.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from earnest.audit.provider import BooksOfProvider
from earnest.audit.run import Audited, Holdings, audit, held_for
from earnest.desk.records import OrderFile
from earnest.gateways.payments.contract import PaymentProvider
from earnest.store.pool import open_pool
from earnest.store.records import PostgresRecords, records_of

LOOK_AGAIN_SECONDS = 1.0
"""How long payments may be on their way between the provider and the books."""


@asynccontextmanager
async def reading(url: str) -> AsyncIterator[PostgresRecords]:
    """Everything stored, as it is at this moment. Raises `StoreError`."""
    pool = await open_pool(url, size_min=1, size_max=1)
    try:
        async with records_of(pool) as records:
            yield records
    finally:
        await pool.close()


async def audit_beside(
    url: str,
    provider: PaymentProvider | None,
    progress: Callable[[int, int], None],
    *,
    pause_seconds: float = LOOK_AGAIN_SECONDS,
) -> Audited:
    """Audit one moment of the database; `progress` gets orders done and in total.

    Whoever differs from what the provider says is looked at again, `pause_seconds` later.
    """

    async def look_again(order_ids: frozenset[str]) -> Holdings:
        await asyncio.sleep(pause_seconds)
        held: Holdings = {}
        async with reading(url) as records:
            for order_id in sorted(order_ids):
                file = await records.order_file(order_id)
                if isinstance(file, OrderFile):
                    held |= held_for(file)
        return held

    async with reading(url) as records:
        count = await records.order_count()
        books = BooksOfProvider(provider) if provider is not None else None
        return await audit(records, books, lambda done: progress(done, count), look_again)
