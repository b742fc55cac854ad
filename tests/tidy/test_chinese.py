"""Chinese is written with its own punctuation, as every reader of a contract expects.

Not here: whether a sentence is good, which only a reader can tell.
"""

import re

from tests.tidy.source import files, findings, report

_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff\u201d][,;:!](?=[\u4e00-\u9fff\u201c])")


def half_width_mark(name: str, text: str) -> list[str]:
    """A comma, semicolon, colon or exclamation mark of the Latin alphabet between Chinese words."""
    return [
        f"{name}:{number}: {found[0]!r}: write the full-width mark (U+FF0C, FF1B, FF1A, FF01)"
        for number, line in enumerate(text.splitlines(), start=1)
        for found in _HALF_WIDTH.finditer(line)
    ]


def test_chinese_has_its_own_punctuation() -> None:
    read = [*files("src/"), *files("src/", ".toml"), *files("examples/", ".toml")]

    found = findings(half_width_mark, read)

    assert not found, report(found)


def test_a_half_width_mark_is_found() -> None:
    bad = "\u5b9a\u91d1,\u8ba2\u91d1"

    assert len(half_width_mark("a.py", f'"{bad}"')) == 1
    assert not half_width_mark("a.py", bad.replace(",", "\uff0c"))
    assert not half_width_mark("a.py", "\u5b9a\u91d1: lost by the buyer, see above")
