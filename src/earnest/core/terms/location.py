"""Where each key of a TOML text stands, because the standard library does not say.

The text has been parsed by `tomllib` before, so this only follows what is known to be well-formed.
Not here: what the values mean.
"""

from __future__ import annotations

import tomllib
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The keys that lead to a value, with the place in an array counted from 0."""

FIRST_LINE = 1

_BLANK = " \t"
_BETWEEN = " \t\r\n"
_ENDS_OF_BARE_VALUE = ",]}#\r\n"
_LONG_QUOTES = ('"""', "'''")


def locate(text: str) -> dict[Path, int]:
    """The line of every key, table and array entry of a well-formed TOML text, counted from 1."""
    follower = _Follower(text)
    follower.follow()
    return follower.lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of a key, or of the nearest table around it, or the first line."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, FIRST_LINE)


def key_of(path: Path) -> str:
    """A path as people write it: `late_delivery.per_day`, `clauses[0].en`."""
    written = ""
    for part in path:
        if isinstance(part, int):
            written += f"[{part}]"
        else:
            written += f".{part}" if written else part
    return written


class _Follower:
    """Walks through the text once and notes where each key stands."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._text = text
        self._place = 0
        self._counted_to = 0
        self._lines_passed = 0
        self._entries: dict[Path, int] = {}
        """How many tables an array of tables has so far."""

    def follow(self) -> None:
        """Note every table header and every pair."""
        table: Path = ()
        while self._skip(_BETWEEN):
            if self._text.startswith("[", self._place):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        is_array = self._text.startswith("[[", self._place)
        self._place += 2 if is_array else 1
        line = self._line()
        self._skip(_BLANK)
        keys = self._keys()
        self._place += 2 if is_array else 1
        path = self._within((), keys[:-1])
        path = (*path, keys[-1])
        if is_array:
            count = self._entries.get(path, 0)
            self._entries[path] = count + 1
            self.lines.setdefault(path, line)
            path = (*path, count)
        else:
            path = self._within((), keys)
        self.lines[path] = line
        return path

    def _within(self, start: Path, keys: list[str]) -> Path:
        """The path of a header's keys: through an array of tables it leads to the last entry."""
        path = start
        for key in keys:
            path = (*path, key)
            if path in self._entries:
                path = (*path, self._entries[path] - 1)
        return path

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table
        for key in self._keys():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self._place += 1
        self._skip(_BLANK)
        self._value(path)

    def _keys(self) -> list[str]:
        """A dotted key, up to the sign or bracket that ends it."""
        keys = [self._key()]
        while self._text.startswith(".", self._place):
            self._place += 1
            self._skip(_BLANK)
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        begins = self._place
        if self._text[begins] in "\"'":
            self._quoted()
        else:
            while self._text[self._place] not in " \t.=]":
                self._place += 1
        written = self._text[begins : self._place]
        self._skip(_BLANK)
        return written if written[0] not in "\"'" else _unquoted(written)

    def _value(self, path: Path) -> None:
        match self._text[self._place]:
            case '"' | "'":
                self._quoted()
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case _:
                while self._place < len(self._text):
                    if self._text[self._place] in _ENDS_OF_BARE_VALUE:
                        break
                    self._place += 1

    def _array(self, path: Path) -> None:
        self._place += 1
        count = 0
        while self._skip(_BETWEEN + ",") and self._text[self._place] != "]":
            entry = (*path, count)
            self.lines[entry] = self._line()
            self._value(entry)
            count += 1
        self._place += 1

    def _inline_table(self, path: Path) -> None:
        self._place += 1
        while self._skip(_BETWEEN + ",") and self._text[self._place] != "}":
            self._pair(path)
        self._place += 1

    def _quoted(self) -> None:
        """Skip a string of any of the four kinds."""
        quote = self._text[self._place : self._place + 3]
        if quote not in _LONG_QUOTES:
            quote = quote[0]
        self._place += len(quote)
        while not self._text.startswith(quote, self._place):
            escaped = quote[0] == '"' and self._text[self._place] == "\\"
            self._place += 2 if escaped else 1
        self._place += len(quote)
        while len(quote) > 1 and self._text.startswith(quote[0], self._place):
            # A long string may end with quotes of its own just before the closing three.
            self._place += 1

    def _skip(self, characters: str) -> bool:
        """Go past these characters and past comments; whether anything is left."""
        while self._place < len(self._text):
            character = self._text[self._place]
            if character == "#" and "\n" in characters:
                end = self._text.find("\n", self._place)
                self._place = len(self._text) if end < 0 else end
            elif character in characters:
                self._place += 1
            else:
                return True
        return False

    def _line(self) -> int:
        """The line of the present place; what was counted before is not counted again."""
        self._lines_passed += self._text.count("\n", self._counted_to, self._place)
        self._counted_to = self._place
        return self._lines_passed + FIRST_LINE


def _unquoted(written: str) -> str:
    """A quoted key without its quotes and escapes."""
    (key,) = tomllib.loads(f"{written} = 0")
    return key
