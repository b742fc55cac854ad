"""Events that a launch brings to an order beside its reservation.

Not here: how they change the order (`benefiting.py`) and the rest of its life (`events.py`).
"""

from __future__ import annotations

from earnest.core.order.event import Event


class BenefitDelivered(Event, frozen=True, kw_only=True):
    """A benefit that was owed to the buyer was given."""

    benefit_id: str
    proof: str
