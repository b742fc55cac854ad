"""The live book: every alive rank of every queue, placed on the published capacity.

It is exact to the second for other processes and at once for this one: a reservation takes its
place when it is decided. A decision that is never committed leaves a place behind until its rank
is given to somebody else, or for a few seconds.

Not here: reading who waits (`following.py`), and the counters themselves (`core/plan/book.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from earnest.core.catalogue.configuration import Configuration
from earnest.core.plan.book import Book
from earnest.core.plan.calendar import written_out
from earnest.core.plan.calibration import Calibration
from earnest.core.plan.capacity import Capacity
from earnest.core.plan.plan import Place
from earnest.core.plan.promise import Foreseen
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant, zone

UNCONFIRMED_FOR = timedelta(seconds=30)
"""How long a place stands that no commit has confirmed; the desk gives up on a group before."""


BEFORE_ALL = -1
"""The block of cars that have their day, whatever their rank."""

BLOCK = 1024
"""So many ranks are counted together, because going through a million would take too long."""


class _Standing(msgspec.Struct, frozen=True, gc=False):
    """The kind of car of a rank, whether it found a place, and whether that is used up.

    `block` counts it with those near it by rank; one that is scheduled or built is before all.
    """

    number: int
    is_placed: bool
    block: int
    is_built: bool = False


class LiveBook:
    """Live counters over one published capacity; a new capacity or a new day is a new one."""

    def __init__(
        self,
        capacity: Capacity,
        queues: Iterable[Queue],
        calibration: Calibration | None = None,
    ) -> None:
        self._book = Book(capacity, written_out(capacity), calibration)
        self._markets = {market.market for plant in capacity.plants for market in plant.transport}
        self._queues = {queue.queue_id: queue for queue in queues}
        self._ranks: dict[QueueId, dict[int, _Standing]] = {}
        self._counted: dict[int, dict[QueueId, Counter[int]]] = {}
        self._unconfirmed: dict[tuple[QueueId, int], Instant] = {}

    def knows(self, queue_id: QueueId) -> bool:
        """Whether capacity is published for the market of a queue."""
        queue = self._queues.get(queue_id)
        return queue is not None and queue.market in self._markets

    def learn(self, queues: Iterable[Queue]) -> None:
        """Know queues that were opened since."""
        self._queues |= {queue.queue_id: queue for queue in queues}

    def is_standing(self, queue_id: QueueId, rank: int, configuration: Configuration) -> bool:
        """Whether a rank stands here for this very kind of car."""
        standing = self._ranks.get(queue_id, {}).get(rank)
        return (
            standing is not None
            and not standing.is_built
            and standing.number == self._number(queue_id, configuration)
        )

    def alike(self, queue_id: QueueId, configuration: Configuration) -> list[int]:
        """The ranks of a queue that stand here for a car of the same kind, in their order."""
        if not self.knows(queue_id):
            return []
        number = self._number(queue_id, configuration)
        ranks = self._ranks.get(queue_id, {})
        return sorted(
            rank
            for rank, standing in ranks.items()
            if standing.number == number and not standing.is_built
        )

    def foresee(
        self,
        queue_id: QueueId,
        configuration: Configuration,
        *,
        at: Instant,
        wanted_from: Instant,
        free_days: int,
    ) -> Foreseen | None:
        """What can be promised at an instant to a car that is wanted from a later one on."""
        if not self.knows(queue_id):
            return None
        time_zone = self._queues[queue_id].time_zone
        return self._book.foresee(
            self._number(queue_id, configuration),
            configuration.model,
            self._book.first_day(_day(wanted_from, time_zone), free_days),
            time_zone=time_zone,
            now=at,
        )

    def foresee_by_rank(
        self,
        queue_id: QueueId,
        rank: int,
        configuration: Configuration,
        *,
        at: Instant,
        wanted_from: Instant,
    ) -> Foreseen | None:
        """The same for a rank that was given already, whether it stands here or not.

        Whoever waits for the same kind in another queue counts as being before it.
        """
        if not self.knows(queue_id):
            return None
        time_zone = self._queues[queue_id].time_zone
        number = self._number(queue_id, configuration)
        return self._book.foresee_by_rank(
            number,
            configuration.model,
            self._book.first_day(_day(wanted_from, time_zone), 0),
            ahead=self._ahead(queue_id, rank, number),
            time_zone=time_zone,
            now=at,
        )

    def _ahead(self, queue_id: QueueId, rank: int, number: int) -> int:
        """How many cars of a kind are before a rank."""
        counted = self._counted.get(number, {})
        others = sum(blocks.total() for each, blocks in counted.items() if each != queue_id)
        blocks = counted.get(queue_id, Counter())
        before = sum(cars for block, cars in blocks.items() if block < rank // BLOCK)
        ranks = self._ranks.get(queue_id, {})
        beside = (ranks.get(each) for each in range(rank - rank % BLOCK, rank))
        near = sum(
            standing is not None and standing.block >= 0 and standing.number == number
            for standing in beside
        )
        return others + before + near

    def _stand(self, queue_id: QueueId, rank: int, standing: _Standing) -> None:
        """Remember what a rank stands for, and count it with those near it."""
        self._ranks.setdefault(queue_id, {})[rank] = standing
        of_kind = self._counted.setdefault(standing.number, {})
        of_kind.setdefault(queue_id, Counter())[standing.block] += 1

    def reserve(
        self,
        queue_id: QueueId,
        rank: int,
        configuration: Configuration,
        *,
        at: Instant,
        free_days: int,
    ) -> Foreseen | None:
        """The same for a reservation that gets this rank; its place is taken at once.

        A group that is decided again after a lost connection gives its ranks again, so what a
        rank stood for before is forgotten first.
        """
        if not self.knows(queue_id):
            return None
        self.leave(queue_id, rank)
        foreseen = self.foresee(queue_id, configuration, at=at, wanted_from=at, free_days=free_days)
        self.enter(queue_id, rank, configuration, at=at, free_days=free_days, is_certain=False)
        return foreseen

    def enter(
        self,
        queue_id: QueueId,
        rank: int,
        configuration: Configuration,
        *,
        at: Instant,
        free_days: int = 0,
        is_certain: bool = True,
    ) -> None:
        """A rank waits: it takes the earliest place of its kind. Known ones are confirmed."""
        if not self.knows(queue_id):
            return
        self.leave(queue_id, rank)
        number = self._number(queue_id, configuration)
        day = self._book.first_day(_day(at, self._queues[queue_id].time_zone), free_days)
        place = self._book.take(number, day)
        self._stand(queue_id, rank, _Standing(number, place is not None, rank // BLOCK))
        if not is_certain:
            self._unconfirmed[queue_id, rank] = at

    def confirm(self, queue_id: QueueId, rank: int) -> bool:
        """What was decided for a rank was committed; whether it waited for that here."""
        return self._unconfirmed.pop((queue_id, rank), None) is not None

    def fix(self, queue_id: QueueId, rank: int, configuration: Configuration, place: Place) -> None:
        """A rank is scheduled and stands on a day that does not move."""
        if self.knows(queue_id):
            number = self._number(queue_id, configuration)
            self._book.fix(number, place)
            self._stand(queue_id, rank, _Standing(number, is_placed=True, block=BEFORE_ALL))

    def leave(self, queue_id: QueueId, rank: int) -> None:
        """A rank waits no more: those of its kind move up. An unknown one changes nothing."""
        self.confirm(queue_id, rank)
        ranks = self._ranks.get(queue_id, {})
        standing = ranks.get(rank)
        if standing is None or standing.is_built:
            return
        del ranks[rank]
        if standing.is_placed:
            self._book.leave(standing.number)
        self._counted[standing.number][queue_id][standing.block] -= 1

    def built(self, queue_id: QueueId, rank: int) -> None:
        """A car came off the line: its rank waits no more, and its day is used up.

        It is still counted among those that are before the others of its kind.
        """
        ranks = self._ranks.get(queue_id, {})
        standing = ranks.get(rank)
        if standing is not None:
            counted = self._counted[standing.number][queue_id]
            counted[standing.block] -= 1
            counted[BEFORE_ALL] += 1
            ranks[rank] = msgspec.structs.replace(standing, is_built=True, block=BEFORE_ALL)

    def forget_unconfirmed(self, now: Instant) -> None:
        """Free the places of decisions that were never committed."""
        old = [
            where for where, since in self._unconfirmed.items() if now - since >= UNCONFIRMED_FOR
        ]
        for queue_id, rank in old:
            self.leave(queue_id, rank)

    def _number(self, queue_id: QueueId, configuration: Configuration) -> int:
        market = self._queues[queue_id].market
        return self._book.signatures.number_of(configuration.model, configuration.options, market)


def _day(at: Instant, time_zone: str) -> date:
    return at.astimezone(zone(time_zone)).date()
