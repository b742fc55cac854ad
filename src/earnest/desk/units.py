"""Counting the units of editions inside one group, each command on what those before it left.

Everything starts from what was read under the lock of the queue's row, and that row is written
once, at the end of the group. Not here: who gets a unit (`core/order/allot.py`).
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable

import msgspec

from earnest.core.launch.edition import UNLIMITED, Allotment, Edition
from earnest.core.order.allot import counts_for_person, holds_unit, waits_for_unit
from earnest.core.order.commands import Command, Reserve
from earnest.core.order.commands_of_launch import AllotUnit
from earnest.core.order.facts import Facts
from earnest.core.order.parts_of_launch import UnitState
from earnest.core.order.state import Order
from earnest.core.queue.rank import Queue, UnitCount
from earnest.core.values.ids import BuyerId, QueueId
from earnest.desk.ports import Allotted, Loaded, OrderKey, PersonKey


class Units:
    """The units of every queue that a group touches. Writes into the group's own `queues`."""

    def __init__(self, loaded: Loaded, queues: dict[QueueId, Queue]) -> None:
        """Begin with what the transaction read after it held the locks."""
        self._queues = queues
        self._waiting = {queue_id: list(ranks) for queue_id, ranks in loaded.waiting.items()}
        self._of_person: dict[tuple[QueueId, str], set[OrderKey]] = {}
        self._of_login: dict[tuple[QueueId, BuyerId], set[OrderKey]] = {}
        for each in loaded.held:
            self._note_held(each.queue_id, each.order, each.person)

    def known(self, facts: Facts, command: Command, order: Order | None) -> Facts:
        """The facts with how the units stand now, if the order is or will be of an edition.

        A campaign that says nothing of an edition limits nothing. Whoever waited under an earlier
        one still comes first: somebody new is of an edition as long as anybody waits.
        """
        if facts.campaign is None:
            return facts
        edition = facts.campaign.edition
        if order is None and isinstance(command, Reserve):
            if edition is None and not self._counted(command.queue_id).waiting:
                return facts
            held = self._held_by(command)
            allotment = self._stands(command.queue_id, edition or UNLIMITED, of_person=held)
        elif order is not None and order.unit is not None:
            allotment = self._stands(order.queue_id, edition or UNLIMITED)
        else:
            return facts
        return msgspec.structs.replace(facts, allotment=allotment)

    def _counted(self, queue_id: QueueId) -> UnitCount:
        return self._queues[queue_id].units or UnitCount()

    def _stands(self, queue_id: QueueId, edition: Edition, of_person: int = 0) -> Allotment:
        count = self._counted(queue_id)
        waiting = self._waiting.get(queue_id)
        return Allotment(
            edition=edition,
            taken=count.taken,
            waiting=count.waiting,
            of_person=of_person,
            first_waiting=waiting[0] if waiting else None,
        )

    def count(self, before: Order | None, after: Order, edition: Edition | None) -> None:
        """Note what a command did to the units of its queue."""
        if after.unit is None:
            return
        queue = self._queues[after.queue_id]
        count = self._counted(after.queue_id)
        held = holds_unit(after) - (before is not None and holds_unit(before))
        waits = waits_for_unit(after) - (before is not None and waits_for_unit(before))
        counted = UnitCount(
            taken=count.taken + held,
            waiting=count.waiting + waits,
            limit=count.limit if edition is None else edition.units,
        )
        if counted != queue.units:
            self._queues[queue.queue_id] = msgspec.structs.replace(queue, units=counted)
        self._count_waiting(after, waits)
        self._count_person(after)

    def _count_waiting(self, after: Order, waits: int) -> None:
        ranks = self._waiting.get(after.queue_id)
        if ranks is None:
            return
        if waits > 0:
            insort(ranks, after.rank)
        elif waits < 0 and after.rank in ranks:
            ranks.remove(after.rank)

    def _held_by(self, command: Reserve) -> int:
        """Orders that count against who reserves: the person's, by whatever login, and the login's.

        An order that is both counts once.
        """
        of_person = self._of_person.get((command.queue_id, command.person or ""), set())
        of_login = self._of_login.get((command.queue_id, command.buyer_id), set())
        return len(of_person | of_login)

    def _count_person(self, after: Order) -> None:
        if after.person is None:
            return
        order = OrderKey(after.buyer_id, after.order_id)
        if counts_for_person(after):
            self._note_held(after.queue_id, order, after.person)
            return
        self._of_person.get((after.queue_id, after.person), set()).discard(order)
        self._of_login.get((after.queue_id, after.buyer_id), set()).discard(order)

    def _note_held(self, queue_id: QueueId, order: OrderKey, person: str | None) -> None:
        assert person is not None, "only an order of a known person counts"
        self._of_person.setdefault((queue_id, person), set()).add(order)
        self._of_login.setdefault((queue_id, order.buyer_id), set()).add(order)


def allotted(order: Order) -> Allotted | None:
    """The order's row among those that hold a unit or wait for one, if it does."""
    if holds_unit(order):
        state = UnitState.HELD
    elif waits_for_unit(order):
        state = UnitState.WAITING
    else:
        return None
    return Allotted(
        order=OrderKey(order.buyer_id, order.order_id),
        queue_id=order.queue_id,
        rank=order.rank,
        state=state,
        person=order.person if counts_for_person(order) else None,
    )


def people_of(commands: Iterable[Command]) -> tuple[PersonKey, ...]:
    """Whose orders have to be counted for a group, each once."""
    found = {
        PersonKey(each.queue_id, each.person, each.buyer_id): None
        for each in commands
        if isinstance(each, Reserve) and each.person is not None
    }
    return tuple(found)


def first_waiting_of(commands: Iterable[Command]) -> int:
    """How many of the first who wait a group has to know: none unless it gives units.

    Each command moves at most one order in or out, so one more than there are is enough.
    """
    listed = list(commands)
    return len(listed) + 1 if any(isinstance(each, AllotUnit) for each in listed) else 0
