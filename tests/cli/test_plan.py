"""`earnest plan`: from a capacity document to a plan applied beside a running demo.

Not here: plans themselves (`tests/core/plan`, `tests/desk/planning`).
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec

from earnest.core.plan.capacity import Capacity, Line, Plant, Stretch, Transport
from earnest.gateways.clock import Clock
from tests.cli.calling import Terminal
from tests.demo.running import Running


def document(folder: Path, model: str = "s7-max") -> Path:
    """A plant that builds one model, from next week on."""
    begins = Clock().now().date() + timedelta(days=3)
    ends = begins + timedelta(days=100)
    capacity = Capacity(
        begins=begins,
        ends=ends,
        frozen_days=10,
        plants=(Plant(code="north", name="North", transport=(Transport("CN", 3),)),),
        lines=(Line(plant="north", code="1", models=(model,)),),
        calendar=(
            Stretch(plant="north", line="1", begins=begins, ends=ends, shifts=1, cars_per_shift=5),
        ),
    )
    file = folder / f"{model}.json"
    file.write_bytes(msgspec.json.encode(capacity))
    return file


def test_capacity_is_checked_published_and_planned_with(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    who = ("--as", "eva-planning", "--data", demo.data)
    early = terminal.run("plan", "run", *who)
    assert (early.code, early.out) == (1, "")
    assert "[capacity_missing]" in early.err
    wrong = terminal.run("plan", "capacity", document(tmp_path, "s8"), *who)
    assert (wrong.code, wrong.out) == (1, "")
    assert "lines row 1: model s8 [model_unknown]" in wrong.err
    unreadable = terminal.run("plan", "capacity", tmp_path / "none.json", *who)
    assert unreadable.code == 1

    done = terminal.run("plan", "capacity", document(tmp_path), *who)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("published capacity version 1: ")
    assert terminal.run("plan", "capacity", document(tmp_path), *who).out == done.out

    tried = terminal.run("plan", "run", *who)
    assert tried.code == 0
    assert "Nothing was applied: add --yes." in tried.out
    shown = terminal.run("plan", "run", "--json", *who)
    assert msgspec.json.decode(shown.out)["basis"]["way"] == "gentle"
    applied = terminal.run("plan", "run", "--fresh", "--yes", *who)
    assert applied.code == 0
    assert "applied plan version 1: " in applied.out
