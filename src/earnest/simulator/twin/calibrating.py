"""What became of the twin's promises, as far as it is known on a day.

Not here: how wide a window has to be (`core/plan/calibration.py`).
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from heapq import heappop, heappush

import msgspec

from earnest.core.order.events import Tendered
from earnest.core.order.turned_out import outcome_of
from earnest.core.plan.calibration import (
    BUCKET_DAYS,
    Calibration,
    LeadTime,
    PlanError,
    cohort_of,
    lead_time,
)
from earnest.simulator.twin.world import Seen

LEAST_LEAD = dict(zip(LeadTime, (0, *BUCKET_DAYS), strict=True))
"""The shortest lead of each bucket, which stands for all of it."""


class Outcomes:
    """What became of promises, each from the day on which it counts, as the server keeps it."""

    def __init__(self) -> None:
        self._waiting: list[tuple[date, int, PlanError]] = []
        self._judged: set[tuple[int, date]] = set()
        self._cars: Counter[PlanError] = Counter()

    def saw(self, seen: Seen, time_zone: str) -> None:
        """Judge the promise of an order whose car was tendered, once."""
        for event in seen.events:
            if seen.before is None or not isinstance(event, Tendered):
                continue
            outcome = outcome_of(seen.before, event, time_zone)
            if outcome is None or (seen.number, outcome.given_on) in self._judged:
                continue
            self._judged.add((seen.number, outcome.given_on))
            error = PlanError(
                lane_group=outcome.lane_group,
                cohort=cohort_of(outcome.given_on),
                lead_days=LEAST_LEAD[lead_time(outcome.lead_days)],
                days=outcome.days,
            )
            heappush(self._waiting, (outcome.counts_from, len(self._judged), error))

    def calibration_on(self, today: date) -> Calibration:
        """What is known on a day."""
        while self._waiting and self._waiting[0][0] <= today:
            self._cars[heappop(self._waiting)[2]] += 1
        errors = (msgspec.structs.replace(error, cars=cars) for error, cars in self._cars.items())
        return Calibration(errors, known_until=today)
