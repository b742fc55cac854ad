"""/office/plan: what plants can build, a plan tried dry, who moves and why, and applying it.

Not here: making plans (`core/plan`), and importing capacity (`earnest capacity`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypeVar

import msgspec

from earnest.core.plan.capacity import Capacity
from earnest.core.plan.weeks import Resource, by_week
from earnest.core.values.reason import Reason
from earnest.desk.planning.ports import Way
from earnest.desk.planning.running import DryRun
from earnest.web.api.planning import CapacityShown, PlanShown
from earnest.web.codes import DoorCode
from earnest.web.office import rooms
from earnest.web.office.rooms import PLAN
from earnest.web.office.words import CAUSES
from earnest.web.pages.page import Answer, Moved, Page
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway

WEEKS = 26
MOVES = 200
"""Moves that are listed; the figures count all of them."""

_WIDTH, _HEIGHT, _NAMES = 30, 26, 110
"""Of a cell of the heat map, and of the names beside it, in units of the drawing."""

Value = TypeVar("Value")


class Cell(msgspec.Struct, frozen=True):
    """A line in a week: where it is drawn, how dark, and how many cars."""

    x: int
    y: int
    shade: float
    cars: int
    week: date


class HeatMap(msgspec.Struct, frozen=True, kw_only=True):
    """The capacity of lines by week, ready to be drawn. `weeks` are Mondays with their x."""

    width: int
    height: int
    lines: tuple[tuple[str, int], ...]
    weeks: tuple[tuple[date, int], ...]
    cells: tuple[Cell, ...]


def heat_map(capacity: Capacity, since: date) -> HeatMap:
    """How many cars each line can build in each of the next weeks."""
    counted = {
        week: number
        for week, number in by_week(capacity, since).items()
        if week.resource is Resource.CARS
    }
    mondays = sorted({week.begins for week in counted})[:WEEKS]
    names = sorted({week.name for week in counted})
    most = max(counted.values(), default=0) or 1
    across = {monday: _NAMES + place * _WIDTH for place, monday in enumerate(mondays)}
    down = {name: (place + 1) * _HEIGHT for place, name in enumerate(names)}
    return HeatMap(
        width=_NAMES + len(mondays) * _WIDTH,
        height=(len(names) + 1) * _HEIGHT,
        lines=tuple(down.items()),
        weeks=tuple(across.items()),
        cells=tuple(
            Cell(across[week.begins], down[week.name], round(number / most, 3), number, week.begins)
            for week, number in counted.items()
            if week.begins in across
        ),
    )


async def show(visit: Visit) -> Answer:
    """What can be built, and the plan that counts."""
    return await _shown(visit, None)


async def _shown(visit: Visit, tried: DryRun | None) -> Answer:
    capacity = await _known(visit, "showCapacity", CapacityShown, Reason.CAPACITY_MISSING)
    today = visit.received_at.date()
    return rooms.shown(
        visit,
        "plan.html",
        capacity=capacity,
        heat=None if capacity is None else heat_map(capacity.capacity, today),
        current=await _known(visit, "showPlan", PlanShown, Reason.PLAN_UNKNOWN),
        tried=tried,
        basis="" if tried is None else msgspec.json.encode(tried.basis).decode(),
        frozen_until=None
        if capacity is None
        else today + timedelta(days=capacity.capacity.frozen_days),
        ways=[each.value for each in Way],
        moves=() if tried is None else tuple(_ordered(tried)),
        causes=CAUSES,
    )


def _ordered(tried: DryRun) -> Iterator[object]:
    """Broken promises first, then by day: what somebody has to look at stands on top."""
    yield from sorted(
        tried.moves, key=lambda each: (not each.breaks_promise, str(each.day), each.order)
    )


async def _known(visit: Visit, operation: str, gives: type[Value], none: Reason) -> Value | None:
    """What an operation gives, or nothing where there is none yet."""
    try:
        return await visit.ask(operation, gives)
    except TurnedAway as away:
        if away.code is not none:
            raise
        return None


async def plan(visit: Visit) -> Answer:
    """Try a plan and show it, or apply the one that was shown."""
    form = visit.form
    if form.name == "try":
        body = {"way": form.get("way"), "most_moves": MOVES}
        return await _shown(visit, await visit.ask("tryPlan", DryRun, body))
    try:
        basis = msgspec.json.decode(form.get("basis"))
    except msgspec.DecodeError as error:
        raise TurnedAway(DoorCode.FORM_MALFORMED) from error
    body = {"digest": form.get("digest"), "basis": basis}
    await visit.ask("applyPlan", PlanShown, body, key=form.key)
    return Moved(PLAN.path)


def pages() -> list[Page]:
    """The pages of this module."""
    return [PLAN.page("office-plan", show, plan)]
