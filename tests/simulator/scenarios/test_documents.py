"""`docs/cases.md` teaches what is there: its example runs, and it names every word.

Not here: whether it reads well, which only a reader can tell.
"""

import asyncio
import re
from pathlib import Path

from earnest.simulator.scenarios.carrying import FACTS
from earnest.simulator.scenarios.case import Certainty
from earnest.simulator.scenarios.expecting_money import EXIT_KEYS, MONEY, STATEMENT_KEYS
from earnest.simulator.scenarios.expecting_terms import YES_OR_NO
from earnest.simulator.scenarios.given import GIVEN_KEYS
from earnest.simulator.scenarios.people import PEOPLE
from earnest.simulator.scenarios.reading import ALL_SUBJECTS, CASE_KEYS, read_text
from earnest.simulator.scenarios.running import run_case
from earnest.simulator.scenarios.steps import STEP_KEYS

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "cases.md").read_text("utf-8")
PARAGRAPHS = " ".join(GUIDE.split())


def test_the_worked_example_comes_out() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)

    read = read_text(example, "docs/cases.md", Path())
    (result,) = [asyncio.run(run_case(case)) for case in read.cases]

    assert read.faults == ()
    assert result.passed


def test_the_guide_names_every_word() -> None:
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

    missing = [word for word in words if not re.search(rf"`{word}[:`]", PARAGRAPHS)]

    assert missing == []
