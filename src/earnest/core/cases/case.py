"""A case: a dispute beside an order, with its clocks and its decision.

Not here: who may open, answer and close one (`core/order/case.py`), and evidence (`evidence.py`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.values.instant import Instant, end_of_day_after

ANSWER_DAYS = 7
"""Days in which the seller answers a case; handling a complaint in time is a duty (CN-33)."""

DECISION_DAYS = 30
"""Days in which a case is decided: half of what consumer mediation in China may take."""


class CaseOutcome(StrEnum):
    """How a case ended. The reasons stand beside it."""

    FOR_BUYER = "for_buyer"
    FOR_SELLER = "for_seller"
    SETTLED = "settled"
    """Both sides agreed."""
    WITHDRAWN = "withdrawn"
    """The buyer took it back; nobody else can."""
    REFERRED = "referred"
    """It goes to a court, an authority or a mediator."""


class CaseClocks(msgspec.Struct, frozen=True):
    """When an answer and a decision are due; None where nobody owes an answer."""

    answer_due_at: Instant | None
    decision_due_at: Instant


class CaseFact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A dispute: opened beside the stage, answered by the seller, closed with an outcome.

    Cases from before clocks were kept have none, and say not who opened them.
    """

    number: int
    subject: str
    opened_at: Instant
    opened_by: str = ""
    answer_due_at: Instant | None = None
    decision_due_at: Instant | None = None
    answered_at: Instant | None = None
    answered_by: str = ""
    answer: str = ""
    closed_at: Instant | None = None
    outcome: str | None = None
    reasons: str = ""
    decided_by: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.closed_at is None


def clocks(opened_at: Instant, time_zone: str, *, seller_answers: bool) -> CaseClocks:
    """The clocks of a case that opens now. A buyer never owes an answer: silence means nothing."""
    return CaseClocks(
        end_of_day_after(opened_at, ANSWER_DAYS, time_zone) if seller_answers else None,
        end_of_day_after(opened_at, DECISION_DAYS, time_zone),
    )
