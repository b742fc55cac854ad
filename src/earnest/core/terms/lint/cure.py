"""Applying cures: the document with what the findings would change.

Not here: which value cures what; a finding says so itself. A cure makes terms fair, not wise:
figures that only the maker can know (weeks, prices) deserve a look.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from earnest.core.terms.clauses.contract import clauses_of
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.run import lint
from earnest.core.terms.packs.rule import Cure, Finding

Struct = TypeVar("Struct", bound=msgspec.Struct)

MOST_ROUNDS = 5
"""A cure can uncover another fault (money that is not earnest may not be kept). It ends soon."""


def cured(document: TermsDocument, findings: tuple[Finding, ...]) -> TermsDocument:
    """The document after all cures of these findings.

    Where two findings change one parameter, the graver one, which stands first, decides. A pinned
    text that no longer says what the parameters say is dropped, as a reader would refuse it.
    """
    decided: dict[str, Cure] = {}
    for finding in findings:
        for cure in finding.cures:
            decided.setdefault(cure.key, cure)
    for cure in decided.values():
        document = _applied(document, cure)
    return _without_stale_texts(document)


def mended(document: TermsDocument) -> TermsDocument:
    """The document cured until the linter finds nothing any more."""
    for _ in range(MOST_ROUNDS):
        document = cured(document, lint(document))
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


def _without_stale_texts(document: TermsDocument) -> TermsDocument:
    if not document.texts:
        return document
    rendered = {clause.clause_id: clause.texts for clause in clauses_of(document)}
    texts = {
        clause_id: pinned
        for clause_id, pinned in document.texts.items()
        if pinned.items() <= rendered.get(clause_id, {}).items()
    }
    return msgspec.structs.replace(document, texts=texts)
