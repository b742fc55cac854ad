"""Passkeys on PostgreSQL: the schema `people`, and nothing outside it.

Not here: what a device answers and whether it is right (`people/passkeys.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg

from earnest.core.values.instant import Instant
from earnest.desk.passkeys import KeptPasskey
from earnest.desk.staff import Act
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.staff import note_act
from earnest.store.statements import STATEMENTS

Row = tuple[Any, ...]

_BUYER, _STAFF = "buyer:", "staff:"


class PostgresPasskeys:
    """`PasskeyBook` of the desk's ports."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def passkeys_of(self, actor_id: str) -> Sequence[KeptPasskey]:
        """The passkeys of somebody, the oldest first."""
        return [_passkey(row) for row in await self._rows("passkeys_of", **_owner(actor_id))]

    async def passkey(self, credential_id: bytes) -> KeptPasskey | None:
        """The passkey with this id, whosever it is."""
        rows = await self._rows("passkey", credential_id=credential_id)
        return _passkey(rows[0]) if rows else None

    async def holders(self) -> Mapping[str, int]:
        """Who of the staff has passkeys, by staff id, and how many."""
        return {row[0]: row[1] for row in await self._rows("passkey_holders")}

    async def add(self, passkey: KeptPasskey, act: Act | None) -> bool:
        """Keep a passkey, and note the act; False when its id is somebody's already."""
        async with self._writing() as connection:
            if not await _run(connection, "add_passkey", **_columns(passkey)):
                return False
            if act is not None:
                await note_act(connection, act)
        return True

    async def use_try(self, credential_id: bytes, at: Instant, since: Instant, most: int) -> bool:
        """Use up one of `most` tries of a passkey since an instant; False when none is left."""
        named = {"credential_id": credential_id, "at": at, "since": since, "most": most}
        async with self._writing() as connection:
            return await _run(connection, "use_passkey_try", **named)

    async def note_use(self, credential_id: bytes, sign_count: int, at: Instant) -> bool:
        """Note that a passkey was used; False when its counter did not go on."""
        named = {"credential_id": credential_id, "sign_count": sign_count, "at": at}
        async with self._writing() as connection:
            return await _run(connection, "note_passkey_use", **named)

    async def remove(self, credential_id: bytes, actor_id: str, act: Act | None) -> bool:
        """Forget a passkey of somebody, and note the act; False when they have none like it."""
        named = {"credential_id": credential_id, **_owner(actor_id)}
        async with self._writing() as connection:
            if not await _run(connection, "remove_passkey", **named):
                return False
            if act is not None:
                await note_act(connection, act)
        return True

    async def take_challenge(self, digest: bytes, lapses_at: Instant, now: Instant) -> bool:
        """Take a challenge once, by its digest; False for one that was taken."""
        async with self._writing() as connection:
            await _run(connection, "forget_passkey_challenges", now=now)
            named = {"digest": digest, "lapses_at": lapses_at}
            return await _run(connection, "take_passkey_challenge", **named)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[psycopg.AsyncConnection]:
        """A transaction."""
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                yield connection

    async def _rows(self, name: str, /, **parameters: object) -> list[Row]:
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS[name].text, parameters)
                return await cursor.fetchall()


async def _run(connection: psycopg.AsyncConnection, name: str, /, **parameters: object) -> bool:
    """Run a statement; whether it changed anything."""
    cursor = await connection.execute(STATEMENTS[name].text, parameters)
    return cursor.rowcount > 0


def _owner(actor_id: str) -> dict[str, str | None]:
    """The two columns that say whose a passkey is, one of them empty."""
    is_buyer = actor_id.startswith(_BUYER)
    assert is_buyer or actor_id.startswith(_STAFF), "only people have passkeys"
    return {
        "buyer_id": actor_id.removeprefix(_BUYER) if is_buyer else None,
        "staff_id": None if is_buyer else actor_id.removeprefix(_STAFF),
    }


def _columns(passkey: KeptPasskey) -> dict[str, Any]:
    return {
        "credential_id": passkey.credential_id,
        "public_key": passkey.public_key,
        "sign_count": passkey.sign_count,
        "transports": list(passkey.transports),
        "name": passkey.name,
        "added_at": passkey.added_at,
        "last_used_at": passkey.last_used_at,
        **_owner(passkey.actor_id),
    }


def _passkey(row: Row) -> KeptPasskey:
    return KeptPasskey(
        credential_id=bytes(row[0]),
        actor_id=f"{_BUYER}{row[1]}" if row[1] is not None else f"{_STAFF}{row[2]}",
        public_key=bytes(row[3]),
        sign_count=row[4],
        transports=tuple(row[5]),
        name=row[6],
        added_at=row[7],
        last_used_at=row[8],
    )
