"""The lived year for the terminal: tables that say what it is about, and whether all checks hold.

Not here: the figures (`tables.py`) and the page with the charts (`charts.py`).
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from earnest.simulator.twin.tables import CohortRow, Figures


def write_json(figures: Figures, path: Path) -> None:
    """Write the figures for machines."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=2) + b"\n")


def show(figures: Figures, console: Console) -> None:
    """Print the figures for people."""
    console.print(f"[bold]{figures.title}[/bold]")
    console.print(
        f"{figures.orders:,} orders, {figures.days} days from {figures.begins}, seed {figures.seed}"
    )
    for line in figures.about:
        console.print(f"  {line}")
    console.print(_cohorts(figures))
    console.print(_runs(figures))
    console.print(_money(figures))
    console.print(
        f"{figures.commands:,} commands in {figures.seconds:,.1f} s of one core, of which planning "
        f"{figures.planning_seconds:,.1f} s; {figures.megabytes:,.0f} MB. "
        f"Checks took {figures.checking_seconds:,.1f} s beside."
    )
    for words, count in figures.rejected.items():
        console.print(f"rejected {count:,} times: {words}")
    if figures.passed:
        console.print(
            f"[green]Every check holds after each of {figures.looked_at:,} steps.[/green]"
        )
        return
    for rule, count in figures.faults.items():
        console.print(f"[red]{rule}: {count:,} faults[/red]")
    for example in figures.examples:
        console.print(f"  {example}")


def _cohorts(figures: Figures) -> Table:
    table = Table(title="By month of the reservation", box=SIMPLE, title_justify="left")
    table.add_column("month")
    table.add_column("trim")
    for name in ("reserved", "locked", "left", "delivered"):
        table.add_column(name, justify="right")
    for name in ("weeks (median)", "weeks (90 %)", "announced", "promised", "in window"):
        table.add_column(name, justify="right")
    for row in figures.cohorts:
        table.add_row(*_cells(row))
    return table


def _cells(row: CohortRow) -> tuple[str, ...]:
    return (
        row.month,
        row.trim,
        f"{row.reserved:,}",
        f"{row.locked:,}",
        f"{row.left:,}",
        f"{row.delivered:,}",
        _or_dash(row.median_weeks),
        _or_dash(row.most_weeks),
        row.announced or "–",
        f"{row.promised_weeks}",
        "–" if row.kept is None else f"{row.kept:.0%}",
    )


def _or_dash(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _runs(figures: Figures) -> Table:
    """The planning runs that moved anybody later, or left anybody without a day."""
    table = Table(
        title=f"Planning runs ({len(figures.runs)}) that moved somebody later",
        box=SIMPLE,
        title_justify="left",
    )
    for name in ("day", "planned", "earlier", "later", "without a day"):
        table.add_column(name, justify="right")
    table.add_column("why")
    for run in figures.runs:
        if run.later or run.is_learned:
            why = "something new about the plants" if run.is_learned else "somebody came back"
            table.add_row(
                f"{run.day}",
                f"{run.planned:,}",
                f"{run.earlier:,}",
                f"{run.later:,}",
                f"{run.without:,}",
                why,
            )
    return table


def _money(figures: Figures) -> Table:
    table = Table(title="Money at the end of the month, in yuan", box=SIMPLE, title_justify="left")
    table.add_column("month")
    for name in ("held for buyers", "owed to buyers", "revenue", "forfeited", "compensation"):
        table.add_column(name, justify="right")
    for row in figures.money:
        table.add_row(
            row.month,
            f"{row.held:,}",
            f"{row.owed_to_buyers:,}",
            f"{row.revenue:,}",
            f"{row.forfeited:,}",
            f"{row.compensated:,}",
        )
    return table
