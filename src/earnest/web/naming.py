"""What the details of a refusal are called: stages, clauses, grounds and fields in plain words.

A problem document keeps the codes in its details; its sentences say these words. Not here: the
sentences (`refusals.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from earnest.core.order.stage import Stage
from earnest.core.settlement.ground import Ground
from earnest.core.terms.clauses.titles import TITLES
from earnest.core.terms.override import OverrideField
from earnest.desk.telling import code_words, number_words
from earnest.web.pages.stages import STAGE_NAMES
from earnest.web.pages.wording import words_of

_ANY_ZONE = "UTC"


def named(details: Mapping[str, str], language: str) -> dict[str, str]:
    """The details with words in the place of codes; what is no code of ours stays as it is."""
    return {name: _named(name, value, language) for name, value in details.items()}


def _named(name: str, value: str, language: str) -> str:
    if name == "stage" and value in set(Stage):
        return words_of(language).gettext(STAGE_NAMES[Stage(value)])
    if name == "clause" and value in TITLES:
        return TITLES[value][language]
    if name == "ground" and value in set(Ground):
        return code_words(value, language, _ANY_ZONE)
    if name == "field" and value in set(OverrideField):
        return number_words(OverrideField(value), None, language, _ANY_ZONE)
    return value
