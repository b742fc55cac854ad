"""What a replay tells at the end: tables for people, the same as JSON for machines.

Not here: computing it (`figures.py`, `checks.py`).
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table

from earnest.simulator.checks import Check
from earnest.simulator.display import written_clock
from earnest.simulator.figures import Pace, Row
from earnest.simulator.life import AccountShown
from earnest.simulator.lives import LifeReport

_MINOR_UNITS = 100
_CENTS = 2


class Machine(msgspec.Struct, frozen=True):
    """On what the replay ran, load and (where it is the same machine) server together."""

    cpus: int
    system: str
    python: str


class Locks(msgspec.Struct, frozen=True):
    """The end of the cooling-off: how many locked by the timer, and how fast in real time."""

    locked: int
    seconds: float
    per_s: float


class ReplayReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a replay found out. `passed` is whether every check holds."""

    launch: str
    about: tuple[str, ...]
    provenance: str
    run: str
    seed: int
    speed: str
    scale: float
    connections: int
    processes: int
    queue_id: str
    machine: Machine
    passed: bool
    offered: int
    accepted: int
    rejected: int
    paid: int
    sent_twice: int
    codes: dict[str, int]
    troubles: dict[str, int]
    rows: tuple[Row, ...]
    pace: Pace
    minds_changed: dict[str, int]
    locks: Locks | None
    lives: tuple[LifeReport, ...]
    accounts: tuple[AccountShown, ...]
    checks: tuple[Check, ...]


def write_json(report: ReplayReport, path: Path) -> None:
    """Write the report for machines."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")


def show(report: ReplayReport, console: Console) -> None:
    """Print the report for people."""
    console.print()
    about = "; ".join(report.about)
    console.print(f"{report.launch}: {about}", highlight=False)
    console.print(report.provenance, highlight=False)
    console.print(
        f"speed {report.speed}, scale {report.scale:g}, {report.connections} connections in "
        f"{report.processes} process(es), seed {report.seed}, run {report.run}, "
        f"{report.machine.cpus} CPUs",
        highlight=False,
    )
    console.print(_curve_table(report))
    console.print(_pace_table(report))
    if report.lives:
        console.print(_lives_table(report))
    console.print(_accounts_table(report))
    console.print(_checks_table(report))
    verdict = "every check holds" if report.passed else "NOT every check holds"
    console.print(f"replay: {verdict}", style="bold green" if report.passed else "bold red")


def _curve_table(report: ReplayReport) -> Table:
    table = Table(
        title="The launch by the curve's own time (* a published point)",
        box=box.SIMPLE_HEAD,
        collapse_padding=True,
        pad_edge=False,
    )
    table.add_column("until", justify="right", no_wrap=True)
    names = ("offered", "accepted", "rejected", "paid", "paid/s", "p50 ms", "p99 ms")
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    for row in report.rows:
        table.add_row(
            ("* " if row.published else "") + written_clock(row.ends_s),
            f"{row.offered:,}",
            f"{row.accepted:,}",
            f"{row.rejected:,}",
            f"{row.paid:,}",
            f"{row.paid_per_s:,.0f}",
            f"{row.p50_ms:,.1f}",
            f"{row.p99_ms:,.1f}",
        )
    latency = report.pace.reservations
    table.add_section()
    table.add_row(
        "all",
        f"{report.offered:,}",
        f"{report.accepted:,}",
        f"{report.rejected:,}",
        f"{report.paid:,}",
        f"{report.pace.whole_per_s:,.0f}",
        f"{latency.p50_ms:,.1f}",
        f"{latency.p99_ms:,.1f}",
    )
    return table


def _pace_table(report: ReplayReport) -> Table:
    pace = report.pace
    table = Table(title="Pace", box=box.SIMPLE_HEAD, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_row("paid orders in the best second", f"{pace.peak_per_s:,}")
    table.add_row("paid orders per second, best minute", f"{pace.best_minute_per_s:,.0f}")
    table.add_row(
        "paid orders per second, opening to last webhook taken", f"{pace.whole_per_s:,.0f}"
    )
    table.add_row("seconds until everybody had paid", f"{pace.launch_s:,.1f}")
    table.add_row("seconds until the last webhook was taken", f"{pace.drained_s:,.1f}")
    table.add_row(
        "payments at the provider, p50 / p99 ms",
        f"{pace.payments.p50_ms:,.1f} / {pace.payments.p99_ms:,.1f}",
    )
    for name, count in sorted(report.minds_changed.items()):
        table.add_row(f"after the launch: {name}", f"{count:,}")
    if report.locks is not None:
        table.add_row("locked at the end of the cooling-off", f"{report.locks.locked:,}")
        table.add_row("locks per second", f"{report.locks.per_s:,.0f}")
    return table


def _lives_table(report: ReplayReport) -> Table:
    table = Table(title="Sampled lives", box=box.SIMPLE_HEAD)
    table.add_column("kind")
    table.add_column("orders", justify="right")
    table.add_column("went as expected", justify="right")
    table.add_column("stages of one")
    counts = Counter(life.kind for life in report.lives)
    for kind, count in counts.items():
        of_kind = [life for life in report.lives if life.kind == kind]
        good = [life for life in of_kind if not life.fault]
        example = good[0] if good else of_kind[0]
        table.add_row(kind, str(count), str(len(good)), " → ".join(example.stages))
    return table


def _accounts_table(report: ReplayReport) -> Table:
    table = Table(title="Money by account, over all orders", box=box.SIMPLE_HEAD)
    table.add_column("account")
    table.add_column("amount", justify="right")
    for each in report.accounts:
        table.add_row(each.account, f"{each.amount / _MINOR_UNITS:,.{_CENTS}f} {each.currency}")
    return table


def _checks_table(report: ReplayReport) -> Table:
    table = Table(title="Checks", box=box.SIMPLE_HEAD)
    table.add_column("verdict")
    table.add_column("what")
    table.add_column("figures", overflow="fold")
    for check in report.checks:
        verdict = "[green]holds[/]" if check.passed else "[bold red]FAILS[/]"
        table.add_row(verdict, check.name, check.detail)
    return table
