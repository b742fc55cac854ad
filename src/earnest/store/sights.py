"""Sights on PostgreSQL: who of the staff was shown whose personal data.

A sight is one statement that commits by itself, so that a page waits for one round trip and no
more. Not here: what counts as a sight (`desk/sights.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant
from earnest.desk.sights import Sight, SightFilter, SightKind, SightLine
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS


class PostgresSights:
    """`SightBook` of the desk."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def note(self, sight: Sight) -> None:
        """Note a sight; it is never changed."""
        row = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in msgspec.structs.asdict(sight).items()
        }
        with named_faults():
            async with self._pool.connection() as connection:
                await connection.execute(STATEMENTS["add_sight"].text, row)

    async def sights(
        self, wanted: SightFilter, before: tuple[Instant, str] | None, limit: int
    ) -> Sequence[SightLine]:
        """At most `limit` sights that fit, the newest first, before an instant and a place."""
        asked = {
            **msgspec.structs.asdict(wanted),
            "before": None if before is None else before[0],
            "place": None if before is None else before[1],
            "limit": limit,
        }
        name = "sights" if wanted.about is None else "sights_about"
        with named_faults():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(STATEMENTS[name].text, asked)
                return [_line(row) for row in await cursor.fetchall()]


def _line(row: tuple[Any, ...]) -> SightLine:
    place, at, actor_id, session_id, roles, kinds, buyer_ids, order_ids = row
    return SightLine(
        place=place,
        sight=Sight(
            at=at,
            actor_id=actor_id,
            session_id=session_id,
            roles=tuple(roles),
            kinds=tuple(SightKind(each) for each in kinds),
            buyer_ids=tuple(BuyerId(each) for each in buyer_ids),
            order_ids=tuple(OrderId(each) for each in order_ids),
        ),
    )
