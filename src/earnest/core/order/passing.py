"""Keeping on record that an order was overtaken, so that its buyer is told and can object.

Without a reason its buyer gets a letter at once. What a published reason justifies stands in the
order's history, and is written of once, when the buyer's window moved to a later one (ADR 0025).

Not here: finding it out (`desk/places/inversions.py`) and what justifies it
(`core/queue/overtaking.py`).
"""

from __future__ import annotations

from earnest.core.order.case import reminder_name
from earnest.core.order.case_events import Reminded
from earnest.core.order.commands_of_planning import RecordOvertaking
from earnest.core.order.events_of_planning import Overtaken
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts_of_planning import Overtaking
from earnest.core.order.state import Order, changed
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant

OVERTAKINGS = "overtakings"
"""The subject of the one letter; it has no deadline, so the reservation stands for it."""


def record_overtaking(
    order: Order, command: RecordOvertaking, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Note who was served before its turn, and why; rank, price and rights stay as they are.

    In one lane it is recorded once for each reason and once for none: the buyer learns of it and
    of what it means, and is not written to again for everybody of the same week. Whoever waits
    longer than was promised is reminded of what stands in the history.
    """
    assert command.by_rank > order.rank, "only a later rank overtakes"
    if any((each.lane, each.why) == (command.lane, command.why) for each in order.overtaken):
        return accepted()
    event = Overtaken(
        at=now,
        lane=command.lane,
        by_rank=command.by_rank,
        given_at=command.given_at,
        why=command.why,
    )
    if command.why is None or not order.delays:
        return accepted(event)
    return accepted(event, *reminder_of_overtakings(order, now))


def reminder_of_overtakings(order: Order, now: Instant) -> tuple[Reminded, ...]:
    """The one letter about everybody who was justly served before an order, if none left yet."""
    name = reminder_name(OVERTAKINGS, order.reserved_at)
    if name in order.reminded:
        return ()
    return (Reminded(at=now, subject=OVERTAKINGS, due_at=order.reserved_at),)


def was_justly_overtaken(order: Order) -> bool:
    """Whether somebody was served before an order for a published reason."""
    return any(each.why is not None for each in order.overtaken)


def overtaken(order: Order, event: Overtaken) -> Order:
    """The order remembers it; nothing else changes."""
    fact = Overtaking(
        lane=event.lane,
        by_rank=event.by_rank,
        given_at=event.given_at,
        recorded_at=event.at,
        why=event.why,
    )
    return changed(order, event.at, overtaken=(*order.overtaken, fact))
