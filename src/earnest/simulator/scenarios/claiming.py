"""Making claims out of what was written: the expected value by its type, and UNKNOWN.

Not here: which subjects there are (`expecting.py`, `expecting_money.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import inspect

from earnest.core.values.instant import Instant
from earnest.simulator.scenarios import moments
from earnest.simulator.scenarios.case import UNKNOWN, Claim, Seen
from earnest.simulator.scenarios.meaning import MEANINGLESS, Meaning, Tongue, info_of
from earnest.simulator.scenarios.moments import Day
from earnest.simulator.scenarios.view import View
from earnest.simulator.scenarios.world import BEGINNING
from earnest.simulator.scenarios.written import Faults, Written

Look = Callable[[View], Seen]


class Claiming:
    """Reads the expectations of one case into claims."""

    def __init__(self, tongue: Tongue, faults: Faults) -> None:
        """Read in the tongue of the case, into these faults."""
        self.tongue = tongue
        self.faults = faults

    def claim(self, written: Written, subject: str, declared: Any, look: Look) -> list[Claim]:  # noqa: ANN401 - a type of any form
        """A claim that what is found equals what was written, read as the declared type."""
        return self.claim_info(written, subject, info_of(declared), look)

    def claim_info(
        self, written: Written, subject: str, info: inspect.Type, look: Look
    ) -> list[Claim]:
        """The same for a type that was looked into already; none when it makes no sense."""
        expected = self._expected(written, info)
        if expected is MEANINGLESS:
            return []
        return [self.exactly(written, subject, expected, look)]

    def exactly(self, written: Written, subject: str, expected: object, look: Look) -> Claim:
        """A claim at the place of what was written."""
        return Claim(
            line=written.line, key=written.key, subject=subject, expected=expected, look=look
        )

    def _expected(self, written: Written, info: inspect.Type) -> object:
        if is_unknown(written):
            return UNKNOWN
        date = moments.day(str(written.value))
        if date is not None and _may_be_instant(info):
            return Day(date, self.tongue.time_zone)
        return Meaning(self.tongue, self.faults, BEGINNING).of_info(written, info)


def is_unknown(written: Written) -> bool:
    """Whether it is written that nobody knows; in quotation marks it is a word like any other."""
    return written.value == UNKNOWN.word and not written.quoted


def _may_be_instant(info: inspect.Type) -> bool:
    if isinstance(info, inspect.UnionType):
        return any(_may_be_instant(each) for each in info.types)
    return isinstance(info, inspect.DateTimeType)


def holds(expected: object, seen: Seen) -> bool:
    """Whether what was seen is what was expected; a day holds every instant that ends on it."""
    if seen.holds is not None:
        return seen.holds
    if isinstance(expected, Day):
        return isinstance(seen.value, Instant) and expected.holds(seen.value)
    return expected == seen.value
