"""`earnest campaign`: from a checked document to codes that open a running demo's launch.

Not here: the rules of a campaign (`tests/core`) and its doors (`tests/web/test_campaigns.py`).
"""

from __future__ import annotations

from pathlib import Path

from earnest.gateways.clock import Clock
from tests.cli.calling import Terminal
from tests.demo.running import Ran, Running

EXAMPLE = Path(__file__).parents[2] / "examples" / "campaigns" / "summer.toml"
NEXT_YEAR = str(Clock().now().year + 1)


def document(folder: Path, *changes: tuple[str, str], name: str = "summer.toml") -> Path:
    """The example, in the summer of next year, with some texts changed."""
    text = EXAMPLE.read_text(encoding="utf-8").replace("2027", NEXT_YEAR)
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def published(terminal: Terminal, demo: Running, file: Path, *options: str) -> Ran:
    command = ("campaign", "publish", file, "--as", "ida-terms", "--data", demo.data)
    return terminal.run(*command, *options)


def test_a_campaign_is_checked_foretold_published_and_shown(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    file = document(tmp_path)
    linted = terminal.run("campaign", "lint", file)
    assert (linted.code, linted.out) == (0, f"{file}: clean\n")

    foretold = published(terminal, demo, file)
    assert (foretold.code, foretold.err) == (0, "")
    assert "Nothing was published: add --yes." in foretold.out
    done = published(terminal, demo, file, "--yes")
    assert (done.code, done.out) == (0, "published y7-summer version 1 of y7-launch-cn\n")
    assert published(terminal, demo, file, "--yes").out == done.out

    issue = ("campaign", "codes", "issue", "y7-summer", "priority", "--data", demo.data)
    until = ("--valid-until", f"{NEXT_YEAR}-07-31T00:00:00+08:00")
    made = terminal.run(*issue, *until, "--as", "chen-sales", "--count", 2, "--key", "press")
    assert (made.code, made.err) == (0, "")
    assert [each.split(".")[0] for each in made.out.split()] == 2 * ["earnest-code-1"]
    again = terminal.run(*issue, *until, "--as", "chen-sales", "--count", 2, "--key", "press")
    assert again.out == made.out
    bound = terminal.run(
        *issue, *until, "--as", "chen-sales", "--buyer", "BUYER00000000001", "--key", "one"
    )
    assert len(bound.out.split()) == 1

    other = terminal.run(*issue, *until, "--as", "chen-sales", "--count", 3, "--key", "press")
    assert (other.code, "[key_reused]" in other.err) == (1, True)
    same_person = terminal.run(*issue, *until, "--as", "ida-terms", "--count", 1, "--key", "x")
    assert (same_person.code, "[second_person_missing]" in same_person.err) == (1, True)
    neither = terminal.run(*issue, *until, "--as", "chen-sales", "--key", "y")
    assert (neither.code, "[wrong_type]" in neither.err) == (1, True)

    shown = terminal.run("campaign", "show", "y7-summer", "--data", demo.data)
    assert shown.code == 0
    assert "Y7: the first summer: y7-summer version 1" in shown.out
    assert "first_ranks" in shown.out
    listed = terminal.run("campaign", "codes", "show", "y7-summer", "--data", demo.data)
    assert listed.out.count("priority") == 3
    assert listed.out.count("BUYER00000000001") == 1
    assert made.out.split()[0] not in listed.out
    report = terminal.run("campaign", "report", "y7-summer", "--data", demo.data)
    assert report.out == "Nobody has reserved yet.\n"


def test_a_stale_version_and_faults_are_refused_with_a_way_out(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    stale = document(tmp_path, ('id = "y7-summer"', 'id = "later"'), ("version = 1", "version = 4"))
    ran = published(terminal, demo, stale)
    assert (ran.code, ran.out) == (1, "")

    faulty = document(tmp_path, ("quota = 500", "quotas = 500"))
    ran = published(terminal, demo, faulty, "--yes")
    assert ran.code == 1
    assert "is not known; did you mean quota? [key_unknown]" in ran.err
    assert terminal.run("campaign", "lint", faulty).code == 1


def test_a_benefit_for_locking_early_passes_with_what_is_wrong_with_it(
    terminal: Terminal, tmp_path: Path
) -> None:
    early = document(tmp_path, ("deposited_before", "locked_before"))

    ran = terminal.run("campaign", "lint", early)
    strict = terminal.run("campaign", "lint", early, "--strict", "--language", "zh-Hans")

    assert ran.code == 0
    assert "pays people to give up the cooling-off period" in ran.err
    assert "(CN-26, CN-27, CN-03) [S2]" in ran.err
    assert "cure: benefits[0].deposited_before" in ran.err
    assert strict.code == 1
    assert "冷静期" in strict.err


def test_what_there_is_not_is_said(terminal: Terminal, demo: Running) -> None:
    for command in (("show",), ("report",), ("codes", "show")):
        ran = terminal.run("campaign", *command, "nothing", "--data", demo.data)
        assert (ran.code, ran.err) == (1, "There is no campaign nothing. [campaign_unknown]\n")


def test_the_schema_knows_every_table(terminal: Terminal) -> None:
    ran = terminal.run("campaign", "schema")

    assert ran.code == 0
    for table in ("GroupTable", "BenefitTable", "ChannelTable", "EditionTable"):
        assert table in ran.out
