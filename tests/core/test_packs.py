"""Packs: every rule of the reference has its row, and every row points to what really exists.

Not here: what the linter finds under the rules (`lint/test_faults.py`).
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from importlib import import_module

import pytest

from earnest.core.terms.packs.evidence import CASES, SETTLEMENTS, STORIES
from earnest.core.terms.packs.page import pages
from earnest.core.terms.packs.registry import REGISTRY, RULES, rules_of
from earnest.core.terms.packs.rule import Held, Rule, Severity
from earnest.core.terms.sections.ordering import Jurisdiction
from tests.tidy.source import ROOT, text_of

COUNTS = {"CN": 41, "EU": 10, "UK": 2, "DE": 6, "FR": 2, "US": 6, "KR": 1}
"""How many rules the reference has for each prefix: 68 together."""


def test_no_rule_is_missing_and_none_appears_twice() -> None:
    every = [rule.rule_id for pack in REGISTRY.values() for rule in pack.rules]

    assert sorted(every) == sorted(
        f"{prefix}-{number:02d}"
        for prefix, count in COUNTS.items()
        for number in range(1, count + 1)
    )


def test_every_jurisdiction_has_its_pack() -> None:
    assert set(REGISTRY) == set(Jurisdiction)
    assert [
        rule.rule_id
        for jurisdiction, pack in REGISTRY.items()
        for rule in pack.rules
        if rule.jurisdiction is not jurisdiction
    ] == []


@pytest.mark.parametrize(
    ("jurisdiction", "prefixes"),
    [
        (Jurisdiction.CN, {"CN": 41}),
        (Jurisdiction.DE, {"DE": 6, "EU": 10}),
        (Jurisdiction.FR, {"FR": 2, "EU": 10}),
        (Jurisdiction.US_CA, {"US": 4}),
        (Jurisdiction.US_NY, {"US": 5}),
        (Jurisdiction.UK, {"UK": 2}),
    ],
)
def test_a_pack_brings_those_it_builds_on(
    jurisdiction: Jurisdiction, prefixes: dict[str, int]
) -> None:
    assert Counter(rule_id[:2] for rule_id in rules_of(jurisdiction)) == Counter(prefixes)


@cache
def functions_of(path: str) -> frozenset[str]:
    """The test functions of a file."""
    module = ast.parse(text_of(path))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return frozenset(node.name for node in module.body if isinstance(node, kinds))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_points_to_what_exists(rule: Rule) -> None:
    assert rule.held
    assert rule.where
    assert rule.tests
    for place in rule.where:
        module, _, name = place.partition(":")
        assert hasattr(import_module(f"earnest.{module}"), name), place
    for test in rule.tests:
        path, _, name = test.partition("::")
        assert (ROOT / path).is_file(), test
        assert name in functions_of(path), test


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_how_a_rule_is_held_agrees_with_where(rule: Rule) -> None:
    is_linted = any(place.startswith("core.terms.lint.") for place in rule.where)
    is_run = any(not place.startswith("core.terms.lint.") for place in rule.where)

    assert is_linted == (Held.LINTED in rule.held)
    assert is_run == bool({Held.ENFORCED, Held.EVIDENCED} & set(rule.held))


NAMED_IN = {
    STORIES: ("tests/core/tables/", ".txt", r"^rules: .*"),
    SETTLEMENTS: ("tests/core/tables/settlement/", "", r"^.*$"),
    CASES: ("examples/cases/", ".yaml", r"^    rules: .*"),
}
"""Where a proof of many rules names those that it is about: folder, ending, and lines."""


@pytest.mark.parametrize("proof", NAMED_IN)
def test_a_proof_of_many_rules_names_each_of_them(proof: str) -> None:
    folder, ending, lines = NAMED_IN[proof]
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / folder).glob(f"*{ending}")]
    named = "\n".join(re.findall(lines, "\n".join(texts), re.MULTILINE))
    told = set(re.findall(r"\b[A-Z]{2}-\d{2}\b", named))

    silent = [rule.rule_id for rule in RULES.values() if proof in rule.tests]

    assert [rule_id for rule_id in silent if rule_id not in told] == []


def test_a_severity_sorts_from_grave_to_slight() -> None:
    assert sorted(Severity) == [Severity.S1, Severity.S2, Severity.S3]


def test_the_pages_of_docs_are_those_that_the_packs_make() -> None:
    held = {
        path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "law").iterdir()
    }

    assert held == pages(), "run `make docs`"
