"""What changes for the buyer between two terms documents, parameter by parameter.

Not here: what each parameter is worth (`weighing/`), and printing (`earnest.cli`).
"""

from __future__ import annotations

from operator import attrgetter

import msgspec

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.meanings import MEANINGS
from earnest.core.terms.weighing.delivering import DELIVERING
from earnest.core.terms.weighing.leaving import LEAVING
from earnest.core.terms.weighing.measure import Effect, Measure
from earnest.core.terms.weighing.ordering import ORDERING
from earnest.core.terms.weighing.values import in_words

LANGUAGES = ("en", "zh-Hans")

MEASURES: dict[str, Measure] = ORDERING | DELIVERING | LEAVING
"""Every parameter of a document; a test compares the keys with the document's fields."""

_SUMS = frozenset(
    {
        "deposit.amount",
        "late_delivery.per_day",
        "late_delivery.cap",
        "price.lowest",
        "storage.per_day",
        "storage.cap",
        "tax.cap",
    }
)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter that differs: what it means, both values in words, and who is better off.

    Texts are in every language of the project.
    """

    key: str
    meaning: dict[str, str]
    before: dict[str, str]
    after: dict[str, str]
    effect: Effect
    reason: dict[str, str]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the second document is for the buyer as a whole, and how many changes are what."""

    effect: Effect
    better: int
    worse: int
    depends: int
    says: dict[str, str]


def differences(before: TermsDocument, after: TermsDocument) -> tuple[Difference, ...]:
    """Every parameter that differs, in the order of the document."""
    return tuple(
        _difference(key, measure, before, after)
        for key, measure in MEASURES.items()
        if attrgetter(key)(before) != attrgetter(key)(after)
    )


def _difference(
    key: str, measure: Measure, before: TermsDocument, after: TermsDocument
) -> Difference:
    reason = {"en": measure.en, "zh-Hans": measure.zh}
    if key in _SUMS and before.currency != after.currency:
        effect, reason = Effect.DEPENDS, {"en": _OTHER_MONEY.en, "zh-Hans": _OTHER_MONEY.zh}
    else:
        worth = measure.worth or attrgetter(key)
        effect = measure.judge(worth(before), worth(after))
    return Difference(
        key=key,
        meaning=_meaning(key),
        before=_said(key, before),
        after=_said(key, after),
        effect=effect,
        reason=reason,
    )


_OTHER_MONEY = MEASURES["currency"]
_OWN_CLAUSES = {"en": "Clauses of the maker's own.", "zh-Hans": "自拟条款。"}


def _meaning(key: str) -> dict[str, str]:
    if key == "clauses":
        return _OWN_CLAUSES
    english, chinese = MEANINGS[key]
    return {"en": english, "zh-Hans": chinese}


def _said(key: str, document: TermsDocument) -> dict[str, str]:
    value = attrgetter(key)(document)
    if key == "clauses":
        value = tuple(clause.id for clause in value)
    if key == "texts":
        value = tuple(value)
    if key in _SUMS:
        value = f"{value} {document.currency}"
    return {language: in_words(value, language) for language in LANGUAGES}


_VERDICTS = {
    Effect.SAME: {
        "en": "Nothing changes for the buyer.",
        "zh-Hans": "对买方没有变化。",
    },
    Effect.BETTER: {
        "en": "The second is better for the buyer in everything that changes.",
        "zh-Hans": "凡有变化之处，第二份均对买方更有利。",
    },
    Effect.WORSE: {
        "en": "The second is worse for the buyer in everything that changes.",
        "zh-Hans": "凡有变化之处，第二份均对买方更不利。",
    },
    Effect.DEPENDS: {
        "en": "Who is better off depends on what matters to the buyer.",
        "zh-Hans": "何者更有利，取决于买方看重什么。",
    },
}


def verdict(changes: tuple[Difference, ...]) -> Verdict:
    """The whole: better or worse only if nothing points the other way."""
    effects = [change.effect for change in changes]
    counts = {effect: effects.count(effect) for effect in Effect}
    decided = set(effects) - {Effect.SAME}
    effect = Effect.SAME
    if decided:
        effect = decided.pop() if len(decided) == 1 else Effect.DEPENDS
    return Verdict(
        effect=effect,
        better=counts[Effect.BETTER],
        worse=counts[Effect.WORSE],
        depends=counts[Effect.DEPENDS],
        says=_VERDICTS[effect],
    )
