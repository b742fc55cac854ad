"""What a deferral leaves of the seller's delay: it takes nothing that the buyer had.

The days until then stay the seller's, and a right to leave or to end the order stays open until
the car stands ready in the window agreed anew. What cannot run against a seller that is kept from
delivering waits for that window: a delay lasts through a demand only while the buyer wants the car
(CN-12), and who asks for later is in good faith bound by it (CN-06). The preview names each right
that waits. That the time of a demand stands still is acknowledged, since the buyer had acted; that
nobody demands now what it asks to have later is what deferring means. Not here: deferring itself
(`defer.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.order.delay import BEFORE_SHIPPING
from earnest.core.order.lateness import days_of_this_delay, is_late, late_in_vain
from earnest.core.order.parts import DeliveryDemand
from earnest.core.order.parts_of_deferral import EarlierDelay, KeptRights, LateRight
from earnest.core.order.state import Order
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant, Window, end_of_day_after, last_day_of, zone
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def kept_when_deferring(order: Order, at: Instant, time_zone: str) -> KeptRights | None:
    """What of a delay stays, and what waits, if the buyer defers now; None where there is none."""
    days = days_of_this_delay(order, at, time_zone)
    promised = order.late_from or order.binding_promise.ends
    delay = EarlierDelay(promised=promised, until=at, days=days) if days else None
    open_delay = order.open_delay if order.stage in BEFORE_SHIPPING else None
    kept = KeptRights(
        delay=delay,
        demand=_demand(order, at, time_zone),
        leave=None if open_delay is None else open_delay.number,
        puts_off=_puts_off(order, at),
    )
    return None if kept == KeptRights() else kept


def _demand(order: Order, at: Instant, time_zone: str) -> DeliveryDemand | None:
    """The demand as it goes on: run out in vain, standing still, or met by a car that is ready."""
    demand = order.delivery_demand
    if demand is None or demand.in_vain_since is not None:
        return demand
    if late_in_vain(order, at):
        return msgspec.structs.replace(demand, in_vain_since=at)
    if is_late(order, at):
        today = at.astimezone(zone(time_zone)).date()
        left = (last_day_of(demand.cure_until, time_zone) - today).days
        return msgspec.structs.replace(demand, days_left=left)
    return demand if demand.is_kept else None


def _puts_off(order: Order, at: Instant) -> tuple[LateRight, ...]:
    if not is_late(order, at) or late_in_vain(order, at):
        return ()
    return (LateRight.DEMAND if order.delivery_demand is None else LateRight.CURE_TIME,)


def stays(order: Order, kept: KeptRights | None) -> tuple[LateRight, ...]:
    """The rights that stay usable through the deferral, those of earlier ones among them."""
    has = {
        LateRight.COMPENSATION: bool(order.earlier_delays)
        or (kept is not None and kept.delay is not None),
        LateRight.LEAVE: kept is not None and kept.leave is not None,
        LateRight.END: kept is not None
        and kept.demand is not None
        and kept.demand.in_vain_since is not None,
    }
    return tuple(right for right, there in has.items() if there)


def unacknowledged(kept: KeptRights | None, acknowledged: tuple[LateRight, ...]) -> Rejected | None:
    """The rejection of a deferral that stops the time of a demand without the buyer's own word."""
    right = LateRight.CURE_TIME
    if kept is None or right not in kept.puts_off or right in acknowledged:
        return None
    return Rejected(Reason.DEMAND_WAITS_UNACKNOWLEDGED, {"right": right})


def cure_after(order: Order, promise: Window, policy: Policy) -> Instant | None:
    """Until when a demand that stood still runs, once the buyer asks for the car in a new window.

    What was left of its time is added to the end of that window: nobody has to demand twice.
    """
    demand = order.delivery_demand
    if demand is None or demand.days_left is None:
        return None
    return end_of_day_after(promise.ends, demand.days_left, policy.time_zone)


def fulfilled_by(order: Order, at: Instant) -> Order:
    """The order after its car stands ready: in time, the rights of the earlier delay are over.

    Its days still count. A car that is late again ends nothing of what was kept.
    """
    if at >= order.binding_promise.ends:
        return order
    demand = order.delivery_demand
    return msgspec.structs.replace(
        order,
        delivery_demand=None if demand is not None and demand.is_kept else demand,
        delays=tuple(
            msgspec.structs.replace(each, ended_at=at)
            if each.is_kept and each.is_unanswered
            else each
            for each in order.delays
        ),
    )
