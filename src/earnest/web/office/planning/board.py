"""/office/plan and /office/plan/what-if: how full lines are, week by week; dry runs begin here.

Not here: one week by its days (`days.py`), and what comes out of a dry run (`runs.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

import msgspec

from earnest.core.plan.calibration import cohort_of
from earnest.core.plan.supposing import names_in
from earnest.core.plan.weeks import Resource, by_week
from earnest.core.values.reason import Reason
from earnest.desk.planning.ports import Way
from earnest.web.api.plan_board import LineLoad, Load
from earnest.web.api.plan_runs import RunShown
from earnest.web.api.planning import CapacityShown, PlanShown
from earnest.web.office import rooms
from earnest.web.office.rooms import PLAN
from earnest.web.pages.forms import Form
from earnest.web.pages.page import Answer, Moved, Page, Shown
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway

WEEKS = 26
SHADES = 5
"""Steps of the colour between nothing booked and everything."""

WEEK = timedelta(weeks=1)
WHOLE = 100
AT_ONCE = 3
"""Suppositions in one form."""

Value = TypeVar("Value")


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A line in a week: cars that it can build, those that are booked, and how dark that is.

    `share` is the booked per cent; None where nothing can be built.
    """

    week: date
    cars: int
    booked: int
    share: int | None
    shade: int

    @property
    def is_over(self) -> bool:
        """Whether more is booked than can be built."""
        return self.booked > self.cars


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line with its weeks."""

    line: str
    cells: tuple[Cell, ...]


class PartRow(msgspec.Struct, frozen=True, kw_only=True):
    """A scarce part with the units that come in each of the weeks."""

    part: str
    units: tuple[tuple[date, int], ...]


def heat_rows(lines: Iterable[LineLoad], weeks: Sequence[date]) -> Iterator[Row]:
    """How full each line is in each of these weeks, also where the document says nothing."""
    for line in lines:
        counted = {week: [0, 0] for week in weeks}
        for each in line.days:
            of_week = counted[cohort_of(each.day)]
            of_week[0] += each.cars
            of_week[1] += each.booked
        yield Row(line=line.line, cells=tuple(_cell(week, *counted[week]) for week in weeks))


def _cell(week: date, cars: int, booked: int) -> Cell:
    share = booked * WHOLE // cars if cars else None
    shade = 0 if not booked else min(SHADES, 1 + booked * (SHADES - 1) // max(cars, 1))
    return Cell(week=week, cars=cars, booked=booked, share=share, shade=shade)


def shown(
    visit: Visit,
    template: str,
    status: int = 200,
    **values: Any,  # noqa: ANN401 - whatever it shows
) -> Shown:
    """A page of the plan board."""
    page = rooms.shown(visit, f"plan/{template}", **values)
    return msgspec.structs.replace(page, status=status)


async def known(visit: Visit, operation: str, gives: type[Value], none: Reason) -> Value | None:
    """What an operation gives, or nothing where there is none yet."""
    try:
        return await visit.ask(operation, gives)
    except TurnedAway as away:
        if away.code is not none:
            raise
        return None


async def show(visit: Visit) -> Answer:
    """What can be built and is booked, and the plan that counts."""
    capacity = await known(visit, "showCapacity", CapacityShown, Reason.CAPACITY_MISSING)
    today = visit.received_at.date()
    weeks = [cohort_of(today) + number * WEEK for number in range(WEEKS)]
    rows: list[Row] = []
    parts: list[PartRow] = []
    if capacity is not None:
        days = {"begins": weeks[0].isoformat(), "ends": (weeks[-1] + WEEK).isoformat()}
        rows = list(heat_rows((await visit.ask("showLoad", Load, days)).lines, weeks))
        parts = list(_part_rows(capacity, weeks))
    return shown(
        visit,
        "board.html",
        capacity=capacity,
        rows=rows,
        parts=parts,
        current=await known(visit, "showPlan", PlanShown, Reason.PLAN_UNKNOWN),
        frozen_until=None
        if capacity is None
        else today + timedelta(days=capacity.capacity.frozen_days),
    )


def _part_rows(capacity: CapacityShown, weeks: Sequence[date]) -> Iterator[PartRow]:
    counted = {
        (week.name, week.begins): units
        for week, units in by_week(capacity.capacity, weeks[0]).items()
        if week.resource is Resource.PART
    }
    for part in sorted(capacity.capacity.parts, key=lambda each: each.code):
        units = tuple((week, counted.get((part.code, week), 0)) for week in weeks)
        yield PartRow(part=part.code, units=units)


async def try_plan(visit: Visit) -> Answer:
    """Start a dry run of what counts now."""
    return await started(visit, {"way": visit.form.get("way")})


async def started(visit: Visit, body: dict[str, Any]) -> Answer:
    """Start a dry run and go where it is shown."""
    run = await visit.ask("startPlanRun", RunShown, body, key=visit.form.key)
    return Moved(f"{PLAN.path}/runs/{run.run_id}")


async def show_what_if(visit: Visit) -> Answer:
    """What can be supposed: less or more of a plant, a line or a part for some weeks."""
    capacity = await known(visit, "showCapacity", CapacityShown, Reason.CAPACITY_MISSING)
    return shown(
        visit,
        "what_if.html",
        capacity=capacity,
        names=() if capacity is None else names_in(capacity.capacity),
        rows=[_typed(visit.form, number) for number in range(AT_ONCE)],
        first_day=visit.received_at.date(),
    )


_FIELDS = ("name", "percent", "begins", "weeks")


def _typed(form: Form, number: int) -> dict[str, str]:
    """What was filled in for one supposition."""
    return {field: form.get(f"{field}-{number}") for field in _FIELDS}


async def suppose(visit: Visit) -> Answer:
    """Start a dry run of what is supposed."""
    rows = [_typed(visit.form, number) for number in range(AT_ONCE)]
    # The first has to be there; of the others those that name something.
    meant = [row for number, row in enumerate(rows) if row["name"] or number == 0]
    return await started(
        visit, {"way": Way.GENTLE.value, "suppositions": [_supposition(row) for row in meant]}
    )


def _supposition(row: dict[str, str]) -> dict[str, Any]:
    """A supposition as the API reads it; what is no number or day is left for it to refuse."""
    below = row["percent"].removeprefix("-")
    percent = whole(below)
    if below != row["percent"] and isinstance(percent, int):
        # Less than nothing is a number, of which the API says what is wrong with it.
        percent = -percent
    body: dict[str, Any] = {"name": row["name"], "percent": percent}
    if row["begins"]:
        body["begins"] = row["begins"]
        first, weeks = day_of(row["begins"]), whole(row["weeks"])
        if first is not None and isinstance(weeks, int):
            body["ends"] = (first + min(weeks, MOST_WEEKS) * WEEK).isoformat()
    return body


MOST_WEEKS = 200
"""Weeks of a supposition at most; a document ends before that."""


def whole(text: str) -> int | str:
    """A whole number, or the text as it is where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text  # noqa: PLR2004 - as a form's sequence


def day_of(text: str) -> date | None:
    """A day as browsers write it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        PLAN.page("office-plan", show, try_plan),
        PLAN.page("office-plan-what-if", show_what_if, suppose, f"{PLAN.path}/what-if"),
    ]
