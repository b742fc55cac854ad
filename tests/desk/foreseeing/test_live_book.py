"""The live book: who waits counts at once, who leaves makes room for those behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from earnest.core.catalogue.configuration import Configuration
from earnest.core.plan.plan import Place
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import QueueId
from earnest.desk.foreseeing.live_book import UNCONFIRMED_FOR, LiveBook
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


def test_a_deferred_car_is_foreseen_from_the_day_on_which_it_is_wanted() -> None:
    later = datetime(2026, 3, 18, 4, tzinfo=UTC)
    seen = live().foresee(QUEUE, PLAIN, at=AT, wanted_from=later, free_days=0)
    assert seen is not None
    assert seen.reason.planned == later.date() + timedelta(days=7)
