"""The seller's demands for performance: which of them still runs, and until when it carries an end.

Not here: making a demand (`cancel.py`, `tender.py`) and proving that it arrived (`cancel.py`).
"""

from __future__ import annotations

from earnest.core.order.parts import DemandFact
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant, end_of_day_after


def last_unmet(order: Order, ground: Ground) -> DemandFact | None:
    """The latest demand on this ground that the buyer has not met."""
    unmet = [each for each in order.demands if each.ground is ground and not each.met]
    return unmet[-1] if unmet else None


def right_is_dead(demand: DemandFact, policy: Policy, at: Instant) -> bool:
    """Whether the right to end the order for this demand died because it was not used (CN-13).

    It lives for a time from the end of the cure period, when the seller knows its ground. A buyer
    who heard nothing for so long may rely on the order going on. The buyer's own rights end only
    with the breach they rest on: what a court would hold against a buyer is left to the court.
    """
    days = LAWS[policy.jurisdiction].sellers_right_days
    if days is None or demand.cure_until is None:
        return False
    return at >= end_of_day_after(demand.cure_until, days, policy.time_zone)


def is_demanded(order: Order, ground: Ground, policy: Policy, at: Instant) -> bool:
    """Whether a demand on this ground stands already, so that another would only repeat it."""
    demand = last_unmet(order, ground)
    return demand is not None and not right_is_dead(demand, policy, at)
