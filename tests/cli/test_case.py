"""`earnest case`: what a lawyer sees at the terminal, and what a machine gets.

Not here: reading and running cases (`tests/simulator/scenarios`).
"""

import json
from pathlib import Path

from tests.cli.calling import Terminal

HEAD = "id: {id}\ntitle: A small case\nsource: nobody\ncertainty: {certainty}\n"
ORDERED = "given: {ordered: 2024-07-01T10:00}\n"


def write(path: Path, body: str, certainty: str = "policy") -> Path:
    """A case file of this body, whose id is its name."""
    path.write_text(HEAD.format(id=path.stem, certainty=certainty) + body, encoding="utf-8")
    return path


def test_a_case_that_comes_out(terminal: Terminal, tmp_path: Path) -> None:
    path = write(tmp_path / "good.yaml", f"{ORDERED}then: {{stage: deposited}}\n")

    ran = terminal.run("case", "run", path)

    assert ran.code == 0
    assert ran.err == ""
    assert ran.out.startswith("✓ good  A small case  [policy: nobody]\n")
    assert "1 case, 1 as expected, 0 not; expectations: 3 passed, 0 failed, 0 open." in ran.out
    row = next(line for line in ran.out.splitlines() if " stage " in line)
    assert row.split() == [
        *("✓", "6", "2024-07-01", "10:00", "stage", "deposited", "deposited"),
        *("DepositReceived", "(CN-27)"),
    ]


def test_a_case_that_does_not(terminal: Terminal, tmp_path: Path) -> None:
    path = write(tmp_path / "bad.yaml", f"{ORDERED}then: {{stage: locked}}\n")

    ran = terminal.run("case", "run", path, "--no-everything")

    assert ran.code == 1
    assert ran.out.startswith("✗ bad")
    assert "reserve" not in ran.out
    assert "2 passed, 1 failed, 0 open" in ran.out


def test_a_case_that_nobody_decided(terminal: Terminal, tmp_path: Path) -> None:
    path = write(tmp_path / "open.yaml", f"{ORDERED}then: {{stage: locked}}\n", "open")

    ran = terminal.run("case", "run", path)

    assert ran.code == 0
    assert ran.out.startswith("? open")


def test_a_case_that_cannot_be_executed(terminal: Terminal, tmp_path: Path) -> None:
    write(tmp_path / "good.yaml", f"{ORDERED}then: {{stage: deposited}}\n")
    path = write(tmp_path / "flawed.yaml", f"{ORDERED}then: {{stagee: deposited}}\n")

    ran = terminal.run("case", "run", tmp_path)

    assert ran.code == 2
    assert ran.err == (
        f"{path}:6: then.stagee: `stagee` is not known. Did you mean stage? [key_unknown]\n"
    )
    assert "1 case, 1 as expected" in ran.out
    assert "1 fault to mend." in ran.out


def test_many_cases_show_only_what_did_not_pass(terminal: Terminal, tmp_path: Path) -> None:
    for number in range(20):
        write(tmp_path / f"good{number}.yaml", f"{ORDERED}then: {{stage: deposited}}\n")
    write(tmp_path / "bad.yaml", f"{ORDERED}then: {{stage: locked}}\n")

    ran = terminal.run("case", "run", tmp_path)

    assert ran.code == 1
    assert ran.out.count("stage") == 1
    assert "21 cases, 20 as expected, 1 not" in ran.out


def test_the_report_for_machines(terminal: Terminal, tmp_path: Path) -> None:
    good = write(tmp_path / "good.yaml", f"{ORDERED}then: {{rank: UNKNOWN}}\n")
    flawed = write(tmp_path / "flawed.yaml", "given: {}\nthen: {lint: {cleen: true}}\n")
    terms = write(tmp_path / "terms.yaml", "given: {}\nthen: {lint: {blocks: false}}\n")

    ran = terminal.run("case", "run", good, flawed, terms, "--json")
    told = json.loads(ran.out)

    assert ran.code == 2
    assert told["summary"] == {"cases": 2, "passed": 3, "failed": 0, "open": 1, "faults": 1}
    assert [(each["line"], each["code"]) for each in told["faults"]] == [(6, "key_unknown")]
    assert told["cases"][0]["lines"][2] == {
        "line": 6,
        "at": "2024-07-01T02:00:00+00:00",
        "subject": "rank",
        "expected": "UNKNOWN",
        "got": "1",
        "rule": "Reserved",
        "verdict": "open",
    }
    assert told["cases"][1]["lines"][0]["at"] is None


def test_no_file_at_all(terminal: Terminal, tmp_path: Path) -> None:
    ran = terminal.run("case", "run", tmp_path / "nowhere.yaml")

    assert ran.code == 2
    assert "There is no case file here" in ran.err


def test_the_schema(terminal: Terminal) -> None:
    ran = terminal.run("case", "schema")

    assert ran.code == 0
    assert json.loads(ran.out)["title"] == "Cases for `earnest case run`"
