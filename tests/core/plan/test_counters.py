"""Counters against the plain definition: a car fits where every sum still holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from earnest.core.plan.calendar import Grid, PartGrid
from earnest.core.plan.counters import Binding, Counters, Found, PartStock, Resource
from tests.core.plan.plants import DAYS, MONDAY, SIGNATURES, grids, signatures_of, written

Taken = list[tuple[int, int, int]]
"""Cars by signature, line and day."""


def _sums_hold(grid: Grid, taken: Taken) -> bool:
    """Whether cars exceed no line, no cap and no part, counted from nothing."""
    for line in range(len(grid.lines)):
        for day in range(grid.days):
            cars = [number for number, on, at in taken if (on, at) == (line, day)]
            if len(cars) > grid.cars[line][day]:
                return False
            for row, (of_line, _) in enumerate(grid.cap_of):
                if of_line != line:
                    continue
                users = [
                    number
                    for number in cars
                    if any(row in rows for rows in SIGNATURES[number].caps)
                ]
                if len(users) > grid.caps[row][day]:
                    return False
    return all(
        _part_holds(part, [at for number, _, at in taken if index in SIGNATURES[number].parts])
        for index, part in enumerate(grid.parts)
    )


def _part_holds(part: PartGrid, used_on: list[int]) -> bool:
    borders = [day for day, _ in part.arrivals]
    for day in range(DAYS):
        since = 0
        if not part.carries_over:
            since = max((border for border in borders if border <= day), default=0)
        received = sum(units for at, units in part.arrivals if since <= at <= day)
        if sum(since <= at <= day for at in used_on) > received:
            return False
    return True


@given(grids(), st.data())
def test_the_first_slot_is_the_first_on_which_every_sum_holds(
    grid: Grid, data: st.DataObject
) -> None:
    counters = Counters(grid, SIGNATURES)
    taken: Taken = []
    for _ in range(data.draw(st.integers(0, 10))):
        gone = data.draw(st.integers(-1, len(taken) - 1))
        if gone >= 0:
            counters.give_back(*taken.pop(gone))
        number = data.draw(st.integers(0, len(SIGNATURES) - 1))
        not_before = data.draw(st.integers(0, DAYS))

        found = counters.earliest(number, not_before)

        fitting = [
            (day, line)
            for day in range(not_before, DAYS)
            for line in SIGNATURES[number].lines
            if _sums_hold(grid, [*taken, (number, line, day)])
        ]
        assert found.day == (fitting[0][0] if fitting else None)
        assert (found.binding is None) == (found.day == not_before)
        for line in SIGNATURES[number].lines:
            for day in range(not_before, DAYS):
                assert counters.fits(number, line, day) == ((day, line) in fitting)
        if found.day is not None and found.line is not None:
            assert (found.day, found.line) in fitting
            counters.take(number, found.line, found.day)
            taken.append((number, found.line, found.day))


def test_the_answer_names_day_plant_and_what_was_short() -> None:
    signatures = signatures_of()
    number = signatures.number_of("aurora", ("titanium", "wheels_21"), "CN")
    breeze = signatures.number_of("breeze", (), "DE")
    counters = Counters(written(), signatures.all)

    assert counters.earliest(number, 0) == Found(0, 0, "north", None)
    counters.take(number, 0, 0)
    assert counters.earliest(number, 0) == Found(14, 0, "north", Binding(Resource.PART, "chip"))
    assert counters.earliest(breeze, 0) == Found(0, 1, "south", None)
    counters.take(breeze, 1, 0)
    counters.take(breeze, 1, 0)
    assert counters.earliest(breeze, 0) == Found(1, 1, "south", Binding(Resource.LINE, "south/1"))
    assert counters.earliest(breeze, 28) == Found(None, None, "", Binding(Resource.HORIZON, ""))


def test_a_fixed_car_may_stand_on_a_line_that_no_longer_builds_it() -> None:
    signatures = signatures_of()
    breeze = signatures.number_of("breeze", (), "DE")
    counters = Counters(written(), signatures.all)

    counters.take(breeze, 0, 0)

    assert not counters.fits(breeze, 0, 0)
    counters.give_back(breeze, 0, 0)


def test_a_use_without_a_unit_comes_out_of_a_later_receipt_that_is_kept() -> None:
    kept = PartStock(PartGrid("m", carries_over=True, arrivals=((2, 1), (4, 1))), 6)
    lost = PartStock(PartGrid("n", carries_over=False, arrivals=((0, 0), (4, 1))), 6)

    for stock in (kept, lost):
        stock.take(0)

    assert (kept.open_days, lost.open_days) == (0b110000, 0b110000)
    for stock in (kept, lost):
        stock.take(0)
        stock.take(5)
    assert (kept.open_days, lost.open_days) == (0, 0)
    for stock in (kept, lost):
        stock.give_back(5)
    assert (kept.open_days, lost.open_days) == (0, 0b110000)


def test_days_have_dates() -> None:
    grid = written()

    assert grid.day(3).isoformat() == "2026-03-05"
    assert grid.index(grid.day(3)) == 3
    assert grid.day(0) == MONDAY
