"""How a promise turned out: the day on which the car stood ready, against the day it was due.

Every promise that live counters gave is judged once, when its car is tendered for the first time,
whoever or whatever made it late. Not here: what is made of it (`core/plan/calibration.py`).
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from earnest.core.order.events import Tendered
from earnest.core.order.state import Order
from earnest.core.plan.calibration import SETTLING_DAYS, PlanError, cohort_of
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import zone


class PromiseOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an order's promise of a day: `days` late, or early below zero.

    `lead_days` is how far away the planned day was then. It counts from the day `counts_from` on.
    """

    buyer_id: BuyerId
    order_id: OrderId
    lane_group: str
    given_on: date
    lead_days: int
    days: int
    counts_from: date

    @property
    def error(self) -> PlanError:
        """The same for a calibration."""
        return PlanError(
            lane_group=self.lane_group,
            cohort=cohort_of(self.given_on),
            lead_days=self.lead_days,
            days=self.days,
        )


def outcome_of(order: Order, event: Tendered, time_zone: str) -> PromiseOutcome | None:
    """What became of an order's promise when its car is tendered; `order` is as it was before.

    None where no live counters gave the window. A car that was repaired, or tendered anew, gives
    the same promise again, of which only the first outcome is kept. A window that was revised
    later changes nothing here: it is the first one that had to be right.
    """
    reason = order.promise_reason
    if reason is None or reason.planned is None or reason.given_on is None:
        return None
    due = reason.planned + timedelta(days=reason.transport_days)
    arrived = event.at.astimezone(zone(time_zone)).date()
    return PromiseOutcome(
        buyer_id=order.buyer_id,
        order_id=order.order_id,
        lane_group=reason.lane_group,
        given_on=reason.given_on,
        lead_days=(reason.planned - reason.given_on).days,
        days=(arrived - due).days,
        counts_from=max(arrived + timedelta(days=1), due + timedelta(days=SETTLING_DAYS)),
    )
