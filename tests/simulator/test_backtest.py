"""The backtest on a small synthetic file in the format of the counts: nothing is peeked at."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from benchmarks import backtest
from benchmarks.backtest import Car, figure_of, read_announcements, read_cars

MONDAY = date(2024, 1, 1)
HEAD = "trim,reservation_week_monday,line_off_date,records\n"


def written(path: Path, *, wait_weeks: int = 6, weeks: int = 60) -> Path:
    """Seven cars of each week leave the line one a day, so many weeks later."""
    rows = [
        f"max,{MONDAY + timedelta(weeks=week)},"
        f"{MONDAY + timedelta(weeks=week + wait_weeks, days=day)},1"
        for week in range(weeks)
        for day in range(7)
    ]
    file = path / "counts.csv"
    file.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return file


def test_a_steady_line_keeps_its_windows_and_in_time_claims_them(tmp_path: Path) -> None:
    judged = backtest.run_engine(read_cars(written(tmp_path)), only_new=True)
    late = [each for each in judged if each.cohort > MONDAY + timedelta(weeks=45)]

    assert figure_of(judged).coverage > 0.9
    assert all(each.is_claimed for each in late)
    assert figure_of(late).width < figure_of(judged[:50]).width


def test_what_is_built_later_changes_no_earlier_window(tmp_path: Path) -> None:
    """The file with its last weeks cut off gives the same windows for the weeks before."""
    cars = read_cars(written(tmp_path))
    cut = MONDAY + timedelta(weeks=30)
    later_moved = [
        Car(car.trim, car.cohort, car.built + timedelta(days=40)) if car.built >= cut else car
        for car in cars
    ]
    before = [x for x in backtest.run_engine(cars, only_new=True) if x.cohort < cut - timedelta(7)]
    after = backtest.run_engine(later_moved, only_new=True)

    shown = [(each.cohort, each.lead_days, each.width) for each in before]
    again = [(each.cohort, each.lead_days, each.width) for each in after]
    assert shown == again[: len(shown)]


def test_a_long_gap_ends_what_was_written_down(tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_text(
        f"{HEAD}max,2024-01-01,2024-03-01,2\nmax,2024-01-01,2024-12-01,3\n", encoding="utf-8"
    )
    assert len(read_cars(file)) == 2


def test_an_order_that_fits_nowhere_is_counted_as_refused() -> None:
    cars = [Car("max", MONDAY, MONDAY + timedelta(weeks=2))]
    cars += [Car("max", MONDAY + timedelta(weeks=2), MONDAY + timedelta(weeks=50))] * 40
    figure = figure_of(backtest.run_engine(cars, only_new=True))

    assert figure.refused > 0
    assert figure_of([]).windows == 0


def test_announcements_are_read_with_both_ends_and_a_day() -> None:
    announced = read_announcements(backtest.ANNOUNCED, "SU7")
    assert {each.trim for each in announced} == {"standard", "pro", "max"}
    cars = [Car("max", date(2024, 11, 4), date(2025, 4, 7))] * 2
    assert [each.is_kept for each in backtest.run_announced(cars, announced)] == [True, True]
    early = [Car("max", date(2023, 11, 6), date(2024, 4, 1))]
    assert backtest.run_announced(early, announced) == []


def test_the_report_names_every_method(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    backtest.main([str(written(tmp_path, weeks=12))])
    told = capsys.readouterr().out
    assert "At the reservation" in told
    assert "Revised every Monday" in told
