"""Capacity as CSV tables: written and read again, and every unreadable cell named by its line."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from earnest.core.plan.faults import CapacityFaultCode, faults_of
from earnest.desk.planning.tables import (
    COLUMNS,
    TableFault,
    TableFaultCode,
    Tables,
    read_tables,
    write_tables,
)
from tests.core.plan.plants import CAPACITY, KNOWN, MONDAY, week

Code = TableFaultCode
_Row = TypeVar("_Row")


def _files(**texts: str) -> dict[str, bytes]:
    """The tables of the small document, some replaced by these texts."""
    return {name: text.encode() for name, text in (write_tables(CAPACITY) | texts).items()}


def _faults(files: dict[str, bytes]) -> list[tuple[str, int, TableFaultCode]]:
    read = read_tables(files)
    assert isinstance(read, tuple), "something is wrong with these files"
    return [(each.table, each.line, each.code) for each in read]


def _read(files: dict[str, bytes]) -> Tables:
    read = read_tables(files)
    assert isinstance(read, Tables), read
    return read


CODES = st.text("abcXYZ-_1,\"'", min_size=1, max_size=5)
NAMES = CODES | st.just("Werk Nord, Halle 1\n(neu)") | st.just("北方工厂")
DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 1))
NUMBERS = st.integers(-3, 5_000)
LISTS = st.lists(CODES, max_size=3).map(tuple)


def _drawn(draw: st.DrawFn, row: st.SearchStrategy[_Row]) -> tuple[_Row, ...]:
    return tuple(draw(st.lists(row, max_size=3)))


@st.composite
def documents(draw: st.DrawFn) -> Capacity:
    """Any document whose plants have codes of their own, sound or not."""
    transport = st.lists(st.builds(Transport, CODES, NUMBERS), max_size=3).map(tuple)
    plants = draw(st.lists(CODES, max_size=3, unique=True))
    return Capacity(
        begins=draw(DAYS),
        ends=draw(DAYS),
        frozen_days=draw(NUMBERS),
        plants=tuple(
            Plant(code=code, name=draw(NAMES), transport=draw(transport)) for code in plants
        ),
        lines=_drawn(draw, st.builds(Line, plant=CODES, code=CODES, models=LISTS)),
        calendar=_drawn(
            draw,
            st.builds(
                Stretch,
                plant=CODES,
                line=CODES,
                begins=DAYS,
                ends=DAYS,
                shifts=NUMBERS,
                cars_per_shift=NUMBERS,
                weekdays=st.lists(NUMBERS, min_size=1, max_size=7).map(tuple),
                ramp_from=NUMBERS,
                ramp_to=NUMBERS,
            ),
        ),
        holidays=_drawn(draw, st.builds(Holiday, CODES, DAYS)),
        take_rates=_drawn(
            draw,
            st.builds(
                TakeRate,
                plant=CODES,
                line=CODES,
                option=CODES,
                cars=NUMBERS,
                of=NUMBERS,
                margin=NUMBERS,
            ),
        ),
        parts=_drawn(draw, st.builds(Part, code=CODES, options=LISTS, carries_over=st.booleans())),
        receipts=_drawn(draw, st.builds(Receipt, CODES, DAYS, NUMBERS)),
    )


@given(documents())
def test_what_was_written_is_read_again(document: Capacity) -> None:
    written = {name: text.encode() for name, text in write_tables(document).items()}
    if any(not each.models for each in document.lines) or any(
        not each.options for each in document.parts
    ):
        assert {code for _, _, code in _faults(written)} == {Code.CELL_EMPTY}
    else:
        assert _read(written).capacity == document


@given(st.dictionaries(st.sampled_from([*COLUMNS, "cars"]), st.binary(max_size=60)))
def test_any_bytes_are_read_or_refused_with_lines_that_exist(files: dict[str, bytes]) -> None:
    for _, line, _ in _faults(files):
        assert line >= 1


def test_a_spreadsheet_may_mark_its_encoding_leave_lines_and_order_columns() -> None:
    text = "\ufeffline,plant,day\r\n\r\n"
    assert _faults(_files(holidays=text)) == [("holidays", 1, Code.COLUMN_UNKNOWN)]
    text = "\ufeffday , plant\r\n,\r\n2026-03-09 , north \r\n"
    assert _read(_files(holidays=text)).capacity.holidays == (Holiday("north", week(1)),)


def test_tables_without_rows_need_not_be_there_and_others_must() -> None:
    files = _files()
    for table in ("holidays", "take_rates"):
        del files[table]
    assert _read(files).capacity.take_rates == ()

    assert _faults({"cars": b""}) == [
        ("cars", 1, Code.TABLE_UNKNOWN),
        ("capacity", 1, Code.TABLE_MISSING),
        ("plants", 1, Code.TABLE_MISSING),
        ("transport", 1, Code.TABLE_MISSING),
        ("lines", 1, Code.TABLE_MISSING),
        ("calendar", 1, Code.TABLE_MISSING),
    ]


def test_an_empty_cell_takes_the_usual_value_where_there_is_one() -> None:
    parts = "code,options,carries_over\nchip,titanium,\n"
    rates = "plant,line,option,cars,of\nnorth,1,wheels_21,1,2\n"

    read = _read(_files(parts=parts, take_rates=rates)).capacity

    assert read.parts == (Part(code="chip", options=("titanium",)),)
    assert read.take_rates == (
        TakeRate(plant="north", line="1", option="wheels_21", cars=1, of=2, margin=95),
    )


@pytest.mark.parametrize(
    ("table", "text", "expected"),
    [
        ("capacity", "begins,ends,frozen_days\n", [(1, Code.ROW_MISSING)]),
        (
            "capacity",
            "begins,ends,frozen_days\n" + "2026-03-02,2026-03-30,7\n" * 3,
            [(3, Code.ROW_TOO_MANY), (4, Code.ROW_TOO_MANY)],
        ),
        (
            "capacity",
            "begins,ends,frozen_days\n02.03.2026,2026-03-30,week\n",
            [(2, Code.CELL_UNREADABLE), (2, Code.CELL_UNREADABLE)],
        ),
        ("receipts", "part,day\n", [(1, Code.COLUMN_MISSING)]),
        ("receipts", "", [(1, Code.COLUMN_MISSING)] * 3),
        ("receipts", "part,day,units,units\n", [(1, Code.COLUMN_REPEATED)]),
        ("receipts", "part,day,units\nchip,2026-03-02\n", [(2, Code.CELLS_MISCOUNTED)]),
        ("receipts", "part,day,units\n,2026-03-02,\n", [(2, Code.CELL_EMPTY)] * 2),
        ("receipts", 'part,day,units\n\n"chip,2026-03-02,1\n', [(3, Code.NOT_CSV)]),
        ("transport", "plant,market,days\n\nwest,CN,3\n", [(3, Code.PLANT_UNKNOWN)]),
        ("calendar", "plant\n", [(1, Code.COLUMN_MISSING)] * 5),
        ("parts", "code,options,carries_over\nchip,titanium,maybe\n", [(2, Code.CELL_UNREADABLE)]),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(
    table: str, text: str, expected: list[tuple[int, TableFaultCode]]
) -> None:
    assert _faults(_files(**{table: text})) == [(table, *each) for each in expected]


def test_bytes_that_are_no_text_are_named_by_their_line() -> None:
    files = _files() | {"plants": b"code,name\nnorth,North\nsouth,S\xfcd\n"}

    assert _faults(files) == [("plants", 3, Code.NOT_UTF8)]


def test_every_table_is_looked_through_at_once() -> None:
    files = _files(receipts="part,day,units\nchip,never,1\n", holidays="plant,day\nnorth,\n")

    assert read_tables(files) == (
        TableFault("holidays", 2, Code.CELL_EMPTY, {"column": "day"}),
        TableFault("receipts", 2, Code.CELL_UNREADABLE, {"column": "day", "cell": "never"}),
    )


def test_a_fault_of_the_document_stands_on_the_line_of_its_row() -> None:
    transport = 'plant,market,days\nsouth,DE,30\n\n"north","CN",-1\nsouth,CN,5\nsouth,FR,9\n'
    read = _read(_files(transport=transport))
    capacity = msgspec.structs.replace(read.capacity, frozen_days=-1)

    faults = faults_of(capacity, KNOWN, MONDAY)

    assert [(each.table, each.code, read.line_of(each)) for each in faults] == [
        ("capacity", CapacityFaultCode.NUMBER_NEGATIVE, 2),
        ("transport", CapacityFaultCode.NUMBER_NEGATIVE, 4),
        ("transport", CapacityFaultCode.MARKET_UNKNOWN, 6),
    ]


def test_a_cell_of_two_lines_does_not_shift_the_lines_below() -> None:
    files = _files(plants='code,name\nnorth,"North\nhall"\nsouth,\n')

    assert _faults(files) == [("plants", 4, Code.CELL_EMPTY)]
