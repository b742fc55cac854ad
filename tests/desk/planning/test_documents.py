"""A capacity document as one JSON file: every value by its line, and what cannot be read."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.plan.capacity import Receipt
from earnest.core.plan.faults import CapacityFault, CapacityFaultCode, faults_of
from earnest.core.plan.unbuildable import Unbuilt, UnbuiltCode
from earnest.desk.planning.documents import Document, lines_in, read_document, written_path
from earnest.desk.planning.tables import TableFault, TableFaultCode
from tests.core.plan.plants import CAPACITY, KNOWN, MONDAY

TEXT = msgspec.json.format(msgspec.json.encode(CAPACITY)).decode()


def _read(text: str) -> Document:
    read = read_document(text.encode())
    assert isinstance(read, Document), read
    return read


def _line(text: str, wanted: str) -> int:
    return text[: text.index(wanted)].count("\n") + 1


def test_a_document_is_read_also_with_the_mark_of_windows() -> None:
    assert _read(TEXT).capacity == CAPACITY
    assert read_document(b"\xef\xbb\xbf" + TEXT.encode()) == _read(TEXT)


def test_each_fault_stands_on_the_line_of_its_value() -> None:
    text = TEXT.replace('"shifts": 2', '"shifts": 99').replace('"days": 30', '"days": -30')
    read = _read(text)

    transport, shifts = faults_of(read.capacity, KNOWN, MONDAY)

    assert read.line_of(shifts, "shifts") == _line(text, '"shifts": 99')
    assert written_path(read.path_of(shifts, "shifts")) == "$.calendar[1].shifts"
    assert read.line_of(transport, "days") == _line(text, '"days": -30')
    assert written_path(read.path_of(transport, "days")) == "$.plants[1].transport[1].days"
    short = CapacityFault("capacity", None, CapacityFaultCode.HORIZON_EMPTY)
    assert read.line_of(short, "ends") == _line(text, '"ends"')


def test_a_value_that_is_not_there_is_looked_for_in_its_row() -> None:
    read = _read(TEXT)
    usual = CapacityFault("calendar", 0, CapacityFaultCode.NUMBER_NEGATIVE)
    orders = Unbuilt("lines", None, UnbuiltCode.ORDERS_UNBUILT)
    none = CapacityFault("holidays", None, CapacityFaultCode.DAY_PAST)

    # What has its usual value is left out where a document is written.
    row = _line(TEXT, '"calendar"') + 1
    assert read.line_of(usual, "ramp_from") == read.line_of(usual) == row
    assert read.line_of(orders, "models") == _line(TEXT, '"lines"')
    assert read.line_of(none) == _line(TEXT, '"holidays"')
    without = _read(TEXT.replace('"holidays": [],', ""))
    assert without.line_of(none) == 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            b'{\n  "begins": "2026-03-02"\n  "ends"',
            TableFault(
                "",
                3,
                TableFaultCode.NOT_JSON,
                {"error": "JSON is malformed: expected ',' or '}' (byte 29)"},
            ),
        ),
        (
            b"",
            TableFault("", 1, TableFaultCode.NOT_JSON, {"error": "Input data was truncated"}),
        ),
        (b"{\n\xff}", TableFault("", 2, TableFaultCode.NOT_UTF8)),
        (
            TEXT.replace('"shifts": 2', '"shifts": "two"').encode(),
            TableFault(
                "",
                _line(TEXT, '"shifts": 2'),
                TableFaultCode.VALUE_UNSUITABLE,
                {"key": "$.calendar[1].shifts", "error": "Expected `int`, got `str`"},
            ),
        ),
        (
            TEXT.replace('"code": "chip",', "").encode(),
            TableFault(
                "",
                _line(TEXT, '"parts"') + 1,
                TableFaultCode.VALUE_UNSUITABLE,
                {"key": "$.parts[0]", "error": "Object missing required field `code`"},
            ),
        ),
        (
            b'{"begins": 5}\n]',
            TableFault(
                "",
                2,
                TableFaultCode.NOT_JSON,
                {"error": "JSON is malformed: trailing characters (byte 15)"},
            ),
        ),
        (
            b"[]",
            TableFault(
                "",
                1,
                TableFaultCode.VALUE_UNSUITABLE,
                {"key": "$", "error": "Expected `object`, got `array`"},
            ),
        ),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(content: bytes, expected: TableFault) -> None:
    assert read_document(content) == expected


def test_numbers_that_are_too_large_for_any_plant_can_be_read() -> None:
    huge = msgspec.structs.replace(CAPACITY, receipts=(Receipt("chip", MONDAY, 10**18),))
    read = _read(msgspec.json.encode(huge).decode())

    (fault,) = faults_of(read.capacity, KNOWN, MONDAY)
    assert fault.code is CapacityFaultCode.NUMBER_TOO_LARGE


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


def _paths(value: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return {path}.union(*(_paths(each, (*path, name)) for name, each in value.items()))
    if isinstance(value, list):
        return {path}.union(*(_paths(each, (*path, row)) for row, each in enumerate(value)))
    return {path}


@given(_VALUES)
def test_every_value_of_a_text_has_its_line(value: object) -> None:
    """However it is written: each value in a line of its own comes after the one before."""
    text = json.dumps(value, indent=1)
    lines = lines_in(text)

    assert set(lines) == _paths(value)
    assert set(lines_in(json.dumps(value)).values()) == {1}
    for path, line in lines.items():
        if path:
            assert line > lines[path[:-1]]
            if isinstance(path[-1], str):
                assert text.splitlines()[line - 1].strip().startswith(json.dumps(path[-1]))
