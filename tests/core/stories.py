"""Stories: the text tables of `tables/`, one line per step, as support staff and lawyers read them.

A table is a text file of stories. A story is a block of lines:

    story: what it shows, in words
    rules: CN-17                            which rule or scenario it stands for
    foreseen: 2024-09-01T00:00/2024-10-01T00:00 part chip   what the live counters say, or none
    terms: cooling_off_hours=72             what differs from the usual terms
    centre: 1@2024-08-29T09:00/10:00        what others have of the bays at the centre, or free
    after: Locked                           begin where the main path had that event

    2024-07-01 10:00  buyer  CancelByBuyer  -> CancelledByBuyer, SettlementFixed
    2024-07-01 10:01  sales  Close          -> rejected order_over

    stage: cancelled
    money: forfeitures_unreleased 5000.00, provider_clearing 5000.00

Each step has the instant by the clock in Shanghai, who asks, what, and what came of it: the
events in their order, `nothing` for a repetition that changes nothing, or `rejected` with the
reason. Below the steps stands what is true at the end; an account that is not named is empty.
`#` begins a remark. A line that ends with a comma, and a step without its arrow, go on in the
next line.

Not here: running a story (`telling.py`).
"""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path

import msgspec

from tests.core.reading import instant

TABLES = Path(__file__).parent / "tables"
MAIN_PATH = "The main path"

HEADINGS = (
    *("rules", "terms", "after", "promised", "offered", "material", "foreseen", "campaign"),
    "centre",
)
ENDINGS = (
    *("stage", "money", "statement", "payouts", "missing", "deadlines"),
    *("decided", "price", "promise", "without"),
    *("benefits", "rank"),
)

_STEP = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?)\s+(\S+)\s+(\S+)\s*(.*?)\s*->\s*(.+)")


class TableUnreadable(Exception):
    """A line of a table that is not a step, a heading or an ending."""


class Step(msgspec.Struct, frozen=True):
    """One line: when, who, what with which words, and what is expected of it."""

    line: int
    at: str
    actor: str
    command: str
    words: tuple[str, ...]
    expected: str

    @property
    def instant(self) -> str:
        """The instant with a zone, as text."""
        return instant(self.at).isoformat()


class Story(msgspec.Struct):
    """A block of lines that begins with `story:`."""

    title: str
    file: str
    line: int
    headings: dict[str, str]
    steps: list[Step]
    endings: dict[str, str]


def stories() -> list[Story]:
    """Every story of every table."""
    return [story for path in sorted(TABLES.glob("*.txt")) for story in read(path)]


@cache
def main_path() -> Story:
    """The story that others begin in the middle of."""
    return next(story for story in stories() if story.title == MAIN_PATH)


def read(path: Path) -> list[Story]:
    """The stories of one table."""
    return parse(path.name, path.read_text(encoding="utf-8"))


def parse(file: str, text: str) -> list[Story]:
    """The stories of a text; raises `TableUnreadable` with the place of a line it cannot read."""
    found: list[Story] = []
    for number, line in _logical_lines(text):
        name, colon, rest = line.partition(":")
        step = _STEP.fullmatch(line)
        if name == "story":
            found.append(Story(rest.strip(), file, number, {}, [], {}))
        elif not found:
            raise TableUnreadable(f"{file}:{number}: a table begins with `story:`")
        elif step is not None:
            at, actor, command, words, expected = step.groups()
            split = tuple(shlex.split(words))
            found[-1].steps.append(Step(number, at, actor, command, split, expected))
        elif colon and name in HEADINGS:
            found[-1].headings[name] = rest.strip()
        elif colon and name in ENDINGS:
            found[-1].endings[name] = rest.strip()
        else:
            raise TableUnreadable(f"{file}:{number}: neither a step nor a heading: {line}")
    return found


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Lines without remarks, those that go on joined to one."""
    lines: list[tuple[int, str]] = []
    goes_on = False
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.partition("#")[0].strip()
        if not line:
            continue
        if goes_on:
            first, begun = lines.pop()
            number, line = first, f"{begun} {line}"  # noqa: PLW2901 - the joined line is the line
        lines.append((number, line))
        goes_on = line.endswith((",", "->")) or (line[0].isdigit() and "->" not in line)
    return lines
