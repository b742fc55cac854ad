"""Cases and reminders: what stands beside an order without moving it.

Not here: evidence and dispute packs.
"""

from __future__ import annotations

from datetime import UTC

import msgspec

from earnest.core.order.commands import CloseCase, OpenCase, Remind
from earnest.core.order.events import CaseClosed, CaseOpened, Reminded
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import CaseFact
from earnest.core.order.state import Order, changed
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def open_case(
    order: Order, command: OpenCase, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Open a dispute, in any stage."""
    opened = CaseOpened(at=now, number=len(order.cases) + 1, subject=command.subject)
    return accepted(opened)


def close_case(
    order: Order, command: CloseCase, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Close a dispute with its outcome."""
    open_numbers = {each.number for each in order.cases if each.closed_at is None}
    if command.case_number not in open_numbers:
        return Rejected(Reason.CASE_UNKNOWN, {"case": str(command.case_number)})
    return accepted(CaseClosed(at=now, number=command.case_number, outcome=command.outcome))


def remind(order: Order, command: Remind, facts: Facts, policy: Policy, now: Instant) -> Outcome:
    """Note that somebody is reminded, once for each deadline."""
    if now < command.due_at or reminder_name(command.subject, command.due_at) in order.reminded:
        return Rejected(Reason.NOTHING_DUE)
    return accepted(Reminded(at=now, subject=command.subject, due_at=command.due_at))


def reminder_name(subject: str, due_at: Instant) -> str:
    """How a given reminder is remembered on the order: one name for one instant in any zone."""
    return f"{subject}@{due_at.astimezone(UTC).isoformat()}"


def case_opened(order: Order, event: CaseOpened) -> Order:
    """One more dispute."""
    case = CaseFact(number=event.number, subject=event.subject, opened_at=event.at)
    return changed(order, event.at, cases=(*order.cases, case))


def case_closed(order: Order, event: CaseClosed) -> Order:
    """One dispute fewer."""
    cases = tuple(
        msgspec.structs.replace(each, closed_at=event.at, outcome=event.outcome)
        if each.number == event.number
        else each
        for each in order.cases
    )
    return changed(order, event.at, cases=cases)


def reminded(order: Order, event: Reminded) -> Order:
    """The same reminder is not repeated."""
    name = reminder_name(event.subject, event.due_at)
    return changed(order, event.at, reminded=(*order.reminded, name))
