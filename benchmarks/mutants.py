"""Counts what became of the mutants that `make mutants` made, package by package.

Not here: making and running them, which mutmut does as `[tool.mutmut]` in pyproject.toml says.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

FOLDER = Path(__file__).parents[1] / "mutants" / "src" / "earnest" / "core"

OUTCOMES = {0: "survived", 1: "killed", 3: "killed", 33: "no test", None: "not run"}
"""What the exit codes of a worker mean; every other is a worker stopped because of its time."""

COLUMNS = ("killed", "timed out", "survived", "no test", "not run")


class Outcomes(msgspec.Struct):
    """What mutmut keeps beside a changed file."""

    exit_code_by_key: dict[str, int | None]


def counts() -> dict[str, Counter[str]]:
    """The outcomes of each package, in the order of their names."""
    found: dict[str, Counter[str]] = {}
    for path in sorted(FOLDER.rglob("*.meta")):
        package = "/".join(path.relative_to(FOLDER).parts[:-1])
        codes = msgspec.json.decode(path.read_bytes(), type=Outcomes).exit_code_by_key.values()
        outcomes = (OUTCOMES.get(code, "timed out") for code in codes)
        found.setdefault(package, Counter()).update(outcomes)
    return found


def show() -> None:
    """Print the table, and the share of the mutants that were run and noticed."""
    table = Table("package", "mutants", *COLUMNS, "noticed", box=SIMPLE)
    by_package = {package: outcomes for package, outcomes in counts().items() if outcomes}
    total = sum(by_package.values(), Counter())
    for package, outcomes in [*by_package.items(), ("together", total)]:
        run = outcomes.total() - outcomes["not run"]
        noticed = outcomes["killed"] + outcomes["timed out"]
        share = f"{noticed / run:.1%}" if run else "-"
        cells = [f"{outcomes[column]:,}" for column in COLUMNS]
        table.add_row(package, f"{outcomes.total():,}", *cells, share)
    Console().print(table)


if __name__ == "__main__":
    show()
