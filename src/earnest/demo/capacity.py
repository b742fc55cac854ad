"""What the plants of the demo maker can build, read from the tables in the folder `capacity`.

The tables speak of fixed years and are moved to the present. A demo starts without them, because
promises from live counters cost each reservation some hundredths of a thousandth of a second.
Not here: writing and publishing them (`cli/capacity.py`).
"""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files

import msgspec

from earnest.core.plan.capacity import Capacity
from earnest.desk.planning.tables import COLUMNS, Tables, read_tables

FOLDER = "capacity"


def demo_capacity(today: date) -> Capacity:
    """The demo's capacity for three years, from a Monday that is not over."""
    folder = files(__package__).joinpath(FOLDER)
    read = read_tables({table: folder.joinpath(f"{table}.csv").read_bytes() for table in COLUMNS})
    assert isinstance(read, Tables), "the demo's tables are without a fault"
    monday = today + timedelta(days=-(today.isoweekday() - 1) % 7)
    return _moved(read.capacity, monday - read.capacity.begins)


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
