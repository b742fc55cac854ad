"""A server killed with -9 during a launch loses nothing and does nothing twice."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import uvloop
from rich.console import Console

from tests.chaos.kill_server import SHORT, kill_and_replay


@pytest.mark.slow
def test_killing_the_server_during_a_launch_loses_nothing(tmp_path: Path) -> None:
    printed = io.StringIO()

    outcome = uvloop.run(kill_and_replay(SHORT, tmp_path, Console(file=printed, width=160)))

    failed = [check for check in outcome.report.checks if not check.passed]
    assert failed == [], printed.getvalue()
    assert outcome.audit_status == 0, outcome.audit_output
    assert len(outcome.seconds_until_back) == SHORT.kills
    assert outcome.kills_while_launching >= 1
    assert outcome.report.troubles["connection_lost"] > 0
