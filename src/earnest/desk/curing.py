"""A document's file with its cures written in, comments and order kept.

Not here: which cures; the linter decides that (`core/terms/lint/cure.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from typing import Any

import msgspec
import tomlkit

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.cure import mended
from earnest.core.terms.reading import read_document


def cured_text(text: str, document: TermsDocument, name: str) -> str:
    """The text of the mended document: only what changes is touched."""
    clean = mended(document)
    file = tomlkit.parse(text)
    _strike_clauses(file, document, clean)
    for clause_id in document.texts.keys() - clean.texts.keys():
        del file["texts"][clause_id]
    for section, name_in_section, value in changes(document, clean):
        if name_in_section is None:
            file[section] = value
        else:
            if section not in file:
                file.add(section, tomlkit.table())
            file[section][name_in_section] = value
    cured = tomlkit.dumps(file)
    assert read_document(cured, name) == clean, "what is written reads as what was meant"
    return cured


def changes(document: TermsDocument, clean: TermsDocument) -> Iterator[tuple[str, str | None, Any]]:
    """Every parameter that differs: section, name in it (None for a key of no table), new value."""
    before, after = msgspec.to_builtins(document), msgspec.to_builtins(clean)
    for section, value in after.items():
        if section in {"clauses", "texts"} or value == before[section]:
            continue
        if not isinstance(value, dict):
            yield section, None, value
            continue
        for name, each in value.items():
            if each != before[section][name]:
                yield section, name, each


def _strike_clauses(
    file: tomlkit.TOMLDocument, document: TermsDocument, clean: TermsDocument
) -> None:
    kept = {clause.id for clause in clean.clauses}
    for place in reversed(range(len(document.clauses))):
        if document.clauses[place].id not in kept:
            del file["clauses"][place]


def difference(before: str, after: str, name: str) -> str:
    """What curing changes, as a unified diff."""
    lines = unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        fromfile=name,
        tofile=f"{name} (cured)",
    )
    return "".join(lines)
