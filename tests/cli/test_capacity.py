"""`earnest capacity`: tables out, changed, foretold, in again, and every fault by its line.

Not here: tables themselves (`tests/core/plan`), and plans made from them (`test_plan.py`).
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from earnest.core.plan.capacity import (
    Capacity,
    Line,
    Part,
    Plant,
    Receipt,
    Stretch,
    Transport,
)
from earnest.desk.planning.tables import write_tables
from earnest.gateways.clock import Clock
from tests.cli.calling import Terminal
from tests.demo.running import Ran, Running


def document(cars: int = 5, model: str = "s7-max", weeks: int = 60) -> Capacity:
    """A plant that builds one model from a Monday on, and needs a chip for pearl white."""
    today = Clock().now().date()
    begins = today + timedelta(days=8 - today.isoweekday())
    ends = begins + timedelta(weeks=weeks)
    return Capacity(
        begins=begins,
        ends=ends,
        frozen_days=10,
        plants=(Plant(code="north", name="North", transport=(Transport("CN", 3),)),),
        lines=(Line(plant="north", code="1", models=(model,)),),
        calendar=(
            Stretch(
                plant="north", line="1", begins=begins, ends=ends, shifts=1, cars_per_shift=cars
            ),
        ),
        parts=(Part(code="chip", options=("paint-pearl",)),),
        receipts=(Receipt("chip", begins, 400),),
    )


def folder(where: Path, capacity: Capacity, **tables: str) -> Path:
    """The document as a folder of tables, some of them replaced."""
    where.mkdir(parents=True)
    for name, text in (write_tables(capacity) | tables).items():
        (where / f"{name}.csv").write_text(text, encoding="utf-8")
    return where


def test_a_change_is_foretold_published_shown_and_taken_out_again(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    there = ("--data", demo.data)
    who = ("--as", "eva-planning", *there)
    begins = str(document().begins)
    first = folder(tmp_path / "first", document())
    assert terminal.run("capacity", "import", first, "--yes", *who).code == 0

    more = folder(tmp_path / "more", document(cars=6))
    foretold = terminal.run("capacity", "import", more, *who)
    assert foretold.code == 0
    # The other models of the demo are on sale, and orders wait for some of them.
    warnings = foretold.err.splitlines()
    assert all(each.startswith(f"warning: {more}/lines.csv: models: ") for each in warnings)
    assert any(
        "No line builds s7-standard for CN, where it is on sale. " in each
        and each.endswith("[model_unbuilt]")
        for each in warnings
    )
    line = next(each for each in foretold.out.splitlines() if begins in each)
    assert line.split() == [begins, "cars", "north/1", "35", "42", "+7"]
    assert "20 more changes." in foretold.out
    assert foretold.out.endswith("Nothing was published: add --yes.\n")
    assert "Nothing changes." in terminal.run("capacity", "import", first, *who).out

    done = terminal.run("capacity", "import", more, "--yes", *who)
    again = terminal.run("capacity", "import", more, "--yes", *who)
    assert done.out.splitlines()[-1].startswith("published capacity version ")
    assert again.out.splitlines()[-1] == done.out.splitlines()[-1]

    version = done.out.splitlines()[-1].split()[3].rstrip(":")
    shown = terminal.run("capacity", "show", "--weeks", 2, *there)
    assert shown.out.startswith(f"Capacity version {version}, {begins} to ")
    assert f"{begins}             42         400" in shown.out
    assert "58 more weeks; --weeks shows them." in shown.out
    everything = terminal.run("capacity", "show", "--weeks", 60, *there)
    assert "more weeks" not in everything.out
    listed = terminal.run("capacity", "history", *there).out.splitlines()
    assert [each.split()[0] for each in listed[3:5]] == [version, str(int(version) - 1)]

    out = tmp_path / "out" / "tables"
    assert terminal.run("capacity", "export", out, *there).code == 0
    assert {each.name: each.read_text() for each in out.iterdir()} == {
        each.name: each.read_text() for each in more.iterdir()
    }
    old = terminal.run("capacity", "export", out, "--version", int(version) - 1, *there)
    assert old.code == 0
    assert (out / "calendar.csv").read_text() == (first / "calendar.csv").read_text()


def test_the_example_can_be_published_as_it_is(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    there = ("--data", demo.data)
    tables = tmp_path / "example"

    written = terminal.run("capacity", "example", tables, *there)
    done = terminal.run("capacity", "import", tables, "--yes", "--as", "eva-planning", *there)

    assert written.code == done.code == 0
    assert written.out.endswith(f"import {tables} --as eva-planning --yes\n")
    assert "published capacity version " in done.out
    shown = terminal.run("capacity", "show", "--weeks", 3, *there)
    assert "7,200" in shown.out
    assert demo.process.poll() is None


def test_one_file_and_changes_without_numbers(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    who = ("--as", "eva-planning", "--data", demo.data)
    file = tmp_path / "capacity.json"
    file.write_bytes(msgspec.json.encode(document()))
    assert terminal.run("capacity", "import", file, "--yes", *who).code == 0

    shorter = msgspec.structs.replace(
        document(), frozen_days=9, parts=(Part(code="chip", options=("wheels-20",)),)
    )
    file.write_bytes(msgspec.json.encode(shorter))
    foretold = terminal.run("capacity", "import", file, *who)

    assert foretold.out.splitlines() == [
        "frozen days: 10 -> 9",
        "parts: changed",
        "Nothing was published: add --yes.",
    ]


def test_every_fault_is_named_with_file_and_line(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    def faults(source: Path, *more: str) -> list[str]:
        ran = terminal.run("capacity", "import", source, *more, "--as", "eva", "--data", demo.data)
        assert (ran.code, ran.out) == (1, "")
        return ran.err.splitlines()

    tables = folder(tmp_path / "wrong", document(model="s8"), holidays="plant,day\nwest,1999-01-01")
    assert faults(tables) == [
        (
            f"{tables}/lines.csv:2: models: No catalogue has this model: s8. Write the code of a "
            "model that is on sale, or publish its catalogue first. [model_unknown]"
        ),
        (
            f"{tables}/holidays.csv:2: plant: There is no plant with this code: west. Write a code "
            "that stands in `plants`, or add the plant there. [plant_unknown]"
        ),
        (
            f"{tables}/holidays.csv:2: day: This day is outside the days of the document: "
            "1999-01-01. Give a day from `begins` until before `ends` of `capacity`, or change "
            "those. [day_outside]"
        ),
    ]
    (chinese, *_) = faults(tables, "--language", "zh-Hans")
    assert chinese == (
        f"{tables}/lines.csv:2: models: 任何目录都没有此车型：s8。"
        "请填写在售车型的代码，或先发布其目录。 [model_unknown]"
    )


def _places(found: list[str]) -> list[str]:
    """Where faults stand, with their codes; every one says what to do in between."""
    assert all(each.count(". ") >= 1 for each in found), found
    return [f"{each.split(': ')[0]} {each.rpartition(' ')[2]}" for each in found]


def test_every_kind_of_source_names_the_place_of_its_faults(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    def faults(source: Path) -> list[str]:
        ran = terminal.run("capacity", "import", source, "--as", "eva", "--data", demo.data)
        assert (ran.code, ran.out) == (1, "")
        return ran.err.splitlines()

    holidays = "plant,day\nnorth,soon\n"
    unread = folder(tmp_path / "unread", document(), holidays=holidays, receipts="part\n")
    assert _places(faults(unread)) == [
        f"{unread}/holidays.csv:2 [cell_unreadable]",
        f"{unread}/receipts.csv:1 [column_missing]",
        f"{unread}/receipts.csv:1 [column_missing]",
    ]
    file = tmp_path / "one.json"
    text = msgspec.json.format(msgspec.json.encode(document(model="s8", weeks=1)))
    file.write_bytes(text)
    lines = [each.strip() for each in text.decode().splitlines()]
    frozen, model = lines.index('"frozen_days": 10,') + 1, lines.index('"s8"')
    short, unknown = faults(file)
    assert short.startswith(f"{file}:{frozen}: $.frozen_days: This number is out of its range: 10.")
    assert unknown.startswith(
        f"{file}:{model}: $.lines[0].models: No catalogue has this model: s8."
    )
    file.write_text(text.decode().replace('"shifts": 1', '"shifts": "one"'), encoding="utf-8")
    (wrong,) = faults(file)
    assert "$.calendar[0].shifts: This value cannot be read: Expected `int`" in wrong
    file.write_text("plant", encoding="utf-8")
    assert _places(faults(file)) == [f"{file}:1 [not_json]"]

    soon, calendar = document().begins + timedelta(days=7), document().calendar[0]
    lost = folder(
        tmp_path / "lost",
        msgspec.structs.replace(document(), receipts=()),
        lines="plant,code,models\nnorth,1,s7-max\nnorth,2,s7-max\n",
        calendar="plant,line,begins,ends,shifts,cars_per_shift\n"
        f"north,1,{soon},{calendar.ends},1,5\n",
    )
    missing, hole, unsupplied = faults(lost)
    assert missing.startswith(f"{lost}/lines.csv:3: code: The line has no calendar")
    assert f"north/1, from {calendar.begins} until before {soon}. Add a row" in hole
    assert "Add a row with its units to `receipts`" in unsupplied
    strange = folder(tmp_path / "strange", document(), cars="north,1\n")
    (strange / "plants.csv").unlink()
    (strange / "parts.csv").rename(strange / "parts.CSV")
    assert _places(faults(strange)) == [
        f"{strange}/cars.csv:1 [table_unknown]",
        f"{strange}/plants.csv [table_missing]",
    ]
    assert _places(faults(strange / "lines.csv")) == [f"{strange}/lines.csv [table_alone]"]
    (absent,) = faults(tmp_path / "none.json")
    assert absent == (
        f"{tmp_path}/none.json: The file cannot be opened: No such file or directory. "
        "Name a folder of CSV tables, or one JSON document. [file_unreadable]"
    )


def test_a_number_too_large_and_orders_that_nobody_builds_are_said_before_publishing(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    who = ("--as", "eva-planning", "--data", demo.data)
    much = folder(tmp_path / "much", document(cars=20_000))
    refused = terminal.run("capacity", "import", much, "--yes", *who)
    assert refused.code == 1
    assert refused.err.startswith(
        f"{much}/calendar.csv:2: cars_per_shift: This number is larger than any plant has: 20000, "
        "at most 10000. "
    )

    fine = folder(tmp_path / "fine", document())
    assert terminal.run("capacity", "import", fine, "--yes", *who).code == 0
    order_id = str(demo.reserved("waiting")["order_id"])
    file = tmp_path / "other.json"
    file.write_bytes(msgspec.json.encode(document(model="s7-standard")))
    foretold = terminal.run("capacity", "import", file, *who)
    assert foretold.code == 0
    told = [each for each in foretold.err.splitlines() if each.endswith("[orders_unbuilt]")]
    (orders,) = [each for each in told if " of s7-max for CN (missing: a plant " in each]
    assert orders.startswith(f"warning: {file}:1: $.lines: Orders wait whose configuration ")
    assert order_id


def test_without_capacity_there_is_nothing_to_show_or_export(
    terminal: Terminal, fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARNEST_DATABASE_URL", fresh_database_url)

    def refused(*arguments: object) -> Ran:
        ran = terminal.run(*arguments, "--data", tmp_path)
        assert (ran.code, ran.out) == (1, "")
        assert "[capacity_missing]" in ran.err
        assert "earnest capacity import" in ran.err
        return ran

    refused("capacity", "show")
    refused("capacity", "export", tmp_path / "out")
    refused("plan", "run", "--as", "eva")
    assert not (tmp_path / "out").exists()
    assert terminal.run("capacity", "history", "--data", tmp_path).code == 0
