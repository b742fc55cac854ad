"""What the linter says about a file, for machines: findings with their lines and provisions.

Not here: finding anything (`run.py`), and how it looks on a terminal or in SARIF (`earnest.cli`).
"""

from __future__ import annotations

import msgspec

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.fault import Fault
from earnest.core.terms.lint.run import blocks_publishing, lint
from earnest.core.terms.location import Path, line_of, locate
from earnest.core.terms.packs.registry import RULES
from earnest.core.terms.packs.rule import Cure, Finding, Severity
from earnest.core.terms.reading import read_document


class CitedRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule behind a finding, with its provision."""

    rule_id: str
    provision: str


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """A finding with the line at which its parameter stands, counted from 1.

    A parameter that the file leaves out stands where its table begins.
    """

    line: int
    key: str
    clause_id: str
    severity: Severity
    pattern: int | None
    rules: tuple[CitedRule, ...]
    why: dict[str, str]
    cures: tuple[Cure, ...]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is wrong with one file: faults if it cannot be read, else findings."""

    file: str
    version: str | None
    jurisdiction: str | None
    blocks_publishing: bool
    findings: tuple[Reported, ...]
    faults: tuple[Fault, ...]


def report(text: str, name: str) -> Report:
    """Lint a document's text. A document with faults has no findings: it says nothing yet."""
    document = read_document(text, name)
    if isinstance(document, tuple):
        return Report(
            file=name,
            version=None,
            jurisdiction=None,
            blocks_publishing=True,
            findings=(),
            faults=document,
        )
    findings = lint(document)
    lines = locate(text)
    return Report(
        file=name,
        version=document.version,
        jurisdiction=document.jurisdiction,
        blocks_publishing=blocks_publishing(findings),
        findings=tuple(_reported(finding, document, lines) for finding in findings),
        faults=(),
    )


def _reported(finding: Finding, document: TermsDocument, lines: dict[Path, int]) -> Reported:
    return Reported(
        line=line_of(lines, path_of(finding.key, document)),
        key=finding.key,
        clause_id=finding.clause_id,
        severity=finding.severity,
        pattern=finding.pattern,
        rules=tuple(
            CitedRule(rule_id=rule_id, provision=RULES[rule_id].provision)
            for rule_id in finding.rule_ids
        ),
        why=finding.why,
        cures=finding.cures,
    )


def path_of(key: str, document: TermsDocument) -> Path:
    """Where a finding's key stands in the file: an own clause is found by its id."""
    section, _, name = key.partition(".")
    if section == "clauses":
        place = next(n for n, clause in enumerate(document.clauses) if clause.id == name)
        return ("clauses", place)
    return (section, name) if name else (section,)
