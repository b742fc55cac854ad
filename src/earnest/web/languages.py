"""Which of the house's languages a reader gets.

Not here: the texts.
"""

from __future__ import annotations

from functools import lru_cache

ENGLISH = "en"
CHINESE = "zh-Hans"
LANGUAGES = (ENGLISH, CHINESE)
"""The languages in which Earnest speaks, by BCP 47 tag; the first is for everybody else."""

_REMEMBERED = 256


@lru_cache(maxsize=_REMEMBERED)
def language_of(accepted: str) -> str:
    """The best language for an `Accept-Language` header (RFC 9110); English when none fits."""
    best, best_weight = LANGUAGES[0], 0.0
    for part in accepted.split(","):
        tag, _, parameters = part.partition(";")
        language = _spoken(tag.strip().lower())
        weight = _weight(parameters)
        if language is not None and weight > best_weight:
            best, best_weight = language, weight
    return best


def _spoken(tag: str) -> str | None:
    """Any kind of Chinese is better served by the simplified script than by English."""
    primary = tag.partition("-")[0]
    return {"zh": CHINESE, "en": ENGLISH, "*": LANGUAGES[0]}.get(primary)


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
