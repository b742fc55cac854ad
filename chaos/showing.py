"""Results for people, and for other programs.

Not here: judging (`running.py`).
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from chaos.running import GOOD, Result, Verdict
from chaos.trial import Figure, Trial

_COLOURS = {
    Verdict.HELD: "green",
    Verdict.CONTROL_FAILED: "green",
    Verdict.BROKEN: "bold red",
    Verdict.CONTROL_PASSED: "bold red",
    Verdict.IMPOSSIBLE: "yellow",
}


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run, as it is written for other programs."""

    machine: str
    cores: int
    load_before: float
    seed: int
    results: list[Result]


def show_trials(trials: Sequence[Trial], console: Console) -> None:
    """What can be run, how much of it, and how long the long form takes."""
    table = Table(title="Trials of the chaos suite", show_lines=True)
    for column in ("name", "no.", "what it shows", "its control", "long form"):
        table.add_column(column)
    for trial in trials:
        table.add_row(
            trial.name,
            str(trial.number),
            trial.shows,
            "-" if trial.control is None else trial.control.says,
            f"{trial.rounds:,} {trial.unit}, {trial.lasts}",
        )
    console.print(table)


def show_results(results: Sequence[Result], console: Console) -> None:
    """A table of everything that was run, then every failure that counts."""
    table = Table(title="Chaos suite", show_lines=True)
    for column in ("no.", "trial", "rounds", "seconds", "figures", "verdict"):
        table.add_column(column, justify="right" if column in {"rounds", "seconds"} else "left")
    for each in results:
        table.add_row(
            str(each.number),
            f"control: {each.says}" if each.is_control else f"[bold]{each.name}[/]: {each.says}",
            f"{each.rounds:,} {each.unit}",
            f"{each.seconds:.0f}",
            "\n".join(f"{name}: {_shown(figure)}" for name, figure in _figures(each).items()),
            f"[{_COLOURS[each.verdict]}]{each.verdict.value}[/]",
        )
    console.print(table)
    for each in results:
        if each.verdict not in GOOD:
            console.print(f"\n[bold]{each.name}[/] (seed {each.seed}): {each.verdict.value}")
            for words in each.examples:
                console.print(f"  {words}", markup=False)


def _figures(result: Result) -> dict[str, Figure]:
    return result.figures | {name.replace("_", " "): n for name, n in result.failures.items()}


def _shown(figure: Figure) -> str:
    return figure if isinstance(figure, str) else f"{figure:,}"


def write_json(results: Sequence[Result], seed: int, load_before: float, path: Path) -> None:
    """Write everything for other programs."""
    report = Report(
        machine=f"{platform.machine()}, Python {platform.python_version()}",
        cores=os.cpu_count() or 1,
        load_before=load_before,
        seed=seed,
        results=list(results),
    )
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report)))
