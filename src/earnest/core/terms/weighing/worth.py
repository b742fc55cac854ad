"""What a value is worth where another parameter gives it its meaning.

Not here: which of two is better (`measure.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from operator import attrgetter

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.sections.delivering import PromiseKind
from earnest.core.terms.sections.leaving import Kept


def amount(key: str) -> Callable[[TermsDocument], int]:
    """A sum in minor units, so that "5000" and "5000.00" are the same."""

    def worth(document: TermsDocument) -> int:
        return document.money(attrgetter(key)(document)).amount

    return worth


def cap(section: str) -> Callable[[TermsDocument], float]:
    """The most that a daily sum can reach: without a cap there is no end."""

    def worth(document: TermsDocument) -> float:
        rule = getattr(document, section)
        most = document.money(rule.cap).amount
        return most or (inf if document.money(rule.per_day).is_positive else 0)

    return worth


def back_if_taken(document: TermsDocument) -> float:
    """For how many days what was kept can come back; what is never kept always does."""
    rule = document.buyers_default
    return inf if rule.keeps is Kept.NOTHING else rule.deposit_back_if_taken_days


def weeks_from(document: TermsDocument) -> float:
    """The first week of the window; without a promise the car may never come."""
    return inf if document.promise.kind is PromiseKind.NONE else document.promise.weeks_from


def weeks_to(document: TermsDocument) -> float:
    """The last week of the window; without a promise there is none."""
    return inf if document.promise.kind is PromiseKind.NONE else document.promise.weeks_to
