"""How far a run is, for whoever waits for it: a bar at a terminal, a line now and then elsewhere.

Not here: what came of it (`showing.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from chaos.running import Watch

LINE_EVERY_S = 30.0
"""Where nobody looks at a terminal, a line comes so often."""

_MINUTE_S = 60


@contextmanager
def told(
    name: str,
    total: int,
    unit: str,
    console: Console,
    seconds: Callable[[], float] = perf_counter,
) -> Iterator[Watch]:
    """Show how far a run of this name is, out of so many rounds, for as long as it lasts."""
    if console.is_terminal:
        with _bar(name, total, console) as watch:
            yield watch
    else:
        lines = _Lines(name, total, unit, console, seconds)
        yield Watch(reach=lines.reach, say=lambda words: _line(console, f"{name}: {words}"))


@contextmanager
def _bar(name: str, total: int, console: Console) -> Iterator[Watch]:
    columns = (
        TextColumn("{task.description:24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[acknowledged]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(elapsed_when_finished=False),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(name, total=total, acknowledged="")

        def reach(done: float, acknowledged: int = 0) -> None:
            said = f"{acknowledged:,} acknowledged" if acknowledged else ""
            progress.update(bar, completed=min(done, total), acknowledged=said)

        yield Watch(reach=reach, say=lambda words: progress.log(f"[dim]{words}[/]"))


class _Lines:
    """Lines for a file: how much is done, and when the rest will be at this rate."""

    def __init__(
        self, name: str, total: int, unit: str, console: Console, seconds: Callable[[], float]
    ) -> None:
        self._name = name
        self._total = total
        self._unit = unit
        self._console = console
        self._seconds = seconds
        self._started = seconds()
        self._said = self._started

    def reach(self, done: float, acknowledged: int = 0) -> None:
        now = self._seconds()
        if now - self._said < LINE_EVERY_S:
            return
        self._said = now
        parts = [f"{min(done, self._total):,.0f} of {self._total:,} {self._unit}"]
        if acknowledged:
            parts.append(f"{acknowledged:,} acknowledged")
        parts.append(f"after {_time(now - self._started)}")
        if done:
            parts.append(f"left {_time((now - self._started) * (self._total - done) / done)}")
        _line(self._console, f"{self._name}: {', '.join(parts)}")


def _line(console: Console, words: str) -> None:
    console.print(words, highlight=False, markup=False, soft_wrap=True)


def _time(seconds: float) -> str:
    """Minutes and seconds, as a watch shows them."""
    minutes, rest = divmod(round(max(seconds, 0)), _MINUTE_S)
    return f"{minutes}:{rest:02}"
