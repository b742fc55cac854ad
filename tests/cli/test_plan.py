"""`earnest plan`: a plan tried dry and applied beside a running demo.

Not here: plans themselves (`tests/core/plan`, `tests/desk/planning`).
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from tests.cli.calling import Terminal
from tests.cli.test_capacity import document, folder
from tests.demo.running import Running


def test_a_plan_is_tried_dry_and_applied(terminal: Terminal, demo: Running, tmp_path: Path) -> None:
    who = ("--as", "eva-planning", "--data", demo.data)
    tables = folder(tmp_path / "tables", document())
    assert terminal.run("capacity", "import", tables, "--yes", *who).code == 0

    tried = terminal.run("plan", "run", *who)
    assert tried.code == 0
    assert "Nothing was applied: add --yes." in tried.out
    shown = terminal.run("plan", "run", "--json", *who)
    assert msgspec.json.decode(shown.out)["basis"]["way"] == "gentle"
    applied = terminal.run("plan", "run", "--fresh", "--yes", *who)
    assert applied.code == 0
    assert "applied plan version 1: " in applied.out
