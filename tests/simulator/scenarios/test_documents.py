"""The guides teach what is there: their example runs, and they name every word.

Not here: whether it reads well, which only a reader can tell.
"""

import asyncio
import re
from pathlib import Path

import pytest

from earnest.simulator.scenarios.carrying import FACTS
from earnest.simulator.scenarios.case import Certainty
from earnest.simulator.scenarios.expecting_money import EXIT_KEYS, MONEY, STATEMENT_KEYS
from earnest.simulator.scenarios.expecting_terms import YES_OR_NO
from earnest.simulator.scenarios.given import GIVEN_KEYS
from earnest.simulator.scenarios.people import PEOPLE
from earnest.simulator.scenarios.reading import ALL_SUBJECTS, CASE_KEYS, read_text
from earnest.simulator.scenarios.running import run_case
from earnest.simulator.scenarios.steps import STEP_KEYS

DOCS = Path(__file__).resolve().parents[3] / "docs"
GUIDES = ("cases.md", "cases.zh-Hans.md")


@pytest.mark.parametrize("guide", GUIDES)
def test_the_worked_example_comes_out(guide: str) -> None:
    text = (DOCS / guide).read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)

    read = read_text(example, guide, DOCS)
    (result,) = [asyncio.run(run_case(case)) for case in read.cases]

    assert read.faults == ()
    assert result.passed


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_names_every_word(guide: str) -> None:
    text = " ".join((DOCS / guide).read_text("utf-8").split())
    words = {
        *CASE_KEYS,
        *GIVEN_KEYS,
        *(key for key in STEP_KEYS if key not in {"at", "by", "order"}),
        *ALL_SUBJECTS,
        *STATEMENT_KEYS,
        *EXIT_KEYS,
        *MONEY,
        *YES_OR_NO,
        *FACTS,
        *PEOPLE,
        *Certainty,
    }

    missing = [word for word in words if not re.search(rf"`{word}[:`]", text)]

    assert missing == []
