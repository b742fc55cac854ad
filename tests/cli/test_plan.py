"""`earnest plan`: tried dry, applied, looked at, checked again, and changed in thought.

Not here: plans themselves (`tests/core/plan`, `tests/desk/planning`).
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from earnest.cli.plan_looking import say_findings
from earnest.core.plan.checker import Breach
from earnest.core.values.ids import BuyerId, OrderId
from earnest.desk.planning.checking import Checked, StoredFinding
from earnest.desk.ports import OrderKey
from earnest.web.languages import LANGUAGES
from earnest.web.telling_plan import MISSING, PLAN_CHANGED, breach_cure, breach_words
from tests.cli.calling import Terminal
from tests.cli.test_capacity import document, folder
from tests.demo.running import Running
from tests.store.test_plans import plan_version

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
    assert nobody.err.endswith(" [order_unknown]\n")

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

    begins, last = document().begins, document().ends - timedelta(days=1)
    stop = f"north@..{last}=0"
    stopped = terminal.run("plan", "what-if", stop, *there)
    assert stopped.code == 0
    figures = {each[:20].strip(): each.split()[-3:] for each in stopped.out.splitlines()}
    assert figures["get another day"][1:] == ["0", f"+{figures['get another day'][0]}"]
    assert figures["promises broken"][1] == "0"
    assert "mean wait, days" in figures
    assert "The supposition alone: " in stopped.out
    line = next(each for each in stopped.out.splitlines() if order_id in each)
    assert "short line" in line
    assert str(last) in line
    assert "How far they move" in stopped.out
    assert stopped.out.endswith("Nothing was saved: this was a supposition.\n")
    later = terminal.run("plan", "what-if", f"north/1@{begins}..{last}=0", "--json", *there)
    shown = msgspec.json.decode(later.out)
    assert shown["summary"]["mean_wait"] > shown["effect"]["without"]["mean_wait"]
    assert shown["effect"]["earlier"] == shown["effect"]["without"]["later"] == 0
    fewer = folder(tmp_path / "fewer", document(cars=0))
    assert "short line north/1" in terminal.run("plan", "what-if", "--capacity", fewer, *there).out
    assert "Nobody moves.\n" in terminal.run("plan", "run", *who).out


@pytest.mark.parametrize(
    ("supposed", "said"),
    [
        ((), ["Nothing is supposed. [supposition_missing]"]),
        (("north",), ["`north` cannot be read. [supposition_unreadable]"]),
        (("north@soon..=5",), ["`north@soon..=5` cannot be read. [supposition_unreadable]"]),
        (
            ("west=5", "north=-5", "north=1001"),
            [
                "`west` is none of its plants, lines or parts. [capacity_name_unknown]",
                "`north=-5` is below 0 or above 1000 per cent [supposition_percent_unsuitable]",
                "`north=1001` is below 0 or above 1000 per cent [supposition_percent_unsuitable]",
            ],
        ),
        (
            ("north/1@2030-03-16..2030-03-02=0", "north@1999-01-01..2000-01-01=50"),
            [
                "`north/1@2030-03-16..2030-03-02=0` begins on 2030-03-16 [supposition_days_empty]",
                "`north@1999-01-01..2000-01-01=50` speaks of no day from [supposition_outside]",
            ],
        ),
        (("north=0",), ["With `north=0` no line builds a car [supposition_leaves_nothing]"]),
    ],
)
def test_a_supposition_that_means_nothing_is_said(
    terminal: Terminal, demo: Running, tmp_path: Path, supposed: tuple[str, ...], said: list[str]
) -> None:
    tables = folder(tmp_path / "tables", document())
    who = ("--as", "eva-planning", "--data", demo.data)
    assert terminal.run("capacity", "import", tables, "--yes", *who).code == 0

    refused = terminal.run("plan", "what-if", *supposed, "--data", demo.data)

    assert (refused.code, refused.out) == (1, "")
    for line, expected in zip(refused.err.splitlines(), said, strict=True):
        words, _, code = expected.rpartition(" ")
        assert words in line
        assert line.endswith(code)
    chinese = ("--language", "zh-Hans", "--data", demo.data)
    told = terminal.run("plan", "what-if", *supposed, *chinese)
    assert [each.rpartition(" ")[2] for each in told.err.splitlines()] == [
        each.rpartition(" ")[2] for each in said
    ]
    assert "请" in told.err


def test_suppositions_begin_with_sound_tables(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    wrong = folder(tmp_path / "wrong", document(model="s8"))

    refused = terminal.run("plan", "what-if", "--capacity", wrong, "--data", demo.data)
    absent = terminal.run("plan", "what-if", "--capacity", tmp_path / "no", "--data", demo.data)

    assert refused.code == 1
    assert refused.err.startswith(f"{wrong}/lines.csv:2: models: No catalogue has this model: s8. ")
    assert refused.err.endswith(" [model_unknown]\n")
    assert absent.code == 1
    assert "No such file or directory" in absent.err


def test_without_a_plan_there_is_nothing_to_show_or_check(
    terminal: Terminal, fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARNEST_DATABASE_URL", fresh_database_url)

    for command in ("show", "check"):
        ran = terminal.run("plan", command, "--data", tmp_path)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("There is no such plan. ")
        assert ran.err.endswith("run one dry and apply it. [plan_unknown]\n")
    supposed = terminal.run("plan", "what-if", "north=50", "--data", tmp_path)
    assert supposed.code == 1
    assert "[capacity_missing]" in supposed.err


def test_what_a_check_finds_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = StoredFinding(breach="overtaken", day="2026-03-02", order_id="A", resource="")
    checked = Checked(
        plan=plan_version(),
        orders=22,
        placed=22,
        findings=(wrong,) * 21,
        missing=(OrderKey(BuyerId("ann"), OrderId("B")),),
        is_as_applied=False,
    )

    say_findings(checked, "en")
    said = capsys.readouterr().out
    assert "1 more; --json has all of them." in said
    assert "B [missing]\n" in said
    assert said.splitlines()[-3:] == [
        (
            "Nothing is stored of the order from the time of the plan. Somebody changed the "
            "database by hand: run `earnest audit`, and compare with a backup. [missing]"
        ),
        (
            "A later rank has an earlier day, though what this order needs was there. Make a new "
            "plan: `earnest plan run`. If it is found again, the numbers of that day are wrong. "
            "[overtaken]"
        ),
        (
            "What is stored is not what was applied. Somebody changed the database by hand: run "
            "`earnest audit`, and compare with a backup. [plan_changed]"
        ),
    ]
    say_findings(checked, "zh-Hans")
    assert "更晚的排号日期更早，而该订单所需并不缺。请重新排产" in capsys.readouterr().out


@pytest.mark.parametrize("code", [*Breach, MISSING, PLAN_CHANGED])
def test_every_breach_has_words(code: str) -> None:
    for language in LANGUAGES:
        assert breach_words(code, language)
        assert breach_cure(code, language)
