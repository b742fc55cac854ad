"""How a check says what it found: under which rules of the document's law, and how grave.

Not here: any check, and the rules themselves (`packs/`).
"""

from __future__ import annotations

from typing import NamedTuple

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.packs.registry import rules_of
from earnest.core.terms.packs.rule import Cure, Finding, Severity

Found = tuple[Finding, ...]
"""What a check returns: nothing, one finding, or several."""


class Weight(NamedTuple):
    """How grave a finding is at most, and what it weighs where no pack has one of its rules.

    `otherwise` None means that it is no fault there.
    """

    at_most: Severity = Severity.S1
    otherwise: Severity | None = Severity.S2


BY_ITS_RULES = Weight()
"""As grave as its gravest rule; without a rule S2, because Earnest does not run such a term."""

AT_MOST_S2 = Weight(at_most=Severity.S2)
IF_A_RULE_SAYS_SO = Weight(otherwise=None)
GOOD_PRACTICE = Weight(Severity.S3, Severity.S3)


def words(*, zh: str, en: str) -> dict[str, str]:
    """A sentence in every language of the project."""
    return {"zh-Hans": zh, "en": en}


def found(
    document: TermsDocument,
    rules: tuple[str, ...],
    *,
    clause: str,
    cures: tuple[Cure, ...],
    why: dict[str, str],
    pattern: int | None = None,
    weight: Weight = BY_ITS_RULES,
) -> Found:
    """The finding under those of the rules that the document's packs contain.

    The first cure names the parameter that is at fault.
    """
    law = rules_of(document.jurisdiction)
    cited = tuple(law[rule_id] for rule_id in rules if rule_id in law)
    gravest = min((rule.severity for rule in cited), default=weight.otherwise)
    if gravest is None:
        return ()
    return (
        Finding(
            key=cures[0].key,
            clause_id=clause,
            rule_ids=tuple(rule.rule_id for rule in cited),
            severity=max(gravest, weight.at_most),
            why=why,
            cures=cures,
            pattern=pattern,
        ),
    )


def knows(document: TermsDocument, rule_id: str) -> bool:
    """Whether the document's law contains this rule."""
    return rule_id in rules_of(document.jurisdiction)
