"""A file of macros imports whatever other macros it calls, because none come in with the page.

Not here: what the macros show (`tests/web`).
"""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import meta

from earnest.web.pages.rendering import environment
from tests.tidy.source import report

FOLDER = Path("src/earnest/web/templates")
_IMPORT = re.compile(r'{%-? *import "([^"]+)" as (\w+)')
_PAGES = environment("en")


def imports() -> list[tuple[str, str]]:
    """Every import of every template: which file, by which name."""
    return [found for path in FOLDER.rglob("*.html") for found in _IMPORT.findall(path.read_text())]


def missing_in(text: str, names: frozenset[str]) -> list[str]:
    """The names of macro files that a text uses and does not import."""
    return sorted(names & meta.find_undeclared_variables(_PAGES.parse(text)))


def test_a_file_of_macros_imports_the_macros_that_it_calls() -> None:
    names = frozenset(name for _, name in imports())

    found = [
        f"{file}: {name} is used and not imported"
        for file in sorted({file for file, _ in imports()})
        for name in missing_in((FOLDER / file).read_text(), names)
    ]

    assert not found, report(found)


def test_a_missing_import_is_noticed() -> None:
    names = frozenset({"ui"})
    macro = '{% macro way() %}{{ ui.way("Further", "/") }}{% endmacro %}'

    assert missing_in(macro, names) == ["ui"]
    assert missing_in('{% import "macros/parts.html" as ui with context %}' + macro, names) == []
