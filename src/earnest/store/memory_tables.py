"""The committed rows of the store in memory, and the constraints that a database would hold.

Not here: transactions on them (`memory.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from earnest.core.order.centre import Delivery
from earnest.core.order.parts import Slot
from earnest.core.order.parts_of_launch import UnitState
from earnest.core.order.state import Order
from earnest.core.order.turned_out import PromiseOutcome
from earnest.core.queue.pause import SalePause
from earnest.core.queue.rank import Queue, UnitCount
from earnest.core.values.ids import CampaignId, CentreId, CodeId, OrderId, QueueId
from earnest.desk.campaign_ports import Count, IssuedCode
from earnest.desk.centres import KeptCentre
from earnest.desk.ports import (
    Allotted,
    CommandKey,
    Counted,
    KnownCommand,
    OrderDeadline,
    OrderKey,
    OutgoingMessage,
    PersonKey,
    RecordedEvent,
    RecordedMove,
    RecordedPosting,
)


class ConstraintViolated(Exception):
    """What the database would have refused: a defect of whoever wrote it."""


class Tables(msgspec.Struct, kw_only=True):
    """The committed rows. Events and postings are kept by order, in the order of their numbers.

    `passed` says for each tender that was inspected whether the car passed.
    """

    orders: dict[OrderKey, Order] = {}
    events: dict[OrderKey, tuple[RecordedEvent, ...]] = {}
    postings: dict[OrderKey, tuple[RecordedPosting, ...]] = {}
    tenders: frozenset[tuple[OrderKey, int]] = frozenset()
    passed: dict[tuple[OrderKey, int], bool] = {}
    deadlines: frozenset[OrderDeadline] = frozenset()
    commands: dict[CommandKey, KnownCommand] = {}
    queues: dict[QueueId, Queue] = {}
    messages: tuple[OutgoingMessage, ...] = ()
    moves: dict[tuple[OrderKey, int, int], RecordedMove] = {}
    allotted: dict[OrderKey, Allotted] = {}
    checkouts: dict[OrderKey, str] = {}
    codes: dict[tuple[CampaignId, CodeId], IssuedCode] = {}
    counts: dict[Counted, Count] = {}
    counted_in: dict[Counted, QueueId] = {}
    freed_slots: dict[OrderKey, tuple[Slot, ...]] = {}
    outcomes: dict[tuple[OrderId, date], PromiseOutcome] = {}
    pauses: dict[tuple[QueueId, int], SalePause] = {}
    centres: dict[CentreId, KeptCentre] = {}
    deliveries: dict[OrderKey, Delivery] = {}

    def waiting_in(self, queue_id: QueueId) -> list[Allotted]:
        """Who waits for a unit in a queue, by rank."""
        waiting = [each for each in self.allotted.values() if each.state is UnitState.WAITING]
        in_queue = [each for each in waiting if each.queue_id == queue_id]
        return sorted(in_queue, key=lambda each: each.rank)

    def held_by(self, people: tuple[PersonKey, ...]) -> tuple[Allotted, ...]:
        """Which orders count for these persons and their logins, each once."""
        persons = {(each.queue_id, each.person) for each in people}
        logins = {(each.queue_id, each.buyer_id) for each in people}
        counted = [each for each in self.allotted.values() if each.person is not None]
        return tuple(
            each
            for each in counted
            if (each.queue_id, each.person) in persons
            or (each.queue_id, each.order.buyer_id) in logins
        )

    def copied(self) -> Tables:
        """A copy that can be changed without changing this one; the rows never change."""
        columns = {name: getattr(self, name) for name in Tables.__struct_fields__}
        copies = {
            name: dict(rows) if isinstance(rows, dict) else rows for name, rows in columns.items()
        }
        return Tables(**copies)  # type: ignore[arg-type]  # each column as it was, by its name

    def add_moves(self, moves: Sequence[RecordedMove]) -> None:
        """Add moves; one that is there already stays as it is."""
        for each in moves:
            key = OrderKey(each.buyer_id, each.order_id)
            self.moves.setdefault((key, each.sequence, each.change), each)


def units_kept(units: UnitCount | None) -> UnitCount | None:
    """The units of a queue, unless the database would refuse them."""
    if units is not None:
        require(units.taken >= 0, "no unit is freed twice")
        require(units.waiting >= 0, "nobody stops waiting twice")
        require(
            units.limit is None or units.taken <= units.limit,
            "no queue sells more than its units",
        )
    return units


def require(condition: bool, rule: str) -> None:  # noqa: FBT001 - reads like an assertion
    """Raise `ConstraintViolated` where a rule of the database would be broken."""
    if not condition:
        raise ConstraintViolated(rule)
