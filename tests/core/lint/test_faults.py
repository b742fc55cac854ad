"""Every fault that the linter knows, under every law, as tables that lawyers can read.

A line under a fault names laws, the severity, the parameter at fault, the pattern of the list in
section 3.4 if it is one, and the rules. Not here: what curing does (`test_cures.py`).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from earnest.core.terms.lint.run import CHECKS, lint
from earnest.core.terms.packs.evidence import FAULTS
from earnest.core.terms.packs.registry import RULES
from earnest.core.terms.packs.rule import Finding, Held
from earnest.core.terms.sections.ordering import Jurisdiction
from tests.core.lint.documents import fair, spoilt

TABLES = sorted(Path(__file__).with_name("faults").glob("*.txt"))

_PARAMETER = re.compile(r"([a-z_]+(?:\.[a-z_]+)?)=(\".*?\"|\[.*?\]|\S+)")
_EXPECTED = re.compile(
    r"(?P<laws>[A-Z -]+): (?P<severity>S[123]) (?P<key>\S+)"
    r"(?: pattern (?P<pattern>\d+))?(?: under (?P<rules>.+))?"
)
_PATTERNS = range(1, 21)


class Fault(NamedTuple):
    """Parameters that spoil fair terms, and the findings as the table writes them, by law."""

    name: str
    changes: dict[str, Any]
    expected: dict[Jurisdiction, list[str]]


def read(text: str) -> list[Fault]:
    """The faults of one table."""
    faults: list[Fault] = []
    for line in text.splitlines():
        if line.startswith("fault: "):
            changes = {
                key: own_clause(value) if key == "clauses" else msgspec.json.decode(value)
                for key, value in _PARAMETER.findall(line)
            }
            faults.append(Fault(line.removeprefix("fault: "), changes, {}))
        elif line and not line.startswith("#"):
            match = _EXPECTED.fullmatch(line.strip())
            assert match is not None, f"write it as `CN EU: S1 key pattern 1 under CN-04`: {line}"
            for law in match["laws"].split():
                written = line.partition(": ")[2]
                faults[-1].expected.setdefault(Jurisdiction(law), []).append(written)
    return faults


def own_clause(words: str) -> list[dict[str, object]]:
    """A clause of the maker's own that says these words."""
    said = msgspec.json.decode(words, type=str)
    return [{"id": "own_words", "material": False, "zh_hans": said, "en": said}]


def as_written(finding: Finding) -> str:
    """A finding as the tables write it."""
    pattern = f" pattern {finding.pattern}" if finding.pattern else ""
    rules = f" under {' '.join(finding.rule_ids)}" if finding.rule_ids else ""
    return f"{finding.severity} {finding.key}{pattern}{rules}"


ALL = [fault for table in TABLES for fault in read(table.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("fault", ALL, ids=[fault.name for fault in ALL])
def test_a_fault_is_found_under_its_rules(fault: Fault) -> None:
    found = {
        law: sorted(as_written(finding) for finding in lint(spoilt(fair(law), fault.changes)))
        for law in Jurisdiction
    }

    assert found == {law: sorted(fault.expected.get(law, [])) for law in Jurisdiction}


@pytest.mark.parametrize("law", Jurisdiction)
def test_fair_terms_are_clean_under_every_law(law: Jurisdiction) -> None:
    assert lint(fair(law)) == ()


@pytest.mark.parametrize(
    "parameters",
    [
        "cooling_off.refund_hours=72",
        "lock.undo_hours=24",
        "changes.answer_days=7",
        "balance_due.days=7",
        "collection.days=10",
        'storage.basis="actual_cost" storage.per_day="10" storage.cap="300" storage.free_days=7',
        "late_delivery.cure_days=30",
        "deferral.longest_days=7 deferral.reminder_days=[]",
        "buyers_default.cure_days=14",
        'buyers_default.flat_damages_basis_points=1500 buyers_default.keeps="nothing"',
        "refunds.days=7",
        "withdrawal_after_handover.days=14",
        "price.months_fixed=4",
        'deposit.amount="21590"',
    ],
)
@pytest.mark.parametrize("law", Jurisdiction)
def test_the_last_value_that_is_fair_is_no_fault(law: Jurisdiction, parameters: str) -> None:
    (fault,) = read(f"fault: {parameters}")

    assert lint(spoilt(fair(law), fault.changes)) == ()


def test_every_pattern_is_found_by_some_fault() -> None:
    text = "\n".join(line for fault in ALL for lines in fault.expected.values() for line in lines)

    missing = [pattern for pattern in _PATTERNS if not re.search(rf"pattern {pattern}\b", text)]

    assert missing == []


def test_every_rule_that_is_linted_is_shown_by_a_fault() -> None:
    cited = {
        rule_id
        for fault in ALL
        for lines in fault.expected.values()
        for line in lines
        for rule_id in line.partition(" under ")[2].split()
    }

    assert {rule_id for rule_id, rule in RULES.items() if Held.LINTED in rule.held} == cited
    assert {rule_id for rule_id, rule in RULES.items() if FAULTS in rule.tests} == cited


def test_every_check_finds_some_fault() -> None:
    idle = [
        check.__name__
        for check in CHECKS
        if not any(check(spoilt(fair(law), fault.changes)) for fault in ALL for law in Jurisdiction)
    ]

    assert idle == []


def test_every_finding_says_why_in_both_languages() -> None:
    findings = [
        finding
        for fault in ALL
        for law in Jurisdiction
        for finding in lint(spoilt(fair(law), fault.changes))
    ]

    assert {tuple(finding.why) for finding in findings} == {("zh-Hans", "en")}
    assert [f.why for f in findings if not re.search("[一-鿿]", f.why["zh-Hans"])] == []


def test_an_unreadable_line_is_named() -> None:
    with pytest.raises(AssertionError, match="write it as"):
        read("fault: lock.undo_hours=1\n  CN S3 lock.undo_hours\n")
