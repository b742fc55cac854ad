"""Publications on PostgreSQL: terms and offers, each with the act that published it.

Not here: a demo's documents, which are published without an act (`publications.py`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from psycopg import AsyncConnection

from earnest.core.queue.offer import Offer
from earnest.core.queue.rank import Queue, UnitCount
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import QueueId, TermsHash
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.ports import Publication, PublicationKind
from earnest.store.codec import decode_findings, encode
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.publications import offer_columns, terms_columns
from earnest.store.statements import STATEMENTS

Content = Callable[["AsyncConnection[Any]"], Awaitable["Rejected | None"]]
"""Writes what an act publishes, or says what stands in the way."""


class PostgresShelf:
    """`Shelf` of the desk's ports. Acts wait for each other, because they are rare."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def publication(self, actor_id: str, key: str) -> Publication | None:
        """The act of this actor with this key."""
        with named_faults():
            async with self._pool.connection() as connection:
                return await _publication(connection, actor_id, key)

    async def publications(self, terms_hash: TermsHash) -> Sequence[Publication]:
        """Every act about these terms, the oldest first."""
        with named_faults():
            async with self._pool.connection() as connection:
                found = await connection.execute(
                    STATEMENTS["publications_of_terms"].text, {"terms_hash": terms_hash}
                )
                return [_read(row) for row in await found.fetchall()]

    async def add_terms(
        self, publication: Publication, terms: TermsVersion
    ) -> Publication | Rejected:
        """Keep terms and the act. Rejections: `version_taken` by other terms of that name."""

        async def content(connection: AsyncConnection[Any]) -> Rejected | None:
            columns = terms_columns(terms)
            taken = await connection.execute(STATEMENTS["version_of_other_terms"].text, columns)
            if await taken.fetchone() is not None:
                return Rejected(Reason.VERSION_TAKEN, {"version": terms.version})
            await connection.execute(STATEMENTS["add_terms_version"].text, columns)
            return None

        return await self._add(publication, content)

    async def add_offer(self, publication: Publication, offer: Offer) -> Publication | Rejected:
        """Keep an offer and the act. Rejections: `offer_exists` for this queue and instant."""

        async def content(connection: AsyncConnection[Any]) -> Rejected | None:
            added = await connection.execute(STATEMENTS["add_offer"].text, offer_columns(offer))
            return Rejected(Reason.OFFER_EXISTS) if added.rowcount == 0 else None

        return await self._add(publication, content)

    async def queue(self, queue_id: QueueId) -> Queue | None:
        """A queue, if it is known."""
        with named_faults():
            async with self._pool.connection() as connection:
                found = await connection.execute(STATEMENTS["queue"].text, {"queue_id": queue_id})
                row = await found.fetchone()
        if row is None:
            return None
        units = None if row[5] is None else UnitCount(taken=row[5], waiting=row[6], limit=row[7])
        return Queue(
            queue_id=row[0],
            model_line=row[1],
            market=row[2],
            time_zone=row[3],
            next_rank=row[4],
            units=units,
        )

    async def _add(self, publication: Publication, content: Content) -> Publication | Rejected:
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(STATEMENTS["one_publication_at_a_time"].text)
                earlier = await _publication(connection, publication.actor_id, publication.key)
                if earlier is not None:
                    return earlier
                rejected = await content(connection)
                if rejected is None:
                    await connection.execute(
                        STATEMENTS["add_publication"].text, _columns(publication)
                    )
                return rejected or publication


async def _publication(
    connection: AsyncConnection[Any], actor_id: str, key: str
) -> Publication | None:
    found = await connection.execute(
        STATEMENTS["publication"].text, {"actor": actor_id, "key": key}
    )
    row = await found.fetchone()
    return None if row is None else _read(row)


def _read(row: tuple[Any, ...]) -> Publication:
    return Publication(
        actor_id=row[0],
        key=row[1],
        content_hash=row[2],
        kind=PublicationKind(row[3]),
        terms_hash=row[4],
        queue_id=row[5],
        opens_at=row[6],
        findings=decode_findings(row[7]),
        published_at=row[8],
    )


def _columns(publication: Publication) -> dict[str, object]:
    return {
        "actor": publication.actor_id,
        "key": publication.key,
        "content_hash": publication.content_hash,
        "kind": publication.kind.value,
        "terms_hash": publication.terms_hash,
        "queue_id": publication.queue_id,
        "opens_at": publication.opens_at,
        "findings": encode(publication.findings),
        "published_at": publication.published_at,
    }
