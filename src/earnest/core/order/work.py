"""Work: what of an order waits for somebody of the seller's, with its clock.

Not here: the reminders that time gives by itself (`core/timers.py`), which tell of the same clocks.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.order.parts import PayoutState
from earnest.core.order.stage import DEFERRABLE
from earnest.core.order.state import Order
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money


class WorkKind(StrEnum):
    """What somebody has to do."""

    ANSWER_CASE = "answer_case"
    DECIDE_CASE = "decide_case"
    ANSWER_DEFERRAL = "answer_deferral"
    """A buyer asks to have the car later, and the answer is the maker's."""
    RELEASE_PAYOUT = "release_payout"
    """A second person releases a sum beyond the buyer's own money."""
    RELEASE_FORFEITURE = "release_forfeiture"
    """A second person lets the seller keep a deposit."""
    REFUND = "refund"
    """Money of the buyer is on its way, or has to be looked after."""


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do until an instant. `number` is that of the case or the payout."""

    kind: WorkKind
    due_at: Instant
    number: int | None = None
    amount: Money | None = None
    subject: str = ""


def work_of(order: Order) -> tuple[Work, ...]:
    """Everything of an order that waits for the office, the soonest first."""
    found = [*_cases(order), *_payouts(order)]
    request = order.deferral_request
    if request is not None and order.stage in DEFERRABLE:
        found.append(Work(kind=WorkKind.ANSWER_DEFERRAL, due_at=request.answer_until))
    forfeiture = order.forfeiture
    if forfeiture is not None and forfeiture.released_at is None:
        found.append(
            Work(
                kind=WorkKind.RELEASE_FORFEITURE,
                due_at=forfeiture.release_due_at,
                amount=forfeiture.amount,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.due_at, each.kind, each.number or 0)))


def _cases(order: Order) -> list[Work]:
    """A case waits for its answer first, then for its decision; old ones have no clocks."""
    found = []
    for case in order.cases:
        waits_for_answer = case.answer_due_at is not None and case.answered_at is None
        due_at = case.answer_due_at if waits_for_answer else case.decision_due_at
        if case.is_open and due_at is not None:
            kind = WorkKind.ANSWER_CASE if waits_for_answer else WorkKind.DECIDE_CASE
            found.append(Work(kind=kind, due_at=due_at, number=case.number, subject=case.subject))
    return found


def _payouts(order: Order) -> list[Work]:
    found = []
    for payout in order.payouts:
        if payout.state in {PayoutState.PAID, PayoutState.AWAITING_RETURN}:
            continue
        waits = payout.state is PayoutState.AWAITING_RELEASE
        found.append(
            Work(
                kind=WorkKind.RELEASE_PAYOUT if waits else WorkKind.REFUND,
                due_at=(payout.release_due_at if waits else None) or payout.due_at,
                number=payout.number,
                amount=payout.amount,
                subject=payout.state.value,
            )
        )
    return found
