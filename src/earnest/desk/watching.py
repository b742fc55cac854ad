"""What the server processes of a house see at their doors, put together by whoever watches.

Each process writes its own figures once a second; nothing is measured in the database, and no
request waits for it. Counts since a process began start again with it. Not here: measuring at the
hot doors (`web/hot.py`) and keeping the rows (`store/watching.py`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import accumulate
from typing import Protocol

import msgspec

from earnest.core.values.ids import CampaignId
from earnest.core.values.instant import Instant

BOUNDS = (
    *(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0),
    *(1.5, 2.0, 3.0, 5.0, 10.0, 30.0),
)
"""Seconds up to which an answer counts; what took longer than the last counts behind it."""

FRESH = timedelta(seconds=5)
"""A process that wrote nothing for so long does not count any more."""


class Latencies:
    """How long answers took: a count for each of `BOUNDS`, and one for what took longer."""

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        """Count one answer. Nothing is allocated: the doors do this for each request."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds


class ServerFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What one process saw. `latencies` are those of reservations in the last minute.

    `waiting` is how many commands wait in its desk, `turned_away` how many found that full since
    it began, `troubled` which of its parts failed and wait to be started again.
    """

    server: str
    at: Instant
    waiting: int
    turned_away: int
    answers: dict[str, int]
    messages: dict[str, int]
    latencies: tuple[int, ...]
    troubled: tuple[str, ...] = ()


class Watching(Protocol):
    """Where figures of servers and looks at campaigns are kept. Raises `StoreUnavailable`."""

    async def put(self, figures: ServerFigures) -> None:
        """Write what a process saw in place of what it wrote before."""

    async def servers(self, since: Instant) -> Sequence[ServerFigures]:
        """What each process saw that wrote it later than an instant, by name."""

    async def add_looks(self, looks: Mapping[tuple[CampaignId, str], int]) -> None:
        """Add to how often pages of campaigns were asked for through a channel."""


def summed(servers: Sequence[ServerFigures], name: str) -> dict[str, int]:
    """Counts by status over all processes: `name` is that of a field of counts."""
    totals: dict[str, int] = {}
    for each in servers:
        for status, number in getattr(each, name).items():
            totals[status] = totals.get(status, 0) + number
    return dict(sorted(totals.items()))


def within(servers: Sequence[ServerFigures], share: float) -> float | None:
    """The seconds within which that share of all answers of the last minute left, in any process.

    It is the bound of the class in which the answer falls, so never less than it took; infinite
    behind the last. None when nobody asked. Classes of several processes can be added up, which
    percentiles cannot.
    """
    counts = [sum(each) for each in zip(*(each.latencies for each in servers), strict=True)]
    number = sum(counts)
    if not number:
        return None
    place = bisect_left(list(accumulate(counts)), share * number)
    return BOUNDS[place] if place < len(BOUNDS) else float("inf")
