"""The cases that ship with Earnest come out as they say, and no code knows them.

Not here: how a case is read and reported (the other files of this folder).
"""

import asyncio
import re
from functools import cache
from pathlib import Path

import pytest

from earnest.core.terms.packs.registry import RULES
from earnest.core.terms.packs.rule import Held, Severity
from earnest.simulator.scenarios.case import Case
from earnest.simulator.scenarios.files import case_files, read_all, run_all
from earnest.simulator.scenarios.reading import Read
from earnest.simulator.scenarios.running import Verdict, run_case

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples" / "cases"
REPORTED = re.compile(r"S\d\d(?=-)")
REPORTED_NUMBERS = (1, 2, 3, 4, 5, 6, 8, 9, 11, 14, 15, 16, 21, 23)
"""The cases that courts, authorities and the press reported, or that a statute decides."""


@cache
def shipped() -> Read:
    """Every case that ships."""
    found, missing = case_files([EXAMPLES])
    assert missing == []
    return read_all(found)


def test_every_shipped_case_can_be_read() -> None:
    assert [str(fault) for fault in shipped().faults] == []


@pytest.mark.parametrize("case", shipped().cases, ids=lambda case: case.id)
def test_a_shipped_case_comes_out_as_it_says(case: Case) -> None:
    result = asyncio.run(run_case(case))

    assert result.fault is None
    assert [each for each in result.results if each.verdict is Verdict.FAILED] == []


def test_no_case_is_known_to_the_code() -> None:
    code = [path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py")]

    known = [case.id for case in shipped().cases if any(case.id in text for text in code)]

    assert known == []


def test_every_grave_rule_is_shown_by_a_case() -> None:
    grave = {rule for rule, each in RULES.items() if each.severity is Severity.S1}
    named = {rule for case in shipped().cases for rule in case.rules}

    assert grave - named == set()


def test_every_rule_that_the_linter_or_the_engine_can_name_decides_a_case_about_it() -> None:
    report = asyncio.run(run_all(shipped(), lambda _: None))
    decided = {
        rule
        for result in report.results
        for rule in result.case.rules
        if any(rule in line.rule for line in result.results)
    }

    linted = {
        rule
        for rule, each in RULES.items()
        if each.severity is Severity.S1 and Held.LINTED in each.held
    }

    assert linted - decided == set()


def test_there_are_forty_cases_of_our_own() -> None:
    reported = {case.id for case in shipped().cases if REPORTED.match(case.id)}

    assert len(shipped().cases) - len(reported) >= 40


def test_every_reported_case_is_there() -> None:
    reported = {
        match[0] for case in shipped().cases if (match := REPORTED.match(case.id)) is not None
    }

    assert reported == {f"S{number:02d}" for number in REPORTED_NUMBERS}
