"""The United States: the federal rule for orders from a distance.

Not here: how settlement computes under this law (`packs/law.py`).
"""

from __future__ import annotations

from earnest.core.terms.packs.evidence import CASES, FAULTS, SETTLEMENTS, STORIES
from earnest.core.terms.packs.rule import Held, Rule, Severity
from earnest.core.terms.sections.ordering import Jurisdiction

RULES: tuple[Rule, ...] = (
    Rule(
        rule_id="US-01",
        jurisdiction=Jurisdiction.US_FTC,
        provision="Mail, Internet or Telephone Order Rule, 16 CFR 435",
        says=(
            "A reasonable basis for every shipping time stated, 30 days if none is; on "
            "delay a notice with the new date, the right to cancel, and a free way to "
            "answer."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
            Held.EVIDENCED,
        ),
        where=(
            "core.terms.lint.delivering:no_exit_from_delay",
            "core.terms.lint.delivering:no_liability_for_delay",
            "core.terms.lint.delivering:seller_postpones_freely",
            "core.order.schedule:revise_promise",
            "core.order.delay:leave_for_delay",
        ),
        tests=(
            FAULTS,
            STORIES,
            "tests/desk/test_telling.py::test_a_revised_promise_tells_what_the_buyer_may_do",
            CASES,
        ),
    ),
    Rule(
        rule_id="US-02",
        jurisdiction=Jurisdiction.US_FTC,
        provision="Mail, Internet or Telephone Order Rule, 16 CFR 435.2",
        says=(
            "Silence agrees only to a first delay of at most 30 days with a date; a longer, "
            "indefinite or second one needs an express yes, else the money goes back "
            "unasked."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.delivering:silence_is_consent",
            "core.terms.lint.delivering:no_exit_from_delay",
            "core.order.lateness:is_late",
            "core.order.delay:delay_of",
            "core.order.delay:consent_to_delay",
            "core.order.delay:end_delay",
        ),
        tests=(
            FAULTS,
            STORIES,
            SETTLEMENTS,
            CASES,
        ),
    ),
    Rule(
        rule_id="US-03",
        jurisdiction=Jurisdiction.US_FTC,
        provision="Mail, Internet or Telephone Order Rule, 16 CFR 435.2",
        says=(
            "A refund takes seven working days for cash and cheque, one billing cycle for a card."
        ),
        severity=Severity.S1,
        held=(
            Held.LINTED,
            Held.ENFORCED,
        ),
        where=(
            "core.terms.lint.refunding:refund_too_late",
            "core.terms.lint.refunding:refund_in_parts",
            "core.terms.lint.committing:slow_refund_in_cooling_off",
            "core.terms.lint.defaulting:no_mirror",
            "core.settlement.refund_clock:refund_due_at",
        ),
        tests=(
            FAULTS,
            SETTLEMENTS,
            "tests/core/test_clocks_and_rates.py::test_the_refund_clock_is_the_sooner_of_terms_and_law",
            CASES,
        ),
    ),
)
