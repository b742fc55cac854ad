"""How an order stood at an instant, and how it will stand if nobody does anything until then.

Not here: what could be done with it then (`core/order/exits.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from earnest.core.order.decide import Step, carry_out
from earnest.core.order.events import Event
from earnest.core.order.evolve import fold
from earnest.core.order.facts import Facts
from earnest.core.order.state import Order
from earnest.core.timers import Deadline, DeadlineKind, acting, command_of
from earnest.core.values.instant import Instant


def as_it_stood(events: Iterable[Event], at: Instant) -> Order | None:
    """The order as its events had made it by an instant; None before it began."""
    until = list(takewhile(lambda event: event.at <= at, events))
    return fold(until) if until else None


def as_it_will_stand(order: Order, facts: Facts, at: Instant) -> Order:
    """The order at a later instant after time alone has passed.

    Deadlines that act by themselves are carried out in their order, each at its own instant: an
    unpaid reservation lapses, a cooling-off period ends with the lock, a deferral runs out. They
    follow from the order alone, so each of them holds. Closing a file changes nothing for anybody
    and is left out.
    """
    while True:
        due = [each for each in acting(order, facts.policy) if _comes(each, at)]
        if not due:
            return order
        first = min(due, key=lambda each: (each.due_at, each.kind))
        command = command_of(first, order.buyer_id, order.order_id, first.due_at)
        step = carry_out(order, command, facts, first.due_at)
        assert isinstance(step, Step), f"{first.kind} is derived from the order, so it holds"
        order = step.order


def _comes(deadline: Deadline, at: Instant) -> bool:
    return deadline.due_at <= at and deadline.kind is not DeadlineKind.CLOSE
