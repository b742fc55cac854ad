"""Sessions on PostgreSQL, and what staff did: the schema `people`, and events as they stand.

Not here: tokens (`people/tokens.py`), whose ids are kept here and nothing else of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant
from earnest.desk.staff import Act, EndedNews, Session, TrailFilter, TrailLine
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.staff import note_act
from earnest.store.statements import STATEMENTS

Row = tuple[Any, ...]


class PostgresSessions:
    """`SessionBook` of the desk's ports."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def begin(self, session: Session, act: Act | None = None) -> bool:
        """Note a session, and forget those of this actor that are over; False for an id in use."""
        row = {**msgspec.structs.asdict(session), "roles": list(session.roles)}
        over = {"actor_id": session.actor_id, "now": session.begun_at}
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(STATEMENTS["forget_sessions"].text, over)
                added = await connection.execute(STATEMENTS["add_session"].text, row)
                if added.rowcount == 1 and act is not None:
                    await note_act(connection, act)
                return added.rowcount == 1

    async def sessions_of(self, actor_id: str, now: Instant) -> Sequence[Session]:
        """The sessions of somebody that have not ended, the newest first."""
        rows = await _rows(self._pool, "sessions_of", actor_id=actor_id, now=now)
        return [_session(row) for row in rows]

    async def programs(self, now: Instant, limit: int) -> Sequence[Session]:
        """The sessions of all programs that have not ended, the newest first."""
        rows = await _rows(self._pool, "sessions_of_programs", now=now, limit=limit)
        return [_session(row) for row in rows]

    async def end(
        self, session_id: str, actor_id: str | None, at: Instant, act: Act | None
    ) -> Session | None:
        """End a session, of this actor if one is named; None when there is none to end."""
        asked = {"session_id": session_id, "actor_id": actor_id, "at": at}
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                cursor = await connection.execute(STATEMENTS["end_session"].text, asked)
                row = await cursor.fetchone()
                if row is not None and act is not None:
                    await note_act(connection, act)
        return None if row is None else _session(row)

    async def end_all(self, actor_id: str, issued_before: Instant, act: Act | None) -> None:
        """End every token of somebody that was issued before an instant."""
        asked = {"actor_id": actor_id, "issued_before": issued_before}
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(STATEMENTS["end_all_sessions"].text, asked)
                if act is not None:
                    await note_act(connection, act)

    async def ended_since(self, looked_at: Instant | None, now: Instant) -> EndedNews:
        """What was noted as ended since a look a little earlier; everything for the first look."""
        asked = {"looked_at": looked_at}
        with named_faults():
            async with self._pool.connection() as connection:
                actors = await connection.execute(STATEMENTS["ended_actors"].text, asked)
                of_actors = await actors.fetchall()
                sessions = await connection.execute(
                    STATEMENTS["ended_sessions"].text, {**asked, "now": now}
                )
                of_sessions = await sessions.fetchall()
        return EndedNews(
            sessions={row[0]: row[1] for row in of_sessions},
            actors={row[0]: row[1] for row in of_actors if row[0] is not None},
            looked_at=of_actors[0][2],
        )


class PostgresTrail:
    """`Trail` of the desk's ports."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def trail(
        self, wanted: TrailFilter, before: tuple[Instant, str] | None, limit: int
    ) -> Sequence[TrailLine]:
        """At most `limit` lines that fit, the newest first, before an instant and a place."""
        rows = await _rows(
            self._pool,
            "trail",
            **msgspec.structs.asdict(wanted),
            before=None if before is None else before[0],
            place=None if before is None else before[1],
            limit=limit,
        )
        return [
            TrailLine(
                at=row[0],
                place=row[1],
                actor_id=row[2],
                kind=row[3],
                order_id=None if row[4] is None else OrderId(row[4]),
                subject=row[5],
                detail=row[6],
            )
            for row in rows
        ]


def _session(row: Row) -> Session:
    return Session(
        session_id=row[0],
        actor_id=row[1],
        kind=row[2],
        name=row[3],
        roles=tuple(sorted(row[4])),
        begun_at=row[5],
        ends_at=row[6],
    )


async def _rows(pool: Pool, name: str, /, **parameters: object) -> list[Row]:
    with named_faults():
        async with pool.connection() as connection:
            cursor = await connection.execute(STATEMENTS[name].text, parameters)
            return await cursor.fetchall()
