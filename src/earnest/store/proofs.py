"""Who people have proven to be, on PostgreSQL: the schema `people`.

Outside it only one thing is asked: whether an order of the buyer counts against a limit.

Not here: digests and codes (`people/proving.py`), which arrive ready made.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection

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
    ) -> bool:
        """Note who a buyer is, unless the buyer stays who they are; the digest to keep first."""
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                identity_id, person = await _identity(connection, kind, digests)
                asked = {"buyer_id": buyer_id, "kind": kind}
                found = await connection.execute(STATEMENTS["identity_of"].text, asked)
                row = await found.fetchone()
                if row is not None and row[0] == person:
                    return True
                proof = {**asked, "identity_id": identity_id, "at": at}
                put = await connection.execute(STATEMENTS["put_proof"].text, proof)
                return put.rowcount == 1

    async def identity_of(self, buyer_id: BuyerId, kind: str) -> str | None:
        """Who the buyer has proven to be, if so."""
        asked = {"buyer_id": buyer_id, "kind": kind}
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS["identity_of"].text, asked)
                row = await cursor.fetchone()
        return None if row is None else row[0]

    async def same_person(self, buyer_id: BuyerId) -> Sequence[BuyerId]:
        """Every other buyer who has proven to be the same person, by any kind of proof."""
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(
                    STATEMENTS["same_person"].text, {"buyer_id": buyer_id}
                )
                return [BuyerId(row[0]) for row in await cursor.fetchall()]

    async def first_to_prove(self, kind: str, digests: Sequence[tuple[str, str]]) -> BuyerId | None:
        """The buyer who first proved the first known of these, by key id and digest."""
        asked = _every(kind, digests)
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS["first_to_prove"].text, asked)
                row = await cursor.fetchone()
        return None if row is None else BuyerId(row[0])


async def _identity(
    connection: AsyncConnection[Any], kind: str, digests: Sequence[tuple[str, str]]
) -> tuple[str, str]:
    """The identity with one of these digests, made known if it was not, and whose person it is.

    Whatever is found under several becomes one person.
    """
    every, newest = _every(kind, digests), digests[0]
    kept = {"kind": kind, "key_id": newest[0], "digest": newest[1]}
    rows = await (await connection.execute(STATEMENTS["find_identity"].text, every)).fetchall()
    if not rows:
        fresh = {**kept, "identity_id": secrets.token_hex(IDENTITY_BYTES)}
        await connection.execute(STATEMENTS["add_identity"].text, fresh)
        rows = await (await connection.execute(STATEMENTS["find_identity"].text, every)).fetchall()
    assert rows, "somebody is known once they were made known"
    identity_id, key_id, digest, person = rows[0]
    if (key_id, digest) != newest:
        renewed = {**kept, "identity_id": identity_id}
        await connection.execute(STATEMENTS["renew_identity"].text, renewed)
    others = [row[3] for row in rows if row[3] != person]
    if others:
        united = {"person": person, "others": others}
        await connection.execute(STATEMENTS["unite_identities"].text, united)
    return identity_id, person


def _every(kind: str, digests: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "kind": kind,
        "key_ids": [key_id for key_id, _ in digests],
        "digests": [digest for _, digest in digests],
    }
