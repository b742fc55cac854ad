"""The report: every expectation on a line of its own, for people and for machines.

Not here: running anything.
"""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from earnest.simulator.scenarios.files import Report
from earnest.simulator.scenarios.moments import instant_text
from earnest.simulator.scenarios.running import CaseResult, Verdict

STYLES = {Verdict.PASSED: "green", Verdict.FAILED: "red", Verdict.OPEN: "yellow"}
MARKS = {Verdict.PASSED: "✓", Verdict.FAILED: "✗", Verdict.OPEN: "?"}


_WHOLE = frozenset({"", "line", "date", "what"})
"""Columns that are never broken into lines."""


def heading(result: CaseResult) -> Text:
    """The title of a case with its source, and how it came out."""
    verdict = Verdict.PASSED if result.passed else Verdict.FAILED
    if result.passed and result.count(Verdict.OPEN):
        verdict = Verdict.OPEN
    case = result.case
    return Text.assemble(
        (f"{MARKS[verdict]} ", STYLES[verdict]),
        (case.id, "bold"),
        f"  {case.title}",
        (f"  [{case.certainty}: {case.source}]", "dim"),
    )


def lines(result: CaseResult, *, everything: bool) -> Table:
    """The lines of a case; without `everything` only those that did not pass."""
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    for name in ("", "line", "date", "what", "expected", "got", "decided by"):
        table.add_column(name, overflow="fold", no_wrap=name in _WHOLE)
    zone = result.case.given.tongue.time_zone
    for each in result.results:
        if not everything and each.verdict is Verdict.PASSED:
            continue
        table.add_row(
            Text(MARKS[each.verdict], STYLES[each.verdict]),
            str(each.line),
            "" if each.at is None else instant_text(each.at, zone),
            Text(each.subject),
            Text(each.expected),
            Text(each.got, STYLES[each.verdict]),
            Text(each.rule, "dim"),
        )
    return table


def summary(report: Report) -> str:
    """How all of it came out, in a sentence."""
    cases = len(report.results)
    failed = sum(not each.passed for each in report.results)
    counts = {verdict: report.count(verdict) for verdict in Verdict}
    told = (
        f"{cases} {'case' if cases == 1 else 'cases'}, {cases - failed} as expected, "
        f"{failed} not; expectations: {counts[Verdict.PASSED]} passed, "
        f"{counts[Verdict.FAILED]} failed, {counts[Verdict.OPEN]} open."
    )
    if report.faults:
        number = len(report.faults)
        told += f" {number} {'fault' if number == 1 else 'faults'} to mend."
    return told


def for_machines(report: Report) -> dict[str, Any]:
    """The whole report as plain values, with stable names."""
    return {
        "cases": [_case(each) for each in report.results],
        "faults": [
            {
                "file": each.file,
                "line": each.line,
                "key": each.key,
                "code": each.code.value,
                "message": each.message,
            }
            for each in report.faults
        ],
        "summary": {
            "cases": len(report.results),
            **{verdict.value: report.count(verdict) for verdict in Verdict},
            "faults": len(report.faults),
        },
    }


def _case(result: CaseResult) -> dict[str, Any]:
    case = result.case
    return {
        "id": case.id,
        "title": case.title,
        "source": case.source,
        "certainty": case.certainty.value,
        "rules": list(case.rules),
        "file": case.file,
        "line": case.line,
        "passed": result.passed,
        "lines": [
            {
                "line": each.line,
                "at": None if each.at is None else each.at.isoformat(),
                "subject": each.subject,
                "expected": each.expected,
                "got": each.got,
                "rule": each.rule,
                "verdict": each.verdict.value,
            }
            for each in result.results
        ],
    }
