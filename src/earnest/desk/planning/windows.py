"""The window that an order gets after a plan, as the live counters would give it for that day.

Not here: whether it is told (`carrying.py`) and how wide it is (`core/plan/calibration.py`).
"""

from __future__ import annotations

from earnest.core.order.state import Order
from earnest.core.plan.calendar import written_out
from earnest.core.plan.calibration import Calibration
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.counters import Binding, Resource
from earnest.core.plan.promise import Foreseen, Replanned, promised_anew
from earnest.core.plan.signature import Signatures
from earnest.core.queue.rank import Queue
from earnest.core.values.instant import Instant
from earnest.desk.planning.ports import PlannedSlot


class Windows:
    """Windows by one capacity document and by what is known of earlier promises."""

    def __init__(self, capacity: Capacity, calibration: Calibration) -> None:
        self._capacity = capacity
        self._calibration = calibration
        self._signatures = Signatures(capacity, written_out(capacity))

    def anew(self, order: Order, slot: PlannedSlot, queue: Queue, now: Instant) -> Foreseen:
        """The window for the day of a slot; without a day, from the end of the capacity on."""
        transport = self._farthest(order, queue)
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
        )
        return promised_anew(replanned, self._calibration, queue.time_zone, now)

    def _farthest(self, order: Order, queue: Queue) -> int:
        configuration = order.configuration
        number = self._signatures.number_of(
            configuration.model, configuration.options, queue.market
        )
        return max(self._signatures.transport[number], default=0)


def binding_of(resource: str | None) -> Binding | None:
    """The resource that a row of a plan names by its kind and name; a hold is none."""
    kind, _, name = (resource or "").partition(" ")
    return Binding(Resource(kind), name) if kind in set(Resource) else None
