"""`earnest terms diff`: the launch terms against their fair rewrite, as a table and as JSON.

Not here: who is better off by a change (`tests/core/test_terms_diff.py`).
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.cli.calling import Terminal
from tests.tidy.source import ROOT

EXAMPLES = ROOT / "examples/terms"
MARCH, JUNE = EXAMPLES / "launch-2024-03.toml", EXAMPLES / "launch-2024-06.toml"
FAIR, STRUCK = EXAMPLES / "fair-rewrite.toml", EXAMPLES / "struck-clause.toml"


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


def test_from_march_to_june_a_buyer_has_less_time_and_waits_longer(terminal: Terminal) -> None:
    ran = terminal.run("terms", "diff", MARCH, JUNE, "--json")

    told = msgspec.json.decode(ran.out)
    assert ran.code == 0
    assert {each["key"]: each["effect"] for each in told["differences"]} == {
        "version": "same",
        "cooling_off.hours": "worse",
        "cooling_off.ending_confirmed_separately": "better",
        "promise.weeks_from": "worse",
        "promise.weeks_to": "worse",
    }
    assert told["verdict"]["effect"] == "depends"


def test_the_fair_rewrite_is_better_in_all_that_differs(terminal: Terminal) -> None:
    ran = terminal.run("terms", "diff", STRUCK, FAIR)

    assert ran.code == 0
    assert "inspection" in ran.out
    assert ran.out.splitlines()[-1] == (
        "6 better, 0 worse, 0 depends. The second is better for the buyer in everything that "
        "changes."
    )


def test_chinese_is_spoken_as_well(terminal: Terminal) -> None:
    ran = terminal.run("terms", "diff", FAIR, STRUCK, "--language", "zh-Hans")

    assert "更不利" in ran.out
    assert ran.out.splitlines()[-1].startswith("0 更有利, ")


def test_the_same_document_twice_has_a_verdict_only(terminal: Terminal) -> None:
    ran = terminal.run("terms", "diff", FAIR, FAIR)

    assert ran.out == "0 better, 0 worse, 0 depends. Nothing changes for the buyer.\n"


def test_a_document_with_faults_is_not_compared(terminal: Terminal, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("version = 1\n", encoding="utf-8")

    ran = terminal.run("terms", "diff", FAIR, broken)

    assert (ran.code, ran.out) == (1, "")
    assert f"{broken}:1: version: " in ran.err
