"""A capacity document as it lies in a folder of tables or in one file, and its faults by place.

Not here: reading the text (`desk/planning/tables.py`, `desk/planning/documents.py`), and the words
of faults (`web/telling_capacity.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from earnest.cli.printing import errors, say
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.faults import CapacityFault
from earnest.core.plan.unbuildable import Unbuilt
from earnest.desk.planning.documents import Document, read_document, written_path
from earnest.desk.planning.tables import TableFault, TableFaultCode, Tables, read_tables
from earnest.web.telling_capacity import fault_told, key_of

_OF_A_TABLE = ".csv"

_WARNING = {"en": "warning: ", "zh-Hans": "提醒："}
_END = {"en": ". ", "zh-Hans": "。"}


class Source(msgspec.Struct, frozen=True):
    """A document that could be read, where it lies, and the file of each table."""

    path: Path
    read: Tables | Document
    files: Mapping[str, Path] = {}

    @property
    def capacity(self) -> Capacity:
        """The document."""
        return self.read.capacity

    def say(self, found: Iterable[CapacityFault | Unbuilt], language: str) -> None:
        """Say everything that is wrong with the document, or not built, each with its place."""
        for each in found:
            place = self._place(each)
            if isinstance(each, Unbuilt):
                place = f"{_WARNING[language]}{place}"
            _say(place, each.table, each.code, each.details, language)

    def _place(self, fault: CapacityFault | Unbuilt) -> str:
        """File and line; of one document also the path of the value in it."""
        key = key_of(fault.table, fault.code, fault.details)
        if isinstance(self.read, Document):
            path = written_path(self.read.path_of(fault, key))
            return f"{self.path}:{self.read.line_of(fault, key)}: {path}"
        file = self.files.get(fault.table, self.path / f"{fault.table}{_OF_A_TABLE}")
        is_of_a_row = fault.row is not None or fault.table == "capacity"
        place = f"{file}:{self.read.line_of(fault)}" if is_of_a_row else str(file)
        return f"{place}: {key}" if key else place


def source_of(path: Path, language: str) -> Source | None:
    """The document of a folder or a file; None after everything unreadable was said."""
    try:
        if path.is_dir():
            return _folder(path, language)
        if path.suffix.lower() == _OF_A_TABLE and path.exists():
            _say(str(path), "", TableFaultCode.TABLE_ALONE, {}, language)
            return None
        read = read_document(path.read_bytes())
    except OSError as error:
        details = {"error": error.strerror or str(error)}
        place = error.filename or path
        _say(str(place), "", TableFaultCode.FILE_UNREADABLE, details, language)
        return None
    if isinstance(read, Document):
        return Source(path, read)
    key = read.details.get("key")
    place = f"{path}:{read.line}" + (f": {key}" if key else "")
    _say(place, "", read.code, read.details, language)
    return None


def _folder(folder: Path, language: str) -> Source | None:
    files = {
        each.stem: each
        for each in sorted(folder.iterdir())
        if each.suffix.lower() == _OF_A_TABLE and each.is_file()
    }
    read = read_tables({table: file.read_bytes() for table, file in files.items()})
    if isinstance(read, Tables):
        return Source(folder, read, files)
    for fault in read:
        _say(_line(folder, files, fault), fault.table, fault.code, fault.details, language)
    return None


def _line(folder: Path, files: Mapping[str, Path], fault: TableFault) -> str:
    """File, line and column of what cannot be read; a file that is missing has no line."""
    file = files.get(fault.table)
    if file is None:
        return str(folder / f"{fault.table}{_OF_A_TABLE}")
    key = key_of(fault.table, fault.code, fault.details)
    return f"{file}:{fault.line}" + (f": {key}" if key else "")


def _say(place: str, table: str, code: str, details: Mapping[str, str], language: str) -> None:
    """One fault in a line: its place, what is the matter, what to do, and the code."""
    told = fault_told(table, code, details, language)
    say(f"{place}: {told.what}{_END[language]}{told.cure} [{code}]", to=errors)
