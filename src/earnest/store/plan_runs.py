"""Dry runs on PostgreSQL: a row for each run, and a row for each page of its moves.

Not here: making them (`desk/planning/runs.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from earnest.core.values.instant import Instant
from earnest.desk.planning.ports import PlannedSlot
from earnest.desk.planning.runs import PlanRun
from earnest.store.codec import encode
from earnest.store.faults import named_faults
from earnest.store.pool import Pool
from earnest.store.statements import STATEMENTS

_decode_run = msgspec.json.Decoder(PlanRun).decode
_decode_moves = msgspec.json.Decoder(tuple[PlannedSlot, ...]).decode


class PostgresPlanRuns:
    """`KeptRuns` of the desk's planning."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, run: PlanRun) -> bool:
        """Write a run down; whether its number was new."""
        row = {"run_id": run.run_id, "asked_at": run.asked_at, "body": encode(run)}
        with named_faults():
            async with self._pool.connection() as connection:
                done = await connection.execute(STATEMENTS["add_plan_run"].text, row)
                return done.rowcount == 1

    async def run(self, run_id: str) -> PlanRun | None:
        """A run by its number."""
        row = await self._row("plan_run", run_id=run_id)
        return None if row is None else replace(_decode_run(row[0]), heard_at=row[1])

    async def say(self, run: PlanRun, pages: Iterable[Sequence[PlannedSlot]] = ()) -> None:
        """Write down how far a run is, and with its outcome the pages of its moves."""
        row = {"run_id": run.run_id, "body": encode(run)}
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(STATEMENTS["say_of_plan_run"].text, row)
                copying = STATEMENTS["copy_plan_run_pages"].text
                async with connection.cursor() as cursor, cursor.copy(copying) as copy:
                    for number, page in enumerate(pages, start=1):
                        await copy.write_row((run.run_id, number, encode(tuple(page))))

    async def hear(self, run_ids: Sequence[str], at: Instant) -> None:
        """Note that the process which has these runs lived at an instant."""
        heard = {"run_ids": list(run_ids), "at": at}
        with named_faults():
            async with self._pool.connection() as connection:
                await connection.execute(STATEMENTS["hear_of_plan_runs"].text, heard)

    async def moves(self, run_id: str, page: int) -> Sequence[PlannedSlot]:
        """A page of a run's moves, counted from 1; nothing behind the last one."""
        row = await self._row("plan_run_moves", run_id=run_id, page=page)
        return () if row is None else _decode_moves(row[0])

    async def forget(self, before: Instant) -> None:
        """Forget the runs that were asked for before an instant."""
        with named_faults():
            async with self._pool.connection() as connection:
                await connection.execute(STATEMENTS["forget_plan_runs"].text, {"before": before})

    async def _row(self, name: str, **parameters: object) -> tuple[Any, ...] | None:
        with named_faults():
            async with self._pool.connection() as connection:
                found = await connection.execute(STATEMENTS[name].text, parameters)
                return await found.fetchone()
