"""SWIFT MT940: a bank's statement as tagged lines, read strictly (docs/adr/0029 says why by hand).

Not here: MT942, which is no statement.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from earnest.core.reconciliation.statement import LineKind, OutsideLine, OutsideStatement
from earnest.gateways.statements.faults import (
    LONGEST_REFERENCE,
    LONGEST_TEXT,
    MOST_LINES,
    Fault,
    FaultCode,
    StatementFaulty,
    fault,
    short,
    text_of,
)

_TAG = re.compile(r":(?P<tag>\d{2}[A-Z]?):(?P<rest>.*)")
_BALANCE = re.compile(
    r"(?P<side>[CD])(?P<day>\d{6})(?P<currency>[A-Z]{3})(?P<amount>\d{1,12},\d{0,2})"
)
_MOVED = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4})?(?P<side>R?[CD])(?P<funds>[A-Z])?"
    r"(?P<amount>\d{1,12},\d{0,2})(?P<kind>[A-Z][A-Z0-9]{3})(?P<owner>.{1,16}?)"
    r"(?://(?P<bank>.{1,16}))?"
)
_PART = re.compile(r"\?(?P<number>\d{2})(?P<text>[^?]*)")
_PAYER_PARTS = frozenset({"32", "33"})
_TEXT_PARTS = frozenset({*(str(each) for each in range(20, 30)), *map(str, range(60, 64))})
_KNOWN = frozenset(
    {
        "20",
        "21",
        "25",
        "28C",
        "28",
        "60F",
        "61",
        "86",
        "62F",
        "64",
        "65",
        "13D",
        "34F",
        "90C",
        "90D",
    }
)
_SIGNS = {"C": 1, "D": -1, "RC": -1, "RD": 1}


class _Field(NamedTuple):
    line: int
    tag: str
    text: str


def is_mt940(text: str) -> bool:
    """Whether a text is tagged lines at all."""
    return re.search(r"^:20:", text, re.MULTILINE) is not None


def read_mt940(content: bytes, encoding: str = "utf-8") -> OutsideStatement:
    """The statement in an MT940 message. Raises `StatementFaulty`."""
    fields = _fields(text_of(content, encoding))
    unknown = [each for each in fields if each.tag not in _KNOWN]
    if unknown:
        raise fault(unknown[0].line, FaultCode.FIELD_UNKNOWN, f":{unknown[0].tag}:")
    account, number = _only(fields, "25"), _only(fields, "28C", "28")
    opening, begins, currency = _balance(_only(fields, "60F"))
    end = _only(fields, "62F")
    closing, ends, currency_then = _balance(end)
    if currency_then != currency:
        raise fault(end.line, FaultCode.CURRENCY_DIFFERS, ":62F:")
    return OutsideStatement(
        # Banks number anew every year, so the year belongs to the number.
        number=f"{ends.year}-{short(number.text, LONGEST_REFERENCE, number.line, ':28C:')}",
        account_number=account.text.rpartition("/")[2],
        currency=currency,
        begins=begins,
        ends=ends,
        opening=opening,
        closing=closing,
        lines=tuple(_lines(fields, ends)),
    )


def _fields(text: str) -> list[_Field]:
    """Tags with their text; lines without a tag go on with the field before."""
    found: list[_Field] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.rstrip()
        tagged = _TAG.fullmatch(line)
        if tagged is not None:
            found.append(_Field(number, tagged["tag"], tagged["rest"]))
        elif line.startswith(("{", "-}")) or line in {"", "-"}:
            continue
        elif not found:
            raise fault(number, FaultCode.FORM_UNKNOWN)
        else:
            last = found[-1]
            found[-1] = last._replace(text=f"{last.text}\n{line}")
    return found


def _only(fields: list[_Field], *tags: str) -> _Field:
    """The one field with one of these tags; two of them are two statements."""
    named = [each for each in fields if each.tag in tags]
    if not named:
        raise fault(fields[-1].line if fields else 1, FaultCode.FIELD_MISSING, f":{tags[0]}:")
    if len(named) > 1:
        raise fault(named[1].line, FaultCode.STATEMENTS_SEVERAL, f":{tags[0]}:")
    return named[0]


def _balance(field: _Field) -> tuple[int, date, str]:
    found = _BALANCE.fullmatch(field.text)
    if found is None:
        raise fault(field.line, FaultCode.SUM_MALFORMED, f":{field.tag}:")
    amount = _SIGNS[found["side"]] * _minor(found["amount"])
    return amount, _day(found["day"], field.line), found["currency"]


def _lines(fields: list[_Field], ends: date) -> list[OutsideLine]:
    found: list[OutsideLine] = []
    faults: list[Fault] = []
    for place, each in enumerate(fields):
        if each.tag != "61":
            continue
        following = fields[place + 1] if place + 1 < len(fields) else each
        told = following.text if following.tag == "86" else ""
        try:
            found.append(_line(each, told, len(found) + 1, ends))
        except StatementFaulty as error:
            faults += error.faults
    if faults:
        raise StatementFaulty(*faults)
    if len(found) > MOST_LINES:
        raise fault(1, FaultCode.LINES_TOO_MANY)
    return found


def _line(field: _Field, told: str, number: int, ends: date) -> OutsideLine:
    first, _, rest = field.text.partition("\n")
    moved = _MOVED.fullmatch(first)
    if moved is None:
        raise fault(field.line, FaultCode.SUM_MALFORMED, ":61:")
    amount = _SIGNS[moved["side"]] * _minor(moved["amount"])
    if amount == 0:
        raise fault(field.line, FaultCode.SUM_ZERO, ":61:")
    payer, text = _told(told)
    references = [each for each in (moved["bank"], moved["owner"]) if each and each != "NONREF"]
    return OutsideLine(
        number=number,
        kind=LineKind.OTHER,
        booked_on=_booked_on(moved["value"], moved["entry"], ends, field.line),
        amount=amount,
        reference=references[0] if references else "",
        payer=short(payer, LONGEST_TEXT, field.line, ":86:"),
        text=short(" ".join([*references[1:], rest, text]), LONGEST_TEXT, field.line, ":86:"),
    )


def _told(text: str) -> tuple[str, str]:
    """The payer and the rest of what the bank tells; without its numbered parts, all is text."""
    joined = text.replace("\n", "")
    parts = [(each["number"], each["text"]) for each in _PART.finditer(joined)]
    if not parts:
        return "", text
    payer = "".join(told for number, told in parts if number in _PAYER_PARTS)
    return payer, " ".join(told for number, told in parts if number in _TEXT_PARTS)


def _booked_on(value: str, entry: str | None, ends: date, line: int) -> date:
    """The day of booking. It is given without its year, which is the nearest to the end's."""
    if entry is None:
        return _day(value, line)
    found = [
        day
        for year in (ends.year - 1, ends.year, ends.year + 1)
        if (day := _valid(year, int(entry[:2]), int(entry[2:]))) is not None
    ]
    if not found:
        raise fault(line, FaultCode.DAY_MALFORMED, ":61:")
    return min(found, key=lambda day: abs((day - ends).days))


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day(text: str, line: int) -> date:
    found = _valid(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    if found is None:
        raise fault(line, FaultCode.DAY_MALFORMED)
    return found


def _minor(text: str) -> int:
    whole, _, part = text.partition(",")
    return int(whole) * 100 + int(part.ljust(2, "0"))
