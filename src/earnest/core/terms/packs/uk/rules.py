"""The United Kingdom: the Consumer Rights Act and its guidance.

Not here: how settlement computes under this law (`packs/law.py`).
"""

from __future__ import annotations

from earnest.core.terms.packs.evidence import CASES, FAULTS, SETTLEMENTS, STORIES
from earnest.core.terms.packs.rule import Held, Rule, Severity
from earnest.core.terms.sections.ordering import Jurisdiction

RULES: tuple[Rule, ...] = (
    Rule(
        rule_id="UK-01",
        jurisdiction=Jurisdiction.UK,
        provision="Consumer Rights Act 2015, sections 28 and 62 to 69, schedule 2",
        says=(
            "Thirty days to deliver unless agreed otherwise; suspicious are kept sums, high "
            "charges, changes made alone, promises of agents denied, duties on one side "
            "only."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.run:lint",
            "core.order.terminate:demand_delivery",
            "core.order.balance:demand_balance",
        ),
        tests=(
            FAULTS,
            STORIES,
            SETTLEMENTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="UK-02",
        jurisdiction=Jurisdiction.UK,
        provision="Guidance of the competition authority for car dealers",
        says=(
            "A reservation takes a small share of the price; only what was really lost is "
            "kept; flat terms of no refund are probably unfair; prepayments are protected."
        ),
        severity=Severity.S2,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.paying:deposit_above_cap",
            "core.terms.lint.paying:deposit_not_kept_apart",
            "core.terms.lint.paying:deposit_not_credited",
            "core.terms.lint.defaulting:keeps_too_much",
            "core.settlement.settle:settle",
        ),
        tests=(
            FAULTS,
            SETTLEMENTS,
            CASES,
        ),
    ),
)
