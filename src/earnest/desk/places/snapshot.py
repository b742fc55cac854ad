"""A picture of all queues in memory: any place and its history at once, without the database.

Not here: keeping it fresh (`following.py`), and who may look (`web`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from earnest.core.queue.move import Cause
from earnest.core.queue.position import Position
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import BuyerId, OrderId, QueueId
from earnest.core.values.instant import Instant
from earnest.desk.places.identities import Identities, digest_of
from earnest.desk.places.queue_book import QueueBook, Stands
from earnest.desk.ports import RecordedMove

LOOKED_AT = 20_000
"""Moves that are looked at for one page at most; a page may have fewer lines than asked for."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Place(msgspec.Struct, frozen=True):
    """Where an order stands."""

    queue_id: QueueId
    stands: Stands
    position: Position


class MoveLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a place's history: who moved when and why, and how many were ahead after it."""

    at: Instant
    rank: int
    change: int
    cause: Cause
    ahead_after: int


class Turn(msgspec.Struct, frozen=True):
    """Where a page of history begins: the number of a move in the lane, and how many were ahead."""

    number: int
    ahead: int


class History(msgspec.Struct, frozen=True):
    """A page of a place's history, and where the next one begins, if there is one."""

    lines: tuple[MoveLine, ...]
    further: Turn | None


class QueueFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is public about a queue. `waiting` wait for a car, `aside` are deferred."""

    queue: Queue
    ranks: int
    waiting: int
    aside: int
    built_this_week: int
    lanes: int


class Snapshot:
    """Every queue, as far as its moves were read."""

    def __init__(self, queues: Sequence[Queue] = ()) -> None:
        """Begin with queues in which nobody moved."""
        self._books: dict[QueueId, QueueBook] = {}
        self._numbered: list[QueueBook] = []
        self._identities = Identities()
        self.know(queues)

    def __len__(self) -> int:
        """How many orders are known."""
        return len(self._identities)

    @property
    def books(self) -> Mapping[QueueId, QueueBook]:
        """Every queue's book."""
        return self._books

    def know(self, queues: Sequence[Queue]) -> None:
        """Open a book for each queue that has none."""
        for queue in queues:
            if queue.queue_id not in self._books:
                self._books[queue.queue_id] = book = QueueBook(queue)
                self._numbered.append(book)

    def add(self, moves: Sequence[RecordedMove]) -> None:
        """Add moves of known queues, each order's in their order; what is known is skipped."""
        by_queue: dict[QueueId, list[RecordedMove]] = {}
        for move in moves:
            by_queue.setdefault(move.queue_id, []).append(move)
        for queue_id, those in by_queue.items():
            book = self._books[queue_id]
            number = self._numbered.index(book)
            for each in book.add(those):
                self._identities.add(each.order_id, each.buyer_id, number, each.rank)

    def place(self, order_id: OrderId, buyer_id: BuyerId | None) -> Place | None:
        """Where an order stands, if it is this buyer's; None for a buyer means anybody's."""
        found = self._found(order_id, buyer_id)
        if found is None:
            return None
        book, rank = found
        return Place(book.queue.queue_id, book.stands(rank), book.position(rank))

    def history(
        self, order_id: OrderId, buyer_id: BuyerId | None, turn: Turn | None, limit: int
    ) -> History | None:
        """At most so many moves ahead of an order since it joined its lane, oldest first."""
        found = self._found(order_id, buyer_id)
        if found is None:
            return None
        book, rank = found
        turn = turn or Turn(book.joined(rank), book.position(rank).at_joining)
        last, ahead = turn.number + LOOKED_AT, turn.ahead
        lines: list[MoveLine] = []
        for each in book.lines(rank, turn.number, last):
            if len(lines) == limit:
                return History(tuple(lines), Turn(each.number, ahead))
            ahead += each.change
            lines.append(
                MoveLine(
                    at=_EPOCH + timedelta(milliseconds=each.at),
                    rank=each.rank,
                    change=each.change,
                    cause=each.cause,
                    ahead_after=ahead,
                )
            )
        more = last < book.moves_in_lane_of(rank)
        return History(tuple(lines), Turn(last, ahead) if more else None)

    def _found(self, order_id: OrderId, buyer_id: BuyerId | None) -> tuple[QueueBook, int] | None:
        found = self._identities.find(order_id)
        if found is None or (buyer_id is not None and found.buyer != digest_of(buyer_id)):
            return None
        return self._numbered[found.queue], found.rank

    def queue_facts(self, queue_id: QueueId, at: Instant) -> QueueFacts | None:
        """What is public about a queue at an instant."""
        book = self._books.get(queue_id)
        if book is None:
            return None
        return QueueFacts(
            queue=book.queue,
            ranks=book.ranks,
            waiting=book.waiting,
            aside=book.aside,
            built_this_week=book.built_in_week_of(at),
            lanes=len(book.lanes),
        )
