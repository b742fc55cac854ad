"""Whether the seller is late, and for how many days.

Not here: what a delay costs (`core/settlement`) and what the buyer may do about it
(`terminate.py`).
"""

from __future__ import annotations

from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.values.instant import Instant, days_late

WAITS_FOR_BUYER = frozenset({Stage.TENDERED, Stage.INSPECTED})
"""Stages in which the seller has done its part, so that it is not late.

Not `paid`: whoever took the whole price owes the handover (CN-12).
"""


def is_late(order: Order, at: Instant) -> bool:
    """Whether the seller is late against the binding promise.

    A window the seller moved alone does not count (CN-09); a deferral agreed with the buyer
    stops the clock until the buyer resumes, which gives a new binding promise.
    """
    if order.stage in WAITS_FOR_BUYER or order.deferral is not None:
        return False
    return at >= order.binding_promise.ends


def late_in_vain(order: Order, at: Instant) -> bool:
    """Whether the seller is still late after the buyer's demand and a reasonable time (CN-12).

    A time that had run out before a deferral stays run out until the car stands there.
    """
    demand = order.delivery_demand
    if demand is None or order.stage in WAITS_FOR_BUYER:
        return False
    if demand.in_vain_since is not None:
        return True
    return is_late(order, at) and at >= demand.cure_until


def days_of_delay(order: Order, at: Instant, time_zone: str) -> int:
    """Days from the last promised day until the car stood there for the buyer (S16).

    A yes to a later window waives nothing: the days count from the window promised first (CN-18).

    While it stands there nothing runs. Once the whole price is paid, the days after the last
    payment are the seller's again; none is counted twice and none that was promised. A deferral
    runs at no one's cost: the days before it stay, and a new window has days of its own.
    """
    earlier = sum(each.days for each in order.earlier_delays)
    return earlier + days_of_this_delay(order, at, time_zone)


def days_of_this_delay(order: Order, at: Instant, time_zone: str) -> int:
    """The same without the days before an earlier deferral; none while one runs."""
    if order.deferral is not None:
        return 0
    promised = order.late_from or order.binding_promise.ends
    if order.tender is None:
        return days_late(promised, at, time_zone)
    days = days_late(promised, min(at, order.tender.ready_since), time_zone)
    if order.stage is not Stage.PAID:
        return days
    paid_at = max(each.received_at for each in order.payments if each.received_at is not None)
    return days + days_late(max(promised, paid_at), at, time_zone)
