"""What can be wrong with a statement's file, and reading its sums, days and texts.

A file is hostile until it was read whole: sizes are bounded, and nothing is guessed or skipped.
Not here: the formats.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

import msgspec

LARGEST_FILE = 4 * 1_048_576
"""Bytes of a file at most."""

MOST_LINES = 20_000
"""Lines of a statement at most; a busy account has one statement a day."""

MOST_FAULTS = 50
"""Faults that are listed; whoever has more has the wrong file."""

LONGEST_REFERENCE = 140
LONGEST_TEXT = 1_000
LARGEST_SUM = 10**15

_PLAIN_SUM = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,15})(?:\.(?P<part>[0-9]{1,5}))?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,5})?")
_DAY_SHAPES = {
    "YYYY-MM-DD": r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
    "YYYY/MM/DD": r"(?P<year>\d{4})/(?P<month>\d{2})/(?P<day>\d{2})",
    "YYYYMMDD": r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    "DD.MM.YYYY": r"(?P<day>\d{2})\.(?P<month>\d{2})\.(?P<year>\d{4})",
    "DD/MM/YYYY": r"(?P<day>\d{2})/(?P<month>\d{2})/(?P<year>\d{4})",
    "MM/DD/YYYY": r"(?P<month>\d{2})/(?P<day>\d{2})/(?P<year>\d{4})",
}
DAY_FORMS = tuple(_DAY_SHAPES)
"""How a file may write days."""

ENCODINGS = ("utf-8", "gb18030", "latin-1")
"""How a file may be encoded."""


class FaultCode(StrEnum):
    """What is wrong. Codes are part of the interface and are never renamed."""

    FILE_TOO_LARGE = "file_too_large"
    ENCODING_WRONG = "encoding_wrong"
    CHARACTER_UNSUITABLE = "character_unsuitable"
    FORM_UNKNOWN = "form_unknown"
    XML_MALFORMED = "xml_malformed"
    XML_UNSAFE = "xml_unsafe"
    STATEMENTS_SEVERAL = "statements_several"
    COLUMN_MISSING = "column_missing"
    COLUMNS_DIFFER = "columns_differ"
    FIELD_MISSING = "field_missing"
    FIELD_UNKNOWN = "field_unknown"
    SUM_MALFORMED = "sum_malformed"
    SUM_ZERO = "sum_zero"
    SIGN_WRONG = "sign_wrong"
    DAY_MALFORMED = "day_malformed"
    DAY_OUTSIDE = "day_outside"
    CURRENCY_DIFFERS = "currency_differs"
    BALANCE_DIFFERS = "balance_differs"
    REFERENCE_REPEATED = "reference_repeated"
    TEXT_TOO_LONG = "text_too_long"
    LINES_TOO_MANY = "lines_too_many"
    EMPTY = "empty"


class Fault(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """What is wrong in a line of the file; `name` is the column or field that it is about."""

    line: int
    code: FaultCode
    name: str = ""


class StatementFaulty(Exception):
    """A file from which no statement could be read, with everything that is wrong with it."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(f"line {each.line}: {each.code}" for each in faults))
        self.faults = tuple(sorted(faults))[:MOST_FAULTS]


def fault(line: int, code: FaultCode, name: str = "") -> StatementFaulty:
    """A file with one fault."""
    return StatementFaulty(Fault(line=line, code=code, name=name))


def text_of(content: bytes, encoding: str) -> str:
    """The text of a file; the line of the first byte that is none is named."""
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise fault(line, FaultCode.ENCODING_WRONG) from error
    for place, character in enumerate(text):
        if character < " " and character not in "\t\r\n":
            raise fault(text.count("\n", 0, place) + 1, FaultCode.CHARACTER_UNSUITABLE)
    return text


def sum_of(text: str, line: int, name: str) -> int:
    """A sum with a decimal point in minor units; thousands may be set apart by commas."""
    plain = text.strip()
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    found = _PLAIN_SUM.fullmatch(plain)
    if found is None:
        raise fault(line, FaultCode.SUM_MALFORMED, name)
    part = (found["part"] or "").rstrip("0")
    if len(part) > 2:  # noqa: PLR2004 - of a currency with hundredths
        raise fault(line, FaultCode.SUM_MALFORMED, name)
    amount = int(found["whole"]) * 100 + int(part.ljust(2, "0"))
    if amount > LARGEST_SUM:
        raise fault(line, FaultCode.SUM_MALFORMED, name)
    return -amount if found["sign"] == "-" else amount


def day_of(text: str, line: int, name: str, form: str = "YYYY-MM-DD") -> date:
    """A day as the file writes it."""
    found = re.fullmatch(_DAY_SHAPES[form], text.strip(), re.ASCII)
    try:
        if found is not None:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        pass
    raise fault(line, FaultCode.DAY_MALFORMED, name)


def short(text: str, longest: int, line: int, name: str) -> str:
    """A text without needless blanks, of bounded length."""
    plain = " ".join(text.split())
    if len(plain) > longest:
        raise fault(line, FaultCode.TEXT_TOO_LONG, name)
    return plain
