"""How sentences, money, instants and tables look on a terminal.

Not here: what is printed; that is each command's own business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from earnest.core.values.instant import Instant, zone
from earnest.core.values.money import Money

# Square brackets in what people wrote, and in codes such as [order_unknown], are no styles.
console = Console(markup=False, highlight=False)
errors = Console(stderr=True, markup=False, highlight=False)

MINOR_UNITS_OF_ONE = 100


def say(text: str, *, to: Console = console, style: str | None = None) -> None:
    """Print a sentence; only a terminal gets it broken into lines."""
    to.print(text, soft_wrap=not to.is_terminal, style=style)


_UNIT = re.compile(r"[“‘（(《]*(?:[!-~]+|[^ ])[，。；：、？！”’）)》]*|[ ]")
"""What stays on one line: a word, or a Chinese character with the marks that belong to it."""


def paragraph(text: str, *, indent: int) -> str:
    """Prose set in from the left; on a terminal in lines that no closing mark begins."""
    margin = " " * indent
    if not console.is_terminal:
        return margin + text
    lines, line = [], ""
    for unit in _UNIT.findall(text):
        if line and indent + cell_len(line + unit.rstrip()) > console.width:
            lines.append(line.rstrip())
            line = ""
        line += unit if line or unit != " " else ""
    return "\n".join(margin + each for each in (*lines, line))


def money_text(money: Money) -> str:
    """An amount with its currency, thousands apart: `313,900.00 CNY`."""
    sign = "-" if money.amount < 0 else ""
    whole, minor = divmod(abs(money.amount), MINOR_UNITS_OF_ONE)
    return f"{sign}{whole:,}.{minor:02d} {money.currency}"


def instant_text(instant: Instant, time_zone: str) -> str:
    """A local instant to the second: `2026-11-22 15:24:33`. Whoever prints it names the zone."""
    return instant.astimezone(zone(time_zone)).strftime("%Y-%m-%d %H:%M:%S")


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on a terminal that something goes on whose end nobody can foretell, and for how long."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    shown = errors.is_terminal
    with Progress(*columns, console=errors, transient=True, disable=not shown) as progress:
        progress.add_task(what, total=None)
        yield


def table(title: str, *columns: str) -> Table:
    """An empty table in the house style; columns whose name ends in `>` are right-aligned.

    Those, and columns whose name ends in `!`, are never broken into lines.
    """
    made = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="dim",
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    for column in columns:
        if column.endswith(">"):
            made.add_column(column[:-1], justify="right", no_wrap=True)
        elif column.endswith("!"):
            made.add_column(column[:-1], no_wrap=True)
        else:
            made.add_column(column, overflow="fold")
    return made
