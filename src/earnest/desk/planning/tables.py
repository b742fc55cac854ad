"""A capacity document as tables of comma-separated values, one for each kind of row.

Planners keep capacity in spreadsheets, so each table is a file: `capacity`, `plants`, `transport`,
`lines`, `calendar`, `holidays`, `take_rates`, `parts` and `receipts`. The first line of a file
names its columns, in any order. Days are written `2026-03-02`, several codes in one cell stand
with spaces between them, and an empty cell takes the usual value where there is one.

Not here: what is wrong with the numbers (`core/plan/faults.py`), and opening files
(`cli/capacity.py`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from io import StringIO
from typing import Any

import msgspec

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
from earnest.core.plan.faults import CapacityFault
from earnest.core.plan.unbuildable import Unbuilt


class TableFaultCode(StrEnum):
    """Why a table or a document cannot be read.

    Codes are part of the interface and are never renamed.
    """

    TABLE_MISSING = "table_missing"
    TABLE_UNKNOWN = "table_unknown"
    NOT_UTF8 = "not_utf8"
    NOT_CSV = "not_csv"
    COLUMN_MISSING = "column_missing"
    COLUMN_UNKNOWN = "column_unknown"
    COLUMN_REPEATED = "column_repeated"
    CELLS_MISCOUNTED = "cells_miscounted"
    CELL_EMPTY = "cell_empty"
    CELL_UNREADABLE = "cell_unreadable"
    ROW_MISSING = "row_missing"
    ROW_TOO_MANY = "row_too_many"
    PLANT_UNKNOWN = "plant_unknown"
    NOT_JSON = "not_json"
    VALUE_UNSUITABLE = "value_unsuitable"
    FILE_UNREADABLE = "file_unreadable"
    TABLE_ALONE = "table_alone"


class TableFault(msgspec.Struct, frozen=True):
    """One fault: the table, the line of its file from 1, and what stands there."""

    table: str
    line: int
    code: TableFaultCode
    details: dict[str, str] = {}


class Tables(msgspec.Struct, frozen=True):
    """A document that could be read, and the line on which each row of each table stands."""

    capacity: Capacity
    lines: dict[str, tuple[int, ...]]

    def line_of(self, fault: CapacityFault | Unbuilt) -> int:
        """The line of a fault; the first of the table where no row of it is meant."""
        if fault.row is None and fault.table != "capacity":
            return 1
        return self.lines[fault.table][fault.row or 0]


class _Column(msgspec.Struct, frozen=True):
    """A column: the type that its cells are read as, and whether each needs one."""

    name: str
    kind: Any
    is_list: bool
    is_required: bool


_Row = dict[str, Any]
_Read = list[tuple[int, _Row]]
_Code = TableFaultCode


def _columns(kind: type[msgspec.Struct], *names: str) -> tuple[_Column, ...]:
    """The columns of a table: the fields of its rows, or those of these names."""
    return tuple(
        _Column(
            field.name,
            field.type,
            is_list=getattr(field.type, "__origin__", None) is tuple,
            is_required=field.required,
        )
        for field in msgspec.structs.fields(kind)
        if not names or field.name in names
    )


_PLANT_OF = _Column("plant", str, is_list=False, is_required=True)

COLUMNS: dict[str, tuple[_Column, ...]] = {
    "capacity": _columns(Capacity, "begins", "ends", "frozen_days"),
    "plants": _columns(Plant, "code", "name"),
    "transport": (_PLANT_OF, *_columns(Transport)),
    "lines": _columns(Line),
    "calendar": _columns(Stretch),
    "holidays": _columns(Holiday),
    "take_rates": _columns(TakeRate),
    "parts": _columns(Part),
    "receipts": _columns(Receipt),
}
"""Every table, in the order in which people fill them in, with its columns."""

OPTIONAL = frozenset({"holidays", "take_rates", "parts", "receipts"})
"""Tables that need not be there."""


def read_tables(files: Mapping[str, bytes]) -> Tables | tuple[TableFault, ...]:
    """The document in these files by table, or everything that cannot be read of them."""
    faults = [_fault(table, 1, _Code.TABLE_UNKNOWN) for table in sorted(set(files) - set(COLUMNS))]
    read: dict[str, _Read] = {}
    for table, columns in COLUMNS.items():
        if table in files:
            text = _decoded(table, files[table], faults)
            read[table] = list(_rows(table, columns, text, faults))
        else:
            read[table] = []
            if table not in OPTIONAL:
                faults.append(_fault(table, 1, _Code.TABLE_MISSING))
    if not faults:
        faults.extend(_misfits(read))
    if faults:
        return tuple(faults)
    return _document(read)


def _decoded(table: str, content: bytes, faults: list[TableFault]) -> str:
    """The text of a file; bytes that are no UTF-8 are a fault and stand as they can."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.append(_fault(table, line, _Code.NOT_UTF8))
        return content.decode("utf-8-sig", errors="replace")


