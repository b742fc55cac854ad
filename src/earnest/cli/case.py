"""`earnest case`: cases that lawyers write, executed against the real core.

Not here: reading, running and reporting them (`earnest/simulator/scenarios`).
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import Progress

from earnest.cli.printing import errors, say
from earnest.simulator.scenarios.files import Report, case_files, read_all, run_all
from earnest.simulator.scenarios.reading import Read
from earnest.simulator.scenarios.report import for_machines, heading, lines, summary
from earnest.simulator.scenarios.schema import case_schema

MANY = 20
"""From this many cases on, only what did not pass is printed, and a bar shows how far it got."""

WIDE = 200
"""Columns of the report where no terminal limits them, so that its lines stay lines."""

case = App(name="case", help="Cases that lawyers write, executed against the real rules.")


@case.command
def run(
    *files: Annotated[Path, Parameter(help="Case files, or folders of them.")],
    json: Annotated[bool, Parameter(help="Print the report for machines.")] = False,
    everything: Annotated[
        bool | None, Parameter(help="Print every line, also where there are many cases.")
    ] = None,
) -> int:
    """Execute cases and say line by line what was expected, what came, and which rule decided.

    Exit code 1 if an expectation failed, 2 if a case cannot be executed as it is written.

    Try `earnest case run examples/cases/haikou.yaml`.
    """
    found, missing = case_files(files or (Path("examples/cases"),))
    read = read_all(found)
    report = _run(Read(read.cases, (*missing, *read.faults)), quiet=json)
    if json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(for_machines(report))).decode())
        sys.stdout.write("\n")
    else:
        _print(report, everything=len(read.cases) < MANY if everything is None else everything)
    if report.faults:
        return 2
    return 1 if report.failed else 0


def _run(read: Read, *, quiet: bool) -> Report:
    disable = quiet or len(read.cases) < MANY
    with Progress(console=errors, transient=True, disable=disable) as progress:
        bar = progress.add_task("Running cases", total=len(read.cases))
        return asyncio.run(run_all(read, lambda _: progress.advance(bar)))


def _print(report: Report, *, everything: bool) -> None:
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = WIDE
    for result in report.results:
        console.print(heading(result), soft_wrap=not console.is_terminal)
        table = lines(result, everything=everything)
        if table.row_count:
            console.print(table)
    for fault in report.faults:
        say(str(fault), to=errors)
    say(summary(report))


@case.command
def schema() -> None:
    """Print the JSON Schema of case files, for editors that complete and check them."""
    text = msgspec.json.format(msgspec.json.encode(case_schema(), order=None))
    sys.stdout.write(f"{text.decode()}\n")
