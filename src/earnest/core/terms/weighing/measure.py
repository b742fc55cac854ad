"""How a parameter is measured: which of two values is better for the buyer, and why.

Not here: the parameters, which stand in files named as those of `sections/`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from earnest.core.terms.document import TermsDocument


class Effect(StrEnum):
    """What a change is for the buyer."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    DEPENDS = "depends"


Judge: TypeAlias = Callable[[Any, Any], Effect]
"""Says what it is for the buyer that a value becomes another one."""


class Measure(NamedTuple):
    """How to judge a parameter, and why it matters, in a sentence of each language.

    `worth` is what is judged where that is not the value itself, because another parameter gives
    it its meaning.
    """

    judge: Judge
    en: str
    zh: str
    worth: Callable[[TermsDocument], Any] | None = None


def more(before: Any, after: Any) -> Effect:  # noqa: ANN401 - any ordered values
    """More is better: days to answer, and guarantees that are given."""
    if before == after:
        return Effect.SAME
    return Effect.BETTER if after > before else Effect.WORSE


def less(before: Any, after: Any) -> Effect:  # noqa: ANN401 - any ordered values
    """Less is better: days until a refund, and rights that the seller takes."""
    return more(after, before)


def nothing_changes(before: object, after: object) -> Effect:  # noqa: ARG001 - as all judges
    """Means nothing for the buyer."""
    return Effect.SAME


def depends(before: object, after: object) -> Effect:  # noqa: ARG001 - as all judges
    """Only the buyer can tell."""
    return Effect.DEPENDS


def more_of(before: tuple[str, ...], after: tuple[str, ...]) -> Effect:
    """A longer list is better, if nothing of the old one is missing."""
    old, new = set(before), set(after)
    if old == new:
        return Effect.SAME
    if old < new:
        return Effect.BETTER
    return Effect.WORSE if new < old else Effect.DEPENDS


def fewer_of(before: tuple[str, ...], after: tuple[str, ...]) -> Effect:
    """A shorter list is better, if nothing new is on it."""
    return more_of(after, before)


def ranked(*ranks: str | tuple[str, ...]) -> Judge:
    """From the worst value to the best; between values of one rank it depends."""
    places = {
        value: place
        for place, rank in enumerate(ranks)
        for value in ((rank,) if isinstance(rank, str) else rank)
    }

    def judge(before: str, after: str) -> Effect:
        if places[before] == places[after]:
            return Effect.DEPENDS
        return more(places[before], places[after])

    return judge
