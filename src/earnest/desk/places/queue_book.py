"""One queue in memory: for each rank its lane and how it stands, in arrays.

Not here: reading moves from the store (`following.py`) and finding an order's rank (`snapshot.py`).
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import IntEnum

import structlog

from earnest.core.queue.lane import Lane
from earnest.core.queue.move import Cause
from earnest.core.queue.position import Position
from earnest.core.queue.rank import Queue
from earnest.core.values.instant import Instant, zone
from earnest.desk.places.lane_book import KINDS, LaneBook, Line
from earnest.desk.places.sums import Sums
from earnest.desk.ports import RecordedMove

log = structlog.get_logger(__name__)

MOST_AHEAD = 1_000_000
"""How far behind the last known rank one may stand; some seventy megabytes of arrays.

Ranks are given without gaps, so one that is farther away was never given by a counter.
"""

_NO_LANE = -1
_STEPS = 4
"""A move's number: that of its event times four, plus its change, so that each is larger."""


class Stands(IntEnum):
    """How a rank stands: not in the queue any more, waiting, or stepped aside for a while."""

    OUT = 0
    WAITS = 1
    ASIDE = 2


class QueueBook:
    """What is known of one queue, move by move."""

    def __init__(self, queue: Queue) -> None:
        """Begin without a rank."""
        self.queue = queue
        self.aside = 0
        self._zone = zone(queue.time_zone)
        self._lanes: dict[Lane, int] = {}
        self._names: list[Lane] = []
        self._books: list[LaneBook] = []
        self._waiting = Sums()
        self._lane_of = array("i")
        self._stands = array("b")
        self._moved = array("i")
        self._joined = array("I")
        self._counted = [array("i") for _ in KINDS]
        self._built: Counter[date] = Counter()

    @property
    def ranks(self) -> int:
        """The highest rank that ever moved here."""
        return len(self._lane_of)

    @property
    def waiting(self) -> int:
        """How many wait for a car."""
        return sum(each.waiting for each in self._books)

    @property
    def lanes(self) -> Sequence[tuple[Lane, int]]:
        """Every lane with how many wait in it."""
        return [(name, book.waiting) for name, book in zip(self._names, self._books, strict=True)]

    def built_in_week_of(self, at: Instant) -> int:
        """How many cars were built since Monday, by the clock of the queue."""
        today = at.astimezone(self._zone).date()
        monday = today - timedelta(days=today.weekday())
        return sum(self._built[monday + timedelta(days=each)] for each in range(7))

    def add(self, moves: Sequence[RecordedMove]) -> list[RecordedMove]:
        """Add moves, each order's in their order, and return those that open a new rank.

        What is known already is skipped, so reading a stretch twice harms nobody. So is a rank that
        no counter gave: arrays as long as its number would take all memory for one damaged row.
        """
        fresh = [each for each in moves if self._number(each) > self._known(each.rank)]
        last = max(self.ranks, self.queue.next_rank - 1) + MOST_AHEAD
        for absurd in [each for each in fresh if each.rank > last]:
            log.error("rank_never_given", order_id=absurd.order_id, rank=absurd.rank)
            fresh.remove(absurd)
        self._expect(fresh)
        opened = []
        for move in fresh:
            at = move.rank - 1
            if not self._moved[at]:
                opened.append(move)
            self._moved[at] = self._number(move)
            self._add(move, at)
        return opened

    @staticmethod
    def _number(move: RecordedMove) -> int:
        return _STEPS * move.sequence + move.change + 1

    def _known(self, rank: int) -> int:
        return self._moved[rank - 1] if rank <= len(self._moved) else 0

    def _expect(self, moves: Sequence[RecordedMove]) -> None:
        """Make room for all of them at once, the ranks of each lane in their order."""
        more = max((each.rank for each in moves), default=0) - self.ranks
        if more > 0:
            self._lane_of.extend([_NO_LANE] * more)
            for column in (self._stands, self._moved, self._joined, *self._counted):
                column.extend([0] * more)
            for _ in range(more):
                self._waiting.append()
        by_lane: dict[int, set[int]] = {}
        for each in moves:
            by_lane.setdefault(self._lane(each.lane), set()).add(each.rank)
        for lane, ranks in by_lane.items():
            self._books[lane].expect(sorted(ranks))

    def _lane(self, name: Lane) -> int:
        number = self._lanes.get(name)
        if number is None:
            number = self._lanes[name] = len(self._books)
            self._names.append(name)
            self._books.append(LaneBook())
        return number

    def _add(self, move: RecordedMove, at: int) -> None:
        lane = self._lane(move.lane)
        book = self._books[lane]
        if self._lane_of[at] != lane:
            self._lane_of[at] = lane
            self._joined[at] = book.moves
            for column, count in zip(self._counted, book.before(move.rank)[1:], strict=True):
                column[at] = count
        if move.change:
            book.add(move.rank, move.change, move.cause, int(move.at.timestamp() * 1000))
            self._waiting.add(at, move.change)
        if move.cause is Cause.BUILT:
            self._built[move.at.astimezone(self._zone).date()] += 1
        stands = Stands.WAITS if move.change > 0 else Stands.OUT
        if move.cause is Cause.DEFERRED:
            stands = Stands.ASIDE
        self.aside += (stands is Stands.ASIDE) - (self._stands[at] == Stands.ASIDE)
        self._stands[at] = stands

    def stands(self, rank: int) -> Stands:
        """How a rank stands; one that nobody has is out."""
        return Stands(self._stands[rank - 1]) if rank <= self.ranks else Stands.OUT

    def position(self, rank: int) -> Position:
        """The place of a rank that moved here, with what changed it."""
        at = rank - 1
        lane = self._lane_of[at]
        now, *moved = self._books[lane].before(rank)
        since = {
            kind: count - column[at]
            for kind, count, column in zip(KINDS, moved, self._counted, strict=True)
        }
        came = since[KINDS[-1]]
        return Position(
            lane=self._names[lane],
            rank=rank,
            ahead_in_lane=now,
            ahead_in_queue=self._waiting.before(at),
            at_joining=now - came + (sum(since.values()) - came),
            since=since,
        )

    def joined(self, rank: int) -> int:
        """The number in its lane of the move by which a rank entered it."""
        return self._joined[rank - 1]

    def moves_in_lane_of(self, rank: int) -> int:
        """How many moves there were in the lane of a rank, and the number of the next."""
        return self._books[self._lane_of[rank - 1]].moves

    def lines(self, rank: int, first: int, last: int) -> Iterator[Line]:
        """The moves ahead of a rank in its lane, among those numbered `first` to before `last`."""
        return self._books[self._lane_of[rank - 1]].lines(first, last, rank)

    def standing_before(self, lane: Lane, rank: int) -> list[int]:
        """The smaller ranks of a lane that wait or stand aside, in their order."""
        number = self._lanes.get(lane)
        return [
            each + 1
            for each in range(min(rank - 1, self.ranks))
            if self._lane_of[each] == number and self._stands[each] != Stands.OUT
        ]
