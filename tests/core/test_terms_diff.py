"""What changes between two documents: every parameter is weighed, and mirrored when turned round.

Not here: printing it (`tests/cli/test_terms_diff.py`).
"""

from __future__ import annotations

from enum import Enum
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.terms.diff import MEASURES, Verdict, differences, verdict
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.cure import mended
from earnest.core.terms.meanings import MEANINGS
from earnest.core.terms.sections.ordering import Jurisdiction
from earnest.core.terms.weighing.measure import Effect
from earnest.core.terms.weighing.values import VALUES
from tests.core.lint.arbitrary import choices, documents, single_changes
from tests.core.lint.documents import fair, spoilt

CN = Jurisdiction.CN
TURNED_ROUND = {
    Effect.BETTER: Effect.WORSE,
    Effect.WORSE: Effect.BETTER,
    Effect.SAME: Effect.SAME,
    Effect.DEPENDS: Effect.DEPENDS,
}

CASES: list[tuple[dict[str, Any], Effect]] = [
    ({"version": "fair-2"}, Effect.SAME),
    ({"cooling_off.hours": 72}, Effect.WORSE),
    ({"cooling_off.hours": 336}, Effect.BETTER),
    ({"refunds.days": 3}, Effect.BETTER),
    ({"balance_due.when": "on_notice"}, Effect.WORSE),
    ({"balance_due.when": "at_handover"}, Effect.BETTER),
    ({"deposit.kind": "intent"}, Effect.DEPENDS),
    ({"deposit.kind": "fee"}, Effect.WORSE),
    ({"deposit.amount": "4999.99"}, Effect.BETTER),
    ({"deposit.amount": "5000"}, Effect.SAME),
    ({"currency": "EUR", "deposit.amount": "700"}, Effect.DEPENDS),
    ({"promise.kind": "none", "promise.weeks_from": 0, "promise.weeks_to": 0}, Effect.WORSE),
    ({"late_delivery.per_day": "200", "late_delivery.cap": "9000"}, Effect.BETTER),
    ({"storage.basis": "actual_cost", "storage.per_day": "10"}, Effect.WORSE),
    ({"cooling_off.ended_by": ["buyer_lock", "test_drive"]}, Effect.WORSE),
    ({"cooling_off.ended_by": ["test_drive"]}, Effect.DEPENDS),
    ({"inspection.checklist": ["vin_matches", "interior", "charging"]}, Effect.BETTER),
    ({"inspection.checklist": ["interior", "vin_matches"]}, Effect.SAME),
    ({"refunds.channels": ["phone"], "refunds.days": 3}, Effect.DEPENDS),
    ({"lock.if_buyer_does_nothing": "lapses_refunded"}, Effect.DEPENDS),
]


def keys_of(struct: type[msgspec.Struct], prefix: str = "") -> list[str]:
    """Every parameter of a document by its key; own clauses and pinned texts are one each."""
    keys: list[str] = []
    for field in msgspec.structs.fields(struct):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            keys += keys_of(field.type, f"{prefix}{field.name}.")
        else:
            keys.append(f"{prefix}{field.name}")
    return keys


def choices_in(struct: type[msgspec.Struct]) -> set[str]:
    """Every value of every choice in a document."""
    found: set[str] = set()
    for field in msgspec.structs.fields(struct):
        for kind in (field.type, *get_args(field.type)):
            if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
                found |= choices_in(kind)
            elif isinstance(kind, type) and issubclass(kind, Enum):
                found |= {member.value for member in kind}
    return found


def test_every_parameter_is_weighed() -> None:
    assert sorted(MEASURES) == sorted(keys_of(TermsDocument))


def test_every_value_of_a_choice_has_words() -> None:
    assert set(VALUES) == choices_in(TermsDocument)


@pytest.mark.parametrize(("changes", "effect"), CASES)
def test_a_change_is_weighed_for_the_buyer(changes: dict[str, Any], effect: Effect) -> None:
    told = verdict(differences(fair(CN), spoilt(fair(CN), changes)))

    assert told.effect is effect


