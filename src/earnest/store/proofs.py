"""Who people have proven to be, on PostgreSQL: the schema `people`.

Outside it only one thing is asked: whether an order of the buyer counts against a limit.

Not here: digests and codes (`people/proving.py`), which arrive ready made.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
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
                asked = {"buyer_ids": [buyer_id], "kinds": [kind]}
                found = await connection.execute(STATEMENTS["identities_of"].text, asked)
                row = await found.fetchone()
                if row is not None and row[2] == person:
                    return True
                named = {"buyer_id": buyer_id, "kind": kind}
                proof = {**named, "identity_id": identity_id, "at": at}
                put = await connection.execute(STATEMENTS["put_proof"].text, proof)
                return put.rowcount == 1

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
