"""/office/delivery: a delivery centre on a tablet: its day or week, cars arriving, handovers.

Not here: doing something about it, each of which is a command with a form of its own (`acting`),
and the centres themselves (`centres.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import msgspec

from earnest.core.order.centre import Centre
from earnest.core.order.stage import Stage
from earnest.core.values.instant import Instant, Window
from earnest.desk.handover_queue import Lack
from earnest.web.api.centre_days import CentreDays, CentreVisit
from earnest.web.api.centres import CentresShown
from earnest.web.office import rooms
from earnest.web.office.acting.fields import CommandForm
from earnest.web.office.acting.page import FORMS, may_ask
from earnest.web.office.rooms import DELIVERY
from earnest.web.office.words import STAGES
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said

A_WEEK = 7

LACKS: dict[Lack, str] = {
    Lack.CAR: said("the car"),
    Lack.PREPARATION: said("preparation"),
    Lack.APPOINTMENT: said("appointment"),
    Lack.INSPECTION: said("joint inspection"),
    Lack.BALANCE: said("balance"),
    Lack.DOCUMENTS: said("papers"),
    Lack.SIGNATURE: said("signature"),
}
"""What a handover still lacks, as a word in a list."""

_ARRIVING = frozenset({Stage.BUILT, Stage.IN_TRANSIT})
_INSPECTED = frozenset({Stage.INSPECTED, Stage.PAID})


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A time of the day and who has each bay then; None is a free one."""

    window: Window
    bays: tuple[CentreVisit | None, ...]

    @property
    def free(self) -> int:
        """How many bays nobody has."""
        return self.bays.count(None)


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """A day of the week: who comes, and how many bays times hours there are."""

    day: date
    begins: Instant
    places: int
    visits: tuple[CentreVisit, ...]


async def show(visit: Visit) -> Answer:
    """The day or week of the chosen centre, or of the largest; without any, the way to add one."""
    centres = (await visit.ask("listCentres", CentresShown)).centres
    wanted = visit.query.get("centre")
    centre = next((each for each in centres if each.centre_id == wanted), None)
    if centre is None:
        open_ones = [each for each in centres if each.is_open]
        centre = max(open_ones, key=lambda each: each.bays, default=None)
    if centre is None:
        return rooms.shown(visit, "delivery_none.html", may_keep=_may_keep(visit))
    return await _shown(visit, centres, centre)


async def _shown(visit: Visit, centres: Sequence[Centre], centre: Centre) -> Answer:
    today = centre.day_of(visit.received_at)
    is_week = visit.query.get("view") == "week"
    day = _day_of(visit.query.get("day", "")) or today
    first = day - timedelta(days=day.weekday()) if is_week else day
    count = A_WEEK if is_week else 1
    body = {"day": first.isoformat(), "days": str(count)}
    path = {"centre_id": centre.centre_id}
    seen = await visit.ask("showCentreDays", CentreDays, body, path=path)
    coming = [each for each in seen.visits if _comes(each, seen)]
    waiting = [each for each in seen.visits if each.stage is Stage.TENDERED and each not in coming]
    return rooms.shown(
        visit,
        "delivery_week.html" if is_week else "delivery_day.html",
        centres=[each for each in centres if each.is_open],
        centre=centre,
        day=day,
        today=today,
        earlier=first - timedelta(days=count),
        later=first + timedelta(days=count),
        begins=seen.begins,
        ends=seen.ends,
        rows=() if is_week else _rows(seen, coming),
        days=_week(seen, coming, first) if is_week else (),
        queue=[each for each in seen.visits if each in coming or _is_due(each, day, today)],
        arriving=sorted(
            (each for each in seen.visits if each.stage in _ARRIVING),
            key=lambda each: each.promise.ends,
        ),
        waiting=waiting,
        next_steps=lambda each: next_steps(visit, each),
        lacks=LACKS,
        stages=STAGES,
        done=FORMS.get(visit.query.get("done", "")),
        may_keep=_may_keep(visit),
    )


def _may_keep(visit: Visit) -> bool:
    return bool(visit.by.actor.roles & visit.routes["keepCentre"].roles)


def _day_of(text: str) -> date | None:
    """A day as browsers write it, with room around it for a week; None where it is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    is_near = date.min.year + 1 < day.year < date.max.year
    return day if is_near else None


def _comes(visit: CentreVisit, seen: CentreDays) -> bool:
    appointment = visit.appointment
    return appointment is not None and seen.begins <= appointment.begins < seen.ends


def _is_due(visit: CentreVisit, day: date, today: date) -> bool:
    """Whether a car that passed its inspection still waits for its buyer, as of today."""
    return day == today and visit.stage in _INSPECTED


def _rows(seen: CentreDays, coming: Sequence[CentreVisit]) -> tuple[Row, ...]:
    """Every time of the day, also those that the hours no longer have and somebody booked."""
    booked = {each.appointment for each in coming if each.appointment is not None}
    windows = sorted({*seen.times, *booked}, key=lambda each: (each.begins, each.ends))
    return tuple(
        Row(
            window=window,
            bays=tuple(
                next(
                    (x for x in coming if (x.appointment, x.bay) == (window, bay)),
                    None,
                )
                for bay in range(1, seen.centre.bays + 1)
            ),
        )
        for window in windows
    )


def _week(seen: CentreDays, coming: Sequence[CentreVisit], first: date) -> tuple[Day, ...]:
    centre = seen.centre
    days = [first + timedelta(days=ahead) for ahead in range(A_WEEK)]
    return tuple(
        Day(
            day=day,
            begins=seen.begins + timedelta(days=ahead),
            places=sum(centre.day_of(each.begins) == day for each in seen.times) * centre.bays,
            visits=tuple(
                each
                for each in coming
                if each.appointment is not None and centre.day_of(each.appointment.begins) == day
            ),
        )
        for ahead, day in enumerate(days)
    )


_STEPS: tuple[tuple[str, Callable[[CentreVisit, Instant], bool]], ...] = (
    ("HandOver", lambda each, _: each.stage is Stage.PAID),
    ("DemandBalance", lambda each, _: each.stage is Stage.INSPECTED and not each.is_demanded),
    (
        "RecordMissedAppointment",
        lambda each, now: (
            each.stage is Stage.TENDERED
            and each.appointment is not None
            and now >= each.appointment.ends
        ),
    ),
    ("Tender", lambda each, _: each.stage is Stage.IN_TRANSIT),
    ("Ship", lambda each, _: each.stage is Stage.BUILT),
    (
        "RecordPreparation",
        lambda each, _: (
            each.stage in {Stage.IN_TRANSIT, Stage.TENDERED}
            and bool({Lack.PREPARATION, Lack.DOCUMENTS} & {*each.lacks})
        ),
    ),
    (
        "RecordInspection",
        lambda each, now: (
            each.stage is Stage.TENDERED
            and each.appointment is not None
            and now >= each.appointment.begins
        ),
    ),
    ("DemandCollection", lambda each, _: each.stage is Stage.TENDERED and bool(each.missed)),
)
"""What can be done next, the most pressing first, and when it is due."""


def next_steps(visit: Visit, each: CentreVisit) -> list[CommandForm]:
    """The commands that are due for an order, as far as this reader may give them."""
    due = [FORMS[name] for name, is_due in _STEPS if is_due(each, visit.received_at)]
    return [form for form in due if may_ask(visit, form)]


def pages() -> list[Page]:
    """The pages of this module."""
    return [DELIVERY.page("office-delivery", show)]
