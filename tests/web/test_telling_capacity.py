"""Every fault and warning of a capacity document in words: what, which column, and the cure."""

from __future__ import annotations

import re

import pytest

from earnest.core.plan.counters import Resource
from earnest.desk.planning.tables import COLUMNS
from earnest.web.languages import LANGUAGES
from earnest.web.telling_capacity import (
    CAPACITY_CODES,
    CAPACITY_WORDS,
    FaultTold,
    fault_told,
    key_of,
)

_NAMED = re.compile(r"\{(\w+)\}")


def test_every_code_has_words_that_name_the_same_in_each_language() -> None:
    for language in LANGUAGES:
        assert set(CAPACITY_WORDS[language]) == set(CAPACITY_CODES)
    for code in CAPACITY_CODES:
        named = {
            frozenset(_NAMED.findall(words.what + words.cure))
            for words in (CAPACITY_WORDS[language][code] for language in LANGUAGES)
        }
        assert len(named) == 1, code


@pytest.mark.parametrize("code", CAPACITY_CODES)
def test_the_column_of_a_fault_is_one_that_some_table_has(code: str) -> None:
    columns = {column.name for table in COLUMNS.values() for column in table}

    for table in COLUMNS:
        assert key_of(table, code, {}) in columns | {""}


def test_a_fault_says_its_values_and_what_was_not_given_as_an_ellipsis() -> None:
    details = {"field": "units", "value": "2000000", "most": "1000000"}
    assert fault_told("receipts", "number_too_large", details, "en") == FaultTold(
        key="units",
        what="This number is larger than any plant has: 2000000, at most 1000000",
        cure="Look for a digit too many; where it is meant, divide it among several rows.",
    )
    assert fault_told("lines", "model_unknown", {}, "zh-Hans").what == "任何目录都没有此车型：…"


@pytest.mark.parametrize("kind", Resource)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_short_is_named_in_words(kind: Resource, language: str) -> None:
    short = {"short": f"{kind.value} x".strip()}
    told = fault_told("lines", "orders_unbuilt", short, language)

    missing = told.what.partition("missing: " if language == "en" else "缺：")[2]
    assert missing
    assert not missing.startswith(kind.value)
