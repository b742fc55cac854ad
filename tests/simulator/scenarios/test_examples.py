"""The cases that ship with Earnest come out as they say, and no code knows them.

Not here: how a case is read and reported (the other files of this folder).
"""

import asyncio
from functools import cache
from pathlib import Path

import pytest

from earnest.simulator.scenarios.case import Case
from earnest.simulator.scenarios.files import case_files, read_all
from earnest.simulator.scenarios.reading import Read
from earnest.simulator.scenarios.running import Verdict, run_case

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples" / "cases"


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
