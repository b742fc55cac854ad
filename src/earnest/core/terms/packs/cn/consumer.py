"""China, third part: the rights of consumers and of those who order online.

Not here: the Civil Code (`contract.py`) and the rules of the car trade (`trade.py`).
"""

from __future__ import annotations

from earnest.core.terms.packs.evidence import CASES, FAULTS, SETTLEMENTS, STORIES
from earnest.core.terms.packs.rule import Held, Rule, Severity
from earnest.core.terms.sections.ordering import Jurisdiction

CONSUMER: tuple[Rule, ...] = (
    Rule(
        rule_id="CN-26",
        jurisdiction=Jurisdiction.CN,
        provision="Consumer Protection Law 8, 9, 10, 16, 20",
        says=(
            "Consumers get true information, choose freely after comparing and examining, "
            "and may refuse a forced deal; claims may not mislead."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.ordering:public_promises_denied",
            "core.terms.lint.delivering:promise_hidden_before_payment",
            "core.terms.lint.committing:lock_by_another_act",
            "core.terms.lint.committing:queue_by_lock",
            "core.order.reserve:reserve",
        ),
        tests=(
            FAULTS,
            "tests/desk/test_telling.py::test_the_reservation_names_rank_price_promise_and_the_payment_window",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-27",
        jurisdiction=Jurisdiction.CN,
        provision=(
            "Consumer Protection Law 25; online consumer interpretation 2, 3; Implementing "
            "Regulations 19"
        ),
        says=(
            "Goods bought online go back within seven days except those made to order; "
            "exceptions may not be widened, and a voluntary promise binds."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.committing:lock_by_another_act",
            "core.terms.lint.committing:queue_by_lock",
            "core.order.cooling_off:withdraw",
        ),
        tests=(
            FAULTS,
            STORIES,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-28",
        jurisdiction=Jurisdiction.CN,
        provision="Consumer Protection Law 28",
        says=(
            "Who sells online gives name, address, contact, price, time and manner of "
            "performance, and who answers."
        ),
        severity=Severity.S2,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.ordering:payee_not_liable",
            "core.terms.lint.delivering:no_promise",
            "core.terms.sections.ordering:Seller",
        ),
        tests=(
            FAULTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-29",
        jurisdiction=Jurisdiction.CN,
        provision="Consumer Protection Law 53; Penalty Measures 10",
        says=(
            "Prepaid and not delivered as agreed: perform or refund with interest, as the "
            "buyer chooses. A refund later than 15 days counts as wilful delay."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.refunding:refund_too_late",
            "core.terms.lint.refunding:refund_slow",
            "core.terms.lint.committing:slow_refund_in_cooling_off",
            "core.terms.lint.defaulting:no_mirror",
            "core.terms.lint.defaulting:interest_of_nothing",
            "core.terms.policy:Policy",
            "core.settlement.refund_clock:refund_due_at",
            "core.settlement.interest:late_refund_grows_by",
        ),
        tests=(
            FAULTS,
            "tests/core/test_terms.py::test_numbers_that_no_terms_may_yield",
            SETTLEMENTS,
            "tests/core/test_clocks_and_rates.py::test_the_refund_clock_is_the_sooner_of_terms_and_law",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-30",
        jurisdiction=Jurisdiction.CN,
        provision="Consumer Protection Law 55, 56",
        says=(
            "Fraud costs three times the price, at least 500 yuan; refused refunds and "
            "misleading claims are fined."
        ),
        severity=Severity.S1,
        held=(Held.EVIDENCED,),
        where=(
            "core.order.state:Order",
            "core.order.schedule:revise_promise",
        ),
        tests=(
            STORIES,
            "tests/core/laws/test_lives.py::test_no_life_breaks_a_law_and_together_they_take_every_way",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-31",
        jurisdiction=Jurisdiction.CN,
        provision="Penalty Measures for infringing consumers' rights 12",
        says=(
            "No terms that exclude repair or refund, limit complaints, let the seller "
            "change or cancel at will, or reserve the interpretation."
        ),
        severity=Severity.S2,
        held=(Held.LINTED,),
        where=(
            "core.terms.lint.ordering:seller_interprets",
            "core.terms.lint.committing:unilateral_change",
            "core.terms.lint.defaulting:seller_leaves_freely",
            "core.terms.lint.guaranteeing:complaints_barred",
            "core.terms.lint.refunding:cancel_only_offline",
        ),
        tests=(FAULTS,),
    ),
    Rule(
        rule_id="CN-32",
        jurisdiction=Jurisdiction.CN,
        provision=("Implementing Regulations of the Consumer Protection Law (2024) 12, 17 to 19"),
        says=(
            "Standard terms may not limit change, ending or the choice of court; refunds "
            "come in one sum; exclusions of returns are not widened; what was advertised is "
            "kept."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.ordering:public_promises_denied",
            "core.terms.lint.refunding:refund_in_parts",
            "core.terms.lint.refunding:cancel_only_offline",
            "core.terms.lint.guaranteeing:remote_court",
            "core.terms.effective:effective",
            "core.order.promised:apply_public_promise",
        ),
        tests=(
            FAULTS,
            "tests/core/test_effective.py::test_a_better_promise_made_after_an_agreement_is_the_later_word",
            CASES,
        ),
    ),
    Rule(
        rule_id="CN-33",
        jurisdiction=Jurisdiction.CN,
        provision="E-Commerce Law 17, 19, 20, 50, 62",
        says=(
            "Full and timely information, no pre-ticked extras, delivery as promised; terms "
            "can be read and downloaded, input corrected before it is sent, and the "
            "original contract and records are produced."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
            Held.EVIDENCED,
        ),
        where=(
            "core.terms.lint.committing:ending_not_confirmed",
            "core.terms.lint.committing:no_undo",
            "core.order.lock:undo_lock",
            "web.api.documents:show_terms",
            "audit.run:Audited",
        ),
        tests=(
            FAULTS,
            STORIES,
            "tests/web/test_shop.py::test_terms_show_numbers_texts_and_the_digests_to_acknowledge",
            "tests/audit/test_rules.py::test_terms_that_were_rewritten_after_their_publication",
            "tests/web/test_terms.py::test_what_was_published_can_be_had_for_ever_in_every_form",
            CASES,
        ),
    ),
)
