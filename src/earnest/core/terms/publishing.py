"""Whether a document may be published: read, linted and compiled, or everything that is in the way.

Not here: keeping what is published (`desk/publishing.py`) and putting it on sale (`core/launch`).
"""

from __future__ import annotations

import msgspec

from earnest.core.terms.compile import compile_terms
from earnest.core.terms.fault import Fault
from earnest.core.terms.lint.report import path_of
from earnest.core.terms.lint.run import blocks_publishing, lint
from earnest.core.terms.location import line_of, locate
from earnest.core.terms.packs.rule import Finding
from earnest.core.terms.reading import read_document
from earnest.core.terms.version import TermsVersion


class PlacedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding with the line of its key; a default that nobody wrote stands at its table."""

    line: int
    finding: Finding


class Publishable(msgspec.Struct, frozen=True, kw_only=True):
    """Terms that may be published, with what the linter has to say all the same (S2 and S3)."""

    version: TermsVersion
    findings: tuple[PlacedFinding, ...]


class Unpublishable(msgspec.Struct, frozen=True, kw_only=True):
    """Terms that may not be published: faults of the document, or findings of severity S1."""

    faults: tuple[Fault, ...]
    findings: tuple[PlacedFinding, ...] = ()


def prepare(source: str, name: str) -> Publishable | Unpublishable:
    """What publishing this TOML would lead to. Nothing is published by it.

    A document with faults is not linted, because nobody knows what it says. What the linter
    blocks and what the engine cannot run are said together.
    """
    document = read_document(source, name)
    if isinstance(document, tuple):
        return Unpublishable(faults=document)
    lines = locate(source)
    findings = lint(document)
    placed = tuple(
        PlacedFinding(line=line_of(lines, path_of(each.key, document)), finding=each)
        for each in findings
    )
    compiled = compile_terms(document, source, name)
    if isinstance(compiled, tuple):
        return Unpublishable(faults=compiled, findings=placed)
    if blocks_publishing(findings):
        return Unpublishable(faults=(), findings=placed)
    return Publishable(version=compiled, findings=placed)
