"""Where the buyer can collect the car and when: the centres to choose from, and the free times.

Not here: the page itself (`delivery.py`), and the rules (`core/order/tender.py`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from earnest.core.order.centre import Centre
from earnest.core.order.stage import TRANSITIONS
from earnest.core.values.instant import Window, zone
from earnest.web.api.centres import AppointmentTimes, CentresShown
from earnest.web.api.order_shown import OrderShown
from earnest.web.pages.rendering import ZONE
from earnest.web.pages.visit import Visit

DAYS_SHOWN = 14
"""Days ahead whose free times are offered at once; a page of all would not be read."""

_BETWEEN = "/"


class Bookable(msgspec.Struct, frozen=True, kw_only=True):
    """A time on offer, and how the form names it."""

    window: Window
    value: str


class DayOffered(msgspec.Struct, frozen=True, kw_only=True):
    """The times on offer on one local day."""

    day: date
    times: tuple[Bookable, ...]

    @property
    def windows(self) -> list[Window]:
        """The times alone."""
        return [each.window for each in self.times]


async def where_and_when(visit: Visit, order: OrderShown) -> dict[str, Any]:
    """What the page says of centres and times: none, if the order is not that far or beyond."""
    centres = (await visit.ask("listCentres", CentresShown)).centres
    chosen = next((each for each in centres if each.centre_id == order.centre_id), None)
    may_choose = "ChooseCentre" in TRANSITIONS[order.stage]
    may_book = "BookAppointment" in TRANSITIONS[order.stage]
    return {
        "centre": chosen,
        "place_zone": _zone_of(chosen),
        "centres": [each for each in centres if each.is_open] if may_choose else [],
        "days": await _days(visit, order, chosen) if may_book else [],
    }


async def _days(visit: Visit, order: OrderShown, centre: Centre | None) -> list[DayOffered]:
    """The times by day: those that the tender named, and at a centre those with a free bay."""
    assert order.tender is not None, "a tendered order has a tender"
    wanted = {"days": str(DAYS_SHOWN)}
    path = {"order_id": order.order_id}
    free = await visit.ask("listAppointmentTimes", AppointmentTimes, wanted, path=path)
    windows = {each.window for each in free.times}
    if centre is None:
        windows = {each for each in order.tender.appointments if visit.received_at < each.begins}
    local = zone(_zone_of(centre))
    by_day: dict[date, list[Bookable]] = {}
    for window in sorted(windows, key=lambda each: each.begins):
        value = f"{window.begins.isoformat()}{_BETWEEN}{window.ends.isoformat()}"
        day = window.begins.astimezone(local).date()
        by_day.setdefault(day, []).append(Bookable(window=window, value=value))
    return [DayOffered(day=day, times=tuple(times)) for day, times in by_day.items()]


def _zone_of(centre: Centre | None) -> str:
    return ZONE if centre is None else centre.time_zone


def chosen_time(value: str) -> dict[str, Any]:
    """The command's body for a time as the form names it; the API turns away what is none."""
    begins, _, ends = value.partition(_BETWEEN)
    return {"appointment": {"begins": begins, "ends": ends}} if value else {}
