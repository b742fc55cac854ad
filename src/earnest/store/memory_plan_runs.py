"""Dry runs of plans over the store's twin in memory.

Not here: making them (`desk/planning/runs.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from earnest.core.values.instant import Instant
from earnest.desk.planning.ports import PlannedSlot
from earnest.desk.planning.runs import PlanRun


class MemoryPlanRuns:
    """`KeptRuns` of the desk's planning, for as long as the process lives."""

    def __init__(self) -> None:
        self._runs: dict[str, PlanRun] = {}
        self._pages: dict[str, list[tuple[PlannedSlot, ...]]] = {}

    async def add(self, run: PlanRun) -> bool:
        """Write a run down; whether its number was new."""
        return self._runs.setdefault(run.run_id, run) is run

    async def run(self, run_id: str) -> PlanRun | None:
        """A run by its number."""
        return self._runs.get(run_id)

    async def say(self, run: PlanRun, pages: Iterable[Sequence[PlannedSlot]] = ()) -> None:
        """Write down how far a run is, and with its outcome the pages of its moves."""
        if run.run_id in self._runs:
            self._runs[run.run_id] = run
            self._pages.setdefault(run.run_id, []).extend(tuple(page) for page in pages)

    async def moves(self, run_id: str, page: int) -> Sequence[PlannedSlot]:
        """A page of a run's moves, counted from 1; nothing behind the last one."""
        pages = self._pages.get(run_id, [])
        return pages[page - 1] if 0 < page <= len(pages) else ()

    async def forget(self, before: Instant) -> None:
        """Forget the runs that were asked for before an instant."""
        for run in [run for run in self._runs.values() if run.asked_at < before]:
            del self._runs[run.run_id]
            self._pages.pop(run.run_id, None)
