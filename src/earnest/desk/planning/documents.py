"""A capacity document as one JSON file: read, with the line on which each value stands.

Not here: tables (`tables.py`), and what is wrong with the numbers (`core/plan/faults.py`).
"""

from __future__ import annotations

import re

import msgspec

from earnest.core.plan.capacity import Capacity
from earnest.core.plan.faults import CapacityFault
from earnest.core.plan.unbuildable import Unbuilt
from earnest.desk.planning.tables import TableFault, TableFaultCode
from earnest.desk.planning.tables import TableFaultCode as _Code

_Path = tuple[str | int, ...]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_BYTE = re.compile(r"\(byte (\d+)\)")
_AT = re.compile(r"(.*) - at `\$(.*)`", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")


class Document(msgspec.Struct, frozen=True):
    """A document that could be read, and the line on which each of its values begins."""

    capacity: Capacity
    lines: dict[_Path, int]

    def line_of(self, fault: CapacityFault | Unbuilt, key: str = "") -> int:
        """The line of a fault: of its column, of its row, of its table, or the first."""
        path = self.path_of(fault, key)
        return next(
            (
                self.lines[path[:length]]
                for length in range(len(path), -1, -1)
                if path[:length] in self.lines
            ),
            1,
        )

    def path_of(self, fault: CapacityFault | Unbuilt, key: str = "") -> _Path:
        """Where a fault stands; rows of transport are counted through all plants."""
        own: _Path = (key,) if key else ()
        if fault.table == "capacity":
            return own
        if fault.row is None:
            return (fault.table,)
        if fault.table != "transport":
            return (fault.table, fault.row, *own)
        row = fault.row
        for number, plant in enumerate(self.capacity.plants):
            if row < len(plant.transport):
                return ("plants", number, "transport", row, *own)
            row -= len(plant.transport)
        raise AssertionError("a fault of transport stands in a row of it")


def written_path(path: _Path) -> str:
    """A path as JSON tools write it: `$.calendar[0].shifts`."""
    return "$" + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path)


def read_document(content: bytes) -> Document | TableFault:
    """The document in a file, or why it cannot be read: the first value that is wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return TableFault("", content.count(b"\n", 0, error.start) + 1, _Code.NOT_UTF8)
    try:
        # A text that is broken further on has no lines by which a wrong value could be named.
        msgspec.json.decode(text)
        return Document(msgspec.json.decode(text, type=Capacity), lines_in(text))
    except msgspec.ValidationError as error:
        return _unsuitable(text, str(error))
    except msgspec.DecodeError as error:
        found = _BYTE.search(str(error))
        line = text.encode().count(b"\n", 0, int(found[1]) if found else 0) + 1
        return TableFault("", line, _Code.NOT_JSON, {"error": str(error)})


def _unsuitable(text: str, error: str) -> TableFault:
    """A value of the wrong kind, or one that is missing, with the line where it is looked for."""
    found = _AT.fullmatch(error)
    what, at = (error, "") if found is None else (found[1], found[2])
    path: _Path = tuple(name or int(number) for name, number in _STEP.findall(at))
    lines = lines_in(text)
    line = next(
        lines[path[:length]] for length in range(len(path), -1, -1) if path[:length] in lines
    )
    details = {"key": written_path(path), "error": what}
    return TableFault("", line, TableFaultCode.VALUE_UNSUITABLE, details)


def lines_in(text: str) -> dict[_Path, int]:
    """The line on which each value of a sound JSON text begins, by its path."""
    lines: dict[_Path, int] = {}
    path: list[str | int] = []
    name: str | None = None
    line, done = 1, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", done, token.start())
        done = token.start()
        kind = token[0]
        if kind == ":":
            path[-1] = name or ""
        elif kind == ",":
            if isinstance(path[-1], int):
                path[-1] += 1
        elif kind in "}]":
            path.pop()
        else:
            is_name = bool(path) and text[token.end() :].lstrip()[:1] == ":"
            if is_name:
                name = msgspec.json.decode(kind)
                continue
            lines[tuple(path)] = line
            if kind in "{[":
                path.append("" if kind == "{" else 0)
    return lines
