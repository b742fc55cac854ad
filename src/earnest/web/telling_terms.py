"""What is wrong with a terms document, as problem documents and publications show it.

Not here: finding it (`core/terms`).
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from earnest.core.terms.fault import Fault
from earnest.core.terms.packs.rule import Cure
from earnest.core.terms.publishing import PlacedFinding


class FaultShown(msgspec.Struct, frozen=True, kw_only=True):
    """Why a document cannot be read or cannot run: where, and what would be right."""

    file: str
    line: int
    key: str
    code: str
    why: str
    rule_ids: tuple[str, ...]


class FindingShown(msgspec.Struct, frozen=True, kw_only=True):
    """What is unfair about a document: where, against which provisions, why, and the cure."""

    line: int
    key: str
    clause_id: str
    severity: str
    rule_ids: tuple[str, ...]
    pattern: int | None
    why: str
    cures: tuple[Cure, ...]


def faults_shown(faults: Iterable[Fault], language: str) -> tuple[FaultShown, ...]:
    """Faults in the reader's language."""
    return tuple(
        FaultShown(
            file=each.file,
            line=each.line,
            key=each.key,
            code=each.code.value,
            why=each.why[language],
            rule_ids=each.rule_ids,
        )
        for each in faults
    )


def findings_shown(placed: Iterable[PlacedFinding], language: str) -> tuple[FindingShown, ...]:
    """Findings in the reader's language."""
    return tuple(
        FindingShown(
            line=each.line,
            key=each.finding.key,
            clause_id=each.finding.clause_id,
            severity=each.finding.severity.value,
            rule_ids=each.finding.rule_ids,
            pattern=each.finding.pattern,
            why=each.finding.why[language],
            cures=each.finding.cures,
        )
        for each in placed
    )
