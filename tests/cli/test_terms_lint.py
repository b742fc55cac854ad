"""`earnest terms lint`: tables, JSON, SARIF, exit codes, several files, and the cured copy.

Not here: what is found (`tests/core/lint`).
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from earnest.core.terms.clauses.contract import clauses_of
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.run import lint
from earnest.core.terms.reading import read_document
from tests.cli.calling import Terminal
from tests.tidy.source import ROOT

EXAMPLES = ROOT / "examples/terms"
STRUCK = EXAMPLES / "struck-clause.toml"
FAIR = EXAMPLES / "fair-rewrite.toml"
OWN_CLAUSE = """
[[clauses]]
id = "last_word"
zh_hans = "最终解释权归卖方。"
en = "The seller decides."
"""


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


def slow(folder: Path) -> Path:
    """Fair terms but for one finding of good practice."""
    file = folder / "slow.toml"
    text = FAIR.read_text(encoding="utf-8")
    file.write_text(text + "\n[refunds]\ndays = 8\n", encoding="utf-8")
    return file


def test_the_struck_clause_is_named_with_rules_lines_and_cures(terminal: Terminal) -> None:
    ran = terminal.run("terms", "lint", STRUCK)

    assert ran.code == 1
    assert "balance_due.when" in ran.out
    assert "CN-07" in ran.out
    assert "→ balance_due.when =" in ran.out
    assert ran.out.splitlines()[-1] == f"{STRUCK}: 4 S1; cannot be published"


def test_clean_terms_leave_with_zero(terminal: Terminal) -> None:
    ran = terminal.run("terms", "lint", FAIR)

    assert (ran.code, ran.out) == (0, f"{FAIR}: clean\n")


def test_chinese_is_spoken_as_well(terminal: Terminal) -> None:
    ran = terminal.run("terms", "lint", STRUCK, FAIR, "--language", "zh-Hans")

    assert ran.code == 1
    assert f"{STRUCK}: 4 S1; 不得发布" in ran.out.splitlines()
    assert ran.out.splitlines()[-1] == f"{FAIR}: 未发现问题"


def test_good_practice_fails_only_when_asked_to(terminal: Terminal, tmp_path: Path) -> None:
    file = slow(tmp_path)

    assert terminal.run("terms", "lint", file).code == 0
    ran = terminal.run("terms", "lint", file, "--strict")
    assert (ran.code, ran.out.splitlines()[-1]) == (1, f"{file}: 1 S3")


def test_several_files_are_one_json_document(terminal: Terminal) -> None:
    ran = terminal.run("terms", "lint", STRUCK, FAIR, "--json")

    struck, fair = msgspec.json.decode(ran.out)
    assert ran.code == 1
    assert [finding["key"] for finding in struck["findings"]] == [
        "balance_due.notice",
        "balance_due.when",
        "buyers_default.cure_days",
        "buyers_default.demand",
    ]
    assert struck["findings"][1]["cures"][0] == {
        "key": "balance_due.when",
        "value": "after_inspection",
    }
    assert fair == {
        "file": str(FAIR),
        "version": "fair-rewrite-1",
        "jurisdiction": "CN",
        "blocks_publishing": False,
        "findings": [],
        "faults": [],
    }


def sarif_of(terminal: Terminal, *files: Path) -> dict[str, Any]:
    """The one run that SARIF tells."""
    told = msgspec.json.decode(terminal.run("terms", "lint", *files, "--sarif").out)
    assert told["version"] == "2.1.0"
    (run,) = told["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_names_rules_places_and_levels(terminal: Terminal, tmp_path: Path) -> None:
    run = sarif_of(terminal, STRUCK, slow(tmp_path))

    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["pattern-02", "pattern-01", "pattern-03", "CN-29"]
    assert [result["level"] for result in run["results"]] == [*["error"] * 4, "note"]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    place = run["results"][1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == STRUCK.as_uri()
    line = STRUCK.read_text(encoding="utf-8").splitlines()[place["region"]["startLine"] - 1]
    assert line == 'when = "on_notice"'


def test_sarif_tells_faults_and_good_practice_without_a_rule(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("version = 1\n", encoding="utf-8")
    own_account = tmp_path / "own.toml"
    text = FAIR.read_text(encoding="utf-8").replace(
        'label = "定金"', 'label = "定金"\nholding = "own_account"'
    )
    text = text.replace("handover_documents", "# handover_documents")
    own_account.write_text(text + OWN_CLAUSE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    run = sarif_of(terminal, Path("broken.toml"), Path("own.toml"))

    by_rule = {result["ruleId"]: result for result in run["results"]}
    assert by_rule["type_wrong"]["level"] == "error"
    assert by_rule["good-practice"]["properties"]["key"] == "deposit.holding"
    assert "strike the clause last_word" in by_rule["pattern-10"]["message"]["text"]
    assert '= ["certificate_of_conformity", ' in by_rule["CN-36"]["message"]["text"]
    place = by_rule["good-practice"]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "own.toml"


def test_standard_input_is_a_document_too(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = io.BytesIO(STRUCK.read_bytes())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(text))

    ran = terminal.run("terms", "lint", "-")

    assert ran.out.splitlines()[-1] == "standard-input.toml: 4 S1; cannot be published"


def test_standard_input_that_is_no_text_is_refused(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff")))

    ran = terminal.run("terms", "lint", "-")

    assert (ran.code, "[encoding_wrong]" in ran.err) == (2, True)


def test_a_document_with_faults_names_each(terminal: Terminal, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("version = 1\n", encoding="utf-8")

    for more in ((), ("--fix",)):
        ran = terminal.run("terms", "lint", broken, *more)

        assert ran.code == 1
        assert f"{broken}:1: version: " in ran.err


def test_the_cures_are_shown_before_anything_is_written(terminal: Terminal) -> None:
    ran = terminal.run("terms", "lint", "--fix", STRUCK)

    assert ran.code == 0
    assert '-when = "on_notice"' in ran.out.splitlines()
    assert '+when = "after_inspection"' in ran.out.splitlines()


@pytest.mark.parametrize("name", [path.name for path in sorted(EXAMPLES.glob("*.toml"))])
def test_a_cured_copy_is_clean_and_keeps_every_comment(
    name: str, terminal: Terminal, tmp_path: Path
) -> None:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    copy = tmp_path / "cured.toml"

    ran = terminal.run("terms", "lint", "--fix", EXAMPLES / name, "-o", copy)

    cured = copy.read_text(encoding="utf-8")
    document = read_document(cured, "cured.toml")
    assert ran.code == 0
    assert isinstance(document, TermsDocument)
    assert lint(document) == ()
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in cured.splitlines() if line.startswith("#")
    ]


def test_a_pinned_text_that_holds_no_longer_is_dropped(terminal: Terminal, tmp_path: Path) -> None:
    file, copy = tmp_path / "pinned.toml", tmp_path / "cured.toml"
    text = STRUCK.read_text(encoding="utf-8")
    struck = read_document(text, "struck.toml")
    assert isinstance(struck, TermsDocument)
    rendered = {clause.clause_id: clause.texts["en"] for clause in clauses_of(struck)}
    pinned = "".join(
        f"\n[texts.{clause_id}]\nen = {msgspec.json.encode(rendered[clause_id]).decode()}\n"
        for clause_id in ("balance_due", "queue")
    )
    file.write_text(text + pinned, encoding="utf-8")

    assert terminal.run("terms", "lint", "--fix", file, "-o", copy).code == 0

    cured = read_document(copy.read_text(encoding="utf-8"), "cured.toml")
    assert isinstance(cured, TermsDocument)
    assert set(cured.texts) == {"queue"}


def test_own_clauses_are_struck_and_missing_tables_are_added(
    terminal: Terminal, tmp_path: Path
) -> None:
    file, copy = tmp_path / "own.toml", tmp_path / "cured.toml"
    text = FAIR.read_text(encoding="utf-8").replace("handover_documents", "# handover_documents")
    text = text.replace('[tax]\ndifference_borne = true\ncap = "15000"\n', "")
    thanks = OWN_CLAUSE.replace("last_word", "thanks").replace("最终解释权归卖方。", "谢谢。")
    file.write_text(text + OWN_CLAUSE + thanks, encoding="utf-8")

    assert terminal.run("terms", "lint", "--fix", file, "-o", copy).code == 0

    document = read_document(copy.read_text(encoding="utf-8"), "cured.toml")
    assert isinstance(document, TermsDocument)
    assert [clause.id for clause in document.clauses] == ["thanks"]
    assert document.tax.difference_borne
    assert "invoice" in document.handover_documents


def test_a_copy_overwrites_nothing(terminal: Terminal, tmp_path: Path) -> None:
    copy = tmp_path / "cured.toml"
    copy.write_text("mine", encoding="utf-8")

    there = terminal.run("terms", "lint", "--fix", STRUCK, "-o", copy)
    nowhere = terminal.run("terms", "lint", "--fix", STRUCK, "-o", tmp_path / "no" / "cured.toml")
    both = terminal.run("terms", "lint", "--fix", STRUCK, FAIR)

    assert (there.code, "[file_exists]" in there.err) == (2, True)
    assert (nowhere.code, "[file_unwritable]" in nowhere.err) == (2, True)
    assert (both.code, "[one_file]" in both.err) == (2, True)
    assert copy.read_text(encoding="utf-8") == "mine"
