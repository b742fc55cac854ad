"""France: the Consumer Code and what its authority enjoined.

Not here: how settlement computes under this law (`packs/law.py`).
"""

from __future__ import annotations

from earnest.core.terms.packs.evidence import CASES, FAULTS, SETTLEMENTS
from earnest.core.terms.packs.rule import Held, Rule, Severity
from earnest.core.terms.sections.ordering import Jurisdiction

RULES: tuple[Rule, ...] = (
    Rule(
        rule_id="FR-01",
        jurisdiction=Jurisdiction.FR,
        provision=(
            "Injunction of the competition and consumer authority against Tesla France, 24 "
            "June 2025"
        ),
        says=(
            "A contract holds a date or period and a place of delivery and mentions the "
            "credit; no payment before the credit can be withdrawn from no longer; a "
            "receipt for every payment; refunds in time."
        ),
        severity=Severity.S2,
        held=(Held.LINTED,),
        where=(
            "core.terms.lint.delivering:no_promise",
            "core.terms.lint.delivering:promise_is_vague",
            "core.terms.lint.delivering:promise_hidden_before_payment",
            "core.terms.lint.refunding:deposit_kept_without_finance",
            "core.terms.lint.guaranteeing:trade_in_not_binding",
        ),
        tests=(
            FAULTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="FR-02",
        jurisdiction=Jurisdiction.FR,
        provision="Consumer Code L.214-1, L.241-4",
        says=(
            "Money paid in advance counts as arrhes unless said otherwise: the buyer may "
            "leave and lose it, the seller returns it double; a late refund grows by law."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.paying:label_of_another_kind",
            "core.terms.lint.defaulting:no_mirror",
            "core.terms.lint.defaulting:interest_of_nothing",
            "core.terms.lint.refunding:refund_too_late",
            "core.settlement.settle:settle",
            "core.settlement.interest:late_refund_grows_by",
        ),
        tests=(
            FAULTS,
            SETTLEMENTS,
            "tests/core/test_clocks_and_rates.py::test_a_late_refund_grows_by_the_steps_of_french_law",
            CASES,
        ),
    ),
)
