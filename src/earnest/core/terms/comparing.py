"""Comparing two policies: where a newer version is worse for a buyer who already ordered.

Not here: the differences in words (`diff.py`, `earnest terms diff`).
"""

from __future__ import annotations

from earnest.core.terms.override import OverrideField, favour, standard_value
from earnest.core.terms.policy import Policy

_FIXED_ON_THE_ORDER = frozenset(
    {
        *("deposit", "payment_window_minutes", "promise_weeks_from", "promise_weeks_to"),
        *("release_days", "deferral_reminder_days", "close_days_after_handover"),
    }
)
"""Fields that an order has behind it, or that are the maker's own housekeeping."""

_LISTS = ("inspection_checklist", "handover_documents")
"""Fields that are worse when something is left out."""


def worse_for_buyer(was: Policy, now: Policy) -> tuple[str, ...]:
    """The fields of a newer policy that are worse, or not clearly as good, for the buyer.

    In doubt a difference counts against the drafter (CN-05, EU-08): a field whose better
    direction nobody can name, for example the jurisdiction, is worse whenever it differs.
    """
    return tuple(
        name
        for name in Policy.__struct_fields__
        if name not in _FIXED_ON_THE_ORDER and _is_worse(name, was, now)
    )


def _is_worse(name: str, was: Policy, now: Policy) -> bool:
    before, after = getattr(was, name), getattr(now, name)
    if before == after:
        return False
    if name in _LISTS:
        return not set(before) <= set(after)
    if name not in set(OverrideField):
        return True
    field = OverrideField(name)
    return favour(field, standard_value(now, field)) < favour(field, standard_value(was, field))