def test_a_verdict_counts_what_points_which_way() -> None:
    changes = {
        "version": "fair-2",
        "refunds.days": 3,
        "cooling_off.hours": 336,
        "deposit.amount": "6000",
        "transfer.to": "nobody",
        "deposit.label": "定金 (earnest money)",
    }

    told = verdict(differences(fair(CN), spoilt(fair(CN), changes)))

    assert told == Verdict(
        effect=Effect.DEPENDS,
        better=2,
        worse=2,
        depends=1,
        says={
            "en": "Who is better off depends on what matters to the buyer.",
            "zh-Hans": "何者更有利，取决于买方看重什么。",
        },
    )
    assert verdict(()).says["en"] == "Nothing changes for the buyer."


def test_turned_round_every_effect_is_mirrored() -> None:
    for change in single_changes():
        one, other = fair(CN), spoilt(fair(CN), change)

        there = {each.key: each.effect for each in differences(one, other)}
        back = {each.key: each.effect for each in differences(other, one)}

        assert back == {key: TURNED_ROUND[effect] for key, effect in there.items()}
        assert set(there) <= set(change)


def test_each_choice_has_been_tried_against_each_other() -> None:
    for key, values in choices().items():
        for first in values:
            for second in values:
                one, other = spoilt(fair(CN), {key: first}), spoilt(fair(CN), {key: second})
                assert (differences(one, other) == ()) == (one == other)


@given(document=documents())
def test_a_document_does_not_differ_from_itself(document: TermsDocument) -> None:
    assert differences(document, document) == ()
    assert verdict(()).effect is Effect.SAME


@given(document=documents())
def test_curing_makes_nothing_worse_for_the_buyer(document: TermsDocument) -> None:
    worse = [
        (each.key, each.before["en"], each.after["en"])
        for each in differences(document, mended(document))
        if each.effect is Effect.WORSE
    ]

    assert worse == []


def test_a_difference_is_told_in_words() -> None:
    changes = {"deposit.amount": "800.00", "changes.seller_alone": ["price"], "lock.undo_hours": 1}

    told = differences(fair(CN), spoilt(fair(CN), changes))

    assert [(each.before, each.after) for each in told] == [
        (
            {"en": "5000.00 CNY", "zh-Hans": "5000.00 CNY"},
            {"en": "800.00 CNY", "zh-Hans": "800.00 CNY"},
        ),
        ({"en": "24", "zh-Hans": "24"}, {"en": "1", "zh-Hans": "1"}),
        ({"en": "none", "zh-Hans": "无"}, {"en": "the price", "zh-Hans": "价格"}),
    ]
    assert told[2].effect is Effect.WORSE
    assert told[2].reason == {
        "en": "What the seller can change alone is not agreed.",
        "zh-Hans": MEASURES["changes.seller_alone"].zh,
    }
    assert told[0].meaning == {
        "en": "What is paid first.",
        "zh-Hans": MEANINGS["deposit.amount"][1],
    }


def test_own_clauses_are_named_and_have_to_be_read() -> None:
    clauses = [{"id": "last_word", "zh_hans": "谢谢。", "en": "Thank you."}]

    (told,) = differences(fair(CN), spoilt(fair(CN), {"clauses": clauses}))

    assert told.after == {"en": "last_word", "zh-Hans": "last_word"}
    assert told.effect is Effect.DEPENDS


def test_pinned_texts_change_nothing() -> None:
    texts = {"queue": {"en": "By reservation."}}

    (told,) = differences(fair(CN), spoilt(fair(CN), {"texts": texts}))

    assert (told.after["en"], told.effect) == ("queue", Effect.SAME)


@given(first=st.sampled_from(list(Jurisdiction)), second=st.sampled_from(list(Jurisdiction)))
def test_sums_in_two_currencies_are_not_compared(first: Jurisdiction, second: Jurisdiction) -> None:
    one, other = fair(first), fair(second)

    effects = {each.key: each.effect for each in differences(one, other)}

    if one.currency != other.currency and "deposit.amount" in effects:
        assert effects["deposit.amount"] is Effect.DEPENDS


def test_why_two_currencies_are_not_compared_is_said_in_both_languages() -> None:
    told = differences(fair(CN), spoilt(fair(CN), {"currency": "EUR", "deposit.amount": "700"}))

    reasons = {each.key: each.reason for each in told}
    assert reasons["deposit.amount"] == reasons["currency"]
    assert set(reasons["currency"]) == {"en", "zh-Hans"}
