"""Small cases to run: what is said of them, expectation by expectation.

Not here: cases that ship (`examples/cases`).
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from earnest.simulator.scenarios.case import Case
from earnest.simulator.scenarios.reading import read_text
from earnest.simulator.scenarios.running import CaseResult, Result, Verdict, run_case

HEAD = """\
id: small
title: A small case
source: nobody
certainty: {certainty}
"""


def case(body: str, certainty: str = "policy") -> Case:
    """A case of this body, which has to be without a fault."""
    read = read_text(HEAD.format(certainty=certainty) + body, "small.yaml", Path())
    assert [str(fault) for fault in read.faults] == []
    (only,) = read.cases
    return only


def run(body: str, certainty: str = "policy") -> CaseResult:
    """What comes of a case of this body."""
    return asyncio.run(run_case(case(body, certainty)))


def said(result: CaseResult, subject: str) -> Result:
    """The one line about a subject."""
    (line,) = [each for each in result.results if each.subject == subject]
    return line


def verdicts(result: CaseResult) -> dict[str, Verdict]:
    """The verdict of every subject."""
    return {each.subject: each.verdict for each in result.results}
