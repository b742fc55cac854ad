"""What a trial is, what came of one, and what a control has to show.

Not here: any single trial, and running them (`running.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Protocol, TypeAlias

import msgspec

Figure: TypeAlias = int | float | str
"""A figure of a result as people read it."""

SHOWN_FAILURES = 8
"""Failures of one kind that are told in words; the others are only counted."""


class Reach(Protocol):
    """Is told how far a trial is."""

    def __call__(self, done: float, acknowledged: int = 0) -> None:
        """So many rounds are done; so much was acknowledged, where that is counted."""


class Attempt(msgspec.Struct, kw_only=True):
    """One go at a trial or its control: how often, from which seed, and where it may write.

    `reach` is told how many rounds are done, and how many answers people hold by then; `say` takes
    a line for people.
    """

    rounds: int
    seed: int
    folder: Path
    reach: Reach
    say: Callable[[str], None]

    def chance(self, name: str) -> Random:
        """Chance of its own for one part of a trial, the same for the same seed."""
        return Random(f"{self.seed}/{name}")


class Outcome(msgspec.Struct, kw_only=True):
    """What was seen. `failures` counts them by kind; none is what a trial hopes for."""

    figures: dict[str, Figure] = {}
    failures: Counter[str] = msgspec.field(default_factory=Counter)
    examples: list[str] = []

    def fail(self, kind: str, explanation: str) -> None:
        """Note a failure, and the first few of each kind in words."""
        self.failures[kind] += 1
        if self.failures[kind] <= SHOWN_FAILURES:
            self.examples.append(f"{kind}: {explanation}")

    def expect(self, kind: str, *, that: bool, explanation: str) -> None:
        """Note a failure unless something holds."""
        if not that:
            self.fail(kind, explanation)


class Impossible(Exception):
    """A trial cannot be made on this machine; the message says why and what is missing."""


Act: TypeAlias = Callable[[Attempt], Awaitable[Outcome]]


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """A variant with a known fault. It fails as it must when any of `noticed_as` is found."""

    says: str
    act: Act
    noticed_as: frozenset[str]
    rounds: int
    short_rounds: int


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One way to break things. `rounds` is the long form's size, in the given `unit`.

    `number` is the trial's place in the programme; `lasts` says how long the long form takes on a
    quiet machine with two cores.
    """

    name: str
    number: int
    shows: str
    unit: str
    rounds: int
    short_rounds: int
    lasts: str
    act: Act
    control: Control | None = None
    only_long: bool = False
