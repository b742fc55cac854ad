"""Events about the delivery centre: where the car goes, its preparation there, appointments.

Not here: how they change the order (`preparing.py`, `tender.py`) and the rest of its life
(`events.py`).
"""

from __future__ import annotations

from earnest.core.order.event import Event
from earnest.core.order.parts import ChecklistItem
from earnest.core.values.ids import CentreId, Vin
from earnest.core.values.instant import Window


class CentreChosen(Event, frozen=True, kw_only=True):
    """The buyer chose the delivery centre."""

    centre_id: CentreId


class Prepared(Event, frozen=True, kw_only=True):
    """The centre checked the car before the buyer comes; nothing is accepted by it."""

    vin: Vin
    checklist: tuple[ChecklistItem, ...]
    documents: tuple[str, ...] = ()


class AppointmentBooked(Event, frozen=True, kw_only=True):
    """The buyer chose when to inspect; at a centre a bay is kept for it."""

    appointment: Window
    bay: int | None = None


class AppointmentMissed(Event, frozen=True, kw_only=True):
    """The buyer did not come to the booked or the last offered appointment."""

    appointment: Window
