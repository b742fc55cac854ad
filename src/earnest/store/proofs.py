"""Who people have proven to be, on PostgreSQL: the schema `people`, and nothing outside it.

Not here: digests and codes (`people/proving.py`), which arrive ready made.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from earnest.core.values.ids import BuyerId
from earnest.core.values.instant import Instant
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS

IDENTITY_BYTES = 32


class PostgresProofs:
    """What `people/proving.py` keeps. Every method raises `StoreUnavailable`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def note_try(  # noqa: PLR0913, PLR0917 - one row
        self,
        buyer_id: BuyerId,
        kind: str,
        subject: str,
        at: Instant,
        code_digest: str | None,
        tries: int,
        since: Instant,
        most: int,
    ) -> bool:
        """Note a try, unless this buyer or this subject had `most` of them since then."""
        row = {
            "buyer_id": buyer_id,
            "kind": kind,
            "subject": subject,
            "at": at,
            "code_digest": code_digest,
            "tries": tries,
            "since": since,
            "most": most,
        }
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                cursor = await connection.execute(STATEMENTS["note_try"].text, row)
                return cursor.rowcount == 1

    async def use_try(self, buyer_id: BuyerId, subject: str, since: Instant) -> str | None:
        """Use up one try of the newest code sent since then; its digest, None without one."""
        asked = {"buyer_id": buyer_id, "subject": subject, "since": since}
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS["use_try"].text, asked)
                row = await cursor.fetchone()
        return None if row is None else row[0]

    async def prove(
        self, buyer_id: BuyerId, kind: str, digests: Sequence[tuple[str, str]], at: Instant
    ) -> None:
        """Note who a buyer is, by the digests under each key, the newest first."""
        newest = {"kind": kind, "key_id": digests[0][0], "digest": digests[0][1]}
        every = {
            "kind": kind,
            "key_ids": [key_id for key_id, _ in digests],
            "digests": [digest for _, digest in digests],
        }
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                fresh = {**newest, "identity_id": secrets.token_hex(IDENTITY_BYTES)}
                found = await connection.execute(STATEMENTS["find_identity"].text, every)
                row = await found.fetchone()
                if row is None:
                    await connection.execute(STATEMENTS["add_identity"].text, fresh)
                    found = await connection.execute(STATEMENTS["find_identity"].text, every)
                    row = await found.fetchone()
                assert row is not None, "somebody is known once they were made known"
                identity = {"identity_id": row[0]}
                if row[1] != newest["key_id"]:
                    await connection.execute(
                        STATEMENTS["renew_identity"].text, {**newest, **identity}
                    )
                proof = {"buyer_id": buyer_id, "kind": kind, "at": at, **identity}
                await connection.execute(STATEMENTS["put_proof"].text, proof)

    async def identities_of(
        self, asked: Sequence[tuple[BuyerId, str]]
    ) -> Mapping[tuple[BuyerId, str], str]:
        """Who buyers have proven to be by a kind of proof; who has not is left out."""
        columns = {
            "buyer_ids": [buyer_id for buyer_id, _ in asked],
            "kinds": [kind for _, kind in asked],
        }
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS["identities_of"].text, columns)
                rows = await cursor.fetchall()
        return {(BuyerId(row[0]), row[1]): row[2] for row in rows}

    async def other_accounts(
        self, buyer_ids: Sequence[BuyerId]
    ) -> Mapping[BuyerId, Sequence[BuyerId]]:
        """Every other buyer who has proven to be the same person as each, by any kind of proof."""
        asked = {"buyer_ids": list(buyer_ids)}
        found: dict[BuyerId, list[BuyerId]] = {}
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS["other_accounts"].text, asked)
                for own, other in await cursor.fetchall():
                    found.setdefault(BuyerId(own), []).append(BuyerId(other))
        return found

    async def first_to_prove(self, kind: str, digests: Sequence[tuple[str, str]]) -> BuyerId | None:
        """The buyer who was the first to prove one of these, by key id and digest."""
        asked = {
            "kind": kind,
            "key_ids": [key_id for key_id, _ in digests],
            "digests": [digest for _, digest in digests],
        }
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS["first_to_prove"].text, asked)
                row = await cursor.fetchone()
        return None if row is None else BuyerId(row[0])
