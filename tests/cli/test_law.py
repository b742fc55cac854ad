"""`earnest law`: prints the table of all rules, or writes every page into a folder.

Not here: what the pages say, and that docs/law holds them (`tests/core/test_packs.py`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from earnest.core.terms.packs.page import pages
from earnest.core.terms.packs.registry import RULES
from tests.cli.calling import Terminal


def test_the_pages_are_written_into_a_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ran = Terminal(capsys).run("law", "--folder", tmp_path / "law")

    assert (ran.code, ran.out) == (0, "")
    assert {path.name for path in (tmp_path / "law").iterdir()} == set(pages())


def test_the_table_has_a_row_for_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Terminal(capsys).run("law")

    rows = [line.split(" | ") for line in ran.out.splitlines()]
    assert [row[0].removeprefix("| ") for row in rows if len(row) == len(HEADS)][2:] == list(RULES)


HEADS = ("rule", "provision", "grave", "says", "held", "where", "tests")
