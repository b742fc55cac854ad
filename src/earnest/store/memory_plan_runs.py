"""Dry runs of plans over the store's twin in memory.

Not here: making them (`desk/planning/runs.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from earnest.core.values.instant import Instant
from earnest.desk.planning.ports import PlannedSlot
from earnest.desk.planning.runs import PlanRun


class MemoryPlanRuns:
    """`KeptRuns` of the desk's planning, for as long as the process lives."""

    def __init__(self) -> None:
        self._runs: dict[str, PlanRun] = {}
        self._heard: dict[str, Instant] = {}
        self._pages: dict[str, list[tuple[PlannedSlot, ...]]] = {}

    async def add(self, run: PlanRun) -> bool:
        """Write a run down; whether its number was new."""
        self._heard.setdefault(run.run_id, run.asked_at)
        return self._runs.setdefault(run.run_id, run) is run

    async def run(self, run_id: str) -> PlanRun | None:
        """A run by its number."""
        run = self._runs.get(run_id)
        return None if run is None else replace(run, heard_at=self._heard[run_id])

    async def say(self, run: PlanRun, pages: Iterable[Sequence[PlannedSlot]] = ()) -> None:
        """Write down how far a run is, and with its outcome the pages of its moves."""
        if run.run_id in self._runs:
            self._runs[run.run_id] = run
            self._pages.setdefault(run.run_id, []).extend(tuple(page) for page in pages)

    async def hear(self, run_ids: Sequence[str], at: Instant) -> None:
        """Note that the process which has these runs lived at an instant."""
        self._heard.update((run_id, at) for run_id in run_ids if run_id in self._runs)

    async def moves(self, run_id: str, page: int) -> Sequence[PlannedSlot]:
        """A page of a run's moves, counted from 1; nothing behind the last one."""
        pages = self._pages.get(run_id, [])
        return pages[page - 1] if 0 < page <= len(pages) else ()

    async def forget(self, before: Instant) -> None:
        """Forget the runs that were asked for before an instant."""
        for run in [run for run in self._runs.values() if run.asked_at < before]:
            del self._runs[run.run_id]
            del self._heard[run.run_id]
            self._pages.pop(run.run_id, None)
