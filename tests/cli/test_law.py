"""`earnest law`: the pages of docs/law are the ones that the packs make.

Not here: that every place and test they name exists (`tests/core/test_packs.py`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from earnest.core.terms.packs.page import pages
from earnest.core.terms.packs.registry import RULES
from tests.cli.calling import Terminal
from tests.tidy.source import ROOT

FOLDER = ROOT / "docs/law"


def test_the_folder_holds_what_is_made() -> None:
    held = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}

    assert held == pages(), "run `make docs`"


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
