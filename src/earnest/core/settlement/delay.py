"""What a late delivery costs the seller: a sum for each day, up to a cap.

Not here: whether the seller is late (`core/order/terminate.py`).
"""

from __future__ import annotations

from earnest.core.terms.policy import Policy
from earnest.core.values.money import Money, nothing, smaller


def delay_compensation(policy: Policy, days: int) -> Money:
    """The compensation for so many days after the promised window (CN-18, S16).

    The first days are free where the terms say so. Accepting it never takes the remedy of the
    deposit away. Zero when the terms give none.
    """
    per_day = policy.late_delivery_per_day
    counted = days - policy.late_delivery_free_days
    if per_day is None or counted <= 0:
        return nothing(policy.currency)
    owed = Money(per_day.amount * counted, per_day.currency)
    cap = policy.late_delivery_cap
    return owed if cap is None else smaller(owed, cap)
