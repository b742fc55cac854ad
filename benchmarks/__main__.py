"""Measure Earnest on this machine, side by side with what it is held against, and print ratios.

(a) reservations and paid orders over HTTP; (b) the bare grouped SQL that writes the same rows;
(c) the same work well written as one transaction for each request, through the same doors;
(d) all of it again with a million orders stored; (e) the storm: a crowd's cooling-off ends in one
second; (f) look-ups by buyers, and at last of promises and quotes while live counters stand; (g)
reservations of persons, members and friends beside plain ones. Load generator, server and
PostgreSQL share the machine.

It takes about 20 minutes, with --quick 4; half of that is filling the database. Nothing is left
behind but what --json and the section of docs/benchmarks.md hold.

Not here: whole launches with every check; `earnest replay` measures those.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import uvloop
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from benchmarks.bare import measure_bare
from benchmarks.figures import (
    Demand,
    Figure,
    Measured,
    at_least,
    ratio,
    section,
    show,
    within,
    write_json,
    write_section,
)
from benchmarks.generator import LoadFailed, has_wrk
from benchmarks.over_http import database_of, measure_launch, measure_looks, read_places
from benchmarks.rules import measure_rules
from benchmarks.servers import server
from benchmarks.stored import seed
from benchmarks.storm import measure_storm
from benchmarks.ways import demanded, measure_ways
from benchmarks.windows import measure_windows
from earnest.gateways.clock import Clock

ELSEWHERE = {
    "planner": "benchmarks.planner",
    "mixed": "benchmarks.mixed",
    "backtest": "benchmarks.backtest",
    "promises": "benchmarks.promises",
    "pages": "benchmarks.pages",
}
"""Measurements with a program of their own, by the name that `--only` gives them."""

PARTS = ("rules", "launch", "looks", "alone", "bare", "ways", "million", "storm", "windows")
CONNECTIONS_ALONE = 32
"""Where one transaction for each request is at its best; more only wait longer."""

EMPTY, FULL = "empty", "million stored"


class Sizes(msgspec.Struct, frozen=True):
    """How much is measured. `lead` is how long filling the crowd of the storm may take."""

    seconds: int
    bare: int
    rules: int
    stored: int
    crowd: int
    lead: timedelta


WHOLE = Sizes(20, 60_000, 20_000, 1_000_000, 240_000, timedelta(seconds=180))
QUICK = Sizes(6, 10_000, 4_000, 50_000, 20_000, timedelta(seconds=60))


class Run:
    """One run: what is wanted, how much of it, and what was measured so far."""

    def __init__(self, asked: argparse.Namespace, place: Path, progress: Progress) -> None:
        """Keep databases and loads in the directory `place`."""
        self.sizes: Sizes = QUICK if asked.quick else WHOLE
        self.wanted: frozenset[str] = frozenset(asked.only or PARTS)
        self.has_failed = False
        self.measured = Measured(title="quick run" if asked.quick else "whole run")
        self._port: int = asked.port
        self._processes: int = asked.processes
        self._place = place
        self._progress = progress

    def all(self) -> None:
        """Measure everything that is wanted, one thing after the other."""
        if "rules" in self.wanted:
            self._step("rules alone", lambda: measure_rules(self.sizes.rules))
        data = self._place / "data"
        self._on(data, EMPTY)
        if "ways" in self.wanted:
            with server(data, self._port, self._processes) as running:
                self._step("ways to reserve", lambda: measure_ways(running, self._place))
        if self.wanted & {"million", "storm"}:
            self._filled(data)
        if "windows" in self.wanted:
            # Last, because with capacity published every reservation costs a little more.
            label = FULL if "million" in self.wanted else EMPTY
            with server(data, self._port, self._processes) as running:
                self._step(
                    f"promises, {label}",
                    lambda: measure_windows(running, self._place, label, self.sizes.seconds),
                )

    def _filled(self, data: Path) -> None:
        """What is measured on a full database, and the storm."""
        with server(data, self._port, self._processes) as running:
            if "million" in self.wanted:
                url, count = database_of(running), self.sizes.stored
                ended_at = Clock().now() - timedelta(hours=1)
                with self._counting(f"filling with {count:,} orders", count) as tell:
                    seed(url, count, ended_at, tell)
        if "million" in self.wanted:
            self._on(data, FULL)
        if "storm" in self.wanted:
            self._storm(data)

    def _on(self, data: Path, label: str) -> None:
        """Everything that is measured twice: on an empty database and on a full one."""
        seconds = self.sizes.seconds
        if "alone" in self.wanted:
            self._alone(data, label)
        if self.wanted & {"launch", "looks", "bare"}:
            with server(data, self._port, self._processes) as running:
                self._step(f"places, {label}", lambda: read_places(running, label))
                if self.wanted & {"launch", "looks"}:
                    self._step(
                        f"launch, {label}",
                        lambda: measure_launch(running, self._place, label, seconds),
                    )
                if "looks" in self.wanted:
                    self._step(
                        f"look-ups, {label}",
                        lambda: measure_looks(running, self._place, label, seconds),
                    )
                if "bare" in self.wanted:
                    bare = measure_bare(database_of(running), self.sizes.bare, label)
                    self._step(f"bare SQL, {label}", lambda: uvloop.run(bare), f", {label}")

    def _alone(self, data: Path, label: str) -> None:
        """The baseline, before any other load leaves it something to do beside its doors."""
        whole = f"one transaction each, {label}"
        with server(data, self._port, module="benchmarks.alone") as alone:
            self._step(f"places, {whole}", lambda: read_places(alone, whole))
            self._step(
                whole,
                lambda: measure_launch(
                    alone,
                    self._place,
                    whole,
                    self.sizes.seconds,
                    most=2_500,
                    connections=CONNECTIONS_ALONE,
                    warms_payments=False,
                ),
            )

    def _storm(self, data: Path) -> None:
        count = self.sizes.crowd
        with server(data, self._port, self._processes) as running:
            self._step(
                f"storm of {count:,} orders",
                lambda: measure_storm(running, self._place, count, self.sizes.lead, lambda _: None),
            )

    def _step(self, name: str, measure: Callable[[], list[Figure]], suffix: str = "") -> None:
        """Measure one thing; what fails is remarked on, and the rest goes on."""
        with self._counting(name, None):
            try:
                found = measure()
            except (LoadFailed, AssertionError) as failed:
                self.has_failed = True
                self.measured.remarks.append(f"{name} failed: {failed}")
                return
            for figure in found:
                self.measured.add(msgspec.structs.replace(figure, name=figure.name + suffix))

    @contextmanager
    def _counting(self, name: str, total: int | None) -> Iterator[Callable[[int], None]]:
        task = self._progress.add_task(name, total=total)
        yield lambda done: self._progress.update(task, completed=done)
        self._progress.update(task, total=1, completed=1)


def demands(measured: Measured, *, has_million: bool) -> list[Demand]:
    """What DESIGN section 11 asks of these figures, and how near to plain other ways stay."""
    find = measured.find
    reserved, paid = find(f"(a) reservations, {EMPTY}"), find(f"(a) paid orders, {EMPTY}")
    found = [
        *at_least(reserved, 4_000, "reservations over HTTP"),
        *within(reserved, 250, "reservations at 256 connections"),
        *at_least(paid, 2_000, "paid orders over HTTP"),
        *within(paid, 250, "reservations and webhooks at 256 connections"),
    ]
    many = "a million" if has_million else "many"
    for what, here in (("reservations", reserved), ("paid orders", paid)):
        alone = find(f"(a) {what}, one transaction each, {EMPTY}")
        bare = find(f"(b) {what}, bare grouped SQL, {EMPTY}")
        full = find(f"(a) {what}, {FULL}")
        found += ratio(here, alone, 4, f"{what} to one transaction each")
        found += ratio(here, bare, 0.25, f"{what} to the bare SQL beneath")
        found += ratio(full, here, 0.8, f"{what} with {many} stored")
    for what in ("status", "position"):
        for label in (EMPTY, FULL):
            found += within(find(f"(f) look-ups of {what}, {label}"), 20, f"{what}, {label}")
    for what in ("promises", "quotes"):
        for label in (EMPTY, FULL):
            found += within(find(f"(f) look-ups of {what}, {label}"), 20, f"{what}, {label}")
    found += demanded(measured)
    storm = find("(e) storm: orders locked")
    if storm is not None:
        seconds = storm.seconds
        found.append(
            Demand(
                asked=f"storm of {storm.count:,} while others reserve: at most 60 s",
                seen=f"{seconds:.1f} s",
                is_met=seconds <= 60,
            )
        )
    return found


def elsewhere(names: Sequence[str], console: Console) -> int:
    """Run measurements that have programs of their own; their worst exit code."""
    worst = 0
    for name in names:
        file = Path(__file__).with_name(f"{name}.py")
        if not file.exists():
            console.print(f"There is no benchmarks/{name}.py yet; nothing was measured.")
            continue
        ended = subprocess.run([sys.executable, "-m", ELSEWHERE[name]], check=False)
        worst = max(worst, ended.returncode)
    return worst


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="small sizes; ratios, no records")
    parser.add_argument(
        "--only", nargs="+", choices=[*PARTS, *ELSEWHERE], help="only these, in the usual order"
    )
    parser.add_argument("--processes", type=int, default=1, help="server processes (default: 1)")
    parser.add_argument("--port", type=int, default=9_320, help="and the next one for the provider")
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument(
        "--write", action="store_true", help="write docs/benchmarks.md, as a whole run does"
    )
    return parser.parse_args()


def main() -> int:
    """Measure, print, write; 0 if everything asked is met, otherwise 1."""
    asked = _asked()
    console = Console(width=120)
    if asked.only and set(asked.only) <= set(ELSEWHERE):
        return elsewhere(asked.only, console)
    if not has_wrk():
        console.print(
            "wrk is not here (apt-get install wrk): processes of our own send the load. They take "
            "as much of the machine as the server, so rates are lower than they could be."
        )
    gc.freeze()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with (
        tempfile.TemporaryDirectory(prefix="earnest-bench-") as place,
        Progress(*columns, console=console) as progress,
    ):
        run = Run(asked, Path(place), progress)
        run.all()
    measured = run.measured
    source = "wrk" if has_wrk() else "two processes of our own"
    measured.remarks += [
        f"{asked.processes} server process(es); load from {source}, on the same cores.",
        f"{run.sizes.stored:,} orders stored where it says so; {run.sizes.seconds} s each.",
    ]
    found = demands(measured, has_million=not asked.quick)
    show(measured, found)
    if asked.json is not None:
        write_json(asked.json, measured, found)
    if asked.write or not (asked.quick or asked.only):
        write_section(section(measured, found, f"make bench{_arguments()}"))
    elsewhere([name for name in ELSEWHERE if name in (asked.only or ())], console)
    return 0 if all(each.is_met for each in found) and not run.has_failed else 1


def _arguments() -> str:
    return f' ARGS="{" ".join(sys.argv[1:])}"' if sys.argv[1:] else ""


if __name__ == "__main__":
    sys.exit(main())
