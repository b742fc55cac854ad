"""Curing makes any well-formed document clean, and never makes anything worse.

Not here: what is found (`test_faults.py`).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.terms.clauses.contract import clauses_of
from earnest.core.terms.contradictions import contradictions
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.cure import MOST_ROUNDS, cured, mended
from earnest.core.terms.lint.run import blocks_publishing, lint
from earnest.core.terms.packs.rule import Finding, Severity
from earnest.core.terms.runnable import cannot_run
from earnest.core.terms.sections.ordering import Jurisdiction
from tests.core.lint.arbitrary import documents, single_changes, without_contradictions
from tests.core.lint.documents import fair, spoilt


def rounds(document: TermsDocument) -> list[tuple[Finding, ...]]:
    """What is found before curing and after each round, until nothing changes."""
    found = [lint(document)]
    while found[-1] and len(found) <= MOST_ROUNDS:
        document = cured(document, found[-1])
        found.append(lint(document))
    return found


def worst(findings: tuple[Finding, ...]) -> str:
    """The gravest severity, or what comes after all of them."""
    return min((finding.severity.value for finding in findings), default="none")


MADE_BY_NO_CURE = frozenset(
    {
        ("balance_due", "instalments"),
        ("buyers_default", "flat_damages_basis_points"),
        ("buyers_default", "grounds"),
        ("buyers_default", "keeps"),
        ("cooling_off", "ended_by"),
        ("deposit", "amount"),
        ("late_delivery", "cap"),
        ("lock", "if_buyer_does_nothing"),
        ("refunds", "days"),
        ("sellers_default", "returns"),
    }
)
"""What the engine cannot run although it is fair: it is the maker's to decide, not a cure's."""


def holds(document: TermsDocument) -> None:
    """Curing ends in a clean document, and no round finds anything graver than the one before."""
    found = rounds(document)
    clean = mended(document)

    assert found[-1] == ()
    assert all(worst(before) <= worst(after) for before, after in pairwise(found))
    assert lint(clean) == ()
    assert not list(contradictions(clean, frozenset()))
    assert {fault.path for fault in cannot_run(clean)} <= MADE_BY_NO_CURE


@given(document=documents())
def test_arbitrary_documents_contradict_themselves_nowhere(document: TermsDocument) -> None:
    assert not list(contradictions(document, frozenset()))


@given(document=documents())
def test_any_document_is_cured(document: TermsDocument) -> None:
    holds(document)


def test_a_parameter_that_stands_in_no_table_is_cured_as_well() -> None:
    document = spoilt(fair(Jurisdiction.CN), {"handover_documents": ("keys",)})

    assert set(mended(document).handover_documents) == {
        "keys",
        *fair(Jurisdiction.CN).handover_documents,
    }


@given(document=documents())
def test_the_linter_says_the_same_twice_and_sorts_what_it_says(document: TermsDocument) -> None:
    found = lint(document)

    assert found == lint(msgspec.convert(msgspec.to_builtins(document), TermsDocument))
    assert [f.severity for f in found] == sorted(f.severity for f in found)


@given(law=st.sampled_from(Jurisdiction), first=st.data())
def test_any_two_parameters_together_are_cured(law: Jurisdiction, first: st.DataObject) -> None:
    changes = single_changes()
    one = first.draw(st.sampled_from(changes))
    other = first.draw(st.sampled_from(changes))

    holds(without_contradictions(spoilt(fair(law), one | other)))


@pytest.mark.parametrize("law", Jurisdiction)
def test_every_value_of_every_choice_is_cured(law: Jurisdiction) -> None:
    for change in single_changes():
        holds(without_contradictions(spoilt(fair(law), change)))


@pytest.mark.parametrize("law", Jurisdiction)
def test_a_clean_document_stays_as_it_is(law: Jurisdiction) -> None:
    document = fair(law)

    assert mended(document) == document
    assert cured(document, ()) == document


def test_only_the_gravest_findings_block_publishing() -> None:
    slow = lint(spoilt(fair(Jurisdiction.CN), {"refunds.days": 8}))
    late = lint(spoilt(fair(Jurisdiction.CN), {"refunds.days": 16}))

    assert [finding.severity for finding in slow] == [Severity.S3]
    assert not blocks_publishing(slow)
    assert blocks_publishing(late)


def test_the_graver_finding_decides_about_a_parameter() -> None:
    changes: dict[str, Any] = {"deposit.label": "服务费", "deposit.kind": "intent"}

    document = mended(spoilt(fair(Jurisdiction.CN), changes))

    assert document.deposit.label == "意向金 (intent, refundable)"
    assert document.buyers_default.keeps == "nothing"


def test_a_pinned_text_goes_with_the_parameters_it_described() -> None:
    unfair = spoilt(fair(Jurisdiction.CN), {"balance_due.when": "on_notice"})
    rendered = {clause.clause_id: clause.texts for clause in clauses_of(unfair)}
    pinned = {clause_id: rendered[clause_id] for clause_id in ("balance_due", "queue")}

    assert set(mended(spoilt(unfair, {"texts": pinned})).texts) == {"queue"}


def test_a_clause_of_ones_own_that_is_unfair_is_struck() -> None:
    clauses = [
        {"id": "last_word", "zh_hans": "最终解释权归卖方。", "en": "The seller decides."},
        {"id": "thanks", "zh_hans": "谢谢。", "en": "Thank you."},
    ]

    document = mended(spoilt(fair(Jurisdiction.CN), {"clauses": clauses}))

    assert [clause.id for clause in document.clauses] == ["thanks"]


def test_a_pinned_text_goes_with_the_clause_that_was_struck() -> None:
    clauses = [{"id": "last_word", "zh_hans": "最终解释权归卖方。", "en": "The seller decides."}]
    texts = {"last_word": {"en": "The seller decides."}}

    document = mended(spoilt(fair(Jurisdiction.CN), {"clauses": clauses, "texts": texts}))

    assert (document.clauses, document.texts) == ((), {})
