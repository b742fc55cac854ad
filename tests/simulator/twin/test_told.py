"""What is told of a year: the same figures in tables, on a page with charts, and for machines."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from rich.console import Console

from earnest.cli.app import main
from earnest.simulator.twin.charts import Chart, Series, charts, drawing, page
from earnest.simulator.twin.report import show
from earnest.simulator.twin.scenario import Announced
from earnest.simulator.twin.tables import Figures, figures_of
from earnest.simulator.twin.year import live
from tests.simulator.twin.small import TEXT, small

ANNOUNCED = Announced(table="announced_wait_weeks", model="SU7", trims={"standard": "Std"})


@pytest.fixture(scope="module")
def figures() -> Figures:
    return figures_of(live(small(announced=ANNOUNCED)))


def printed(figures: Figures) -> str:
    console = Console(file=StringIO(), width=140, highlight=False)
    show(figures, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_the_maker_s_word_stands_beside_the_waits(figures: Figures) -> None:
    said = {(row.month, row.trim): row.announced for row in figures.cohorts}

    assert said["2024-03", "standard"] == "14-17"
    assert said["2024-06", "standard"] == said["2024-06", "max"] == "30-…"
    assert said["2024-03", "max"] == ""


def test_the_tables_say_what_was_found_and_that_all_holds(figures: Figures) -> None:
    told = printed(figures)

    assert "A small year\n120 orders, 220 days from 2024-03-28, seed 1\n" in told
    assert "14-17" in told
    assert f"Every check holds after each of {figures.looked_at:,} steps." in told


def test_a_fault_is_told_with_an_example(figures: Figures) -> None:
    faulty = msgspec.structs.replace(figures, faults={"ranks": 2}, examples=("ranks: 5 after 0",))

    assert faulty.passed is False
    assert "ranks: 2 faults\n  ranks: 5 after 0\n" in printed(faulty)


def test_rejections_and_late_moves_are_told(figures: Figures) -> None:
    run = msgspec.structs.replace(figures.runs[0], day=43, planned=9, later=4, is_learned=True)
    other = msgspec.structs.replace(run, day=50, is_learned=False)
    changed = msgspec.structs.replace(
        figures, runs=(run, other), rejected={"Ship: stage_unsuitable": 3}
    )

    told = printed(changed)

    assert "something new about the plants" in told
    assert "somebody came back" in told
    assert "rejected 3 times: Ship: stage_unsuitable" in told


def test_the_page_needs_nothing_but_itself(figures: Figures) -> None:
    told = page(figures)

    assert told.count("<svg") == 4
    assert "<script" not in told
    assert "http" not in told
    for drawn in (drawing(chart) for chart in charts(figures)):
        assert ET.fromstring(drawn).tag == "svg"  # noqa: S314 - our own drawing


def test_a_chart_has_a_gap_where_nothing_is_known_and_escapes_what_it_is_given() -> None:
    chart = Chart(
        title="<Waits>",
        unit="weeks",
        note="",
        labels=("a", "b", "c"),
        series=(Series("x & y", (1.0, None, 2.0)), Series("none", (None, None, None))),
    )

    drawn = drawing(chart)

    assert drawn.count('<path class="series"') == 2
    assert "&lt;Waits&gt; (weeks)" in drawn
    assert "x &amp; y" in drawn


def test_the_command_writes_page_and_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = tmp_path / "small.toml"
    scenario.write_text(TEXT, encoding="utf-8")
    files = {kind: tmp_path / f"year.{kind}" for kind in ("html", "json")}

    with pytest.raises(SystemExit) as left:
        main(
            [
                *("simulate", str(scenario), "--orders", "40", "--seed", "3"),
                *("--what-if", "days=60"),
                *("--html", str(files["html"]), "--json", str(files["json"])),
            ]
        )

    assert left.value.code == 0
    assert "Every check holds" in capsys.readouterr().out
    assert files["html"].read_text(encoding="utf-8").startswith("<!doctype html>")
    told = msgspec.json.decode(files["json"].read_bytes(), type=Figures)
    assert (told.orders, told.seed, told.days, told.faults) == (40, 3, 60, {})


def test_a_scenario_that_is_nothing_ends_the_command_with_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["simulate", "su9"])

    assert left.value.code == 2
    assert "su9 is neither a file nor a shipped scenario" in capsys.readouterr().err
