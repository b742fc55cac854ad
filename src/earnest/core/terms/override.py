"""Overrides: the numbers of a policy that somebody can promise or agree otherwise, and how.

The set is closed and typed: each field says what a value of it looks like, which way the buyer is
better off, and the bounds that no promise and no agreement can leave. Not here: who agreed
(`agreement.py`) and what then runs (`effective.py`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

import msgspec

from earnest.core.terms.policy import LEAST_CURE_DAYS, LONGEST_REFUND_DAYS, Policy
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

LONGEST_DAYS = 3_660
"""Ten years: a longer period is a slip of the pen, not an agreement."""

Value: TypeAlias = bool | int | Money | Instant
"""What an override can set: yes or no, a count in the unit of the field's name, a sum, a day."""


class OverrideField(StrEnum):
    """What can be promised or agreed otherwise. All but the last two are fields of the policy."""

    COOLING_OFF_HOURS = "cooling_off_hours"
    UNDO_LOCK_HOURS = "undo_lock_hours"
    CHANGE_HOURS_AFTER_LOCK = "change_hours_after_lock"
    PAYMENT_WINDOW_MINUTES = "payment_window_minutes"
    DEFERRALS_FREE = "deferrals_free"
    DEFERRAL_DAYS_LONGEST = "deferral_days_longest"
    PROMISE_WEEKS_TO = "promise_weeks_to"
    APPOINTMENTS_BEFORE_DEMAND = "appointments_before_demand"
    BALANCE_DUE_DAYS = "balance_due_days"
    CURE_DAYS = "cure_days"
    DELIVERY_CURE_DAYS = "delivery_cure_days"
    COOLING_OFF_REFUND_HOURS = "cooling_off_refund_hours"
    REFUND_DAYS = "refund_days"
    REFUND_INTEREST_BASIS_POINTS = "refund_interest_basis_points"
    LATE_DELIVERY_PER_DAY = "late_delivery_per_day"
    LATE_DELIVERY_CAP = "late_delivery_cap"
    LATE_DELIVERY_FREE_DAYS = "late_delivery_free_days"
    STORAGE_PER_DAY = "storage_per_day"
    STORAGE_CAP = "storage_cap"
    STORAGE_FREE_DAYS = "storage_free_days"
    TAX_DIFFERENCE_CAP = "tax_difference_cap"
    PRICE_FALLS_PASSED_ON = "price_falls_passed_on"
    CHANGE_ANSWER_DAYS = "change_answer_days"
    DEPOSIT_RETURNED_IF_FINANCE_DECLINED = "deposit_returned_if_finance_declined"
    WITHDRAWAL_DAYS_AFTER_HANDOVER = "withdrawal_days_after_handover"
    FORFEITURE_WAIVED = "forfeiture_waived"
    DELIVERY_UNTIL = "delivery_until"
    """The car is handed over before this instant: moves the binding promise of the order."""

    PRICE_REDUCTION = "price_reduction"
    """A sum off the price of the order, whatever is chosen: lowers the price of the order."""


ORDERS_OWN = frozenset({OverrideField.DELIVERY_UNTIL, OverrideField.PRICE_REDUCTION})
"""Fields that are facts of one order and not numbers of a policy."""


class Shape(StrEnum):
    """What a value of a field looks like."""

    FLAG = "flag"
    COUNT = "count"
    SUM = "sum"
    INSTANT = "instant"


class FieldRule(msgspec.Struct, frozen=True, kw_only=True):
    """How a field can be overridden.

    `more_favours_buyer` is the direction; `least` and `most` bound counts (and sums from below).
    `absent_counts_as` is what the policy means by None, as the number compared.
    """

    shape: Shape
    more_favours_buyer: bool
    least: int = 0
    most: int = LONGEST_DAYS
    absent_counts_as: int = 0


def _more(least: int = 0, most: int = LONGEST_DAYS) -> FieldRule:
    return FieldRule(shape=Shape.COUNT, more_favours_buyer=True, least=least, most=most)


def _less(least: int = 0, most: int = LONGEST_DAYS) -> FieldRule:
    return FieldRule(shape=Shape.COUNT, more_favours_buyer=False, least=least, most=most)


def _sum(*, more_favours_buyer: bool, absent_counts_as: int = 0) -> FieldRule:
    return FieldRule(
        shape=Shape.SUM,
        more_favours_buyer=more_favours_buyer,
        absent_counts_as=absent_counts_as,
    )


_FLAG = FieldRule(shape=Shape.FLAG, more_favours_buyer=True)
_HOURS = LONGEST_DAYS * 24
_WITHOUT_LIMIT = 10**18

