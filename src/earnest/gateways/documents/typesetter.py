"""Setting a sheet as a PDF: one contract, typst and a null twin.

Not here: what stands on the pages (`desk/pack/sheet.py`).

The same sheet gives the same bytes: only the fonts of the requirements are used, never those of
the machine, and the file bears the date of its content. The result is an archivable, accessible
PDF (PDF/A-2a).
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import msgspec
import pylopdf_fonts_zh_cn as fonts
import typst

from earnest.desk.pack.sheet import Sheet
from earnest.gateways.documents.coverage import Shown, coverage

TEMPLATE = "sheet.typ"
SET_AT_ONCE = 1
"""Setting a pack takes a processor for a moment; a second one waits, and the doors go on."""


class Typesetter(Protocol):
    """Sets sheets as PDF files."""

    async def pdf(self, sheet: Sheet) -> bytes:
        """The sheet as a PDF; the same sheet gives the same bytes."""


class NullTypesetter:
    """Sets nothing: the sheet as JSON behind the first bytes of a PDF, for tests."""

    async def pdf(self, sheet: Sheet) -> bytes:
        """Something that begins like a PDF and holds every word of the sheet."""
        return b"%PDF-null\n" + msgspec.json.encode(sheet, order="sorted")


class Typst:
    """Sets sheets with typst, beside the event loop."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(SET_AT_ONCE)

    async def pdf(self, sheet: Sheet) -> bytes:
        """Set the sheet in a thread of its own; typst lets other threads run meanwhile."""
        async with self._turn:
            return await asyncio.to_thread(set_pages, sheet)


def set_pages(sheet: Sheet) -> bytes:
    """The pages of a sheet as PDF. Texts are data to the template and never its code."""
    words = msgspec.to_builtins(sheet, builtin_types=(datetime,))
    template = files("earnest.gateways.documents") / "templates" / TEMPLATE
    return typst.compile(
        template.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"sheet": msgspec.json.encode(_showable(words)).decode()},
        timestamp=int(sheet.made_at.timestamp()),
        pdf_standards="a-2a",
    )


@cache
def _fonts() -> typst.Fonts:
    """The fonts that the requirements bring, and none of the machine's, so pages never differ."""
    folders = sorted({str(path.parent) for path in (fonts.sans_path(), fonts.serif_path())})
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


@cache
def _shown() -> Shown:
    """What both fonts can show; anything else is named by its code point."""
    return Shown(coverage(fonts.sans_path()) & coverage(fonts.serif_path()))


def _showable(value: Any) -> Any:  # noqa: ANN401 - a document of any shape
    """The same document with every text as the fonts can show it."""
    if isinstance(value, str):
        return value.translate(_shown())
    if isinstance(value, dict):
        return {name: _showable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_showable(each) for each in value]
    return value


def missing_fonts() -> list[str]:
    """Fonts that should be there and are not; for somebody who looks why pages are empty."""
    return [path.name for path in (fonts.sans_path(), fonts.serif_path()) if not path.exists()]
