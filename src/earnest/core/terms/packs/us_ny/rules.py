"""New York: price, date and trade-in.

Not here: how settlement computes under this law (`packs/law.py`).
"""

from __future__ import annotations

from earnest.core.terms.packs.evidence import CASES, FAULTS, SETTLEMENTS, STORIES
from earnest.core.terms.packs.rule import Held, Rule, Severity
from earnest.core.terms.sections.ordering import Jurisdiction

RULES: tuple[Rule, ...] = (
    Rule(
        rule_id="US-05",
        jurisdiction=Jurisdiction.US_NY,
        provision="New York General Business Law 396-p",
        says=(
            "A later price rise is void; without a written agreement everything comes back; "
            "a contract with a deposit states date and place of delivery, and 30 days after "
            "that date the buyer may leave with a full refund."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.guaranteeing:price_not_fixed",
            "core.terms.lint.guaranteeing:price_fixed_too_short",
            "core.terms.lint.delivering:no_promise",
            "core.terms.lint.delivering:no_exit_from_delay",
            "core.terms.lint.defaulting:unsuitable_deposit",
            "core.order.terminate:terminate_by_buyer",
        ),
        tests=(
            FAULTS,
            STORIES,
            SETTLEMENTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="US-06",
        jurisdiction=Jurisdiction.US_NY,
        provision="New York General Business Law 396-q",
        says=(
            "The agreed trade-in value and finance rate bind; only a documented loss of the "
            "car's value lowers it."
        ),
        severity=Severity.S1,
        held=(Held.LINTED,),
        where=("core.terms.lint.guaranteeing:trade_in_not_binding",),
        tests=(
            FAULTS,
            CASES,
        ),
    ),
)
