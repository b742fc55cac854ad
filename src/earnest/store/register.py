"""The register of people on PostgreSQL: the schema `people`, and nothing outside it.

Not here: orders. They know people only by their ids, so that a person can be erased.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from earnest.core.values.ids import BuyerId
from earnest.desk.views import Admission, BuyerProfile, digits_to_find
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS

_ESCAPED = re.compile(r"[\\%_]")
"""What means something to LIKE and nothing in a name."""


class PostgresRegister:
    """`Register` of the desk's views. Every method raises `StoreUnavailable` like a reader's."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def admit(self, admission: Admission, buyers: Sequence[BuyerProfile]) -> Admission:
        """Register buyers once, in one transaction, and return the admission that is on record."""
        key = {"actor_id": admission.actor_id, "key": admission.key}
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                added = await connection.execute(
                    STATEMENTS["add_admission"].text, msgspec.structs.asdict(admission)
                )
                if added.rowcount == 1:
                    await connection.execute(STATEMENTS["add_buyers"].text, _columns(buyers))
                    return admission
                earlier = await connection.execute(STATEMENTS["admission"].text, key)
                row = await earlier.fetchone()
        assert row is not None, "an admission is never removed"
        return Admission(**key, content_hash=row[0], admitted_at=row[1])

    async def buyer(self, buyer_id: BuyerId) -> BuyerProfile | None:
        """The buyer with this id."""
        found = await self.buyers([buyer_id])
        return found[0] if found else None

    async def buyers(self, buyer_ids: Sequence[BuyerId]) -> Sequence[BuyerProfile]:
        """The buyers with these ids, in no particular order; an unknown id is left out."""
        rows = await self._rows("buyers", buyer_ids=list(buyer_ids))
        return [_buyer(row) for row in rows]

    async def find_buyers(self, text: str, limit: int) -> Sequence[BuyerProfile]:
        """Buyers by the beginning of their name, the end of their telephone, or their address."""
        wanted = text.lower()
        digits = digits_to_find(text)
        rows = await self._rows(
            "find_buyers",
            name_begins=_ESCAPED.sub(r"\\\g<0>", wanted) + "%",
            phone_ends=None if digits is None else f"{digits[::-1]}%",
            email=wanted,
            limit=limit,
        )
        return [_buyer(row) for row in rows]

    async def only_buyer_at(self, email: str) -> BuyerId | None:
        """The only buyer registered with this (lower-case) address; None for none or several."""
        rows = await self._rows("buyers_at", email=email)
        return BuyerId(rows[0][0]) if len(rows) == 1 else None

    async def name_buyer(self, buyer_id: BuyerId, name: str) -> None:
        """Note the name of a buyer who has none yet."""
        with named_faults():
            async with self._pool.connection() as connection:
                await connection.execute(
                    STATEMENTS["name_buyer"].text, {"buyer_id": buyer_id, "name": name}
                )

    async def _rows(self, name: str, **parameters: object) -> list[tuple[Any, ...]]:
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS[name].text, parameters)
                return await cursor.fetchall()


def _buyer(row: tuple[Any, ...]) -> BuyerProfile:
    return BuyerProfile(
        buyer_id=row[0],
        name=row[1],
        email=row[2],
        phone=row[3],
        language=row[4],
        created_at=row[5],
    )


def _columns(buyers: Sequence[BuyerProfile]) -> dict[str, list[Any]]:
    return {
        "buyer_ids": [buyer.buyer_id for buyer in buyers],
        "names": [buyer.name for buyer in buyers],
        "emails": [buyer.email for buyer in buyers],
        "phones": [buyer.phone for buyer in buyers],
        "languages": [buyer.language for buyer in buyers],
        "created_at": [buyer.created_at for buyer in buyers],
    }
