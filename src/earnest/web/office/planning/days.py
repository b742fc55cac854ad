"""/office/plan/days: a week of a line or of a scarce part by its days, and changing them.

A change is made to a proposal of the whole document. It is published only from the dry run that
says who would move (`runs.py`). Not here: tables of whole documents (`tables.py`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from earnest.core.plan.calibration import cohort_of
from earnest.core.values.reason import Reason
from earnest.web.api.capacity_changes import CapacityProposed
from earnest.web.api.plan_board import LineLoad, Load, PartLoad
from earnest.web.office.planning.board import WEEK, day_of, shown, started, whole
from earnest.web.office.planning.proposing import FAULTY, OK, kept_document
from earnest.web.office.rooms import PLAN
from earnest.web.pages.page import Answer, Page, Shown
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said
from earnest.web.problems import TurnedAway

WEEKDAYS = (
    said("Monday"),
    said("Tuesday"),
    said("Wednesday"),
    said("Thursday"),
    said("Friday"),
    said("Saturday"),
    said("Sunday"),
)
ONE_DAY = timedelta(days=1)


async def show(visit: Visit) -> Answer:
    """A week of a line, or of a part."""
    return await _shown(visit, None)


async def _shown(visit: Visit, proposed: CapacityProposed | None) -> Shown:
    week = cohort_of(day_of(visit.query.get("week", "")) or visit.received_at.date())
    days = {"begins": week.isoformat(), "ends": (week + WEEK).isoformat()}
    line: LineLoad | None = None
    part: PartLoad | None = None
    if "part" in visit.query:
        part = await visit.ask("showPartLoad", PartLoad, {"part": visit.query["part"], **days})
    else:
        line = _line(await visit.ask("showLoad", Load, days), visit.query.get("line", ""))
    working = [] if line is None else [each for each in line.days if each.shifts]
    findings = () if proposed is None else proposed.findings
    return shown(
        visit,
        "days.html",
        status=FAULTY if findings else OK,
        line=line,
        part=part,
        week=week,
        last=week + WEEK - ONE_DAY,
        before=_address(visit, week - WEEK),
        after=_address(visit, week + WEEK),
        weekdays=WEEKDAYS,
        works={each.day.isoweekday() for each in working},
        usual=working[0] if working else None,
        findings=findings,
    )


def _line(load: Load, name: str) -> LineLoad:
    found = next((each for each in load.lines if each.line == name), None)
    if found is None:
        known = ", ".join(each.line for each in load.lines)
        raise TurnedAway(Reason.CAPACITY_NAME_UNKNOWN, {"name": name, "known": known})
    return found


def _address(visit: Visit, week: date) -> dict[str, str]:
    """The query of another week of the same thing."""
    kind = "part" if "part" in visit.query else "line"
    return {kind: visit.query.get(kind, ""), "week": week.isoformat()}


async def change(visit: Visit) -> Answer:
    """Propose the change, and show its faults, or start the dry run that says who would move."""
    proposed = await visit.ask("proposeCapacity", CapacityProposed, {"edits": [_edit(visit)]})
    if proposed.capacity is None:
        return await _shown(visit, proposed)
    return await started(visit, kept_document(proposed))


def _edit(visit: Visit) -> dict[str, Any]:
    """The edit that a form asks for; what cannot be read is left for the API to refuse."""
    form, query = visit.form, visit.query
    if form.name == "receipt":
        units = whole(form.get("units"))
        part = query.get("part", "")
        return {"kind": "receipt", "part": part, "day": form.get("day"), "units": units}
    name = query.get("line", "")
    if form.name == "holiday":
        plant = name.rpartition("/")[0]
        is_holiday = form.get("builds") == "no"
        return {"kind": "holiday", "plant": plant, "day": form.get("day"), "is_holiday": is_holiday}
    last = day_of(form.get("last"))
    return {
        "kind": "days",
        "line": name,
        "begins": form.get("first"),
        "ends": form.get("last") if last is None else (last + ONE_DAY).isoformat(),
        "shifts": whole(form.get("shifts")),
        "cars_per_shift": whole(form.get("cars")),
        "weekdays": [whole(each) for each in form.all("weekday")],
    }


def pages() -> list[Page]:
    """The pages of this module."""
    return [PLAN.page("office-plan-days", show, change, f"{PLAN.path}/days")]
