"""Applying cures: the document with what the findings would change.

Not here: which value cures what; a finding says so itself. A cure makes terms fair, not wise:
figures that only the maker can know (weeks, prices) deserve a look.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.run import lint
from earnest.core.terms.packs.rule import Cure, Finding

Struct = TypeVar("Struct", bound=msgspec.Struct)

MOST_ROUNDS = 5
"""A cure can uncover another fault (money that is not earnest may not be kept). It ends soon."""


def cured(document: TermsDocument, findings: tuple[Finding, ...]) -> TermsDocument:
    """The document after all cures of these findings.

    Where two findings change one parameter, the graver one, which stands first, decides. A text
    pinned for a clause whose parameters change is dropped: it says what no longer holds.
    """
    decided: dict[str, Cure] = {}
    touched: set[str] = set()
    for finding in findings:
        touched.add(finding.clause_id)
        for cure in finding.cures:
            decided.setdefault(cure.key, cure)
    for cure in decided.values():
        document = _applied(document, cure)
    texts = {clause: each for clause, each in document.texts.items() if clause not in touched}
    return msgspec.structs.replace(document, texts=texts)


def mended(document: TermsDocument) -> TermsDocument:
    """The document cured until the linter finds nothing any more."""
    for _ in range(MOST_ROUNDS):
        findings = lint(document)
        if not findings:
            return document
        document = cured(document, findings)
    assert not lint(document), "cures converge"
    return document


def _applied(document: TermsDocument, cure: Cure) -> TermsDocument:
    section, _, name = cure.key.partition(".")
    if section == "clauses":
        kept = tuple(clause for clause in document.clauses if clause.id != name)
        return msgspec.structs.replace(document, clauses=kept)
    if not name:
        return _replaced(document, section, cure.value)
    changed = _replaced(getattr(document, section), name, cure.value)
    return msgspec.structs.replace(document, **{section: changed})


def _replaced(struct: Struct, name: str, value: object) -> Struct:
    kind = next(field.type for field in msgspec.structs.fields(struct) if field.name == name)
    return msgspec.structs.replace(struct, **{name: msgspec.convert(value, kind, strict=False)})