def _rows(
    table: str, columns: tuple[_Column, ...], text: str, faults: list[TableFault]
) -> Iterator[tuple[int, _Row]]:
    """The rows that can be read, each with its line; what cannot is added to the faults."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            started, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
                wrong = list(_header_faults(table, columns, header, started))
                faults.extend(wrong)
                if wrong:
                    return
            elif len(cells) != len(header):
                found = {"cells": len(cells), "columns": len(header)}
                faults.append(_fault(table, started, _Code.CELLS_MISCOUNTED, **found))
            else:
                by_name = dict(zip(header, cells, strict=True))
                yield started, _row(table, columns, by_name, started, faults)
    except csv.Error as error:
        faults.append(_fault(table, line, _Code.NOT_CSV, error=error))
    if header is None:
        faults.extend(_header_faults(table, columns, [], 1))


def _header_faults(
    table: str, columns: tuple[_Column, ...], header: list[str], line: int
) -> Iterator[TableFault]:
    known = {column.name for column in columns}
    for name in dict.fromkeys(header):
        if name not in known:
            yield _fault(table, line, _Code.COLUMN_UNKNOWN, column=name)
        if header.count(name) > 1:
            yield _fault(table, line, _Code.COLUMN_REPEATED, column=name)
    for column in columns:
        if column.is_required and column.name not in header:
            yield _fault(table, line, _Code.COLUMN_MISSING, column=column.name)


def _row(
    table: str,
    columns: tuple[_Column, ...],
    cells: dict[str, str],
    line: int,
    faults: list[TableFault],
) -> _Row:
    """A row by the names of its columns; a cell that cannot be read is left out and named."""
    row: _Row = {}
    for column in columns:
        cell = cells.get(column.name, "").strip()
        if not cell:
            if column.is_required:
                faults.append(_fault(table, line, _Code.CELL_EMPTY, column=column.name))
            continue
        try:
            given: object = cell.split() if column.is_list else cell
            row[column.name] = msgspec.convert(given, column.kind, strict=False)
        except msgspec.ValidationError:
            details = {"column": column.name, "cell": cell}
            faults.append(_fault(table, line, _Code.CELL_UNREADABLE, **details))
    return row


def _misfits(read: dict[str, _Read]) -> Iterator[TableFault]:
    """What rows that can be read do not say together: one horizon, and transport of plants."""
    horizons = read["capacity"]
    if not horizons:
        yield _fault("capacity", 1, _Code.ROW_MISSING)
    for line, _ in horizons[1:]:
        yield _fault("capacity", line, _Code.ROW_TOO_MANY)
    plants = {row["code"] for _, row in read["plants"]}
    for line, row in read["transport"]:
        if row["plant"] not in plants:
            yield _fault("transport", line, _Code.PLANT_UNKNOWN, plant=row["plant"])


def _document(read: dict[str, _Read]) -> Tables:
    plants, of_plants = [], []
    for _, row in read["plants"]:
        own = [each for each in read["transport"] if each[1]["plant"] == row["code"]]
        of_plants.extend(own)
        transport = tuple(Transport(each["market"], each["days"]) for _, each in own)
        plants.append(Plant(code=row["code"], name=row["name"], transport=transport))
    # Faults count the transport of all plants through, in the order of the plants.
    read = read | {"transport": of_plants}
    ((_, horizon),) = read["capacity"]
    capacity = Capacity(
        **horizon,
        plants=tuple(plants),
        lines=tuple(Line(**row) for _, row in read["lines"]),
        calendar=tuple(Stretch(**row) for _, row in read["calendar"]),
        holidays=tuple(Holiday(**row) for _, row in read["holidays"]),
        take_rates=tuple(TakeRate(**row) for _, row in read["take_rates"]),
        parts=tuple(Part(**row) for _, row in read["parts"]),
        receipts=tuple(Receipt(**row) for _, row in read["receipts"]),
    )
    lines = {table: tuple(line for line, _ in rows) for table, rows in read.items()}
    return Tables(capacity, lines)


def write_tables(capacity: Capacity) -> dict[str, str]:
    """The document as the text of every table; reading them gives the same document."""
    transport = [
        {"plant": plant.code, "market": each.market, "days": each.days}
        for plant in capacity.plants
        for each in plant.transport
    ]
    rows: dict[str, Iterable[object]] = {
        "capacity": (capacity,),
        "transport": transport,
        **{table: getattr(capacity, table) for table in COLUMNS if table not in _COMPOSED},
    }
    return {table: _text(columns, rows[table]) for table, columns in COLUMNS.items()}


_COMPOSED = frozenset({"capacity", "transport"})


def _text(columns: tuple[_Column, ...], rows: Iterable[object]) -> str:
    written = StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(column.name for column in columns)
    for row in rows:
        values = row if isinstance(row, dict) else msgspec.structs.asdict(row)  # type: ignore[arg-type]  # a struct
        writer.writerow(_cell(values[column.name]) for column in columns)
    return written.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(str(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fault(table: str, line: int, code: TableFaultCode, **details: object) -> TableFault:
    return TableFault(table, line, code, {name: str(value) for name, value in details.items()})
