"""`earnest simulate`: a maker's whole year on a virtual clock, through the same rules.

Not here: living it (`earnest/simulator/twin`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress

from earnest.cli.printing import errors
from earnest.simulator.twin.charts import write_page
from earnest.simulator.twin.report import show, write_json
from earnest.simulator.twin.scenario import find_scenario
from earnest.simulator.twin.tables import figures_of
from earnest.simulator.twin.what_if import changed
from earnest.simulator.twin.year import live

WIDE = 140
"""Columns of the tables where no terminal limits them."""


def simulate(
    scenario: Annotated[
        str,
        Parameter(
            help="A shipped scenario (su7, chip-shortage, plant-stop, price-cut) or a TOML file."
        ),
    ] = "su7",
    *,
    orders: Annotated[
        int | None, Parameter(help="So many orders; the plants shrink or grow with them.")
    ] = None,
    seed: Annotated[int | None, Parameter(help="The same seed lives the same year.")] = None,
    what_if: Annotated[
        tuple[str, ...],
        Parameter(help="Change a key, such as behaviour.withdraws=0.4; can be repeated."),
    ] = (),
    json: Annotated[Path | None, Parameter(help="Write the figures for machines here.")] = None,
    html: Annotated[Path | None, Parameter(help="Write a page with charts here.")] = None,
) -> int:
    """Live a scenario: buyers, staff, plants and provider, day by day, and check every step.

    Nothing is written to any database. The rules, the ledger, the deadlines and the planner are
    those of the server. Exit code 1 if a check fails.

    Try `earnest simulate su7 --orders 20000 --html su7.html`.
    """
    given = changed(find_scenario(scenario), orders=orders, seed=seed, what_if=what_if)
    with Progress(console=errors, transient=True) as progress:
        bar = progress.add_task(given.title, total=given.days)
        year = live(given, lambda day: progress.update(bar, completed=day))
    figures = figures_of(year)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    show(figures, console)
    if json is not None:
        write_json(figures, json)
    if html is not None:
        write_page(figures, html)
    return 0 if figures.passed else 1
