"""A small terms document to change one line of, and what reading the change says.

Not here: real terms; those of each jurisdiction stand in `examples/terms`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from earnest.core.terms.compile import read_and_compile
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.fault import Fault
from earnest.core.terms.reading import read_document

PLAIN = """\
version = "2026-11"
jurisdiction = "CN"
currency = "CNY"
time_zone = "Asia/Shanghai"

[seller]
name = "Aurora Haikou"
address = "1 Sea Road, Haikou"
contact = "service@aurora.example"

[payee]
name = "Aurora Haikou"

[deposit]
kind = "earnest"
amount = "5000"
label = "定金"

[payment]
window_minutes = 30

[cooling_off]
hours = 168

[promise]
weeks_from = 8
weeks_to = 12

[inspection]
checklist = ["exterior", "interior"]

[buyers_default]
keeps = "earnest"

[sellers_default]
returns = "double"

[price]
lowest = "90000"
"""
"""A fair document that says little more than it must."""

NAME = "plain.toml"
END = 'lowest = "90000"\n'
"""The last line of the plain document, after which tables can be added."""


def changed(*changes: tuple[str, str], text: str = PLAIN) -> str:
    """The text with each old part, which must be there, replaced by a new one."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands once in the text"
        text = text.replace(old, new)
    return text


def read(text: str) -> TermsDocument:
    """The document of a text without faults."""
    document = read_document(text, NAME)
    assert isinstance(document, TermsDocument), document
    return document


def faults(text: str) -> tuple[Fault, ...]:
    """The faults of a text that has some."""
    found = read_document(text, NAME)
    assert isinstance(found, tuple), "the text reads"
    return found


class Row(NamedTuple):
    """What is taken out of the plain document, what comes in its place, and what is found."""

    old: str
    new: str
    said: list[str]
    said_in_chinese: list[str]

    def faults(self) -> tuple[Fault, ...]:
        """The faults of reading the changed document and compiling it."""
        found = read_and_compile(changed((self.old, self.new)), NAME)
        return found if isinstance(found, tuple) else ()


def _rows() -> Iterator[Row]:
    """Every row of the tables beside this file."""
    for table in sorted((Path(__file__).parent / "faults").glob("*.txt")):
        for block in table.read_text(encoding="utf-8").split("\n\n")[1:]:
            marked = [(line[0], line[2:]) for line in block.splitlines()]
            old, new, *said = ([text for mark, text in marked if mark == each] for each in "-+!！")
            english, chinese = ([f"{NAME}:{each}" for each in sentences] for sentences in said)
            yield Row("\n".join(old), "\n".join(new), english, chinese)


ROWS = tuple(_rows())
