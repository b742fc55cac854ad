"""A small terms document to change one line of, and what reading the change says.

Not here: real terms; those of each jurisdiction stand in `examples/terms`.
"""

from __future__ import annotations

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


def changed(*changes: tuple[str, str], text: str = PLAIN) -> str:
    """The text with each old part, which must be there, replaced by a new one."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands once in the text"
        text = text.replace(old, new)
    return text


def read(text: str) -> TermsDocument:
    """The document of a text without faults."""
    document = read_document(text, NAME)
    assert isinstance(document, TermsDocument), sentences(document)
    return document


def faults(text: str) -> tuple[Fault, ...]:
    """The faults of a text that has some."""
    found = read_document(text, NAME)
    assert isinstance(found, tuple), "the text reads"
    return found


def sentences(found: tuple[Fault, ...], language: str = "en") -> list[str]:
    """Faults as a terminal prints them."""
    return [fault.sentence(language) for fault in found]
