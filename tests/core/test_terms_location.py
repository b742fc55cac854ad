"""Where keys stand in a TOML text, in every way in which TOML lets one write them.

Not here: what is wrong with their values.
"""

from __future__ import annotations

import tomllib

import pytest

from earnest.core.terms.location import Path, key_of, line_of, locate

TEXT = """\
# a comment = with a sign
plain = 1 # [no.table]
dotted.key = "a"
"quoted key" = 'b'
"esc\\u0061ped" = 1.5e3

[table] # comment
inner = \"\"\"
[not.a.table]
no = "pair" \\\"""\"""
  after = '''
x = 1
\"quotes\"'''
list = [
  1, # one
  # nothing
  "two ]", [3, 4],
  { five = 5, "six" = { deep = 6 } },
]
date = 1979-05-27T07:32:00Z
empty = []
nothing = {}

[table.sub]
last = true

[[many]]
id = 1
[many.inside]
x = 1
[[many]]
id = 2
[[many.more]]
y = 1
[[many.more]]
y = 2
"""

WHERE: dict[str, int] = {
    "plain": 2,
    "dotted": 3,
    "dotted.key": 3,
    "quoted key": 4,
    "escaped": 5,
    "table": 7,
    "table.inner": 8,
    "table.after": 11,
    "table.list": 14,
    "table.list[0]": 15,
    "table.list[1]": 17,
    "table.list[2]": 17,
    "table.list[2][1]": 17,
    "table.list[3].five": 18,
    "table.list[3].six.deep": 18,
    "table.date": 20,
    "table.empty": 21,
    "table.nothing": 22,
    "table.sub": 24,
    "table.sub.last": 25,
    "many": 27,
    "many[0]": 27,
    "many[0].id": 28,
    "many[0].inside": 29,
    "many[0].inside.x": 30,
    "many[1]": 31,
    "many[1].id": 32,
    "many[1].more[0]": 33,
    "many[1].more[1].y": 36,
}


@pytest.mark.parametrize(("key", "line"), WHERE.items())
def test_every_key_is_found_at_its_line(key: str, line: int) -> None:
    lines = {key_of(path): at for path, at in locate(TEXT).items()}

    assert lines[key] == line


def test_no_key_is_missed_or_made_up() -> None:
    def paths(value: object, path: Path) -> set[Path]:
        found = {path} if path else set()
        if isinstance(value, dict):
            for key, each in value.items():
                found |= paths(each, (*path, key))
        if isinstance(value, list):
            for place, each in enumerate(value):
                found |= paths(each, (*path, place))
        return found

    assert set(locate(TEXT)) == paths(tomllib.loads(TEXT), ())


def test_tables_in_a_row_end_where_they_end() -> None:
    text = "rows = [{a = 1},{a = 2}]\nb = 3\n"

    assert {key_of(path): line for path, line in locate(text).items()} == {
        "rows": 1,
        "rows[0]": 1,
        "rows[0].a": 1,
        "rows[1]": 1,
        "rows[1].a": 1,
        "b": 2,
    }


def test_a_quote_inside_a_text_does_not_end_it() -> None:
    text = 'a = "one \\" b = 1 \\\\"\nc = \'back \\\'\nd = 1\n'

    assert tomllib.loads(text) == {"a": 'one " b = 1 \\', "c": "back \\", "d": 1}
    assert {key_of(path): line for path, line in locate(text).items()} == {"a": 1, "c": 2, "d": 3}


def test_a_missing_key_stands_where_its_table_begins() -> None:
    lines = locate(TEXT)

    assert line_of(lines, ("table", "missing", "deeper")) == 7
    assert line_of(lines, ("missing",)) == 1


@pytest.mark.parametrize("text", ["", "# only this", "a = 1", "a = 1 # end", "[a]"])
def test_a_text_may_end_anywhere(text: str) -> None:
    assert len(locate(text)) == len(tomllib.loads(text))
