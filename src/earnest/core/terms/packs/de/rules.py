"""Germany: standard terms and what its courts made of them.

Not here: how settlement computes under this law (`packs/law.py`).
"""

from __future__ import annotations

from earnest.core.terms.packs.evidence import CASES, FAULTS, SETTLEMENTS, STORIES
from earnest.core.terms.packs.rule import Held, Rule, Severity
from earnest.core.terms.sections.ordering import Jurisdiction

RULES: tuple[Rule, ...] = (
    Rule(
        rule_id="DE-01",
        jurisdiction=Jurisdiction.DE,
        provision="Civil Code (BGB) 305b, 305c",
        says=("An individual agreement beats standard terms; doubt goes against their user."),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.ordering:staff_promises_denied",
            "core.order.defer:answer_deferral",
            "core.order.balance:why_no_demand",
            "core.terms.effective:effective",
        ),
        tests=(
            FAULTS,
            STORIES,
            "tests/core/test_effective.py::test_the_more_individual_decides",
            CASES,
        ),
    ),
    Rule(
        rule_id="DE-02",
        jurisdiction=Jurisdiction.DE,
        provision="Civil Code (BGB) 309 no. 2, 320",
        says=("Standard terms cannot exclude the right to withhold until the other side performs."),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.paying:balance_before_tender",
            "core.terms.lint.paying:notice_by_production",
            "core.order.balance:demand_balance",
        ),
        tests=(
            FAULTS,
            STORIES,
            CASES,
        ),
    ),
    Rule(
        rule_id="DE-03",
        jurisdiction=Jurisdiction.DE,
        provision="Civil Code (BGB) 309 no. 5 and 6",
        says=(
            "Flat damages only up to the usual loss and with the right to prove less; no "
            "penalty in terms for not accepting, paying late or leaving."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.defaulting:keeps_too_much",
            "core.terms.lint.defaulting:flat_damages_too_high",
            "core.terms.lint.defaulting:lower_loss_barred",
            "core.terms.lint.defaulting:damages_twice",
            "core.terms.lint.committing:loss_by_doing_nothing",
            "core.settlement.settle:settle",
        ),
        tests=(
            FAULTS,
            SETTLEMENTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="DE-04",
        jurisdiction=Jurisdiction.DE,
        provision="Civil Code (BGB) 308 no. 1, 3, 4, 8; 309 no. 1",
        says=(
            "No vague or too long delivery times, no free exit, no unreasonable change; "
            "tell and refund at once what cannot be had; no price rise within four months."
        ),
        severity=Severity.S1,
        held=(Held.LINTED,),
        where=(
            "core.terms.lint.delivering:promise_is_vague",
            "core.terms.lint.delivering:no_promise",
            "core.terms.lint.guaranteeing:price_fixed_too_short",
            "core.terms.lint.guaranteeing:price_not_fixed",
            "core.terms.lint.committing:unilateral_change",
            "core.terms.lint.defaulting:seller_leaves_freely",
        ),
        tests=(
            FAULTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="DE-05",
        jurisdiction=Jurisdiction.DE,
        provision="Model terms for new cars of the German trade (NWVB 2016)",
        says=(
            "The buyer is bound to an order for three weeks at most; the price is due on "
            "handover; six weeks after a date that does not bind the buyer may demand "
            "delivery; a ready car is collected within 14 days."
        ),
        severity=Severity.S3,
        held=(Held.ENFORCED,),
        where=(
            "core.terms.sections.delivering:Collection",
            "core.order.terminate:demand_delivery",
            "core.order.tender:demand_collection",
        ),
        tests=(STORIES,),
    ),
    Rule(
        rule_id="DE-06",
        jurisdiction=Jurisdiction.DE,
        provision="Federal Court of Justice VIII ZR 318/19 of 14 October 2020",
        says=(
            "Three days to collect and pay after a missed date were too short: the seller's "
            "rescission had no effect and the deposit went back in full."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.inspecting:short_collection",
            "core.terms.lint.inspecting:order_lost_by_not_coming",
            "core.terms.lint.defaulting:short_cure",
            "core.terms.lint.defaulting:no_demand",
            "core.order.tender:demand_collection",
            "core.terms.policy:Policy",
        ),
        tests=(
            FAULTS,
            STORIES,
            "tests/core/test_terms.py::test_numbers_that_no_terms_may_yield",
            SETTLEMENTS,
            CASES,
        ),
    ),
)
