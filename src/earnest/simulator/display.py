"""What a replay shows while it runs: a bar on a terminal, a line now and then in a log.

Not here: the tables at the end (`report.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from earnest.simulator.histogram import Histogram
from earnest.simulator.launch import Tally

LINE_EVERY_S = 5.0
"""How often a log gets a line; a terminal's bar moves four times a second."""

_SHOWN_PER_S = 4


class Phase:
    """One stretch of a replay with a known amount of work."""

    def __init__(self, console: Console, progress: Progress | None, name: str, total: int) -> None:
        self._console = console
        self._progress = progress
        self._name = name
        self._total = total
        self._shown_at = perf_counter()
        self._task: TaskID | None = None
        if progress is not None:
            self._task = progress.add_task(name, total=total, note="")

    def reach(self, done: int, note: str = "") -> None:
        """Show how much is done."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=done, note=note)
        elif perf_counter() - self._shown_at >= LINE_EVERY_S:
            self._line(done, note)

    def finish(self, done: int, note: str = "") -> None:
        """Show how much was done in the end."""
        if self._progress is None:
            self._line(done, note)
        else:
            self.reach(done, note)

    def _line(self, done: int, note: str) -> None:
        self._shown_at = perf_counter()
        ending = f" · {note}" if note else ""
        line = f"{self._name}: {done:,} of {self._total:,}{ending}"
        self._console.print(line, highlight=False, soft_wrap=True)


class Display:
    """Where phases show themselves."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None

    @contextmanager
    def shown(self) -> Iterator[Display]:
        """Show everything that happens inside; bars only where a person is watching."""
        if not self._console.is_terminal:
            yield self
            return
        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}", style="dim"),
        )
        with Progress(*columns, console=self._console, refresh_per_second=_SHOWN_PER_S) as progress:
            self._progress = progress
            yield self
        self._progress = None

    def phase(self, name: str, total: int) -> Phase:
        """Begin a stretch of work."""
        return Phase(self._console, self._progress, name, total)

    def say(self, text: str) -> None:
        """One line that stays."""
        self._console.print(text, highlight=False)


class LaunchWatch:
    """Turns what a launch adds up, twice a second, into one line for people."""

    def __init__(self, phase: Phase, due_s: Sequence[float]) -> None:
        """Show in this phase; `due_s` tells how far the launch's own time is."""
        self._phase = phase
        self._due_s = due_s
        self._whole = Tally()
        self._recent = Histogram()
        self._paid_before = 0
        self._looked_at = perf_counter()
        self._rate = 0.0

    def __call__(self, added: Tally) -> None:
        """Count what was added and show where the launch is."""
        self._whole.add(added)
        self._recent.merge(added.latency)
        now = perf_counter()
        if now - self._looked_at >= 1:
            self._rate = (self._whole.paid - self._paid_before) / (now - self._looked_at)
            self._paid_before = self._whole.paid
            self._looked_at = now
            self._phase.reach(self._whole.offered, self.note())
            self._recent = Histogram()

    def finish(self) -> None:
        """Show the end."""
        self._recent = self._whole.latency
        self._phase.finish(self._whole.offered, self.note())

    def note(self) -> str:
        """The line: rate, accepted, rejected, paid, p99, and the launch's own time."""
        whole = self._whole
        position = min(whole.offered, len(self._due_s)) - 1
        elapsed = self._due_s[position] if position >= 0 else 0.0
        unanswered = f" · unanswered {whole.unanswered:,}" if whole.unanswered else ""
        return (
            f"{self._rate:,.0f} paid/s · accepted {whole.accepted:,} · rejected {whole.rejected:,}"
            f" · paid {whole.paid:,}{unanswered}"
            f" · p99 {self._recent.percentile(0.99) * 1000:,.0f} ms"
            f" · launch time {written_clock(elapsed)}"
        )


def written_clock(seconds: float) -> str:
    """Seconds as a stop watch shows them: `0:07:12`."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
