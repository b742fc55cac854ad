"""How money, instants and tables look on a terminal.

Not here: what is printed; that is each command's own business.
"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from earnest.core.values.instant import Instant, zone
from earnest.core.values.money import Money

console = Console()
errors = Console(stderr=True)

MINOR_UNITS_OF_ONE = 100


def money_text(money: Money) -> str:
    """An amount with its currency, thousands apart: `CNY 313,900.00`."""
    sign = "-" if money.amount < 0 else ""
    whole, minor = divmod(abs(money.amount), MINOR_UNITS_OF_ONE)
    return f"{money.currency} {sign}{whole:,}.{minor:02d}"


def instant_text(instant: Instant | None, time_zone: str) -> str:
    """A local instant to the second with its offset, or a dash."""
    if instant is None:
        return "-"
    return instant.astimezone(zone(time_zone)).strftime("%Y-%m-%d %H:%M:%S %z")


def table(title: str, *columns: str) -> Table:
    """An empty table in the house style; columns whose name ends in `>` are right-aligned."""
    made = Table(title=title, title_justify="left", header_style="bold", show_edge=False)
    for column in columns:
        if column.endswith(">"):
            made.add_column(column[:-1], justify="right", no_wrap=True)
        else:
            made.add_column(column, overflow="fold")
    return made
