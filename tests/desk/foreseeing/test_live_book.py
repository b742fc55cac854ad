"""The live book: who waits counts at once, who leaves makes room for those behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from earnest.core.catalogue.configuration import Configuration
from earnest.core.plan.plan import Place
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import QueueId
from earnest.desk.foreseeing.live_book import BLOCK, UNCONFIRMED_FOR, LiveBook
from tests.core.plan.plants import CAPACITY, week

QUEUE = QueueId("aurora-cn")
ELSEWHERE = QueueId("aurora-fr")
AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
CHIP = Configuration("aurora", ("titanium",))
PLAIN = Configuration("aurora", ("grey",))


def queue(queue_id: QueueId, market: str) -> Queue:
    return Queue(queue_id=queue_id, model_line="aurora", market=market, time_zone="Asia/Shanghai")


def live() -> LiveBook:
    return LiveBook(CAPACITY, [queue(QUEUE, "CN"), queue(ELSEWHERE, "FR")])


def ahead(book: LiveBook, configuration: Configuration = CHIP) -> tuple[object, int]:
    """The planned day and how many stand before."""
    seen = book.foresee(QUEUE, configuration, at=AT, wanted_from=AT, free_days=0)
    assert seen is not None
    return seen.reason.planned, seen.reason.ahead


def test_without_capacity_for_its_market_a_queue_promises_what_its_terms_say() -> None:
    book = live()
    for queue_id in (ELSEWHERE, QueueId("unknown")):
        assert not book.knows(queue_id)
        assert book.foresee(queue_id, PLAIN, at=AT, wanted_from=AT, free_days=0) is None
        assert book.reserve(queue_id, 1, PLAIN, at=AT, free_days=0) is None
        book.enter(queue_id, 1, PLAIN, at=AT)
        book.fix(queue_id, 1, PLAIN, Place(0, 0))
        book.leave(queue_id, 1)
        book.built(queue_id, 1)
    book.learn([queue(QueueId("unknown"), "DE")])
    assert book.knows(QueueId("unknown"))


def test_a_reservation_counts_for_the_next_one_of_the_same_group() -> None:
    book = live()
    first = book.reserve(QUEUE, 1, CHIP, at=AT, free_days=0)
    second = book.reserve(QUEUE, 2, CHIP, at=AT, free_days=0)
    assert first is not None
    assert second is not None
    assert first.reason.planned < second.reason.planned  # type: ignore[operator]  # both are days
    assert (second.reason.planned, second.reason.name, second.reason.ahead) == (week(2), "chip", 1)


def test_a_group_that_is_decided_again_takes_each_place_once() -> None:
    book = live()
    once = [book.reserve(QUEUE, rank, CHIP, at=AT, free_days=0) for rank in (1, 2)]
    again = [book.reserve(QUEUE, rank, CHIP, at=AT, free_days=0) for rank in (1, 2)]
    assert ahead(book) == (week(2), 2)
    assert once[0] is not None
    assert again[1] is not None
    assert again[1].reason.ahead == 1


def test_what_was_never_committed_is_forgotten() -> None:
    book = live()
    for rank in (1, 2):
        book.reserve(QUEUE, rank, CHIP, at=AT, free_days=0)
    book.confirm(QUEUE, 1)
    book.forget_unconfirmed(AT + UNCONFIRMED_FOR - timedelta(seconds=1))
    assert ahead(book) == (week(2), 2)
    book.forget_unconfirmed(AT + UNCONFIRMED_FOR)
    assert ahead(book) == (week(2), 1)
    assert book.is_standing(QUEUE, 1, CHIP)
    assert not book.is_standing(QUEUE, 1, PLAIN)
    assert not book.is_standing(QUEUE, 2, CHIP)


def test_who_leaves_makes_room_for_those_behind() -> None:
    book = live()
    for rank in range(1, 5):
        book.enter(QUEUE, rank, CHIP, at=AT)
    assert ahead(book) == (None, 4)
    book.enter(QUEUE, 5, CHIP, at=AT)
    book.leave(QUEUE, 5)
    assert ahead(book) == (None, 4)
    book.leave(QUEUE, 1)
    book.leave(QUEUE, 1)
    assert ahead(book) == (week(2), 3)


def test_a_built_car_has_used_its_day_up() -> None:
    book = live()
    book.fix(QUEUE, 1, CHIP, Place(0, 0))
    book.built(QUEUE, 1)
    book.leave(QUEUE, 1)
    assert ahead(book) == (week(2), 1)


def at_rank(book: LiveBook, rank: int, configuration: Configuration = CHIP) -> tuple[object, ...]:
    """The planned day of a rank, and how many of its kind are before it."""
    seen = book.foresee_by_rank(QUEUE, rank, configuration, at=AT, wanted_from=AT)
    assert seen is not None
    return seen.reason.planned, seen.reason.rank_ahead


def test_who_comes_back_is_foreseen_by_its_rank() -> None:
    """All chips of the horizon are taken, so the next buyer would get none."""
    book = live()
    for rank in (1, 3, BLOCK + 2, BLOCK + 7):
        book.enter(QUEUE, rank, CHIP, at=AT)
    book.enter(QUEUE, 2, PLAIN, at=AT)
    assert ahead(book) == (None, 4)

    assert at_rank(book, 2) == (week(2), 1)
    assert at_rank(book, BLOCK + 3) == (week(2), 3)
    book.leave(QUEUE, 1)
    assert at_rank(book, BLOCK + 3) == (week(2), None), "a place that is free comes first"
    book.enter(QUEUE, BLOCK + 8, CHIP, at=AT)
    assert at_rank(book, BLOCK + 3) == (week(2), 2)
    book.built(QUEUE, 3)
    assert at_rank(book, BLOCK + 3) == (week(2), 2), "whose car is built was before"
    assert at_rank(book, 4) == (week(2), 1), "and so it was before those near it"
    assert not book.is_standing(QUEUE, 3, CHIP)
    assert book.alike(QUEUE, CHIP) == [BLOCK + 2, BLOCK + 7, BLOCK + 8]


def test_a_scheduled_car_of_a_later_rank_has_its_day_before_who_comes_back() -> None:
    """Rank 9 stands in the frozen zone; the control comes back without it."""
    for later, expected in ((False, 1), (True, 2)):
        book = live()
        if later:
            book.fix(QUEUE, 9, CHIP, Place(0, 0))
        for rank in (1, 3, 4, 5):
            book.enter(QUEUE, rank, CHIP, at=AT)
        assert at_rank(book, 2)[1] == expected


def test_an_earlier_rank_without_a_place_is_before_one_that_comes_back() -> None:
    book = live()
    for rank in range(4, 8):
        book.enter(QUEUE, rank, CHIP, at=AT)
    assert at_rank(book, 3) == (week(1), 0)
    book.enter(QUEUE, 1, CHIP, at=AT)
    assert at_rank(book, 3)[1] == 1
    book.leave(QUEUE, 1)
    assert at_rank(book, 3) == (week(1), 0)


def test_who_waits_for_the_same_in_another_queue_is_taken_to_be_before_a_rank() -> None:
    other = QueueId("aurora-cn-2")
    book = live()
    book.learn([queue(other, "CN")])
    book.enter(other, 7, CHIP, at=AT)
    for rank in (8, 9, 10):
        book.enter(QUEUE, rank, CHIP, at=AT)

    assert at_rank(book, 1) == (week(2), 1)
    assert book.foresee_by_rank(ELSEWHERE, 1, CHIP, at=AT, wanted_from=AT) is None


def test_a_deferred_car_is_foreseen_from_the_day_on_which_it_is_wanted() -> None:
    later = datetime(2026, 3, 18, 4, tzinfo=UTC)
    seen = live().foresee(QUEUE, PLAIN, at=AT, wanted_from=later, free_days=0)
    assert seen is not None
    assert seen.reason.planned == later.date() + timedelta(days=7)
