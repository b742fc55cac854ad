"""China, second part: breach, earnest money, risk and inspection (Civil Code).

Not here: how a contract ends (`contract.py`) and consumers' rights (`consumer.py`).
"""

from __future__ import annotations

from earnest.core.terms.packs.evidence import CASES, FAULTS, SETTLEMENTS, STORIES
from earnest.core.terms.packs.rule import Held, Rule, Severity
from earnest.core.terms.sections.ordering import Jurisdiction

BREACH: tuple[Rule, ...] = (
    Rule(
        rule_id="CN-14",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 577 to 584",
        says=(
            "Who breaks a contract performs, cures or pays; damages cover lost profit as "
            "far as it could be foreseen."
        ),
        severity=Severity.S2,
        held=(Held.ENFORCED,),
        where=(
            "core.settlement.settle:settle",
            "core.order.losses:document_loss",
        ),
        tests=(
            STORIES,
            SETTLEMENTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-15",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 585; contract interpretation 64, 65",
        says=(
            "A contractual penalty can be adjusted; more than 30 % above the loss is "
            "usually too much, and a term that bars adjustment does not help."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.defaulting:damages_twice",
            "core.terms.lint.defaulting:flat_damages_too_high",
            "core.terms.lint.defaulting:lower_loss_barred",
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
        rule_id="CN-16",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 586",
        says=(
            "Earnest money reaches at most 20 % of the price; what is above has no such "
            "effect. The sum really paid counts."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.paying:deposit_above_cap",
            "core.terms.lint.defaulting:keeps_too_much",
            "core.settlement.earnest:split_earnest",
            "core.terms.policy:Policy",
        ),
        tests=(
            FAULTS,
            STORIES,
            "tests/core/test_settlement.py::test_the_earnest_cap_cuts_what_was_really_paid",
            SETTLEMENTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-17",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 587",
        says=(
            "Earnest money is credited or returned on performance, lost by the payer's "
            "breach that defeats the purpose, doubled by such a breach of the taker."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.defaulting:no_mirror",
            "core.terms.lint.committing:loss_by_doing_nothing",
            "core.terms.lint.delivering:deferral_ends_with_loss",
            "core.terms.lint.paying:deposit_not_credited",
            "core.settlement.settle:settle",
        ),
        tests=(
            FAULTS,
            STORIES,
            "tests/core/test_settlement.py::test_forfeiture_and_double_return_mirror_each_other",
            SETTLEMENTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-18",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 588",
        says=(
            "A penalty or earnest money, as the injured side chooses; loss above the "
            "earnest money can be claimed."
        ),
        severity=Severity.S2,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.defaulting:damages_twice",
            "core.terms.lint.defaulting:claims_barred",
            "core.settlement.injured:claims",
        ),
        tests=(
            FAULTS,
            SETTLEMENTS,
            "tests/core/test_settlement.py::test_both_computations_are_offered_where_they_differ",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-19",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 589",
        says=(
            "Who is late in accepting performance owes the extra cost, and no interest runs "
            "meanwhile."
        ),
        severity=Severity.S2,
        held=(Held.LINTED,),
        where=(
            "core.terms.lint.inspecting:storage_not_by_cost",
            "core.terms.lint.inspecting:storage_without_limit",
            "core.terms.lint.inspecting:storage_from_the_first_day",
        ),
        tests=(FAULTS,),
    ),
    Rule(
        rule_id="CN-20",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 590; contract interpretation 68(3)",
        says=(
            "Force majeure is notified promptly and proven; it does not relieve who was "
            "late already, and no earnest money is lost for it."
        ),
        severity=Severity.S1,
        held=(Held.ENFORCED,),
        where=(
            "core.order.terminate:terminate_for_force_majeure",
            "core.terms.policy:FORCE_MAJEURE_NOTICE_DAYS",
        ),
        tests=(
            STORIES,
            SETTLEMENTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-21",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 591, 592; contract interpretation 68(1)",
        says=(
            "Loss is to be kept small. If both broke the contract each bears its part; if "
            "both breaches defeat the purpose no earnest money is lost; a minor breach does "
            "not shield a grave one."
        ),
        severity=Severity.S1,
        held=(Held.ENFORCED,),
        where=(
            "core.settlement.settle:settle",
            "core.order.losses:record_resale",
        ),
        tests=(
            "tests/core/test_settlement.py::test_every_ground_has_one_who_answers_or_nobody",
            STORIES,
            SETTLEMENTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-22",
        jurisdiction=Jurisdiction.CN,
        provision="Contract interpretation 68(2)",
        says=(
            "Where part was performed and accepted, earnest money is lost or doubled in proportion."
        ),
        severity=Severity.S2,
        held=(Held.ENFORCED,),
        where=(
            "core.settlement.settle:settle",
            "core.settlement.position:Fleet",
            "core.order.beside:record_partial_delivery",
        ),
        tests=(
            "tests/core/test_settlement.py::test_what_the_buyer_gets_by_who_answers_and_kind_of_deposit",
            SETTLEMENTS,
            "tests/core/test_settlement.py::test_earnest_money_is_at_stake_for_what_was_not_delivered",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-23",
        jurisdiction=Jurisdiction.CN,
        provision="Contract interpretation 67",
        says=(
            "Money called 订金, 押金 or 保证金 without earnest nature is neither lost nor doubled; "
            "in doubt the buyer's reading counts."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.paying:label_of_another_kind",
            "core.terms.lint.defaulting:keeps_too_much",
            "core.settlement.settle:settle",
            "core.terms.policy:DepositKind",
        ),
        tests=(
            FAULTS,
            STORIES,
            SETTLEMENTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-24",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 604 to 610",
        says=("Risk passes on delivery; the buyer may refuse goods that do not conform."),
        severity=Severity.S1,
        held=(Held.ENFORCED,),
        where=("core.order.inspect:record_inspection",),
        tests=(
            STORIES,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-25",
        jurisdiction=Jurisdiction.CN,
        provision="Civil Code 620 to 623; online consumer interpretation (2022) 1",
        says=(
            "The buyer inspects on receipt; too short a time covers only what can be seen; "
            "to sign for goods is not to accept their quality; terms of final "
            "interpretation and against complaint are void."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.inspecting:signature_is_acceptance",
            "core.terms.lint.inspecting:acceptance_assumed",
            "core.terms.lint.inspecting:no_joint_inspection",
            "core.terms.lint.ordering:seller_interprets",
            "core.terms.lint.guaranteeing:complaints_barred",
            "core.order.inspect:record_inspection",
        ),
        tests=(
            FAULTS,
            STORIES,
            CASES,
        ),
    ),
)
