"""What pages say of a proposed capacity: every fault in words, and the document for a dry run.

Not here: reading and checking proposals (`web/api/capacity_changes.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from earnest.core.plan.faults import CapacityFaultCode
from earnest.desk.planning.ports import Way
from earnest.desk.planning.tables import TableFaultCode
from earnest.web.api.capacity_changes import CapacityFinding, CapacityProposed
from earnest.web.pages.wording import said

OK, FAULTY = 200, 422
"""The status of a page as it is, and of one that shows why a form was not taken."""

FAULTS: dict[str, str] = {
    CapacityFaultCode.HORIZON_EMPTY: said("The document ends before it begins"),
    CapacityFaultCode.HORIZON_TOO_LONG: said("The document speaks of too many days"),
    CapacityFaultCode.DAY_PAST: said("This day is over; what was built is built"),
    CapacityFaultCode.DAY_OUTSIDE: said("This day is outside the days of the document"),
    CapacityFaultCode.STRETCH_EMPTY: said("This stretch ends before it begins"),
    CapacityFaultCode.STRETCHES_OVERLAP: said("Two stretches of a line claim the same day"),
    CapacityFaultCode.CALENDAR_HOLE: said("No stretch covers these days of the line"),
    CapacityFaultCode.WEEKDAY_UNKNOWN: said("A day of the week is a number from 1 to 7"),
    CapacityFaultCode.NUMBER_NEGATIVE: said("This number is below zero"),
    CapacityFaultCode.NUMBER_OUT_OF_RANGE: said("This number is out of its range"),
    CapacityFaultCode.CAPACITY_MISSING: said("The line has no calendar, so it has no capacity"),
    CapacityFaultCode.PLANT_REPEATED: said("Two plants have this code"),
    CapacityFaultCode.PLANT_UNKNOWN: said("There is no plant with this code"),
    CapacityFaultCode.PLANT_WITHOUT_LINE: said("The plant has no line"),
    CapacityFaultCode.LINE_REPEATED: said("Two lines of a plant have this code"),
    CapacityFaultCode.LINE_UNKNOWN: said("There is no line with this code"),
    CapacityFaultCode.LINE_WITHOUT_MODEL: said("The line builds no model"),
    CapacityFaultCode.MARKET_UNKNOWN: said("No queue sells in this market"),
    CapacityFaultCode.MARKET_REPEATED: said("The market stands twice at this plant"),
    CapacityFaultCode.MODEL_UNKNOWN: said("No catalogue has this model"),
    CapacityFaultCode.OPTION_UNKNOWN: said("No catalogue has this option"),
    CapacityFaultCode.TAKE_RATE_REPEATED: said("The cap of this option stands twice"),
    CapacityFaultCode.PART_REPEATED: said("Two parts have this code"),
    CapacityFaultCode.PART_UNKNOWN: said("There is no part with this code"),
    CapacityFaultCode.PART_UNUSED: said("No option needs the part"),
    CapacityFaultCode.PART_UNSUPPLIED: said("Nobody supplies the part: it has no receipt"),
    TableFaultCode.TABLE_MISSING: said("The table is missing"),
    TableFaultCode.TABLE_UNKNOWN: said("No table has this name"),
    TableFaultCode.NOT_UTF8: said("The file is not written in UTF-8"),
    TableFaultCode.NOT_CSV: said("The line is no row of comma-separated values"),
    TableFaultCode.COLUMN_MISSING: said("A column is missing"),
    TableFaultCode.COLUMN_UNKNOWN: said("The table has no such column"),
    TableFaultCode.COLUMN_REPEATED: said("A column stands twice"),
    TableFaultCode.CELLS_MISCOUNTED: said("The row has more or fewer cells than there are columns"),
    TableFaultCode.CELL_EMPTY: said("The cell is empty"),
    TableFaultCode.CELL_UNREADABLE: said("The cell cannot be read"),
    TableFaultCode.ROW_MISSING: said("The table has no row"),
    TableFaultCode.ROW_TOO_MANY: said("The table has one row only"),
}
"""Every fault in words, by its code; a code that both kinds of faults know means the same."""


class FindingLine(msgspec.Struct, frozen=True, kw_only=True):
    """A fault as a page shows it: where it stands, what it is, and the values that it names."""

    table: str
    line: int | None
    code: str
    words: str
    told: str


def finding_lines(findings: Iterable[CapacityFinding]) -> list[FindingLine]:
    """Every fault in words."""
    return [
        FindingLine(
            table=each.table,
            line=each.line,
            code=each.code,
            words=FAULTS[each.code],
            told=", ".join(f"{name} {value}" for name, value in each.details.items()),
        )
        for each in findings
    ]


def kept_document(proposed: CapacityProposed) -> dict[str, Any]:
    """The dry run of a sound proposal: who would move if it were published."""
    document = msgspec.to_builtins(proposed.capacity)
    return {"way": Way.GENTLE.value, "capacity": document}
