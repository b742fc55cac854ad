"""Which characters a font can show, read from the font itself.

An archivable PDF may hold no character without a shape, and a buyer may write any: what cannot be
shown is named by its code point, so that nothing is lost and nothing fails. Not here: setting
pages (`typesetter.py`).
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from pathlib import Path

_TABLE = struct.Struct(">4sIII")
_ENCODING = struct.Struct(">HHI")
_GROUP = struct.Struct(">III")
_HEADER = 12
_SEGMENTED_COVERAGE = 12
_LINES = {0x200B: "\u200b", 0x0A: "\n", 0x0D: "", 0x09: " "}
"""Where a line may end or ends; these have no shape and need none."""


def coverage(font: Path) -> frozenset[int]:
    """Every code point that an OpenType font has a shape for (its table `cmap`, format 12)."""
    content = font.read_bytes()
    return frozenset(
        point
        for start, end in _groups(content, _table(content, b"cmap"))
        for point in range(start, end + 1)
    )


def _table(content: bytes, wanted: bytes) -> int:
    (count,) = struct.unpack_from(">H", content, 4)
    for number in range(count):
        tag, _, offset, _ = _TABLE.unpack_from(content, _HEADER + number * _TABLE.size)
        if tag == wanted:
            return int(offset)
    raise AssertionError("a font says which characters it has")


def _groups(content: bytes, cmap: int) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", content, cmap + 2)
    for number in range(count):
        _, _, offset = _ENCODING.unpack_from(content, cmap + 4 + number * _ENCODING.size)
        (kind,) = struct.unpack_from(">H", content, cmap + offset)
        if kind == _SEGMENTED_COVERAGE:
            (groups,) = struct.unpack_from(">I", content, cmap + offset + 12)
            for group in range(groups):
                place = cmap + offset + 16 + group * _GROUP.size
                start, end, _ = _GROUP.unpack_from(content, place)
                yield start, end
            return


class Shown(dict[int, str]):
    """A translation that keeps what can be shown and names what cannot, for `str.translate`."""

    def __init__(self, points: frozenset[int]) -> None:
        super().__init__(_LINES)
        self._points = points

    def __missing__(self, point: int) -> str:
        """The character itself, or its code point in brackets; remembered for the next time."""
        character = chr(point)
        # Marks that turn the direction of a text would let a name or a sum read otherwise.
        is_hidden = unicodedata.category(character) in {"Cf", "Cc", "Co", "Cn"}
        can_be_shown = point in self._points and not is_hidden
        shown = character if can_be_shown else f"[U+{point:04X}]"
        self[point] = shown
        return shown