FIELDS: dict[OverrideField, FieldRule] = {
    OverrideField.COOLING_OFF_HOURS: _more(most=_HOURS),
    OverrideField.UNDO_LOCK_HOURS: _more(most=_HOURS),
    OverrideField.CHANGE_HOURS_AFTER_LOCK: _more(most=_HOURS),
    OverrideField.PAYMENT_WINDOW_MINUTES: _more(least=1, most=_HOURS * 60),
    OverrideField.DEFERRALS_FREE: _more(most=100),
    OverrideField.DEFERRAL_DAYS_LONGEST: _more(),
    OverrideField.PROMISE_WEEKS_TO: _less(least=1, most=LONGEST_DAYS // 7),
    OverrideField.APPOINTMENTS_BEFORE_DEMAND: _more(least=1, most=100),
    OverrideField.BALANCE_DUE_DAYS: _more(),
    OverrideField.CURE_DAYS: _more(least=LEAST_CURE_DAYS),
    OverrideField.DELIVERY_CURE_DAYS: _less(),
    OverrideField.COOLING_OFF_REFUND_HOURS: _less(least=1, most=LONGEST_REFUND_DAYS * 24),
    OverrideField.REFUND_DAYS: _less(least=1, most=LONGEST_REFUND_DAYS),
    OverrideField.REFUND_INTEREST_BASIS_POINTS: _more(most=10_000),
    OverrideField.LATE_DELIVERY_PER_DAY: _sum(more_favours_buyer=True),
    OverrideField.LATE_DELIVERY_CAP: _sum(more_favours_buyer=True, absent_counts_as=_WITHOUT_LIMIT),
    OverrideField.LATE_DELIVERY_FREE_DAYS: _less(),
    OverrideField.STORAGE_PER_DAY: _sum(more_favours_buyer=False),
    OverrideField.STORAGE_CAP: _sum(more_favours_buyer=False, absent_counts_as=_WITHOUT_LIMIT),
    OverrideField.STORAGE_FREE_DAYS: _more(least=LEAST_CURE_DAYS),
    OverrideField.TAX_DIFFERENCE_CAP: _sum(more_favours_buyer=True),
    OverrideField.PRICE_FALLS_PASSED_ON: _FLAG,
    OverrideField.CHANGE_ANSWER_DAYS: _more(least=1),
    OverrideField.DEPOSIT_RETURNED_IF_FINANCE_DECLINED: _FLAG,
    OverrideField.WITHDRAWAL_DAYS_AFTER_HANDOVER: _more(),
    OverrideField.FORFEITURE_WAIVED: _FLAG,
    OverrideField.DELIVERY_UNTIL: FieldRule(
        shape=Shape.INSTANT, more_favours_buyer=False, absent_counts_as=_WITHOUT_LIMIT
    ),
    OverrideField.PRICE_REDUCTION: _sum(more_favours_buyer=True),
}
"""The rule of every field. A test proves that none is missing."""


class Override(msgspec.Struct, frozen=True):
    """One number agreed or promised otherwise, as the field and the value that runs instead."""

    field: OverrideField
    value: Value


def favour(field: OverrideField, value: Value | None) -> float:
    """How good a value is for the buyer: of two values the greater figure is the better one."""
    rule = FIELDS[field]
    match value:
        case None:
            figure: float = rule.absent_counts_as
        case Money():
            figure = value.amount
        case bool() | int():
            figure = int(value)
        case _:
            figure = value.timestamp()
    return figure if rule.more_favours_buyer else -figure


def standard_value(policy: Policy, field: OverrideField) -> Value | None:
    """What the standard terms say about a field; None where they say nothing."""
    if field in ORDERS_OWN:
        return None
    value: Value | None = getattr(policy, field)
    return value


def why_not_overridden(overrides: tuple[Override, ...], currency: str) -> Rejected | None:
    """The first thing wrong with a set of overrides; None when all of it can be agreed.

    Rejections: `override_missing` (an empty set says nothing), `override_repeated` (two values
    for one field contradict each other), `override_malformed` (wrong type, wrong currency),
    `below_mandatory_minimum` (outside the bounds of the field).
    """
    if not overrides:
        return Rejected(Reason.OVERRIDE_MISSING)
    seen: set[OverrideField] = set()
    for each in overrides:
        if each.field in seen:
            return Rejected(Reason.OVERRIDE_REPEATED, {"field": each.field})
        seen.add(each.field)
        wrong = _why_not_valued(each, currency)
        if wrong is not None:
            return wrong
    return None


def _why_not_valued(override: Override, currency: str) -> Rejected | None:
    rule = FIELDS[override.field]
    expected = _expected(rule.shape, currency)
    if not _has_shape(override.value, rule.shape, currency):
        details = {"field": override.field.value, "expected": expected}
        return Rejected(Reason.OVERRIDE_MALFORMED, details)
    if isinstance(override.value, int) and rule.shape is Shape.COUNT:
        least, most = rule.least, rule.most
        if not least <= override.value <= most:
            details = {"field": override.field.value, "least": str(least), "most": str(most)}
            return Rejected(Reason.BELOW_MANDATORY_MINIMUM, details)
    return None


def _has_shape(value: Value, shape: Shape, currency: str) -> bool:
    if shape is Shape.FLAG:
        return isinstance(value, bool)
    if shape is Shape.COUNT:
        return isinstance(value, int) and not isinstance(value, bool)
    if shape is Shape.SUM:
        return isinstance(value, Money) and value.currency == currency and value.amount >= 0
    return isinstance(value, Instant) and value.tzinfo is not None


def _expected(shape: Shape, currency: str) -> str:
    return {
        Shape.FLAG: "true or false",
        Shape.COUNT: "a whole number",
        Shape.SUM: f"a sum in {currency}, not negative",
        Shape.INSTANT: "an instant with its zone",
    }[shape]
