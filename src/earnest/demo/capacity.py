"""What the plants of the demo maker can build, read from the tables in the folder `capacity`.

The tables speak of fixed years and are moved to the present. A demo without orders starts without
them, because promises from live counters cost each reservation some hundredths of a thousandth of
a second; one with orders has published what its plants began with. Not here: publishing either
(`cli/capacity.py`, `plants.py`).
"""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files

import msgspec

from earnest.core.plan.capacity import Capacity
from earnest.desk.planning.tables import COLUMNS, Tables, read_tables

FOLDER = "capacity"
BEGINNING = timedelta(weeks=30)
"""How long the first cars are built by hand, so that a few orders fill weeks that can be seen."""

_FIRST_DAYS = (2, 4)
_FIRST_CARS_A_DAY = 5
"""On Tuesdays and Thursdays; of fewer cars a day none could have an option that has a cap."""


def demo_capacity(today: date) -> Capacity:
    """The demo's capacity for three years, from a Monday that is not over."""
    folder = files(__package__).joinpath(FOLDER)
    read = read_tables({table: folder.joinpath(f"{table}.csv").read_bytes() for table in COLUMNS})
    assert isinstance(read, Tables), "the demo's tables are without a fault"
    monday = today + timedelta(days=-(today.isoweekday() - 1) % 7)
    return _moved(read.capacity, monday - read.capacity.begins)


def first_capacity(today: date) -> Capacity:
    """The same plants as they begin: each line builds ten cars a week, and later what it is for."""
    capacity = demo_capacity(today)
    built = capacity.begins + BEGINNING
    replaced = msgspec.structs.replace
    by_hand = [
        replaced(
            each,
            ends=min(each.ends, built),
            shifts=1,
            cars_per_shift=_FIRST_CARS_A_DAY,
            weekdays=_FIRST_DAYS,
            ramp_from=100,
            ramp_to=100,
        )
        for each in capacity.calendar
        if each.begins < built
    ]
    after = [
        replaced(each, begins=max(each.begins, built))
        for each in capacity.calendar
        if each.ends > built
    ]
    return replaced(capacity, calendar=(*by_hand, *after))


def _moved(capacity: Capacity, by: timedelta) -> Capacity:
    """The same document some whole weeks later, so that weekdays stay what they are."""
    replaced = msgspec.structs.replace
    return replaced(
        capacity,
        begins=capacity.begins + by,
        ends=capacity.ends + by,
        calendar=tuple(
            replaced(each, begins=each.begins + by, ends=each.ends + by)
            for each in capacity.calendar
        ),
        holidays=tuple(replaced(each, day=each.day + by) for each in capacity.holidays),
        receipts=tuple(replaced(each, day=each.day + by) for each in capacity.receipts),
    )
