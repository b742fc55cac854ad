"""Events by which a plan run, or who plans, changed an order: its slot and its promise.

Not here: how they change the order (`schedule.py`) and the rest of its life (`events.py`).
"""

from __future__ import annotations

from earnest.core.order.event import Event
from earnest.core.order.parts import Slot
from earnest.core.values.instant import Window


class Scheduled(Event, frozen=True, kw_only=True):
    """The order entered the frozen zone with a slot."""

    slot: Slot


class Rescheduled(Event, frozen=True, kw_only=True):
    """The slot changed, with its single cause."""

    slot: Slot
    cause: str


class PromiseRevised(Event, frozen=True, kw_only=True):
    """The promised window changed; the earlier ones stay in the history."""

    promise: Window
    cause: str
