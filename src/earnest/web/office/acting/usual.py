"""What usually stands in fields and only other operations know: a centre, its free times, a digest.

Not here: what the order and its terms say by themselves (`Field.standard` in `fields.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from earnest.core.order.centre import Centre, FreeTime
from earnest.core.order.stage import Stage
from earnest.core.values.instant import Window, zone
from earnest.web.api.centres import AppointmentTimes, CentresShown
from earnest.web.api.order_shown import OrderShown
from earnest.web.api.signing import HandoverStatement
from earnest.web.office.acting.fields import CommandForm
from earnest.web.pages.rendering import ZONE
from earnest.web.pages.visit import Visit

OFFERED_DAYS = 3
"""Days whose first free time is offered with a car; the buyer can choose any other."""

_GOES_TO_A_CENTRE = frozenset({"Ship", "Tender"})


async def usual_fields(visit: Visit, form: CommandForm, order: OrderShown) -> dict[str, Any]:
    """The texts that stand in fields at first, by name, with the `centres` to choose from."""
    usual: dict[str, Any] = {"centres": ()}
    if form.command in _GOES_TO_A_CENTRE:
        centres = (await visit.ask("listCentres", CentresShown)).centres
        usual["centres"] = [each for each in centres if each.is_open]
        chosen = next((each for each in centres if each.centre_id == order.centre_id), None)
        if chosen is not None:
            name = chosen.names.get(order.language, chosen.names["en"])
            usual |= {"centre_id": chosen.centre_id, "destination": name, "place": name}
            usual["appointments"] = await _first_times(visit, order, chosen)
    if form.command == "HandOver" and order.stage is Stage.PAID:
        usual["signatures"] = await _signed(visit, order)
    return usual


async def _first_times(visit: Visit, order: OrderShown, centre: Centre) -> str:
    """The first free time of the next open days, one in a line, in the zone of the office."""
    path = {"order_id": order.order_id}
    free = await visit.ask("listAppointmentTimes", AppointmentTimes, path=path)
    return "\n".join(_line(each) for each in _one_a_day(free.times, centre))


def _one_a_day(times: Sequence[FreeTime], centre: Centre) -> Iterator[Window]:
    first: dict[date, Window] = {}
    for each in times:
        first.setdefault(centre.day_of(each.window.begins), each.window)
    yield from list(first.values())[:OFFERED_DAYS]


def _line(window: Window) -> str:
    local = zone(ZONE)
    begins, ends = window.begins.astimezone(local), window.ends.astimezone(local)
    return f"{begins:%Y-%m-%d %H:%M}-{ends:%H:%M}"


async def _signed(visit: Visit, order: OrderShown) -> str:
    """The digest of the statement that the buyer signed by the own login; empty without one."""
    path = {"order_id": order.order_id}
    statement = await visit.ask("showHandoverStatement", HandoverStatement, path=path)
    return "" if statement.signature is None else statement.signature.digest
