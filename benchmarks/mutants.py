"""Counts what became of the mutants that `make mutants` made, package by package.

With `--again` it first runs every mutant that no test noticed once more, in a process of its own:
mutmut changes a function after its module was imported, too late for a rule that was built during
the import. Not here: making mutants, which mutmut does as `[tool.mutmut]` in pyproject.toml says.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "mutants"
CORE = FOLDER / "src" / "earnest" / "core"

OUTCOMES = {0: "survived", 1: "killed", 3: "killed", 33: "no test", None: "not run"}
"""What the exit codes of a run mean; every other is a run that was stopped because of its time."""

COLUMNS = ("killed", "timed out", "survived", "no test", "not run")
UNNOTICED = (0, 33)
TIMED_OUT = -24
PATIENCE_SECONDS = 300
SEED = 3
"""Draws the same sample each time."""


def kept(path: Path) -> dict[str, Any]:
    """What mutmut keeps beside a changed file."""
    whole: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    return whole


def codes(path: Path) -> dict[str, int | None]:
    """The exit code of each mutant of a file."""
    found: dict[str, int | None] = kept(path)["exit_code_by_key"]
    return found


def counts() -> dict[str, Counter[str]]:
    """The outcomes of each package that has mutants, in the order of their names."""
    found: dict[str, Counter[str]] = {}
    for path in sorted(CORE.rglob("*.meta")):
        package = "/".join(path.relative_to(CORE).parts[:-1])
        outcomes = [OUTCOMES.get(code, "timed out") for code in codes(path).values()]
        if outcomes:
            found.setdefault(package, Counter()).update(outcomes)
    return found


def show() -> None:
    """Print the table, and the share of the mutants that were run and noticed."""
    table = Table("package", "mutants", *COLUMNS, "noticed", box=SIMPLE)
    by_package = counts()
    total = sum(by_package.values(), Counter())
    for package, outcomes in [*by_package.items(), ("together", total)]:
        run = outcomes.total() - outcomes["not run"]
        noticed = outcomes["killed"] + outcomes["timed out"]
        share = f"{noticed / run:.1%}" if run else "-"
        cells = [f"{outcomes[column]:,}" for column in COLUMNS]
        table.add_row(package, f"{outcomes.total():,}", *cells, share)
    Console().print(table)


def sample(size: int) -> list[str]:
    """So many mutants of the terms, drawn evenly from all of them; settlement is run whole."""
    paths = sorted((CORE / "terms").rglob("*.meta"))
    return random.Random(SEED).sample([name for path in paths for name in codes(path)], size)


# Once more, in a process of its own -----------------------------------------------------------


def tests_of(module: str) -> list[str]:
    """The tests that reach any function of a module; all of them where none is known."""
    statistics = msgspec.json.decode((FOLDER / "mutmut-stats.json").read_bytes())
    by_function: dict[str, list[str]] = statistics["tests_by_mangled_function_name"]
    reached = {
        test
        for function, tests in by_function.items()
        if function.rpartition(".")[0] == module
        for test in tests
    }
    return sorted(reached or statistics["duration_by_test"])


def run_alone(settings: dict[str, Any], module: str, mutant: str) -> int:
    """What becomes of a mutant that is in its place from the first import on."""
    call = [sys.executable, "-m", "pytest", "-x", "-q", *settings["pytest_add_cli_args"]]
    environment = os.environ | {
        "MUTANT_UNDER_TEST": mutant,
        "PYTHONPATH": str(FOLDER / "src"),
        "EARNEST_HYPOTHESIS_PROFILE": "mutants",
    }
    try:
        ran = subprocess.run(
            [*call, *tests_of(module)],
            cwd=FOLDER,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return TIMED_OUT
    # A module that cannot even be imported ends pytest with other codes than a failed test.
    return min(ran.returncode, 1)


def run_again(workers: int) -> None:
    """Run what no test noticed once more, and keep what becomes of it."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    settings = tomllib.loads(text)["tool"]["mutmut"]
    with ThreadPoolExecutor(workers) as pool:
        for path in sorted(CORE.rglob("*.meta")):
            mutants = [mutant for mutant, code in codes(path).items() if code in UNNOTICED]
            if not mutants:
                continue
            module = mutants[0].rpartition(".")[0]
            assert run_alone(settings, module, "") == 0, f"{module}: its tests pass unchanged"
            outcomes = pool.map(partial(run_alone, settings, module), mutants)
            whole = kept(path)
            whole["exit_code_by_key"] |= dict(zip(mutants, outcomes, strict=True))
            path.write_bytes(msgspec.json.encode(whole))


def main() -> None:
    """Read the options and do what they say."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--again", action="store_true", help="run the unnoticed ones once more")
    parser.add_argument("--workers", type=int, default=2, help="how many at a time")
    parser.add_argument("--sample", type=int, help="print the names of so many mutants and end")
    options = parser.parse_args()
    if options.sample:
        print(*sample(options.sample), sep="\n")
        return
    if options.again:
        run_again(options.workers)
    show()


if __name__ == "__main__":
    main()
