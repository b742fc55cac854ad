"""A delivery centre: its times, its bays, and what makes no sense about it.

Not here: what buyers and staff do with it (`tables/25_centre.txt`), and counting bays of many
orders (`tests/store/test_centres.py`).
"""

from __future__ import annotations

from datetime import date, time

import msgspec
import pytest

from earnest.core.order.centre import BayTaken, CentreStanding, Hours, faulty_field
from earnest.core.order.parts import InspectionResult, Remedy
from earnest.core.order.preparing import preparation_of
from earnest.core.values.instant import Window
from tests.core.orders import order_after, then
from tests.core.world import CENTRE, FACTS, local

THURSDAY = date(2024, 8, 29)
NINE, TEN = local(2024, 8, 29, 9), local(2024, 8, 29, 10)
FIRST = Window(NINE, TEN)


def test_a_day_has_as_many_times_as_fit_between_opening_and_closing() -> None:
    times = list(CENTRE.times_on(THURSDAY))
    longer = msgspec.structs.replace(CENTRE, minutes=100)

    assert [each.begins for each in times] == [NINE, TEN, local(2024, 8, 29, 11)]
    assert times[-1].ends == local(2024, 8, 29, 12)
    assert [each.begins for each in longer.times_on(THURSDAY)] == [NINE]
    assert list(CENTRE.times_on(date(2024, 8, 30))) == []
    assert list(CENTRE.times_on(date(2024, 9, 1))) == []
    assert CENTRE.has_time(FIRST, NINE)
    assert not CENTRE.has_time(Window(NINE, local(2024, 8, 29, 11)), NINE)
    assert not CENTRE.has_time(FIRST, local(2024, 6, 30))


def test_a_bay_is_free_when_nobody_has_it_for_any_part_of_the_time() -> None:
    # The second was booked while the centre had other hours.
    taken = (BayTaken(1, FIRST), BayTaken(2, Window(local(2024, 8, 29, 9, 30), TEN)))
    standing = CentreStanding(centre=CENTRE, taken=taken)

    assert standing.free_bays(FIRST) == []
    assert standing.free_bays(Window(TEN, local(2024, 8, 29, 11))) == [1, 2]
    free = list(standing.free_times(local(2024, 8, 29, 8), days=1))
    assert [(each.window.begins, each.bays) for each in free] == [
        (TEN, 2),
        (local(2024, 8, 29, 11), 2),
    ]
    assert list(standing.free_times(local(2024, 8, 29, 11), days=1)) == []


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("names", {"names": {"en": "Only English"}}),
        ("addresses", {"addresses": {"en": "9 Harbour Street", "zh-Hans": " "}}),
        ("time_zone", {"time_zone": "Asia/Nowhere"}),
        ("hours", {"hours": (Hours(weekday=1, opens=time(9), closes=time(9)),)}),
        (
            "hours",
            {
                "hours": (
                    Hours(weekday=1, opens=time(9), closes=time(12)),
                    Hours(weekday=1, opens=time(11), closes=time(15)),
                )
            },
        ),
    ],
)
def test_what_makes_no_sense_is_named(field: str, changed: dict[str, object]) -> None:
    assert faulty_field(CENTRE) is None
    assert faulty_field(msgspec.structs.replace(CENTRE, **changed)) == field


def test_a_preparation_counts_for_the_car_that_was_looked_at() -> None:
    shipped = order_after("Shipped")
    ready = then(shipped, local(2024, 8, 23), "delivery", "RecordPreparation")
    tendered = then(ready, local(2024, 8, 24), "delivery", "Tender")
    refused = {"result": InspectionResult.REFUSED, "remarks": ("dust",)}
    at = local(2024, 8, 28)

    assert preparation_of(shipped) is None
    assert preparation_of(tendered) is not None
    repaired = then(tendered, at, "buyer", "RecordInspection", remedy=Remedy.REPAIR, **refused)
    other = then(tendered, at, "buyer", "RecordInspection", remedy=Remedy.ANOTHER_CAR, **refused)
    assert preparation_of(repaired) is None
    assert preparation_of(other) is None


def test_new_appointments_take_back_no_bay_that_is_booked() -> None:
    facts = msgspec.structs.replace(FACTS, centre=CentreStanding(centre=CENTRE))
    built = order_after("Built")
    chosen = then(built, local(2024, 8, 21, 17), "buyer", "ChooseCentre", facts)
    tendered = then(chosen, local(2024, 8, 26), "delivery", "Tender", facts)
    at = local(2024, 8, 27)
    booked = then(tendered, at, "buyer", "BookAppointment", facts, appointment=FIRST)
    again = then(booked, at, "delivery", "Tender", facts)

    assert again.tender is not None
    assert (again.tender.number, again.tender.appointment, again.tender.bay) == (2, FIRST, 1)
    missed = then(again, TEN, "delivery", "RecordMissedAppointment", facts)
    offered = then(missed, TEN, "delivery", "Tender", facts)
    assert offered.tender is not None
    assert (offered.tender.appointment, offered.tender.appointments_missed) == (None, 1)
