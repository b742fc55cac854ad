"""Korea: what the Fair Trade Commission corrected.

Not here: how settlement computes under this law (`packs/law.py`).
"""

from __future__ import annotations

from earnest.core.terms.packs.evidence import FAULTS, SETTLEMENTS
from earnest.core.terms.packs.rule import Held, Rule, Severity
from earnest.core.terms.sections.ordering import Jurisdiction

RULES: tuple[Rule, ...] = (
    Rule(
        rule_id="KR-01",
        jurisdiction=Jurisdiction.KR,
        provision="Fair Trade Commission against Tesla Korea, 2020 and 3 January 2023",
        says=(
            "One-sided terms were corrected: liability limited to the order fee, no "
            "compensation for late collection, a fee kept although the car had not left, no "
            "way to cancel online."
        ),
        severity=Severity.S2,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.refunding:cancel_only_offline",
            "core.terms.lint.defaulting:claims_barred",
            "core.terms.lint.defaulting:unsuitable_deposit",
            "core.terms.lint.defaulting:no_mirror",
            "core.terms.lint.delivering:no_liability_for_delay",
            "core.terms.lint.delivering:promise_hidden_before_payment",
            "core.terms.lint.inspecting:order_lost_by_not_coming",
            "core.settlement.settle:settle",
        ),
        tests=(
            FAULTS,
            SETTLEMENTS,
        ),
    ),
)
