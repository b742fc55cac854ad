"""Overtaking: a later rank of the same lane that was served earlier, and whether it had to be.

`j` overtakes `i` when rank(i) < rank(j), both wait in one lane, and j was given an earlier slot or
car. It is justified only where i could not have used that slot, for one of the reasons below.
Everything else is an inversion: those who were passed are told, and staff see it.

Not here: finding out why an order could not be served (`core/order/standing.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import accumulate

import msgspec

from earnest.core.queue.lane import Lane
from earnest.core.values.instant import Instant


class Why(StrEnum):
    """Why an earlier rank could not have used the slot. Nothing else justifies overtaking."""

    ASKED_FOR_LATER = "asked_for_later"
    PLANT_NOT_ALLOWED = "plant_not_allowed"
    SCARCE = "scarce"
    HOLD = "hold"
    COOLING_OFF = "cooling_off"


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """A rank that has a slot or a car: of which time, and since when.

    `time` sorts by itself: an ISO week or day, or nothing for a car that stands there already.
    """

    lane: Lane
    rank: int
    time: str
    given_at: Instant


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """A rank of the same lane, and the time of its slot if it has one."""

    lane: Lane
    rank: int
    time: str | None = None

    def is_overtaken_by(self, served: Served) -> bool:
        """Whether that later rank has an earlier time than this one has or could still get."""
        return (
            self.lane == served.lane
            and self.rank < served.rank
            and (self.time is None or served.time < self.time)
        )


def overtakers(passed: Passed, served: Iterable[Served]) -> list[Served]:
    """Everybody who overtook a rank, in the order in which it happened."""
    found = [each for each in served if passed.is_overtaken_by(each)]
    return sorted(found, key=lambda each: (each.given_at, each.rank))


def overtaken(
    waiting: Iterable[Passed], served: Iterable[Served]
) -> Iterator[tuple[Passed, list[Served]]]:
    """Every rank that was overtaken, the earliest first, with those who overtook it.

    Almost nobody is, so each rank is compared with the earliest time behind it before anything.
    """
    lanes: dict[Lane, list[Served]] = {}
    for each in served:
        lanes.setdefault(each.lane, []).append(each)
    behind = {lane: _earliest_behind(those) for lane, those in lanes.items()}
    for rank in sorted(waiting, key=lambda each: each.rank):
        if rank.lane not in lanes:
            continue
        ranks, earliest = behind[rank.lane]
        place = bisect_right(ranks, rank.rank)
        if place == len(ranks) or (rank.time is not None and earliest[place] >= rank.time):
            continue
        yield rank, overtakers(rank, lanes[rank.lane])


def _earliest_behind(those: list[Served]) -> tuple[list[int], list[str]]:
    """The ranks of a lane that are served, and for each the earliest time from it on."""
    by_rank = sorted(those, key=lambda each: each.rank)
    times = [each.time for each in reversed(by_rank)]
    return [each.rank for each in by_rank], list(accumulate(times, min))[::-1]
