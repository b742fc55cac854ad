"""Rows of a CSV file with the line of each, every row as wide as its head.

Not here: what the columns mean.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from typing import NamedTuple, TypeVar

from earnest.gateways.statements.faults import (
    LONGEST_TEXT,
    MOST_FAULTS,
    MOST_LINES,
    Fault,
    FaultCode,
    StatementFaulty,
    fault,
    short,
)

Value = TypeVar("Value")


class Row(NamedTuple):
    """The fields of a row by column, and the line of the file on which it ends."""

    line: int
    fields: dict[str, str]

    def get(self, column: str, longest: int = LONGEST_TEXT) -> str:
        """What stands in a column, of bounded length; nothing where there is no such column."""
        return short(self.fields.get(column, ""), longest, self.line, column)


def rows_of(text: str, separator: str, needed: Iterable[str]) -> list[Row]:
    """Every row that is not empty. The columns that are needed must be there, each once."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        head = [each.strip() for each in next(reader, [])]
        for column in needed:
            if head.count(column) != 1:
                raise fault(1, FaultCode.COLUMN_MISSING, column)
        rows = list(_bodies(reader, head))
    except csv.Error as error:
        raise fault(reader.line_num, FaultCode.COLUMNS_DIFFER) from error
    if not rows:
        raise fault(1, FaultCode.EMPTY)
    return rows


def _bodies(reader: Iterator[list[str]], head: list[str]) -> Iterator[Row]:
    for number, fields in enumerate(reader, start=1):
        line: int = reader.line_num  # type: ignore[attr-defined]  # of a reader of csv
        if number > MOST_LINES:
            raise fault(line, FaultCode.LINES_TOO_MANY)
        if not any(each.strip() for each in fields):
            continue
        if len(fields) != len(head):
            raise fault(line, FaultCode.COLUMNS_DIFFER)
        yield Row(line, dict(zip(head, fields, strict=True)))


def all_of(rows: Iterable[Row], read: Callable[[Row], Value]) -> list[Value]:
    """What is read of every row; with faults, all of them at once."""
    found: list[Value] = []
    faults: list[Fault] = []
    for row in rows:
        try:
            found.append(read(row))
        except StatementFaulty as error:
            faults += error.faults
            if len(faults) >= MOST_FAULTS:
                break
    if faults:
        raise StatementFaulty(*faults)
    return found
