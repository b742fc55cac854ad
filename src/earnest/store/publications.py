"""What a maker publishes, and the demo's clock, on PostgreSQL.

Not here: orders (`desk_store.py`). What is published has a digest and is never changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from earnest.core.catalogue.model import Catalogue
from earnest.core.launch.announcing import Announced
from earnest.core.queue.offer import Offer
from earnest.core.queue.pause import SalePause
from earnest.core.queue.rank import Queue
from earnest.core.terms.agreement import PublicPromise
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import CatalogueHash, TermsHash
from earnest.store.codec import (
    decode_campaign,
    decode_catalogue,
    decode_promise,
    decode_terms,
    encode,
)
from earnest.store.faults import named_faults
from earnest.store.pauses import pauses_kept
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS


class PostgresPublications:
    """`Publications` of the desk's ports, and reading what was published.

    Every method raises `StoreUnavailable` when the database cannot be reached.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def publish(
        self,
        *,
        queues: Sequence[Queue],
        terms: TermsVersion,
        catalogue: Catalogue,
        offers: Sequence[Offer],
    ) -> None:
        """Make documents and offers known; what is already known stays exactly as it is."""
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                for name, parameters in _publication(queues, terms, catalogue, offers):
                    await connection.execute(STATEMENTS[name].text, parameters)

    async def terms(self, terms_hash: TermsHash) -> TermsVersion | None:
        """A published terms version, by digest. It never changes."""
        row = await self._row("terms_by_hash", terms_hash=terms_hash)
        return None if row is None else decode_terms(row[0])

    async def catalogue(self, catalogue_hash: CatalogueHash) -> Catalogue | None:
        """A published catalogue, by digest. It never changes."""
        row = await self._row("catalogue_by_hash", catalogue_hash=catalogue_hash)
        return None if row is None else decode_catalogue(row[0])

    async def offers(self) -> Sequence[Offer]:
        """What is on sale, was, and will be, for all queues, by queue and opening."""
        with named_faults():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(STATEMENTS["offers"].text)).fetchall()
        return [
            Offer(
                queue_id=row[0],
                terms_hash=row[1],
                catalogue_hash=row[2],
                opens_at=row[3],
                closes_at=row[4],
            )
            for row in rows
        ]

    async def campaigns(self) -> Sequence[Announced]:
        """Every version of every campaign, for all queues, the oldest first."""
        with named_faults():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(STATEMENTS["campaigns"].text)).fetchall()
        return [announced_of(row) for row in rows]

    async def pauses(self) -> Sequence[SalePause]:
        """Every pause of every sale, by queue, the earliest first."""
        with named_faults():
            async with self._pool.connection() as connection:
                return await pauses_kept(connection)

    async def publish_promise(self, promise: PublicPromise) -> bool:
        """Make a public promise known; False when its id is used, which changes nothing."""
        columns = {
            "promise_id": promise.promise_id,
            "queue_id": promise.queue_id,
            "body": encode(promise),
            "published_at": promise.published_at,
        }
        with named_faults():
            async with self._pool.connection() as connection:
                text = STATEMENTS["add_public_promise"].text
                return (await connection.execute(text, columns)).rowcount == 1

    async def public_promises(self) -> Sequence[PublicPromise]:
        """Everything the makers promised to everybody, for all queues, the oldest first."""
        with named_faults():
            async with self._pool.connection() as connection:
                found = await connection.execute(STATEMENTS["public_promises"].text)
                return [decode_promise(row[0]) for row in await found.fetchall()]

    async def clock_offset_seconds(self) -> int:
        """How far the demo's clock was moved forward; zero outside a demo."""
        row = await self._row("clock_offset")
        return 0 if row is None else int(row[0])

    async def move_clock(self, seconds: int) -> int:
        """Move the demo's clock forward for good and return the new offset in seconds."""
        assert seconds >= 0, "time only moves forward"
        step = {"seconds": seconds}
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                moved = await connection.execute(STATEMENTS["move_clock"].text, step)
                row = await moved.fetchone()
                await connection.execute(STATEMENTS["bring_jobs_forward"].text, step)
        assert row is not None, "the statement returns the new offset"
        return int(row[0])

    async def _row(self, name: str, **parameters: object) -> tuple[Any, ...] | None:
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS[name].text, parameters)
                return await cursor.fetchone()


def _publication(
    queues: Sequence[Queue], terms: TermsVersion, catalogue: Catalogue, offers: Sequence[Offer]
) -> list[tuple[str, dict[str, object]]]:
    prices: dict[str, object] = {
        "catalogue_hash": catalogue.catalogue_hash,
        "version": catalogue.version,
        "body": encode(catalogue),
    }
    return [
        *(("add_queue", _queue(queue)) for queue in queues),
        ("add_terms_version", terms_columns(terms)),
        ("add_catalogue_version", prices),
        *(("add_offer", offer_columns(offer)) for offer in offers),
    ]


def _queue(queue: Queue) -> dict[str, object]:
    return {
        "queue_id": queue.queue_id,
        "model_line": queue.model_line,
        "market": queue.market,
        "time_zone": queue.time_zone,
        "next_rank": queue.next_rank,
    }


def terms_columns(terms: TermsVersion) -> dict[str, object]:
    """A terms version as a row."""
    return {
        "terms_hash": terms.terms_hash,
        "version": terms.version,
        "body": encode(terms),
    }


def offer_columns(offer: Offer) -> dict[str, object]:
    """An offer as a row."""
    return {
        "queue_id": offer.queue_id,
        "terms_hash": offer.terms_hash,
        "catalogue_hash": offer.catalogue_hash,
        "opens_at": offer.opens_at,
        "closes_at": offer.closes_at,
    }


def announced_of(row: Sequence[Any]) -> Announced:
    """A version of a campaign from its row: body, who published it, when, and its text."""
    return Announced(
        campaign=decode_campaign(row[0]),
        published_by=row[1],
        published_at=row[2],
        source=row[3],
    )
