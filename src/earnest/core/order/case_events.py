"""Events that stand beside an order: disputes, evidence, reminders.

Not here: the events of its life (`events.py`, through which everybody names these as well).
"""

from __future__ import annotations

from earnest.core.cases.evidence import EvidenceKind, MediaType
from earnest.core.order.event import Event
from earnest.core.values.instant import Instant


class CaseOpened(Event, frozen=True, kw_only=True):
    """A dispute was opened. It stands beside the stage and changes none of it.

    `answer_due_at` is when the seller has to have answered, if it owes an answer.
    """

    number: int
    subject: str
    opened_by: str = ""
    answer_due_at: Instant | None = None
    decision_due_at: Instant | None = None


class EvidenceAdded(Event, frozen=True, kw_only=True):
    """A piece of evidence was filed. Its content is kept apart, under the digest."""

    number: int
    case_number: int | None
    evidence_kind: EvidenceKind
    digest: str
    media_type: MediaType
    size_bytes: int
    description: str
    added_by: str


class CaseAnswered(Event, frozen=True, kw_only=True):
    """The seller answered a dispute."""

    number: int
    answer: str
    answered_by: str


class CaseClosed(Event, frozen=True, kw_only=True):
    """A dispute ended with an outcome, for these reasons, by this decision."""

    number: int
    outcome: str
    reasons: str = ""
    decided_by: str = ""


class Reminded(Event, frozen=True, kw_only=True):
    """Somebody was reminded of a deadline; `subject` names which."""

    subject: str
    due_at: Instant
