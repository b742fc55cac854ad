"""`earnest plan`: tried dry, applied, looked at, checked again, and changed in thought.

Not here: plans themselves (`tests/core/plan`, `tests/desk/planning`).
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.cli.calling import Terminal
from tests.cli.test_capacity import document, folder
from tests.demo.running import Running

NOTHING_WRONG = (
    "Nothing is overfull, nobody stands too early, and nobody was overtaken without a reason.\n"
)


def test_a_plan_is_tried_applied_shown_and_checked(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    there = ("--data", demo.data)
    who = ("--as", "eva-planning", *there)
    tables = folder(tmp_path / "tables", document())
    assert terminal.run("capacity", "import", tables, "--yes", *who).code == 0
    order_id = str(demo.reserved("planned")["order_id"])

    tried = terminal.run("plan", "run", *who)
    assert (tried.code, tried.err) == (0, "")
    assert tried.out.endswith("Nothing was applied: add --yes.\n")
    line = next(each for each in tried.out.splitlines() if order_id in each)
    assert line.split()[1:2] == ["-"]
    assert "first plan" in line
    shown = terminal.run("plan", "run", "--json", *who)
    assert msgspec.json.decode(shown.out)["basis"]["way"] == "gentle"

    applied = terminal.run("plan", "run", "--fresh", "--yes", *who)
    assert applied.code == 0
    assert "applied plan version " in applied.out

    everything = terminal.run("plan", "show", *there)
    assert everything.code == 0
    assert everything.out.startswith("Plan version ")
    assert "Cars by week" in everything.out
    assert "north/1" in everything.out
    lane = next(each for each in everything.out.splitlines() if "s7-max/interior-grey" in each)
    assert lane.split()[-1] == "0"
    one = terminal.run("plan", "show", "--order", order_id, *there)
    assert f"Order {order_id} is built on " in one.out
    assert "This plan changed its day: none before; cause: first plan.\n" in one.out
    body = msgspec.json.decode(terminal.run("plan", "show", "--json", *there).out)
    assert order_id in {each["order"]["order_id"] for each in body["slots"]}
    nobody = terminal.run("plan", "show", "--order", "NOBODY", *there)
    assert (nobody.code, nobody.out) == (1, "")
    assert nobody.err.startswith("Order NOBODY is not in plan version ")

    checked = terminal.run("plan", "check", *there)
    assert (checked.code, checked.err) == (0, "")
    assert checked.out.endswith(NOTHING_WRONG)
    found = msgspec.json.decode(terminal.run("plan", "check", "--json", *there).out)
    assert (found["findings"], found["is_as_applied"]) == ([], True)


def test_a_change_of_capacity_is_tried_in_thought(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    there = ("--data", demo.data)
    who = ("--as", "eva-planning", *there)
    tables = folder(tmp_path / "tables", document())
    assert terminal.run("capacity", "import", tables, "--yes", *who).code == 0
    order_id = str(demo.reserved("supposed")["order_id"])
    assert terminal.run("plan", "run", "--yes", *who).code == 0
    assert "Nobody moves.\n" in terminal.run("plan", "run", *who).out

    stopped = terminal.run("plan", "what-if", "north=0", *there)
    assert stopped.code == 0
    line = next(each for each in stopped.out.splitlines() if order_id in each)
    assert "short line north/1" in line
    assert "How far they move" in stopped.out
    assert stopped.out.endswith("Nothing was saved: this was a supposition.\n")
    begins = document().begins
    later = terminal.run("plan", "what-if", f"north/1@{begins}..=0", "--fresh", "--json", *there)
    assert msgspec.json.decode(later.out)["summary"]["placed"] == 0
    fewer = folder(tmp_path / "fewer", document(cars=0))
    assert "short line north/1" in terminal.run("plan", "what-if", "--capacity", fewer, *there).out
    assert "Nobody moves.\n" in terminal.run("plan", "run", *who).out


@pytest.mark.parametrize(
    ("supposed", "said"),
    [
        ((), "Say what would be different, such as north=50. [supposition_missing]\n"),
        (("north",), "north: write NAME=PERCENT or NAME@FROM..UNTIL=PERCENT [unreadable]\n"),
        (
            ("north@soon..=5",),
            "north@soon..=5: write NAME=PERCENT or NAME@FROM..UNTIL=PERCENT [unreadable]\n",
        ),
        (("west=5",), "west: there is north, north/1, chip [name_unknown]\n"),
    ],
)
def test_a_supposition_that_means_nothing_is_said(
    terminal: Terminal, demo: Running, tmp_path: Path, supposed: tuple[str, ...], said: str
) -> None:
    tables = folder(tmp_path / "tables", document())
    who = ("--as", "eva-planning", "--data", demo.data)
    assert terminal.run("capacity", "import", tables, "--yes", *who).code == 0

    refused = terminal.run("plan", "what-if", *supposed, "--data", demo.data)

    assert (refused.code, refused.out, refused.err) == (1, "", said)


def test_suppositions_begin_with_sound_tables(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    wrong = folder(tmp_path / "wrong", document(model="s8"))

    refused = terminal.run("plan", "what-if", "--capacity", wrong, "--data", demo.data)
    absent = terminal.run("plan", "what-if", "--capacity", tmp_path / "no", "--data", demo.data)

    assert (refused.code, refused.err) == (1, f"{wrong}/lines.csv:2: model s8 [model_unknown]\n")
    assert absent.code == 1
    assert "No such file or directory" in absent.err


def test_without_a_plan_there_is_nothing_to_show_or_check(
    terminal: Terminal, fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARNEST_DATABASE_URL", fresh_database_url)

    for command in ("show", "check"):
        ran = terminal.run("plan", command, "--data", tmp_path)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == "There is no such plan. Make one: `earnest plan run`. [plan_missing]\n"
    supposed = terminal.run("plan", "what-if", "north=50", "--data", tmp_path)
    assert supposed.code == 1
    assert "[capacity_missing]" in supposed.err
