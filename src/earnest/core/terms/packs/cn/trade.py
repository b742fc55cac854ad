"""China, fourth part: supervision, prices, the car trade, tax and the court.

Not here: the Civil Code (`contract.py`) and consumers' rights (`consumer.py`).
"""

from __future__ import annotations

from earnest.core.terms.packs.evidence import CASES, FAULTS, STORIES
from earnest.core.terms.packs.rule import Held, Rule, Severity
from earnest.core.terms.sections.ordering import Jurisdiction

TRADE: tuple[Rule, ...] = (
    Rule(
        rule_id="CN-34",
        jurisdiction=Jurisdiction.CN,
        provision="Contract supervision measures (2023) 5 to 9, 11, 18",
        says=(
            "No contracts without the capacity to perform; price, time and liability stand "
            "out; no standard terms that lighten one's own liability, shift business risk "
            "or exclude change, compensation or complaint."
        ),
        severity=Severity.S2,
        held=(Held.LINTED, Held.ENFORCED),
        where=(
            "core.terms.lint.paying:notice_by_sales_situation",
            "core.terms.lint.delivering:no_liability_for_delay",
            "core.terms.lint.delivering:seller_postpones_freely",
            "core.terms.lint.committing:unilateral_change",
            "core.terms.lint.committing:change_restarts_queue",
            "core.terms.lint.committing:no_switch_while_waiting",
            "core.order.reserve:not_buildable",
            "core.terms.lint.guaranteeing:complaints_barred",
        ),
        tests=(
            FAULTS,
            (
                "tests/core/test_foreseen.py::"
                "test_what_fits_nowhere_in_the_horizon_is_said_before_any_money_moves"
            ),
        ),
    ),
    Rule(
        rule_id="CN-35",
        jurisdiction=Jurisdiction.CN,
        provision="Price-marking rules (2022) 6 to 8, 16 to 20",
        says=(
            "Prices and conditions are clear, nothing is charged on top, comparisons are "
            "true, price promises are kept."
        ),
        severity=Severity.S2,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.paying:deposit_not_credited",
            "core.terms.lint.guaranteeing:falls_not_passed_on",
            "core.terms.lint.guaranteeing:trade_in_not_binding",
            "core.catalogue.configuration:quote",
        ),
        tests=(
            FAULTS,
            "tests/core/test_catalogue.py::test_a_quote_shows_every_line_and_their_sum",
        ),
    ),
    Rule(
        rule_id="CN-36",
        jurisdiction=Jurisdiction.CN,
        provision="Car sales measures (2017) 10, 15, 16",
        says=(
            "Prices are posted and nothing is added; certificate, consistency certificate, "
            "manual, invoice and three-guarantee card come with the car; the car is the one "
            "described."
        ),
        severity=Severity.S2,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.inspecting:papers_missing",
            "core.terms.lint.committing:no_choice_while_waiting",
            "core.order.handover:hand_over",
        ),
        tests=(
            FAULTS,
            STORIES,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-37",
        jurisdiction=Jurisdiction.CN,
        provision="Three-guarantee rules for household cars (2021) 13, 20 to 24",
        says=(
            "The seller inspects exterior, interior and what else can be seen on the spot "
            "together with the consumer and hands over the papers; faults of main parts "
            "soon after give exchange or return."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.inspecting:no_joint_inspection",
            "core.terms.lint.inspecting:no_checklist",
            "core.terms.lint.inspecting:acceptance_assumed",
            "core.terms.lint.paying:balance_before_inspection",
            "core.order.inspect:record_inspection",
        ),
        tests=(
            FAULTS,
            STORIES,
            "tests/store/test_facts.py::test_a_balance_is_demanded_after_a_passed_inspection",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-38",
        jurisdiction=Jurisdiction.CN,
        provision="Car price-conduct guideline (2026) 14",
        says=(
            "If the car cannot be delivered on the spot the delivery time is told before "
            "the deal; every option and fee has its price."
        ),
        severity=Severity.S2,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.delivering:no_promise",
            "core.terms.lint.delivering:promise_hidden_before_payment",
            "core.order.reserve:reserve",
        ),
        tests=(
            FAULTS,
            STORIES,
        ),
    ),
    Rule(
        rule_id="CN-39",
        jurisdiction=Jurisdiction.CN,
        provision="Guiding case 17 of the Supreme People's Court",
        says=(
            "A family car is bought by a consumer; an earlier repair that was not disclosed "
            "is fraud, and a note that only the seller keeps proves no disclosure."
        ),
        severity=Severity.S1,
        held=(
            Held.ENFORCED,
            Held.EVIDENCED,
        ),
        where=(
            "core.order.inspect:record_inspection",
            "core.order.events:Inspected",
        ),
        tests=(
            STORIES,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-40",
        jurisdiction=Jurisdiction.CN,
        provision="Purchase tax rules for new energy vehicles (2024 to 2027)",
        says=(
            "The year of the invoice decides the relief: up to 30,000 yuan until 2025, half "
            "and up to 15,000 in 2026 and 2027."
        ),
        severity=Severity.S3,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.guaranteeing:tax_difference_left_to_buyer",
            "core.settlement.tax:tax_difference",
        ),
        tests=(
            FAULTS,
            "tests/core/test_clocks_and_rates.py::test_the_tax_of_two_years_and_what_the_guarantee_bears",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-41",
        jurisdiction=Jurisdiction.CN,
        provision="Civil procedure interpretation 31",
        says=(
            "A forum clause in standard terms that was not pointed out in a reasonable way "
            "can be declared invalid."
        ),
        severity=Severity.S2,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.guaranteeing:remote_court",
            "core.terms.clauses.contract:clauses_of",
            "core.order.effective:not_incorporated",
        ),
        tests=(
            FAULTS,
            "tests/core/test_terms_templates.py::test_a_template_compiles_and_says_everything_in_both_languages",
        ),
    ),
)
