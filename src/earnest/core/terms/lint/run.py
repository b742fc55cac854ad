"""The linter as a whole: every check over a document, in a stable order.

Not here: single checks, which stand in files by phase, and applying cures (`cure.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint import (
    committing,
    defaulting,
    delivering,
    guaranteeing,
    inspecting,
    ordering,
    paying,
    refunding,
)
from earnest.core.terms.lint.citing import Found
from earnest.core.terms.packs.rule import Finding, Severity

Check: TypeAlias = Callable[[TermsDocument], Found]
"""Finds what a document does against a rule, a pattern or good practice. Pure."""

CHECKS: tuple[Check, ...] = (
    ordering.payee_not_liable,
    ordering.seller_forms_the_contract,
    ordering.staff_promises_denied,
    ordering.public_promises_denied,
    ordering.seller_interprets,
    ordering.unclear_button,
    ordering.smuggled_words,
    paying.balance_before_tender,
    paying.balance_before_inspection,
    paying.notice_by_sales_situation,
    paying.notice_by_production,
    paying.short_balance_days,
    paying.label_of_another_kind,
    paying.deposit_above_cap,
    paying.deposit_not_credited,
    paying.deposit_not_kept_apart,
    committing.lock_by_another_act,
    committing.ending_not_confirmed,
    committing.slow_refund_in_cooling_off,
    committing.loss_by_doing_nothing,
    committing.no_undo,
    committing.unilateral_change,
    committing.no_choice_while_waiting,
    committing.no_switch_while_waiting,
    committing.short_answer,
    committing.change_restarts_queue,
    committing.queue_by_lock,
    delivering.no_promise,
    delivering.promise_is_vague,
    delivering.no_liability_for_delay,
    delivering.seller_postpones_freely,
    delivering.no_exit_from_delay,
    delivering.silence_is_consent,
    delivering.promise_hidden_before_payment,
    delivering.built_at_sellers_choice,
    delivering.deferral_ends_with_loss,
    delivering.deferral_without_reminder,
    inspecting.no_joint_inspection,
    inspecting.no_checklist,
    inspecting.signature_is_acceptance,
    inspecting.acceptance_assumed,
    inspecting.order_lost_by_not_coming,
    inspecting.short_collection,
    inspecting.storage_not_by_cost,
    inspecting.storage_without_limit,
    inspecting.storage_from_the_first_day,
    inspecting.papers_missing,
    defaulting.unsuitable_deposit,
    defaulting.keeps_too_much,
    defaulting.no_mirror,
    defaulting.interest_of_nothing,
    defaulting.no_demand,
    defaulting.short_cure,
    defaulting.damages_twice,
    defaulting.flat_damages_too_high,
    defaulting.lower_loss_barred,
    defaulting.nothing_to_come_back,
    defaulting.seller_leaves_freely,
    defaulting.notice_need_not_arrive,
    defaulting.claims_barred,
    refunding.refund_too_late,
    refunding.refund_slow,
    refunding.cancel_only_offline,
    refunding.refund_in_parts,
    refunding.return_right_denied,
    refunding.return_right_exempted,
    refunding.return_right_unexplained,
    refunding.deposit_kept_without_finance,
    guaranteeing.price_not_fixed,
    guaranteeing.price_fixed_too_short,
    guaranteeing.falls_not_passed_on,
    guaranteeing.tax_difference_left_to_buyer,
    guaranteeing.trade_in_not_binding,
    guaranteeing.no_transfer,
    guaranteeing.remote_court,
    guaranteeing.complaints_barred,
)


def lint(document: TermsDocument) -> tuple[Finding, ...]:
    """Everything that is unfair in a document, gravest first, then by key."""
    findings = [finding for check in CHECKS for finding in check(document)]
    return tuple(sorted(findings, key=_order))


def blocks_publishing(findings: tuple[Finding, ...]) -> bool:
    """Whether a document with these findings may not be published: any S1."""
    return any(finding.severity is Severity.S1 for finding in findings)


def _order(finding: Finding) -> tuple[str, str, int, tuple[str, ...]]:
    return (finding.severity.value, finding.key, finding.pattern or 0, finding.rule_ids)
