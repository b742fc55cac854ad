"""The seller's demands for performance: which of them still runs, and until when it carries an end.

Not here: making a demand (`cancel.py`, `tender.py`) and proving that it arrived (`cancel.py`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.order.parts import DemandFact
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import (
    Instant,
    days_between,
    end_of_day_after,
    last_day_of,
    midnight,
)


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


def stands_still(order: Order, demand: DemandFact) -> bool:
    """Whether the time of a demand stands still, because the buyer waits for the maker's answer.

    A maker that is silent about a request for a deferral would otherwise use up the time that it
    had to give (CN-06). What had run out before the buyer asked stays run out.
    """
    return _still_since(order, demand) is not None


def _still_since(order: Order, demand: DemandFact) -> Instant | None:
    request = order.deferral_request
    if request is None or demand.met or demand.cure_until is None:
        return None
    assert demand.notice_delivered_at is not None, "time runs from proven arrival"
    since = max(request.requested_at, demand.notice_delivered_at)
    return since if since < demand.cure_until else None


def ran_in_vain(order: Order, demand: DemandFact, at: Instant) -> bool:
    """Whether a demand ran through its whole cure period without being met or standing still."""
    return demand.cured_in_vain(at) and not stands_still(order, demand)


def cure_after_request(order: Order, policy: Policy, at: Instant) -> Instant | None:
    """Until when a demand runs that stood still, if the request ends now; None if nothing did.

    Every day that began while the maker was asked is given back.
    """
    for demand in order.demands:
        since = _still_since(order, demand)
        days = 0 if since is None else days_between(since, at, policy.time_zone)
        if days:
            assert demand.cure_until is not None, "only time that ran can stand still"
            last = last_day_of(demand.cure_until, policy.time_zone)
            return midnight(last + timedelta(days=days + 1), policy.time_zone)
    return None


def demands_after_request(
    order: Order, cure_until: Instant | None, at: Instant
) -> tuple[DemandFact, ...]:
    """The demands once the request is over: what stood still goes on until then.

    The arrival of a notice may be proven later, for a day before the request. Its time could not
    be stopped, so it begins now.
    """

    def after(demand: DemandFact) -> DemandFact:
        if not demand.met and demand.cure_until is None:
            return msgspec.structs.replace(demand, not_before=at)
        if cure_until is not None and stands_still(order, demand):
            return msgspec.structs.replace(demand, cure_until=cure_until)
        return demand

    return tuple(after(each) for each in order.demands)
