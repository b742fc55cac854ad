"""What the engine executes of a document, parameter by parameter, and that a clause says the rest.

A parameter runs when the engine reads the number that follows from it, or when the engine does the
one thing and refuses a document that says another. Not here: what the engine does with a number.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import msgspec
import pytest

import earnest.core
from earnest.core.terms.clauses.contract import clauses_of
from earnest.core.terms.clauses.unexecuted import PARTLY, TEXT_ONLY, WHOLLY
from earnest.core.terms.compile import policy_of
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.manual import keys_as_markdown
from earnest.core.terms.policy import Policy
from earnest.core.terms.runnable import cannot_run
from earnest.core.terms.schema import keys
from earnest.core.terms.version import Clause
from tests.core.documents import read
from tests.core.parameters import RICH, parameters, values_besides

CORE = Path(earnest.core.__file__).parent
TOGETHER: dict[str, dict[str, Any]] = {
    "cooling_off.ended_by": {"lock.early_offered": False},
    "tax.difference_borne": {"tax.cap": "0"},
}
"""What a document must say besides, so that it does not contradict itself."""

ALIKE = {("balance_due.when", "at_handover")}
"""Values that run like another one: the seller asks after the inspection, and no car is handed over
before the price is paid."""


def engine_reads() -> frozenset[str]:
    """The policy's numbers that a rule reads; what only decides which policy holds is no rule."""
    files = [
        CORE / "timers.py",
        *(CORE / "settlement").glob("*.py"),
        *(CORE / "order").glob("*.py"),
    ]
    trees = [ast.parse(file.read_text()) for file in files if file.name != "effective.py"]
    names = {
        node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }
    return frozenset(names & set(Policy.__struct_fields__))


READ = engine_reads()


def runs(document: TermsDocument) -> object:
    """Everything that the engine computes with: the version's name, numbers, what is material."""
    policy = policy_of(document)
    numbers = {name: getattr(policy, name) for name in READ}
    return document.version, numbers, [own.material for own in document.clauses]


def with_value(document: TermsDocument, key: str, value: Any) -> TermsDocument:  # noqa: ANN401 - a parameter may hold anything
    name, _, field = key.partition(".")
    if not field:
        return msgspec.structs.replace(document, **{name: value})
    section = getattr(document, name)
    entry = section[0] if name == "clauses" else section
    inner = msgspec.structs.replace(entry, **{field: value})
    return msgspec.structs.replace(document, **{name: (inner,) if name == "clauses" else inner})


def others(key: str) -> list[tuple[object, TermsDocument]]:
    """Every other value of a parameter, and the document with it."""
    document = read(RICH)
    name, _, field = key.partition(".")
    section = getattr(document, name)
    before = getattr(section[0] if name == "clauses" else section, field) if field else section
    found = []
    for value in values_besides(key, before):
        other = with_value(document, key, value)
        for besides, companion in TOGETHER.get(key, {}).items():
            other = with_value(other, besides, companion)
        found.append((value, other))
    return found


def differing(other: TermsDocument) -> list[tuple[Clause, Clause]]:
    """The clauses that read differently, as the rich document has them and as the other does."""
    pairs = zip(clauses_of(read(RICH)), clauses_of(other), strict=True)
    return [(before, after) for before, after in pairs if before.texts != after.texts]


def test_every_parameter_runs_or_is_text_only() -> None:
    assert set(parameters()) | {"texts"} == {each.path for each in keys()}
    assert {each.path for each in keys()} >= TEXT_ONLY
    assert not WHOLLY & PARTLY.keys()


def test_the_numbers_that_no_rule_reads_are_those_of_storage() -> None:
    assert set(Policy.__struct_fields__) - READ == {
        "storage_per_day",
        "storage_cap",
        "storage_free_days",
    }


@pytest.mark.parametrize("key", sorted(set(parameters()) - TEXT_ONLY))
def test_a_parameter_that_runs_changes_what_runs_or_has_no_other_value(key: str) -> None:
    for value, other in others(key):
        is_refused = bool(list(cannot_run(other)))
        is_alike = (key, value) in ALIKE
        assert (runs(other) != runs(read(RICH)) or is_refused) is not is_alike, value


@pytest.mark.parametrize("key", sorted(TEXT_ONLY - {"texts"}))
def test_a_parameter_that_is_text_only_changes_nothing_that_runs(key: str) -> None:
    for value, other in others(key):
        assert runs(other) == runs(read(RICH)), value


@pytest.mark.parametrize("key", sorted(WHOLLY - {"texts"}))
def test_a_clause_of_nothing_but_text_is_marked_as_a_whole(key: str) -> None:
    assert not any(before.executed for _, other in others(key) for before, _ in differing(other))


@pytest.mark.parametrize("key", sorted(PARTLY))
def test_a_clause_names_what_the_parties_carry_out_themselves(key: str) -> None:
    for _, other in others(key):
        ((before, after),) = differing(other)
        assert before.executed
        assert PARTLY[key].en in before.texts["en"] + after.texts["en"]
        assert PARTLY[key].zh in before.texts["zh-Hans"] + after.texts["zh-Hans"]


@pytest.mark.parametrize("key", sorted(set(parameters()) - TEXT_ONLY - {"currency"}))
def test_no_parameter_that_runs_stands_in_a_clause_that_does_not(key: str) -> None:
    """The currency is everywhere where a sum is, also in the clause about storage."""
    assert all(before.executed for _, other in others(key) for before, _ in differing(other))


def test_the_table_of_keys_says_which_run() -> None:
    rows = keys_as_markdown().splitlines()

    assert sum("| text only |" in row for row in rows) == len(TEXT_ONLY)
    assert sum("| runs |" in row for row in rows) == len(parameters()) + 1 - len(TEXT_ONLY)
