"""The README's tour works as it is typed: its shell blocks run against a demo, one after the other.

Not here: `make run` and `make test`, which the tour begins with; `.ci/run` starts from them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.running import directory, free_ports, start
from tests.unmeasured import nobody_counts_lines

__all__ = ["nobody_counts_lines"]

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPED_URL = "http://127.0.0.1:8080"
TYPED_PROGRAM = ".venv/bin/earnest"


def blocks() -> list[str]:
    """The shell blocks of the tour, as they are typed."""
    return [block for block in BLOCK.findall(README.read_text("utf-8")) if "make " not in block]


@pytest.fixture(scope="module")
def tour() -> Iterator[list[str]]:
    """What each block of the tour printed, all typed into one shell."""
    with directory() as made:
        # Commands of the tour name no directory, so they find the usual one where they are typed.
        data = made.parent / ".earnest"
        running = start(data, free_ports(), "--demo", "--orders")
        try:
            yield list(_typed(running.url, data.parent))
        finally:
            running.stop()


def _typed(url: str, place: Path) -> Iterator[str]:
    end = "end of block"
    script = "\n".join(f"{block}\necho; echo {end}" for block in blocks())
    script = script.replace(TYPED_PROGRAM, f"{sys.executable} -m earnest").replace(TYPED_URL, url)
    script = script.replace(" examples/", f" {README.parent}/examples/")
    # The launch's own ten minutes take ten seconds as typed; nobody watches here.
    script = script.replace("--speed 60", "--speed max")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=place,
        env=os.environ | {"COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr
    assert "Traceback" not in done.stderr
    yield from done.stdout.split(f"\n{end}\n")[:-1]


@pytest.mark.slow
def test_every_block_says_what_the_readme_promises(tour: list[str]) -> None:
    promised = [
        '"queue_id":"s7-cn"',
        "replay: every check holds",
        "What happened",
        "postings: clean",
        '"code":"not_inspected"',
        "In the demo it is now",
        "5 cases, 5 as expected, 0 not",
    ]

    assert len(tour) == len(promised) == len(blocks())
    for said, expected in zip(tour, promised, strict=True):
        assert expected in said


@pytest.mark.slow
def test_the_case_that_started_it_gets_a_way_out(tour: list[str]) -> None:
    assert "Until then the buyer owes nothing more." in tour[4]
    assert '"ground":"buyer_wish"' in tour[4]


@pytest.mark.slow
def test_the_struck_clause_is_found_and_kept_back(tour: list[str]) -> None:
    assert "4 S1; cannot be published" in tour[6]
    assert "It will not be published." in tour[6]


def test_the_readme_names_nothing_of_this_machine() -> None:
    assert str(README.parent) not in README.read_text("utf-8")
