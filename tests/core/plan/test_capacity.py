"""The capacity document: cars per day, signatures, its digest, and every fault at once."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from earnest.core.plan.calendar import cars_of, written_out
from earnest.core.plan.capacity import (
    Capacity,
    Holiday,
    Line,
    Part,
    Plant,
    Receipt,
    Stretch,
    TakeRate,
    Transport,
)
from earnest.core.plan.faults import CapacityFault, CapacityFaultCode, faults_of
from earnest.core.plan.signature import Signature
from tests.core.plan.plants import CAPACITY, KNOWN, MONDAY, signatures_of, week

Code = CapacityFaultCode


def _changed(**fields: object) -> Capacity:
    return msgspec.structs.replace(CAPACITY, **fields)


def _codes(capacity: Capacity) -> list[tuple[str, int | None, CapacityFaultCode]]:
    return [(each.table, each.row, each.code) for each in faults_of(capacity, KNOWN, MONDAY)]


def test_a_line_builds_on_its_weekdays_and_not_on_holidays() -> None:
    capacity = _changed(holidays=(Holiday("north", week(1)), Holiday("south", MONDAY)))

    assert cars_of(capacity, capacity.lines[0])[:14] == (4, 4, 4, 4, 4, 0, 0, 0, 4, 4, 4, 4, 0, 0)
    assert cars_of(capacity, capacity.lines[1])[:3] == (0, 2, 2)


def test_a_ramp_is_straight_and_parts_of_a_car_are_none() -> None:
    stretch = Stretch(
        plant="north",
        line="1",
        begins=MONDAY,
        ends=MONDAY + timedelta(days=5),
        shifts=2,
        cars_per_shift=5,
        ramp_from=20,
        ramp_to=55,
    )
    one_day = msgspec.structs.replace(stretch, ends=MONDAY + timedelta(days=1))

    assert cars_of(_changed(calendar=(stretch,)), CAPACITY.lines[0])[:6] == (2, 2, 3, 4, 5, 0)
    assert cars_of(_changed(calendar=(one_day,)), CAPACITY.lines[0])[:2] == (2, 0)


def test_a_cap_is_the_share_of_the_day_less_the_margin() -> None:
    rates = (
        TakeRate(plant="south", line="1", option="grey", cars=1, of=1, margin=90),
        TakeRate(plant="north", line="1", option="wheels_21", cars=2, of=3, margin=100),
    )

    grid = written_out(_changed(take_rates=rates))

    assert grid.cap_of == ((0, "wheels_21"), (1, "grey"))
    assert (grid.caps[0][0], grid.caps[0][5], grid.caps[1][0]) == (2, 0, 1)


def test_two_receipts_of_a_day_are_one() -> None:
    receipts = (*CAPACITY.receipts, Receipt("chip", MONDAY, 4))

    assert written_out(_changed(receipts=receipts)).parts[0].arrivals == ((0, 5), (14, 3))


def test_a_signature_knows_lines_caps_and_parts_and_nothing_else() -> None:
    signatures = signatures_of()

    plain = signatures.number_of("aurora", ("grey",), "CN")

    assert signatures.all[plain] == Signature((0, 1), ((), ()), ())
    assert signatures.transport[plain] == (3, 5)
    assert signatures.number_of("aurora", (), "CN") == plain
    assert signatures.number_of("aurora", (), "CN") == plain
    abroad = signatures.number_of("aurora", ("titanium", "wheels_21"), "DE")
    assert signatures.all[abroad] == Signature((1,), ((),), (0,))
    dear = signatures.number_of("aurora", ("wheels_21",), "CN")
    assert signatures.all[dear] == Signature((0, 1), ((0,), ()), ())
    assert not signatures.all[signatures.number_of("comet", (), "CN")].is_buildable


def test_the_digest_names_the_content() -> None:
    again = _changed()

    assert again.digest == CAPACITY.digest
    assert _changed(frozen_days=8).digest != CAPACITY.digest


def test_a_sound_document_has_no_fault() -> None:
    assert faults_of(CAPACITY, KNOWN, MONDAY) == ()


def test_a_plant_that_is_not_there_is_none() -> None:
    assert CAPACITY.plant("west") is None


NORTH = CAPACITY.calendar[0]
SOUTH = CAPACITY.calendar[1]


def _stretch(**fields: object) -> tuple[Stretch, Stretch]:
    return msgspec.structs.replace(NORTH, **fields), SOUTH


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"begins": week(-1)}, [("capacity", None, Code.DAY_PAST)]),
        ({"frozen_days": -1}, [("capacity", None, Code.NUMBER_NEGATIVE)]),
        ({"frozen_days": 28}, [("capacity", None, Code.NUMBER_OUT_OF_RANGE)]),
        ({"plants": (*CAPACITY.plants, CAPACITY.plants[0])}, [("plants", 2, Code.PLANT_REPEATED)]),
        (
            {"plants": (*CAPACITY.plants, Plant(code="west", name="West", transport=()))},
            [("plants", 2, Code.PLANT_WITHOUT_LINE)],
        ),
        (
            {
                "plants": (
                    CAPACITY.plants[0],
                    Plant(
                        code="south",
                        name="South",
                        transport=(Transport("CN", -1), Transport("CN", 1), Transport("FR", 1)),
                    ),
                )
            },
            [
                ("transport", 1, Code.NUMBER_NEGATIVE),
                ("transport", 2, Code.MARKET_REPEATED),
                ("transport", 3, Code.MARKET_UNKNOWN),
            ],
        ),
        (
            {
                "lines": (
                    *CAPACITY.lines,
                    CAPACITY.lines[0],
                    Line(plant="west", code="1", models=()),
                    Line(plant="south", code="2", models=("comet",)),
                )
            },
            [
                ("lines", 2, Code.LINE_REPEATED),
                ("lines", 3, Code.PLANT_UNKNOWN),
                ("lines", 3, Code.LINE_WITHOUT_MODEL),
                ("lines", 3, Code.CAPACITY_MISSING),
                ("lines", 4, Code.MODEL_UNKNOWN),
                ("lines", 4, Code.CAPACITY_MISSING),
            ],
        ),
        (
            {"calendar": (*CAPACITY.calendar, msgspec.structs.replace(NORTH, line="9"))},
            [("calendar", 2, Code.LINE_UNKNOWN)],
        ),
        (
            {"calendar": _stretch(shifts=-1, cars_per_shift=-4)},
            [("calendar", 0, Code.NUMBER_NEGATIVE), ("calendar", 0, Code.NUMBER_NEGATIVE)],
        ),
        ({"calendar": _stretch(weekdays=(0,))}, [("calendar", 0, Code.WEEKDAY_UNKNOWN)]),
        ({"calendar": _stretch(ends=week(5))}, [("calendar", 0, Code.DAY_OUTSIDE)]),
        ({"calendar": _stretch(ends=week(3))}, [("calendar", 0, Code.CALENDAR_HOLE)]),
        ({"calendar": _stretch(begins=week(1))}, [("calendar", 0, Code.CALENDAR_HOLE)]),
        (
            {"calendar": (*_stretch(ends=week(2)), msgspec.structs.replace(NORTH, begins=week(3)))},
            [("calendar", 2, Code.CALENDAR_HOLE)],
        ),
        (
            {"calendar": (*CAPACITY.calendar, msgspec.structs.replace(NORTH, begins=week(3)))},
            [("calendar", 2, Code.STRETCHES_OVERLAP)],
        ),
        (
            {"calendar": (*CAPACITY.calendar, msgspec.structs.replace(NORTH, ends=MONDAY))},
            [("calendar", 2, Code.STRETCH_EMPTY), ("calendar", 2, Code.DAY_OUTSIDE)],
        ),
        (
            {"holidays": (Holiday("west", MONDAY), Holiday("north", week(4)))},
            [("holidays", 0, Code.PLANT_UNKNOWN), ("holidays", 1, Code.DAY_OUTSIDE)],
        ),
        (
            {
                "take_rates": (
                    TakeRate(plant="north", line="1", option="spoiler", cars=1, of=2, margin=101),
                    TakeRate(plant="north", line="2", option="grey", cars=3, of=2),
                    TakeRate(plant="north", line="2", option="grey", cars=0, of=0),
                )
            },
            [
                ("take_rates", 2, Code.TAKE_RATE_REPEATED),
                ("take_rates", 0, Code.OPTION_UNKNOWN),
                ("take_rates", 0, Code.NUMBER_OUT_OF_RANGE),
                ("take_rates", 1, Code.LINE_UNKNOWN),
                ("take_rates", 1, Code.NUMBER_OUT_OF_RANGE),
                ("take_rates", 2, Code.LINE_UNKNOWN),
                ("take_rates", 2, Code.NUMBER_OUT_OF_RANGE),
            ],
        ),
        (
            {"parts": (*CAPACITY.parts, *CAPACITY.parts, Part(code="seat", options=()))},
            [
                ("parts", 1, Code.PART_REPEATED),
                ("parts", 2, Code.PART_UNUSED),
                ("parts", 2, Code.PART_UNSUPPLIED),
            ],
        ),
        (
            {"receipts": (*CAPACITY.receipts, Receipt("seat", week(-1), -1))},
            [
                ("receipts", 2, Code.PART_UNKNOWN),
                ("receipts", 2, Code.DAY_OUTSIDE),
                ("receipts", 2, Code.NUMBER_NEGATIVE),
            ],
        ),
    ],
)
def test_each_fault_is_named_where_it_stands(
    fields: dict[str, object], expected: list[tuple[str, int | None, CapacityFaultCode]]
) -> None:
    found = _codes(_changed(**fields))

    assert [each for each in expected if each not in found] == []
    assert found == expected or "begins" in fields


@pytest.mark.parametrize(
    ("fields", "table", "field", "value", "most"),
    [
        ({"calendar": _stretch(shifts=11)}, "calendar", "shifts", 11, 10),
        (
            {"calendar": _stretch(cars_per_shift=10_001)},
            "calendar",
            "cars_per_shift",
            10_001,
            10_000,
        ),
        (
            {"calendar": _stretch(shifts=3, cars_per_shift=4_000)},
            "calendar",
            "cars_per_shift",
            12_000,
            10_000,
        ),
        (
            {"calendar": _stretch(cars_per_shift=10_000, ramp_to=101)},
            "calendar",
            "cars_per_shift",
            10_100,
            10_000,
        ),
        ({"calendar": _stretch(ramp_from=201)}, "calendar", "ramp_from", 201, 200),
        ({"calendar": _stretch(ramp_to=201)}, "calendar", "ramp_to", 201, 200),
        ({"receipts": (Receipt("chip", MONDAY, 10**30),)}, "receipts", "units", 10**30, 10**6),
        (
            {
                "plants": (
                    msgspec.structs.replace(CAPACITY.plants[0], transport=(Transport("CN", 366),)),
                    CAPACITY.plants[1],
                )
            },
            "transport",
            "days",
            366,
            365,
        ),
    ],
)
def test_no_number_is_larger_than_any_plant_has(
    fields: dict[str, object], table: str, field: str, value: int, most: int
) -> None:
    (fault,) = faults_of(_changed(**fields), KNOWN, MONDAY)

    details = {"field": field, "value": str(value), "most": str(most)}
    assert (fault.table, fault.row, fault.code) == (table, 0, Code.NUMBER_TOO_LARGE)
    assert {key: fault.details[key] for key in details} == details


def test_the_largest_numbers_are_sound() -> None:
    plants = (
        msgspec.structs.replace(CAPACITY.plants[0], transport=(Transport("CN", 365),)),
        CAPACITY.plants[1],
    )
    most = _changed(
        plants=plants,
        calendar=_stretch(shifts=10, cars_per_shift=500, ramp_to=200),
        receipts=(Receipt("chip", MONDAY, 1_000_000),),
        take_rates=(
            TakeRate(plant="north", line="1", option="grey", cars=1, of=10_000, margin=100),
        ),
    )

    assert faults_of(most, KNOWN, MONDAY) == ()
    rate = msgspec.structs.replace(most.take_rates[0], of=10_001)
    (fault,) = faults_of(msgspec.structs.replace(most, take_rates=(rate,)), KNOWN, MONDAY)
    assert fault.details == {"field": "of", "value": "10001", "least": "1", "most": "10000"}


def test_a_horizon_of_no_days_or_too_many_is_no_horizon() -> None:
    empty = _codes(_changed(ends=MONDAY))
    long = _codes(_changed(ends=week(200)))

    assert ("capacity", None, Code.HORIZON_EMPTY) in empty
    assert ("capacity", None, Code.HORIZON_TOO_LONG) in long


def test_a_hole_says_from_when_to_when() -> None:
    (fault,) = faults_of(_changed(calendar=_stretch(ends=week(3))), KNOWN, MONDAY)

    assert fault == CapacityFault(
        "calendar",
        0,
        Code.CALENDAR_HOLE,
        {"line": "north/1", "day": "2026-03-23", "ends": "2026-03-30"},
    )
