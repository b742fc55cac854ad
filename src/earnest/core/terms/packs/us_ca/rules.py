"""California: deposits and finance.

Not here: how settlement computes under this law (`packs/law.py`).
"""

from __future__ import annotations

from earnest.core.terms.packs.evidence import CASES, FAULTS, SETTLEMENTS, STORIES
from earnest.core.terms.packs.rule import Held, Rule, Severity
from earnest.core.terms.sections.ordering import Jurisdiction

RULES: tuple[Rule, ...] = (
    Rule(
        rule_id="US-04",
        jurisdiction=Jurisdiction.US_CA,
        provision="California Vehicle Code 11713; Civil Code 2982.7, 2982.9, 2986.13",
        says=(
            "A dealer takes a deposit only for a car that is there or can be had from the "
            "maker; it comes back whole if the finance contract is not made."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.refunding:deposit_kept_without_finance",
            "core.terms.lint.defaulting:unsuitable_deposit",
            "core.order.beside:record_finance_declined",
            "core.settlement.settle:settle",
        ),
        tests=(
            FAULTS,
            STORIES,
            SETTLEMENTS,
            CASES,
        ),
    ),
)
