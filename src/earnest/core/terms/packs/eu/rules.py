"""The European Union: consumer rights and unfair contract terms.

Not here: how settlement computes under this law (`packs/law.py`).
"""

from __future__ import annotations

from earnest.core.terms.packs.evidence import CASES, FAULTS, SETTLEMENTS, STORIES
from earnest.core.terms.packs.rule import Held, Rule, Severity
from earnest.core.terms.sections.ordering import Jurisdiction

RULES: tuple[Rule, ...] = (
    Rule(
        rule_id="EU-01",
        jurisdiction=Jurisdiction.EU,
        provision="Consumer Rights Directive 2011/83, articles 6 and 8",
        says=(
            "Before the order the consumer knows the goods, the total price, the delivery "
            "time and the right to withdraw; the button says that it costs money; the "
            "contract is confirmed on paper or mail."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.ordering:unclear_button",
            "core.terms.lint.ordering:payee_not_liable",
            "core.terms.lint.delivering:no_promise",
            "core.terms.lint.delivering:promise_hidden_before_payment",
            "core.terms.lint.refunding:return_right_unexplained",
            "desk.telling.letter:letter",
        ),
        tests=(
            FAULTS,
            "tests/desk/test_telling.py::test_the_reservation_names_rank_price_promise_and_the_payment_window",
            CASES,
        ),
    ),
    Rule(
        rule_id="EU-02",
        jurisdiction=Jurisdiction.EU,
        provision="Consumer Rights Directive, articles 9 and 13",
        says=(
            "Fourteen days from delivery to withdraw; everything comes back within fourteen "
            "days by the same means."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.refunding:return_right_denied",
            "core.terms.lint.refunding:refund_too_late",
            "core.terms.lint.refunding:refund_in_parts",
            "core.terms.lint.refunding:cancel_only_offline",
            "core.terms.lint.committing:slow_refund_in_cooling_off",
            "core.order.giving_back:give_back",
            "core.settlement.refund_clock:refund_due_at",
        ),
        tests=(
            FAULTS,
            SETTLEMENTS,
            STORIES,
            CASES,
        ),
    ),
    Rule(
        rule_id="EU-03",
        jurisdiction=Jurisdiction.EU,
        provision="Consumer Rights Directive, article 16(c); Court of Justice C-529/19",
        says=(
            "No withdrawal for goods made to the consumer's specification. Whether choosing "
            "from standard options is enough is disputed; in doubt it is not."
        ),
        severity=Severity.S2,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.refunding:return_right_exempted",
            "core.order.giving_back:withdrawal_days",
        ),
        tests=(
            FAULTS,
            STORIES,
        ),
    ),
    Rule(
        rule_id="EU-04",
        jurisdiction=Jurisdiction.EU,
        provision=("Consumer Rights Directive, article 10; Düsseldorf Regional Court 7 O 186/23"),
        says=(
            "Missing or wrong information about withdrawal prolongs the period by twelve months."
        ),
        severity=Severity.S1,
        held=(Held.LINTED,),
        where=("core.terms.lint.refunding:return_right_unexplained",),
        tests=(
            FAULTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="EU-05",
        jurisdiction=Jurisdiction.EU,
        provision="Consumer Rights Directive, article 18",
        says=(
            "Delivery within 30 days unless agreed otherwise; then the buyer sets a further "
            "period, and then may leave with a full refund."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.delivering:no_exit_from_delay",
            "core.terms.lint.delivering:no_liability_for_delay",
            "core.terms.lint.delivering:seller_postpones_freely",
            "core.order.terminate:demand_delivery",
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
        rule_id="EU-06",
        jurisdiction=Jurisdiction.EU,
        provision="Unfair Contract Terms Directive 93/13, annex 1(d)",
        says=(
            "A seller that keeps sums when the consumer cancels pays as much when it "
            "cancels itself."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.defaulting:no_mirror",
            "core.terms.lint.defaulting:keeps_too_much",
            "core.terms.lint.defaulting:unsuitable_deposit",
            "core.settlement.injured:claims",
        ),
        tests=(
            FAULTS,
            SETTLEMENTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="EU-07",
        jurisdiction=Jurisdiction.EU,
        provision="Unfair Contract Terms Directive, annex 1(e) and (f)",
        says=(
            "No disproportionate compensation, and no right to leave at will for the seller alone."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.defaulting:keeps_too_much",
            "core.terms.lint.defaulting:flat_damages_too_high",
            "core.terms.lint.defaulting:damages_twice",
            "core.terms.lint.defaulting:seller_leaves_freely",
            "core.terms.lint.defaulting:claims_barred",
            "core.terms.lint.ordering:seller_forms_the_contract",
            "core.order.cancel:cancel_by_seller",
            "core.settlement.settle:settle",
        ),
        tests=(
            FAULTS,
            STORIES,
            SETTLEMENTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="EU-08",
        jurisdiction=Jurisdiction.EU,
        provision="Unfair Contract Terms Directive, annex 1(i) to (m)",
        says=(
            "No terms that could not be seen, no change of terms, product or price alone, "
            "no seller that judges its own performance."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.committing:unilateral_change",
            "core.terms.lint.committing:no_choice_while_waiting",
            "core.terms.lint.committing:ending_not_confirmed",
            "core.terms.lint.guaranteeing:price_not_fixed",
            "core.terms.lint.ordering:seller_interprets",
            "core.terms.lint.inspecting:acceptance_assumed",
            "desk.library:Library",
            "core.order.newer_terms:accept_terms",
            "core.order.waiting:announce_change",
        ),
        tests=(
            FAULTS,
            "tests/desk/test_library.py::test_an_order_keeps_its_own_terms",
            STORIES,
            CASES,
        ),
    ),
    Rule(
        rule_id="EU-09",
        jurisdiction=Jurisdiction.EU,
        provision="Unfair Contract Terms Directive, annex 1(n)",
        says="What agents promised binds the seller.",
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.ordering:staff_promises_denied",
            "core.terms.lint.ordering:public_promises_denied",
            "core.order.defer:answer_deferral",
            "core.order.agree:propose_agreement",
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
        rule_id="EU-10",
        jurisdiction=Jurisdiction.EU,
        provision="Unfair Contract Terms Directive, annex 1(o)",
        says=(
            "A consumer need not perform in full while the seller does not. The same idea "
            "as in the Haikou case."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.paying:balance_before_tender",
            "core.terms.lint.paying:notice_by_sales_situation",
            "core.terms.lint.delivering:built_at_sellers_choice",
            "core.order.balance:demand_balance",
        ),
        tests=(
            FAULTS,
            STORIES,
            "tests/store/test_facts.py::test_no_balance_is_demanded_for_a_tendered_car_that_nobody_inspected",
            CASES,
        ),
    ),
)
