"""The window that an order gets after a plan, as the live counters would give it for that day.

Not here: whether it is told (`carrying.py`) and how wide it is (`core/plan/calibration.py`).
"""

from __future__ import annotations

from datetime import date

from earnest.core.order.state import Order
from earnest.core.plan.calendar import written_out
from earnest.core.plan.calibration import Calibration
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.counters import Binding, Resource
from earnest.core.plan.possible import Possible
from earnest.core.plan.promise import Foreseen, Replanned, promised_anew
from earnest.core.plan.signature import Signatures
from earnest.core.queue.rank import Queue
from earnest.core.values.instant import Instant
from earnest.desk.planning.ports import PlannedSlot
from earnest.desk.planning.task import day_in


class Windows:
    """Windows by one capacity document and by what is known of earlier promises."""

    def __init__(self, capacity: Capacity, calibration: Calibration) -> None:
        self._capacity = capacity
        self._calibration = calibration
        self._grid = written_out(capacity)
        self._signatures = Signatures(capacity, self._grid)
        self._possible = Possible(self._grid, self._signatures)

    def anew(self, order: Order, slot: PlannedSlot, queue: Queue, now: Instant) -> Foreseen:
        """The window for the day of a slot; without a day, from the end of the capacity on."""
        number = self._number(order, queue)
        transport = max(self._signatures.transport[number], default=0)
        if slot.day is not None and slot.arrives is not None:
            transport = (slot.arrives - slot.day).days
        replanned = Replanned(
            capacity=self._capacity.digest,
            horizon=self._capacity.ends,
            lane_group=order.configuration.model,
            planned=slot.day,
            plant=slot.plant or "",
            transport_days=transport,
            binding=binding_of(slot.resource),
            possible_from=self._possible_from(number, order, queue, now),
        )
        return promised_anew(replanned, self._calibration, queue.time_zone, now)

    def _possible_from(self, number: int, order: Order, queue: Queue, now: Instant) -> date | None:
        """When such a car could arrive: nobody enters the frozen zone, or is cooling off in it."""
        free = max(now, order.cooling_off_ends or now)
        first = self._grid.index(day_in(queue.time_zone, free)) + self._capacity.frozen_days
        arrival = self._possible.first_arrival(number, first)
        return None if arrival is None else self._grid.day(arrival)

    def _number(self, order: Order, queue: Queue) -> int:
        configuration = order.configuration
        return self._signatures.number_of(configuration.model, configuration.options, queue.market)


def binding_of(resource: str | None) -> Binding | None:
    """The resource that a row of a plan names by its kind and name; a hold is none."""
    kind, _, name = (resource or "").partition(" ")
    return Binding(Resource(kind), name) if kind in set(Resource) else None
