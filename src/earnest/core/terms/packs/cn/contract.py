"""China, first part: how a contract comes about, changes and ends (Civil Code).

Not here: its breach (`breach.py`).
"""

from __future__ import annotations

from earnest.core.terms.packs.evidence import CASES, FAULTS, STORIES
from earnest.core.terms.packs.rule import Held, Rule, Severity
from earnest.core.terms.sections.ordering import Jurisdiction

CONTRACT: tuple[Rule, ...] = (
    Rule(
        rule_id="CN-01",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 491(2); E-Commerce Law 49",
        says=(
            "An offer on a site and an order submitted successfully are a contract. "
            "Standard terms cannot say that there is none after payment."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.ordering:seller_forms_the_contract",
            "core.order.reserve:reserve",
        ),
        tests=(
            FAULTS,
            STORIES,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-02",
        jurisdiction=Jurisdiction.CN,
        provision=(
            "Civil Code 495; contract interpretation of the Supreme People's Court (2023) 6 to 8"
        ),
        says=(
            "A paper that fixes parties and object binds to conclude; once the main terms "
            "stand and performance began it is the contract itself. Money of kind intent is "
            "never forfeited."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.ordering:seller_forms_the_contract",
            "core.terms.lint.defaulting:keeps_too_much",
            "core.settlement.settle:settle",
        ),
        tests=(
            FAULTS,
            "tests/core/test_settlement.py::test_what_the_buyer_gets_by_who_answers_and_kind_of_deposit",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-03",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 496; contract interpretation 10",
        says=(
            "Terms of major impact are pointed out and explained; else the buyer may say "
            "that they are no part of the contract. A tick-box alone proves nothing, and "
            "the drafter has to prove."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
            Held.EVIDENCED,
        ),
        where=(
            "core.terms.lint.committing:ending_not_confirmed",
            "core.order.lock:lock",
            "core.terms.version:acknowledged_as_shown",
            "core.settlement.settle:settle",
            "core.order.lock:acknowledge_clause",
            "core.order.effective:not_incorporated",
        ),
        tests=(
            FAULTS,
            STORIES,
            "tests/core/test_settlement.py::test_without_its_acknowledgement_the_forfeiture_clause_is_no_part_of_the_contract",
            "tests/core/test_effective.py::test_an_unacknowledged_clause_never_makes_the_buyer_worse_off",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-04",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 497; Consumer Protection Law 26",
        says=(
            "Standard terms that lighten the drafter's duties, burden the other side or "
            "take its main rights without reason are void; nothing may be forced by "
            "technical means."
        ),
        severity=Severity.S1,
        held=(Held.LINTED,),
        where=("core.terms.lint.run:lint",),
        tests=(
            FAULTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-05",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 498",
        says=(
            "A term is read as usually understood, in doubt against its drafter; what was "
            "agreed individually beats a standard term."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.ordering:staff_promises_denied",
            "core.terms.lint.delivering:built_at_sellers_choice",
            "core.order.defer:defer",
            "core.order.balance:why_no_demand",
            "core.terms.effective:effective",
            "core.order.agree:propose_agreement",
        ),
        tests=(
            FAULTS,
            STORIES,
            "tests/core/test_effective.py::test_the_more_individual_decides",
            "tests/core/test_effective.py::test_an_agreement_in_the_buyers_favour_never_costs_the_buyer_money",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-06",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 509",
        says=(
            "Both sides perform in full and in good faith; they notify and assist each "
            "other. Building a car without telling its buyer is a breach."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
            Held.EVIDENCED,
        ),
        where=(
            "core.terms.lint.delivering:built_at_sellers_choice",
            "core.terms.lint.delivering:deferral_without_reminder",
            "core.order.schedule:schedule",
            "core.order.schedule:revise_promise",
            "desk.messages:messages_of",
            "desk.notices:is_legal",
        ),
        tests=(
            FAULTS,
            STORIES,
            "tests/desk/test_telling.py::test_every_event_is_told_in_full",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-07",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 510, 511, 601, 602, 628",
        says=(
            "Gaps are filled by agreement, then by trade usage, then by law. The price is "
            "due when the goods are received if no time was agreed."
        ),
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
            "tests/store/test_facts.py::test_no_balance_is_demanded_for_a_tendered_car_that_nobody_inspected",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-08",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 525 to 528",
        says=(
            "One side may withhold until the other performs, and suspend when the other's "
            "ability to perform is really in doubt."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.paying:balance_before_tender",
            "core.order.balance:why_no_demand",
            "core.order.cancel:demand_performance",
        ),
        tests=(
            FAULTS,
            STORIES,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-09",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 543, 544",
        says=("A contract changes by agreement only; an unclear change counts as none."),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.committing:unilateral_change",
            "core.terms.lint.committing:no_choice_while_waiting",
            "core.terms.lint.delivering:silence_is_consent",
            "core.terms.lint.guaranteeing:price_not_fixed",
            "core.terms.lint.guaranteeing:price_fixed_too_short",
            "desk.library:Library",
            "core.order.lateness:is_late",
            "core.order.newer_terms:accept_terms",
            "core.order.waiting:announce_change",
        ),
        tests=(
            FAULTS,
            STORIES,
            "tests/desk/test_library.py::test_an_order_keeps_its_own_terms",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-10",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 555",
        says="A place in a contract can be passed on with the other side's consent.",
        severity=Severity.S3,
        held=(Held.LINTED,),
        where=("core.terms.lint.guaranteeing:no_transfer",),
        tests=(FAULTS,),
    ),
    Rule(
        rule_id="CN-11",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 562, 565; contract interpretation 53",
        says=(
            "Ending a contract takes a right and a notice that arrives. A notice without a "
            "right ends nothing, even if the other side is silent."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
            Held.EVIDENCED,
        ),
        where=(
            "core.terms.lint.defaulting:no_demand",
            "core.terms.lint.defaulting:short_cure",
            "core.terms.lint.defaulting:seller_leaves_freely",
            "core.terms.lint.defaulting:notice_need_not_arrive",
            "core.terms.lint.inspecting:order_lost_by_not_coming",
            "core.terms.lint.delivering:deferral_ends_with_loss",
            "core.order.cancel:cancel_by_seller",
            "core.order.cancel:record_notice",
            "core.order.balance:due_after_arrival",
        ),
        tests=(
            FAULTS,
            STORIES,
            "tests/web/test_haikou.py::test_the_seven_day_demand_and_the_cancellation_come_to_nothing",
            "tests/web/test_notices.py::test_opening_a_demand_proves_that_it_arrived_and_starts_its_time",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-12",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 563(1), 578",
        says=(
            "The buyer may end the contract for force majeure, an announced refusal, a "
            "delay that lasts through a demand and a reasonable time, or one that defeats "
            "the purpose."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.delivering:no_exit_from_delay",
            "core.terms.lint.delivering:no_liability_for_delay",
            "core.order.terminate:demand_delivery",
            "core.order.terminate:terminate_by_buyer",
            "core.order.lateness:is_late",
        ),
        tests=(
            FAULTS,
            STORIES,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-13",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 564",
        says=(
            "The right to end a contract dies after the agreed time, else a year after "
            "knowing of the ground, or a reasonable time after being asked."
        ),
        severity=Severity.S2,
        held=(Held.ENFORCED,),
        where=(
            "core.order.demand:right_is_dead",
            "core.order.cancel:revoke_cancellation",
            "core.order.cancel:demand_performance",
        ),
        tests=(STORIES,),
    ),
)
