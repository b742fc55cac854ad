"""The picture in memory says of every place what the plain definition says, however it is read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.order.state import Order
from earnest.core.queue.lane import Lane
from earnest.core.queue.move import Cause, Move, direction_of
from earnest.core.queue.position import moves_ahead, position, waiting_after
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import BuyerId, OrderId, QueueId
from earnest.core.values.instant import Instant
from earnest.desk.places import lane_book, snapshot
from earnest.desk.places.following import COUNT_EVERY, Places
from earnest.desk.places.lane_book import LaneBook
from earnest.desk.places.ports import MovesRead, RecordedOvertaking, ServedOrder
from earnest.desk.places.queue_book import MOST_AHEAD, QueueBook, Stands
from earnest.desk.places.snapshot import History, Snapshot, Turn
from earnest.desk.places.sums import Sums
from earnest.desk.ports import RecordedMove, StoreUnavailable
from tests.core.crowds import BEGIN, BLUE, IN, OUT, RED, crowd, move

QUEUE = Queue(queue_id=QueueId("s7-cn"), model_line="s7", market="CN", time_zone="Asia/Shanghai")


def order_of(rank: int) -> OrderId:
    """The order that has a rank."""
    return OrderId(f"order {rank}")


def buyer_of(rank: int) -> BuyerId:
    """The buyer of the order that has a rank."""
    return BuyerId(f"buyer {rank}")


def recorded(moves: Sequence[Move], queue: Queue = QUEUE) -> list[RecordedMove]:
    """Moves as they are stored: each of an order under the next number of its events."""
    sequences: dict[int, int] = {}
    found = []
    for each in moves:
        # A rank that changes its lane leaves one and enters another by one event.
        second_half = each.change > 0 and each.cause is not Cause.RESUMED
        if not (second_half and each.rank in sequences):
            sequences[each.rank] = sequences.get(each.rank, 0) + 1
        found.append(
            RecordedMove(
                buyer_id=buyer_of(each.rank),
                order_id=order_of(each.rank),
                sequence=sequences[each.rank],
                queue_id=queue.queue_id,
                lane=each.lane,
                rank=each.rank,
                change=each.change,
                cause=each.cause,
                at=each.at,
            )
        )
    return found


def pictured(moves: Sequence[Move]) -> Snapshot:
    """A picture of these moves."""
    made = Snapshot([QUEUE])
    made.add(recorded(moves))
    return made


@given(st.lists(st.integers(-5, 5), max_size=40), st.integers(0, 60))
def test_sums_are_sums_however_they_were_made(values: list[int], number: int) -> None:
    grown = Sums()
    for place, value in enumerate(values):
        grown.append()
        grown.add(place, value)

    assert grown.before(number) == sum(values[:number]) == Sums.of(values).before(number)
    assert grown.values() == values == Sums.of(values).values()
    assert len(grown) == len(values)


@given(st.randoms(use_true_random=False), st.integers(1, 80))
def test_a_picture_read_in_pieces_says_what_the_definition_says(chance: Random, steps: int) -> None:
    moves = crowd(chance, steps)
    stored = recorded(moves)
    made = Snapshot([QUEUE])
    first = 0
    while first < len(stored):
        last = first + chance.randrange(1, 12)
        made.add(stored[max(0, first - chance.randrange(5)) : last])
        first = last

    waiting = waiting_after(moves)
    for rank in range(1, max(each.rank for each in moves) + 1):
        place = made.place(order_of(rank), buyer_of(rank))
        assert place is not None
        # Pieces are told apart by ranks and not by moves, so a history may begin a little later.
        expected = position(moves, rank)
        assert expected is not None
        assert place.position.lane == expected.lane
        assert place.position.ahead_in_lane == expected.ahead_in_lane
        assert place.position.ahead_in_queue == expected.ahead_in_queue
        assert (place.stands is Stands.WAITS) == (rank in waiting)
        assert place.position.since == expected.since
        assert place.position.at_joining == expected.at_joining
        history = made.history(order_of(rank), None, None, 1_000)
        assert history is not None
        lines = moves_ahead(moves, rank)
        assert [(each.rank, each.change, each.cause, each.at) for each in history.lines] == [
            (each.rank, each.change, each.cause, each.at) for each in lines
        ]
        places = [expected.at_joining, *(each.ahead_after for each in history.lines)]
        assert places[-1] == expected.ahead_in_lane


def test_somebody_elses_order_has_no_place() -> None:
    made = pictured([move(1, IN, Cause.RESERVED)])

    assert made.place(order_of(1), buyer_of(1)) == made.place(order_of(1), None)
    assert made.place(order_of(1), buyer_of(2)) is None
    assert made.history(order_of(1), buyer_of(2), None, 1) is None
    assert made.place(order_of(2), None) is None
    assert len(made) == 1


def test_a_history_is_read_page_by_page() -> None:
    moves = [move(each, IN, Cause.RESERVED, minutes=each) for each in range(1, 8)]
    moves += [move(each, OUT, Cause.BUILT, minutes=10 + each) for each in range(1, 6)]
    made = pictured(moves)

    pages: list[History] = []
    turn: Turn | None = None
    while not pages or turn is not None:
        page = made.history(order_of(7), None, turn, 2)
        assert page is not None
        pages.append(page)
        turn = page.further

    assert [[each.ahead_after for each in page.lines] for page in pages] == [[5, 4], [3, 2], [1]]


def test_a_page_may_be_short_where_many_moves_are_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(snapshot, "LOOKED_AT", 3)
    moves = [move(each, IN, Cause.RESERVED) for each in range(1, 8)]
    behind = [move(each, OUT, Cause.WITHDRAWN) for each in range(3, 7)]
    made = pictured([*moves, *behind, move(1, OUT, Cause.BUILT)])

    first = made.history(order_of(2), None, None, 9)
    assert first == History((), Turn(3, 1))
    second = made.history(order_of(2), None, first.further, 9)
    assert second is not None
    assert [each.ahead_after for each in second.lines] == [0]
    assert second.further is None


@given(st.permutations(range(1, 40)), st.integers(2, 9), st.integers(1, 5))
def test_a_lane_counts_the_same_in_whatever_order_its_ranks_join(
    ranks: list[int], block: int, step: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lane_book, "BLOCK", block)
        book = LaneBook()
        for first in range(0, len(ranks), step):
            book.expect(ranks[first : first + step])
            for rank in ranks[first : first + step]:
                book.add(rank, IN, Cause.RESERVED, 0)
        for rank in ranks[::3]:
            book.expect([rank])
            book.add(rank, OUT, Cause.WITHDRAWN, 0)
        left = set(ranks[::3])

        for rank in range(1, 42):
            waiting, *kinds = book.before(rank)
            smaller = {each for each in ranks if each < rank}
            assert waiting == len(smaller - left)
            came = lane_book.KINDS.index(direction_of(IN, Cause.RESERVED))
            went = lane_book.KINDS.index(direction_of(OUT, Cause.WITHDRAWN))
            assert (kinds[came], kinds[went]) == (len(smaller), len(smaller & left))
            assert sum(kinds) == len(smaller) + len(smaller & left)
        assert book.waiting == len(ranks) - len(left)


def test_who_joins_behind_everybody_is_no_line_of_anybodys_history() -> None:
    book = LaneBook()
    for rank in (1, 2, 5, 3):
        book.expect([rank])
        book.add(rank, IN, Cause.RESERVED, 0)

    assert book.moves == 1
    assert [(each.rank, each.change) for each in book.lines(0, 9, 5)] == [(3, 1)]


def test_a_queue_says_what_is_public() -> None:
    monday = BEGIN
    made = pictured(
        [
            *(move(each, IN, Cause.RESERVED) for each in range(1, 6)),
            move(6, IN, Cause.RESERVED, BLUE),
            move(1, OUT, Cause.BUILT, minutes=1),
            move(2, OUT, Cause.DEFERRED, minutes=2),
            move(3, OUT, Cause.DEFERRED, minutes=2),
            move(3, 0, Cause.WITHDRAWN, minutes=3),
            move(4, OUT, Cause.REALLOCATED, minutes=3),
        ]
    )

    facts = made.queue_facts(QUEUE.queue_id, monday + timedelta(days=6))
    later = made.queue_facts(QUEUE.queue_id, monday + timedelta(days=8))

    assert facts is not None
    assert later is not None
    assert (facts.ranks, facts.waiting, facts.aside, facts.lanes) == (6, 2, 1, 2)
    assert (facts.built_this_week, later.built_this_week) == (1, 0)
    assert made.queue_facts(QueueId("other"), monday) is None
    book = made.books[QUEUE.queue_id]
    assert book.lanes == [(RED, 1), (BLUE, 1)]
    assert book.standing_before(RED, 5) == [2]
    assert book.standing_before(RED, 99) == [2, 5]
    assert book.standing_before(Lane("unknown"), 99) == []
    assert book.stands(99) is Stands.OUT


class FakeMoves:
    """A store whose moves a test adds, and which can be away."""

    def __init__(self) -> None:
        self.queues_there = [QUEUE]
        self.there: list[RecordedMove] = []
        self.away = False
        self.counted = 0

    def _must_be_there(self) -> None:
        if self.away:
            raise StoreUnavailable("away")

    async def every_move(self) -> AsyncIterator[MovesRead]:
        yield await self.moves_since("0")

    async def moves_since(self, cursor: str) -> MovesRead:
        self._must_be_there()
        # What was read last is read again, as a database does with transactions that were open.
        return MovesRead(self.there[max(0, int(cursor) - 1) :], str(len(self.there)))

    async def queues(self) -> Sequence[Queue]:
        return self.queues_there

    async def cooling_off(self) -> Mapping[QueueId, int]:
        self.counted += 1
        return {QUEUE.queue_id: self.counted}

    async def served_orders(self) -> Sequence[ServedOrder]:
        return []

    async def orders_of_ranks(self, _: QueueId, __: Sequence[int]) -> Sequence[Order]:
        return []

    async def overtakings(
        self, skip: int, limit: int, *, only_inversions: bool = False
    ) -> Sequence[RecordedOvertaking]:
        raise AssertionError((skip, limit, only_inversions))

    async def add_moves(self, moves: Sequence[RecordedMove]) -> int:
        self.there.extend(moves)
        return len(moves)


class Stop(Exception):
    """Ends a loop that goes on for ever."""


@pytest.mark.anyio
async def test_the_picture_follows_what_is_committed_and_outlives_the_store() -> None:
    moves, now = FakeMoves(), BEGIN
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        nonlocal now
        if seconds == 0:
            return
        now += timedelta(seconds=seconds)
        naps.append(seconds)
        seen.append((len(places.snapshot), places.as_of))
        if len(naps) == 1:
            await moves.add_moves(recorded([move(1, IN, Cause.RESERVED)]))
        elif len(naps) == 2:
            moves.queues_there = [QUEUE, other]
            await moves.add_moves(recorded([move(1, IN, Cause.RESERVED)], other))
        elif len(naps) == 3:
            moves.away = True
        elif len(naps) == 4:
            raise Stop

    other = Queue(queue_id=QueueId("y7-cn"), model_line="y7", market="CN", time_zone="UTC")
    seen: list[tuple[int, Instant | None]] = []
    places = Places(moves, lambda: now, sleep)

    with pytest.raises(Stop):
        await places.run()

    half = timedelta(seconds=0.5)
    assert seen == [
        (0, BEGIN),
        (1, BEGIN + half),
        (2, BEGIN + 2 * half),
        (2, BEGIN + 2 * half),
    ]
    assert places.cooling_off == {QUEUE.queue_id: 1}
    assert places.cooling_off_as_of == BEGIN


@pytest.mark.anyio
async def test_who_is_in_the_cooling_off_is_counted_now_and_then() -> None:
    moves = FakeMoves()
    places = Places(moves, lambda: BEGIN)
    for _ in range(COUNT_EVERY + 1):
        await places.refresh()

    assert moves.counted == 2


def test_one_absurd_rank_takes_no_memory_and_leaves_the_others_their_places() -> None:
    first, second = recorded([move(rank, IN, Cause.RESERVED) for rank in (1, 2)])
    absurd = msgspec.structs.replace(
        first, rank=MOST_AHEAD + 1, order_id=OrderId("absurd"), buyer_id=BuyerId("absurd")
    )
    near = msgspec.structs.replace(absurd, rank=MOST_AHEAD)
    for far, ranks in ((absurd, 2), (near, MOST_AHEAD)):
        book = QueueBook(QUEUE)
        assert book.add([far, first, second])[-2:] == [first, second]
        assert book.ranks == ranks
        assert book.position(2).ahead_in_lane == 1
        assert book.stands(far.rank) is (Stands.WAITS if far is near else Stands.OUT)

    given_so_far = msgspec.structs.replace(QUEUE, next_rank=3)
    assert [each.rank for each in QueueBook(given_so_far).add([absurd])] == [MOST_AHEAD + 1]
