"""Backtest the promise engine on counts of finished cars by week of reservation, without peeking.

    python -m benchmarks.backtest COUNTS.csv

The file has the columns trim, reservation_week_monday, line_off_date and records. At each Monday
the engine knows only what had left the line before it: it counts who waits, takes the pace of the
last four weeks as capacity, places everybody through the same book that serves buyers, and adds
the margin that the errors known by then allow. Beside it stand the waits of the last 200 cars of
the trim (history only) and what the maker announced (benchmarks/data/announced_wait_weeks.csv).

What cannot be known from such counts: cars that were reserved and never built, or built after the
last day on which somebody wrote cars down, are not in them. So whoever waits is counted a little
too low, and late cars are missing. Not here: planning with real plants.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from earnest.core.plan.book import Book
from earnest.core.plan.calendar import written_out
from earnest.core.plan.calibration import Calibration, PlanError
from earnest.core.plan.capacity import (
    Capacity,
    Line,
    Part,
    Plant,
    Receipt,
    Stretch,
    Transport,
)

ANNOUNCED = Path(__file__).parent / "data/announced_wait_weeks.csv"
HORIZON_DAYS = 365
PACE_DAYS = 28
HISTORY = 200
GAP = timedelta(days=60)
"""After so long without any car nobody wrote cars down any more."""

WEEK = timedelta(weeks=1)
ENGINE, HISTORY_ONLY, MAKER = "engine", "history only", "announced"


class Car(msgspec.Struct, frozen=True):
    """A finished car: its trim, the Monday of its reservation week, and its line-off day."""

    trim: str
    cohort: date
    built: date


class Judged(msgspec.Struct, frozen=True):
    """One window and what became of it."""

    by: str
    trim: str
    cohort: date
    lead_days: int
    width: int
    is_kept: bool
    is_claimed: bool = False
    is_refused: bool = False


class Announcement(msgspec.Struct, frozen=True):
    """What the maker said a new order of a trim waits, in weeks, from a day on."""

    since: date
    trim: str
    weeks_from: int
    weeks_to: int


def read_cars(path: Path) -> list[Car]:
    """Every car up to the last day on which cars were written down without a long gap."""
    with path.open(encoding="utf-8", newline="") as file:
        cars = [
            Car(
                row["trim"],
                date.fromisoformat(row["reservation_week_monday"]),
                date.fromisoformat(row["line_off_date"]),
            )
            for row in csv.DictReader(file)
            for _ in range(int(row["records"]))
        ]
    days = sorted({car.built for car in cars})
    last = next((one for one, other in pairwise(days) if other - one > GAP), days[-1])
    return [car for car in cars if car.built <= last]


def read_announcements(path: Path, model: str) -> list[Announcement]:
    """What was announced for one model with a whole date, both ends and a trim."""
    trims = {"Std": "standard", "Pro": "pro", "Max": "max"}
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Announcement(
                date.fromisoformat(row["date"]),
                trims[row["trim"]],
                int(row["weeks_from"]),
                int(row["weeks_to"]),
            )
            for row in csv.DictReader(file)
            if row["model"] == model
            and row["trim"] in trims
            and row["weeks_from"]
            and row["weeks_to"]
            and len(row["date"]) == len("2024-10-28")
        ]


def book_at(origin: date, per_day: float, calibration: Calibration) -> Book:
    """A book whose only limit is the pace of the last weeks, as one part that comes daily."""
    ends = origin + timedelta(days=HORIZON_DAYS)
    known = [int(per_day * day) for day in range(HORIZON_DAYS + 1)]
    receipts = tuple(
        Receipt("pace", origin + timedelta(days=day), more - less)
        for day, (less, more) in enumerate(pairwise(known))
        if more > less
    )
    line = Line(plant="p", code="1", models=("car",))
    capacity = Capacity(
        begins=origin,
        ends=ends,
        frozen_days=0,
        plants=(Plant(code="p", name="P", transport=(Transport("CN", 0),)),),
        lines=(line,),
        calendar=(
            Stretch(
                plant="p", line="1", begins=origin, ends=ends, shifts=1, cars_per_shift=100_000
            ),
        ),
        parts=(Part(code="pace", options=("car",)),),
        receipts=receipts,
    )
    return Book(capacity, written_out(capacity), calibration)


def judged_at(
    cars: Sequence[Car], origin: date, calibration: Calibration, *, only_new: bool
) -> Iterator[tuple[Judged, PlanError | None]]:
    """Windows of one trim at one Monday, for everybody who waits or only for the last week."""
    finished = [car for car in cars if car.built < origin]
    pace = sum(origin - car.built <= timedelta(days=PACE_DAYS) for car in finished) / PACE_DAYS
    waiting = sorted(
        (car for car in cars if car.cohort < origin <= car.built), key=lambda car: car.cohort
    )
    if not pace:
        return
    book = book_at(origin, pace, calibration)
    number = book.signatures.number_of("car", (), "CN")
    now = datetime(origin.year, origin.month, origin.day, tzinfo=UTC) - timedelta(days=1)
    for car in waiting:
        seen = book.foresee(number, car.trim, 0, time_zone="UTC", now=now)
        book.take(number, 0)
        if only_new and car.cohort != origin - WEEK:
            continue
        cohort = car.cohort if only_new else origin
        if seen.window is None or seen.reason.planned is None:
            yield Judged(ENGINE, car.trim, cohort, 0, 0, is_kept=False, is_refused=True), None
            continue
        lead = (seen.reason.planned - origin).days
        # The pace stands as a part that comes day by day, and says nothing of what could come
        # sooner: so the window begins with its margin, and after the day on which it was given.
        first = max(origin, seen.reason.planned + timedelta(days=seen.reason.first))
        last = seen.window.ends.date() - timedelta(days=1)
        yield (
            Judged(
                by=ENGINE,
                trim=car.trim,
                cohort=cohort,
                lead_days=lead,
                width=(last - first).days + 1,
                is_kept=first <= car.built <= last,
                is_claimed=seen.reason.basis == "calibrated",
            ),
            PlanError(
                lane_group=car.trim,
                cohort=origin,
                lead_days=lead,
                days=(car.built - seen.reason.planned).days,
            ),
        )


def run_engine(cars: Sequence[Car], *, only_new: bool) -> list[Judged]:
    """Every Monday in turn; an error counts for later windows once its car has left the line."""
    trims = sorted({car.trim for car in cars})
    of_trim = {trim: [car for car in cars if car.trim == trim] for trim in trims}
    found: list[Judged] = []
    known: list[tuple[date, PlanError]] = []
    for origin in mondays(cars):
        calibration = Calibration(error for built, error in known if built < origin)
        for trim in trims:
            for judged, error in judged_at(of_trim[trim], origin, calibration, only_new=only_new):
                found.append(judged)
                if error is None:
                    continue
                planned = origin + timedelta(days=error.lead_days)
                known.append((planned + timedelta(days=error.days), error))
    return found


def run_history(cars: Sequence[Car]) -> list[Judged]:
    """The 5 % and 95 % waits of the last 200 finished cars of the trim, for each new week."""
    found: list[Judged] = []
    for origin in mondays(cars):
        for trim in sorted({car.trim for car in cars}):
            own = [car for car in cars if car.trim == trim]
            finished = sorted((c for c in own if c.built < origin), key=lambda car: car.built)
            waits = sorted((car.built - car.cohort).days for car in finished[-HISTORY:])
            new = [car for car in own if car.cohort == origin - WEEK and car.built >= origin]
            if not waits or not new:
                continue
            low, high = waits[len(waits) // 20], waits[len(waits) - 1 - len(waits) // 20]
            found.extend(
                Judged(
                    by=HISTORY_ONLY,
                    trim=trim,
                    cohort=car.cohort,
                    lead_days=low,
                    width=high - low + 1,
                    is_kept=low <= (car.built - car.cohort).days <= high,
                )
                for car in new
            )
    return found


def run_announced(cars: Iterable[Car], announced: Sequence[Announcement]) -> list[Judged]:
    """What the maker had announced last for the trim when the week of a reservation ended."""
    found: list[Judged] = []
    for car in cars:
        said = [
            each for each in announced if each.trim == car.trim and each.since < car.cohort + WEEK
        ]
        if not said:
            continue
        last = max(said, key=lambda each: each.since)
        wait = (car.built - car.cohort).days
        found.append(
            Judged(
                by=MAKER,
                trim=car.trim,
                cohort=car.cohort,
                lead_days=last.weeks_from * 7,
                width=(last.weeks_to - last.weeks_from + 1) * 7,
                is_kept=last.weeks_from * 7 <= wait < (last.weeks_to + 1) * 7,
            )
        )
    return found


def mondays(cars: Iterable[Car]) -> list[date]:
    """The Monday after each reservation week, in order."""
    return sorted({car.cohort + WEEK for car in cars})


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """Coverage and width of some windows; `worst` is the coverage of the worst cohort."""

    windows: int
    cohorts: int
    coverage: float
    by_cohort: float
    worst: float
    width: int
    claimed: float
    refused: int


def figure_of(all_judged: Sequence[Judged]) -> Figure:
    """Coverage over cars, the mean over cohorts, the worst cohort, and the median width.

    A car for which no day was found has no window; the engine would have refused the order.
    """
    judged = [each for each in all_judged if not each.is_refused]
    refused = len(all_judged) - len(judged)
    if not judged:
        return Figure(
            windows=0,
            cohorts=0,
            coverage=0.0,
            by_cohort=0.0,
            worst=0.0,
            width=0,
            claimed=0.0,
            refused=refused,
        )
    cohorts: dict[date, list[bool]] = defaultdict(list)
    for each in judged:
        cohorts[each.cohort].append(each.is_kept)
    shares = [sum(kept) / len(kept) for kept in cohorts.values()]
    widths = sorted(each.width for each in judged)
    return Figure(
        windows=len(judged),
        cohorts=len(cohorts),
        coverage=sum(each.is_kept for each in judged) / len(judged),
        by_cohort=sum(shares) / len(shares),
        worst=min(shares),
        width=widths[len(widths) // 2],
        claimed=sum(each.is_claimed for each in judged) / len(judged),
        refused=refused,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one table for windows at the reservation and one for windows revised every week."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", type=Path, help="CSV of finished cars by week of reservation")
    parser.add_argument("--announced", type=Path, default=ANNOUNCED)
    parser.add_argument("--model", default="SU7")
    said = parser.parse_args(arguments)
    cars = read_cars(said.counts)
    at_order = run_engine(cars, only_new=True)
    same = {(each.trim, each.cohort) for each in at_order}
    announced = run_announced(cars, read_announcements(said.announced, said.model))
    show("At the reservation", at_order + run_history(cars))
    show(
        "Announced, for the same weeks and for all weeks",
        [each for each in announced if (each.trim, each.cohort) in same],
        announced,
    )
    show("Revised every Monday, for everybody who waits", run_engine(cars, only_new=False))


def show(title: str, *groups: Sequence[Judged]) -> None:
    """A table with a row for each method, trim and group of windows."""
    names = ("by", "trim", "windows", "weeks", "kept", "mean of weeks", "worst week")
    table = Table(*names, "width, days", "claimed", "refused", title=title)
    for judged in groups:
        for by, trim in sorted({(each.by, each.trim) for each in judged}):
            figure = figure_of([each for each in judged if (each.by, each.trim) == (by, trim)])
            table.add_row(
                by,
                trim,
                f"{figure.windows:,}",
                str(figure.cohorts),
                f"{figure.coverage:.2f}",
                f"{figure.by_cohort:.2f}",
                f"{figure.worst:.2f}",
                str(figure.width),
                f"{figure.claimed:.2f}",
                str(figure.refused),
            )
    Console().print(table)


if __name__ == "__main__":
    main()
