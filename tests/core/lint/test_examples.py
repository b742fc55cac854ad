"""The shipped examples: unfair ones with exactly the findings they get, and what curing makes.

The findings stand in `examples.txt`. Not here: the clean templates (`test_terms_templates.py`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.cure import mended
from earnest.core.terms.lint.report import report
from earnest.core.terms.lint.run import lint
from earnest.core.terms.reading import read_document
from earnest.core.terms.runnable import cannot_run
from tests.core.lint.test_faults import as_written
from tests.tidy.source import ROOT

TABLE = Path(__file__).with_name("examples.txt").read_text(encoding="utf-8")
EXPECTED = {
    part.splitlines()[0]: [line.strip() for line in part.splitlines()[1:] if line.strip()]
    for part in TABLE.split("example: ")[1:]
}


def read(name: str) -> TermsDocument:
    """A shipped example."""
    document = read_document((ROOT / "examples/terms" / name).read_text(encoding="utf-8"), name)
    assert isinstance(document, TermsDocument), document
    return document


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_gets_exactly_its_findings(name: str) -> None:
    assert [as_written(finding) for finding in lint(read(name))] == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_cured_example_is_clean_and_runs(name: str) -> None:
    document = mended(read(name))

    assert lint(document) == ()
    assert list(cannot_run(document)) == []


def test_every_shipped_document_is_a_template_or_in_the_table() -> None:
    shipped = {path.name for path in (ROOT / "examples/terms").glob("*.toml")}
    templates = {path.name for path in (ROOT / "examples/terms").glob("??*.toml")} - set(EXPECTED)

    assert set(EXPECTED) <= shipped
    assert [name for name in sorted(templates) if lint(read(name))] == []


def test_a_finding_is_reported_at_its_line_with_its_provisions() -> None:
    text = (ROOT / "examples/terms/struck-clause.toml").read_text(encoding="utf-8")

    told = report(text, "struck-clause.toml")

    lines = text.splitlines()
    assert [lines[each.line - 1].partition(" = ")[0] for each in told.findings] == [
        "notice",
        "when",
        "cure_days",
        "demand",
    ]
    assert [rule.provision for rule in told.findings[1].rules] == [
        "Civil Code 497; Consumer Protection Law 26",
        "Civil Code 510, 511, 601, 602, 628",
        "Civil Code 525 to 528",
    ]
    assert told.blocks_publishing


def test_what_is_left_out_is_reported_where_its_table_begins() -> None:
    text = (ROOT / "examples/terms/fair-rewrite.toml").read_text(encoding="utf-8")
    text = text.replace("handover_documents", "# handover_documents").replace(
        "weeks_to = 28",
        'weeks_to = 28\n\n[[clauses]]\nid = "last_word"\nzh_hans = "最终解释权"\nen = "-"',
    )

    told = report(text, "rewritten.toml")

    assert [(each.key, each.line) for each in told.findings] == [
        ("clauses.last_word", text.splitlines().index("[[clauses]]") + 1),
        ("handover_documents", 1),
    ]


def test_a_document_with_faults_has_no_findings_and_blocks() -> None:
    told = report("version = 1\n", "broken.toml")

    assert (told.file, told.version, told.jurisdiction) == ("broken.toml", None, None)
    assert told.findings == ()
    assert {(fault.file, fault.line) for fault in told.faults} == {("broken.toml", 1)}
    assert told.blocks_publishing


def test_a_report_says_everything_that_a_finding_says() -> None:
    text = (ROOT / "examples/terms/struck-clause.toml").read_text(encoding="utf-8")
    found = lint(read("struck-clause.toml"))

    told = report(text, "struck-clause.toml")

    assert (told.file, told.version, told.jurisdiction) == (
        "struck-clause.toml",
        read("struck-clause.toml").version,
        "CN",
    )
    assert told.faults == ()
    assert [
        (each.key, each.clause_id, each.severity, each.pattern, each.why, each.cures)
        for each in told.findings
    ] == [
        (each.key, each.clause_id, each.severity, each.pattern, each.why, each.cures)
        for each in found
    ]
    assert [tuple(rule.rule_id for rule in each.rules) for each in told.findings] == [
        each.rule_ids for each in found
    ]


def test_a_finding_about_one_of_many_own_clauses_stands_at_that_clause() -> None:
    text = (ROOT / "examples/terms/fair-rewrite.toml").read_text(encoding="utf-8")
    own = '[[clauses]]\nid = "{}"\nzh_hans = "{}"\nen = "-"\n'
    text += own.format("thanks", "谢谢。") + own.format("last_word", "最终解释权")

    (told,) = report(text, "rewritten.toml").findings

    assert told.line == text[: text.index('id = "last_word"')].count("\n")
