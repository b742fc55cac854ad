"""Figures and what is asked of them: the table, the JSON, the section of `docs/benchmarks.md`.

Not here: measuring.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGINS = "<!-- measured: written by `make bench`, not by hand -->"
ENDS = "<!-- end of what was measured -->"


class Figure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something measured: what, how many in how many seconds.

    `p99_ms` is the time of one request. `python_us` and `postgres_us` are microseconds of a core
    for each that was counted; unlike rates they hardly depend on what else the machine does.
    """

    name: str
    count: int
    seconds: float
    p50_ms: float | None = None
    p99_ms: float | None = None
    python_us: float | None = None
    postgres_us: float | None = None

    @property
    def rate(self) -> float:
        """How many in a second."""
        return self.count / self.seconds


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """What DESIGN section 11 asks, what was seen, and whether that reaches."""

    asked: str
    seen: str
    is_met: bool


class Measured(msgspec.Struct, kw_only=True):
    """All figures of one run, in the order in which they were measured."""

    title: str
    figures: list[Figure] = []
    remarks: list[str] = []

    def add(self, figure: Figure) -> None:
        """Note another figure."""
        self.figures.append(figure)

    def find(self, name: str) -> Figure | None:
        """The figure of this name, if it was measured."""
        return next((each for each in self.figures if each.name == name), None)


def at_least(found: Figure | None, rate: float, what: str) -> list[Demand]:
    """A rate that is asked for."""
    if found is None:
        return []
    return [
        Demand(
            asked=f"{what}: at least {rate:,.0f}/s",
            seen=f"{found.rate:,.0f}/s",
            is_met=found.rate >= rate,
        )
    ]


def within(found: Figure | None, milliseconds: float, what: str) -> list[Demand]:
    """A p99 that is asked for."""
    if found is None or found.p99_ms is None:
        return []
    return [
        Demand(
            asked=f"{what}: p99 at most {milliseconds:,.0f} ms",
            seen=f"{found.p99_ms:,.0f} ms",
            is_met=found.p99_ms <= milliseconds,
        )
    ]


def ratio(found: Figure | None, of: Figure | None, least: float, what: str) -> list[Demand]:
    """A ratio of two rates of the same run."""
    if found is None or of is None or not of.rate:
        return []
    seen = found.rate / of.rate
    return [
        Demand(asked=f"{what}: at least {least:g} times", seen=f"{seen:.2f}", is_met=seen >= least)
    ]


def machine() -> str:
    """What this was measured on, without its name."""
    cores = os.cpu_count()
    load = os.getloadavg()[0]
    return (
        f"{cores} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"load average {load:.1f} at the end"
    )


def show(measured: Measured, demands: Sequence[Demand]) -> None:
    """Print figures and demands."""
    console = Console(width=120)
    table = Table(title=f"{measured.title}; {machine()}")
    heads = ("count", "seconds", "per second", "p50 ms", "p99 ms", "Python µs", "PostgreSQL µs")
    table.add_column("what")
    for head in heads:
        table.add_column(head, justify="right")
    for figure in measured.figures:
        table.add_row(*_cells(figure))
    console.print(table)
    asked = Table(title="What is asked")
    for head in ("asked", "seen", ""):
        asked.add_column(head)
    for demand in demands:
        asked.add_row(demand.asked, demand.seen, "met" if demand.is_met else "NOT MET")
    console.print(asked)
    for remark in measured.remarks:
        console.print(remark)


def _cells(figure: Figure) -> tuple[str, ...]:
    def text(value: float | None, form: str = ",.0f") -> str:
        return "" if value is None else format(value, form)

    return (
        figure.name,
        f"{figure.count:,}",
        f"{figure.seconds:.1f}",
        f"{figure.rate:,.0f}",
        text(figure.p50_ms, ",.1f"),
        text(figure.p99_ms, ",.1f"),
        text(figure.python_us),
        text(figure.postgres_us),
    )


def write_json(path: Path, measured: Measured, demands: Sequence[Demand]) -> None:
    """Everything for machines."""
    whole = {
        "machine": machine(),
        "title": measured.title,
        "figures": [
            msgspec.to_builtins(each) | {"per_second": each.rate} for each in measured.figures
        ],
        "demands": demands,
        "remarks": measured.remarks,
    }
    path.write_bytes(msgspec.json.format(msgspec.json.encode(whole), indent=1))


def section(measured: Measured, demands: Sequence[Demand], command: str) -> str:
    """The generated section of the document."""
    lines = [
        BEGINS,
        "",
        f"`{command}`: {measured.title}; {machine()}.",
        "",
        "| asked | seen | |",
        "| --- | ---: | --- |",
        *(
            f"| {each.asked} | {each.seen} | {'met' if each.is_met else '**not met**'} |"
            for each in demands
        ),
        "",
        "| what | count | seconds | per second | p50 ms | p99 ms | Python µs | PostgreSQL µs |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *("| " + " | ".join(_cells(each)) + " |" for each in measured.figures),
        "",
        *(f"* {remark}" for remark in measured.remarks),
        "",
        ENDS,
    ]
    return "\n".join(lines)


def write_section(text: str, document: Path = DOCUMENT) -> None:
    """Put the generated section in place of the last one."""
    before, _, rest = document.read_text("utf-8").partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    document.write_text(before + text + after, "utf-8")
