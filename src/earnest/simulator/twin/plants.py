"""The plants of a scenario as a capacity document, with what is known of its shocks on a day.

Not here: planning with it (`core/plan`).
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from importlib.resources import files

from earnest.core.plan.capacity import (
    Capacity,
    Line,
    Part,
    Plant,
    Receipt,
    Stretch,
    Transport,
)
from earnest.simulator.twin.scenario import PartShortage, PlantStop, Scenario, ScenarioError
from earnest.simulator.twin.shop import MARKET

LINE = "1"
PLENTY = 1_000_000
"""Units of a part in stock before it becomes scarce."""

_WEEK = timedelta(days=7)


def capacity_known_on(scenario: Scenario, day: date) -> Capacity:
    """What the plants can build, with every shock that is known by this day."""
    ends = scenario.begins + timedelta(days=scenario.days)
    shortages = [
        shock
        for shock in scenario.shocks
        if isinstance(shock, PartShortage) and shock.known_from <= day
    ]
    return Capacity(
        begins=scenario.begins,
        ends=ends,
        frozen_days=scenario.build.frozen_days,
        plants=tuple(
            Plant(
                code=plant.code,
                name=plant.code,
                transport=(Transport(MARKET, plant.transport_days),),
            )
            for plant in scenario.build.plants
        ),
        lines=tuple(
            Line(plant=plant.code, code=LINE, models=plant.trims) for plant in scenario.build.plants
        ),
        calendar=tuple(_calendar(scenario, ends, day)),
        parts=tuple(
            Part(code=f"part-{number}", options=shock.options, carries_over=False)
            for number, shock in enumerate(shortages, start=1)
        ),
        receipts=tuple(
            receipt
            for number, shock in enumerate(shortages, start=1)
            for receipt in _receipts(f"part-{number}", shock, scenario)
        ),
    )


def months_of(name: str) -> dict[tuple[int, int], int]:
    """Cars of each month from a packaged table. Raises `ScenarioError` for an unknown one."""
    table = files(__package__).joinpath("figures", f"{name}.csv")
    if not table.is_file():
        raise ScenarioError(f"build.months: no packaged table {name}")
    found = {}
    for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
        year, _, month = row["month"].partition("-")
        found[int(year), int(month)] = int(row["units"])
    return found


def _calendar(scenario: Scenario, ends: date, today: date) -> list[Stretch]:
    months = months_of(scenario.build.months)
    stretches = []
    begins = scenario.begins
    while begins < ends:
        next_month = date(begins.year + begins.month // 12, begins.month % 12 + 1, 1)
        units = _units(months, begins)
        length = (next_month - date(begins.year, begins.month, 1)).days
        for plant in scenario.build.plants:
            stretches += _around_stops(
                scenario,
                today,
                Stretch(
                    plant=plant.code,
                    line=LINE,
                    begins=begins,
                    ends=min(next_month, ends),
                    shifts=1,
                    cars_per_shift=round(units * plant.share / length * _scale(scenario)),
                ),
            )
        begins = next_month
    return stretches


def _units(months: dict[tuple[int, int], int], day: date) -> int:
    """Cars of the month of a day: none before the table begins, its last month afterwards."""
    month = (day.year, day.month)
    if month in months:
        return months[month]
    return months[max(months)] if month > max(months) else 0


def _scale(scenario: Scenario) -> float:
    """A smaller crowd meets plants that are smaller by as much, so that it waits as long."""
    return scenario.orders / scenario.build.for_orders


def _around_stops(scenario: Scenario, today: date, stretch: Stretch) -> list[Stretch]:
    """A stretch without the days on which its plant is known to stand still."""
    parts = [stretch]
    for stop in scenario.shocks:
        if isinstance(stop, PlantStop) and stop.plant == stretch.plant and stop.known_from <= today:
            parts = [piece for part in parts for piece in _cut(part, stop.begins, stop.ends)]
    return parts


def _cut(stretch: Stretch, begins: date, ends: date) -> list[Stretch]:
    """The pieces of a stretch before, inside and after a stop; inside nothing is built."""
    low, high = max(stretch.begins, begins), min(stretch.ends, ends)
    if low >= high:
        return [stretch]
    pieces = (
        _piece(stretch, stretch.begins, low, stretch.shifts),
        _piece(stretch, low, high, 0),
        _piece(stretch, high, stretch.ends, stretch.shifts),
    )
    return [piece for piece in pieces if piece.begins < piece.ends]


def _piece(stretch: Stretch, begins: date, ends: date, shifts: int) -> Stretch:
    return Stretch(
        plant=stretch.plant,
        line=stretch.line,
        begins=begins,
        ends=ends,
        shifts=shifts,
        cars_per_shift=stretch.cars_per_shift,
    )


def _receipts(part: str, shock: PartShortage, scenario: Scenario) -> list[Receipt]:
    """Plenty until the shortage, a few each week of it, and plenty again."""
    few = round(shock.cars_per_week * _scale(scenario))
    begins = scenario.begins
    found = [Receipt(part, begins, PLENTY)] if begins < shock.begins else []
    day = shock.begins
    while day < shock.ends:
        found.append(Receipt(part, day, few))
        day += _WEEK
    found.append(Receipt(part, shock.ends, PLENTY))
    return found
