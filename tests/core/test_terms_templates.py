"""The clean templates that ship as examples: each reads, compiles and says everything twice.

Not here: unfair documents and what the linter finds in them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from earnest.core.terms.compile import read_and_compile
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.run import lint
from earnest.core.terms.manual import keys_as_markdown
from earnest.core.terms.publishing import Publishable, prepare
from earnest.core.terms.reading import read_document
from earnest.core.terms.sections.ordering import Jurisdiction
from earnest.core.terms.version import FORFEITURE_CLAUSE, LOCK_CLAUSE, TermsVersion

FOLDER = Path(__file__).parents[2] / "examples" / "terms"
TEMPLATES = ("cn", "eu", "de", "fr", "uk", "us-ftc", "us-ca", "us-ny", "kr")


def compiled(name: str) -> TermsVersion:
    source = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    version = read_and_compile(source, f"{name}.toml")
    assert isinstance(version, TermsVersion), version
    return version


def test_every_jurisdiction_has_its_template() -> None:
    assert {compiled(name).policy.jurisdiction for name in TEMPLATES} == set(Jurisdiction)


def test_the_example_of_the_manual_is_a_whole_contract() -> None:
    manual = (FOLDER.parents[1] / "docs" / "terms.md").read_text(encoding="utf-8")
    source = manual.partition("```toml\n")[2].partition("```")[0]

    assert isinstance(prepare(source, "terms.md"), Publishable)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles_and_says_everything_in_both_languages(name: str) -> None:
    version = compiled(name)

    assert version.version == f"{name}-template-1"
    for clause in version.clauses:
        assert set(clause.texts) == {"en", "zh-Hans"}
        assert all(text.strip() for text in clause.texts.values())
    material = {clause.clause_id for clause in version.clauses if clause.material}
    assert {FORFEITURE_CLAUSE, LOCK_CLAUSE, "deposit", "deferral", "forum"} <= material


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_lints_clean(name: str) -> None:
    document = read_document(compiled(name).source, name)

    assert isinstance(document, TermsDocument)
    assert lint(document) == ()


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_version_carries_the_document_that_it_was_made_from(name: str) -> None:
    version = compiled(name)

    assert isinstance(read_document(version.source, name), TermsDocument)
    assert read_and_compile(version.source, name) == version


def test_the_page_of_all_keys_is_what_the_sections_say() -> None:
    page = FOLDER.parents[1] / "docs" / "terms-keys.md"

    assert keys_as_markdown() == page.read_text(encoding="utf-8"), "run `make docs`"
