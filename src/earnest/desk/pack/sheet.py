"""A document as sheets: headings, facts, tables and passages, all of it text.

Whoever sets the pages needs to know nothing about orders. Not here: writing a dispute pack as
sheets (`writing.py`), fonts and paper (`gateways/documents`).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from earnest.core.values.instant import Instant


class Column(msgspec.Struct, frozen=True):
    """A column: its title, its share of the width, and how its text is set."""

    title: str
    share: int
    style: str = "plain"


class Passage(msgspec.Struct, frozen=True):
    """A text with a heading and a line of small print above it."""

    heading: str
    meta: str
    body: str


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a document. What is empty is not set; a wholly empty part says so."""

    heading: str
    facts: tuple[tuple[str, str], ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    passages: tuple[Passage, ...] = ()


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A whole document, ready to be set. `made_at` is the date that the file bears.

    A short one has no list of its parts and no page for its title alone.
    """

    language: str
    title: str
    subtitle: str
    order_id: str
    digest: str
    made_at: Instant
    labels: Mapping[str, str]
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    is_short: bool = False
