"""The policy: the numbers that a terms version yields and that an order keeps for life.

Not here: the text of the clauses (`version.py`) and individual agreements (`agreement.py`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.values.money import Money

LEAST_CURE_DAYS = 14
"""No policy can give a buyer less time to cure than this (DE-06, and patterns 3 and 17 of 3.4)."""

FORCE_MAJEURE_NOTICE_DAYS = 14
"""A seller tells the buyer of force majeure within this many days (CN-20, Civil Code 590).

The law says promptly (及时) and names no number; this is our policy reading of it.
"""

LONGEST_REFUND_DAYS = 15
"""A refund later than this counts as wilful delay (CN-29)."""

STATUTORY_EARNEST_CAP = 2_000
"""Earnest money reaches at most 20 % of the price, in basis points (CN-16, Civil Code 586)."""


class DepositKind(StrEnum):
    """What a deposit legally is; the same word stands on label, receipt and terms (CN-23)."""

    INTENT = "intent"
    """意向金 or 订金: a prepayment that always comes back."""

    EARNEST = "earnest"
    """定金: lost by the buyer's, doubled by the seller's purpose-defeating breach."""

    FEE = "fee"
    """A fee for a service; kept when the buyer leaves, returned when the seller fails."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine runs for one terms version. Durations are in the unit of the name.

    `forfeiture_waived` is the promise that the deposit comes back whatever happens; it takes
    nothing from the buyer, so a double return stays one.
    `withdrawal_exempt` says that the car is made to the buyer's specification, so that the days
    after the handover are the terms' alone and not the law's (EU-03).
    `deposit_back_if_taken_days` is for how many days after the end of an order what was kept of its
    deposit comes back once another order takes its slot or its car; zero for never.
    """

    jurisdiction: str
    currency: str
    time_zone: str
    deposit_kind: DepositKind
    deposit: Money
    earnest_cap_basis_points: int = STATUTORY_EARNEST_CAP
    payment_window_minutes: int
    cooling_off_hours: int
    early_lock_offered: bool
    undo_lock_hours: int
    change_hours_after_lock: int
    deferrals_free: int
    deferral_days_longest: int
    deferral_reminder_days: tuple[int, ...] = (60, 30, 7)
    promise_weeks_from: int
    promise_weeks_to: int
    appointments_before_demand: int = 1
    balance_due_days: int
    cure_days: int
    delivery_cure_days: int
    cooling_off_refund_hours: int
    refund_days: int
    release_days: int
    close_days_after_handover: int
    inspection_checklist: tuple[str, ...]
    handover_documents: tuple[str, ...]
    late_delivery_per_day: Money | None = None
    late_delivery_cap: Money | None = None
    late_delivery_free_days: int = 0
    refund_interest_basis_points: int = 0
    storage_per_day: Money | None = None
    storage_cap: Money | None = None
    storage_free_days: int = LEAST_CURE_DAYS
    tax_difference_cap: Money | None = None
    price_falls_passed_on: bool = True
    change_answer_days: int = LEAST_CURE_DAYS
    deposit_returned_if_finance_declined: bool = True
    withdrawal_days_after_handover: int = 0
    forfeiture_waived: bool = False
    withdrawal_exempt: bool = False
    deposit_back_if_taken_days: int = 0

    def __post_init__(self) -> None:
        """Refuse numbers that no terms may yield; the linter explains them in full."""
        assert self.cure_days >= LEAST_CURE_DAYS, "a cure period has at least 14 days"
        assert 0 < self.refund_days <= LONGEST_REFUND_DAYS, "a refund takes at most 15 days"
        assert 0 <= self.earnest_cap_basis_points <= STATUTORY_EARNEST_CAP, "earnest cap is 20 %"
        assert self.deposit.currency == self.currency, "deposit and price share one currency"
        assert self.promise_weeks_from <= self.promise_weeks_to, "a window ends after it begins"
