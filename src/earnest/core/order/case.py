"""Cases, evidence and reminders: what stands beside an order without moving it.

Not here: what a case and a piece of evidence are (`core/cases`), and the content of evidence.
"""

from __future__ import annotations

from datetime import UTC

import msgspec

from earnest.core.cases.case import CaseFact, CaseOutcome, clocks
from earnest.core.cases.evidence import (
    ALLOWED,
    LARGEST_BYTES,
    LONGEST_DESCRIPTION,
    MOST_BYTES,
    MOST_PIECES,
    EvidenceFact,
)
from earnest.core.cases.second_person import is_another_person
from earnest.core.order.actor import Actor
from earnest.core.order.commands import AddEvidence, AnswerCase, CloseCase, OpenCase, Remind
from earnest.core.order.events import (
    CaseAnswered,
    CaseClosed,
    CaseOpened,
    EvidenceAdded,
    Reminded,
)
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.state import Order, changed
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

_DIGEST_LENGTH = 64


def open_case(
    order: Order, command: OpenCase, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Open a dispute, in any stage. Rejections: `subject_missing`."""
    if not command.subject.strip():
        return Rejected(Reason.SUBJECT_MISSING)
    by_buyer = command.actor.is_buyer
    return accepted(
        case_of(order, command.subject, command.actor, policy, now, seller_answers=by_buyer)
    )


def case_of(
    order: Order,
    subject: str,
    opened_by: Actor,
    policy: Policy,
    now: Instant,
    *,
    seller_answers: bool,
) -> CaseOpened:
    """A dispute that opens now, with its clocks."""
    due = clocks(now, policy.time_zone, seller_answers=seller_answers)
    return CaseOpened(
        at=now,
        number=len(order.cases) + 1,
        subject=subject,
        opened_by=opened_by.actor_id,
        answer_due_at=due.answer_due_at,
        decision_due_at=due.decision_due_at,
    )


def add_evidence(
    order: Order, command: AddEvidence, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """File a piece of evidence, with an open case or with the order.

    Rejections: `case_unknown`, `evidence_type_unsuitable`, `evidence_malformed`,
    `evidence_limit_reached`.
    """
    number = command.case_number
    if number is not None:
        case = order.case(number)
        if case is None or not case.is_open:
            return Rejected(Reason.CASE_UNKNOWN, {"case": str(number)})
    if command.media_type not in ALLOWED[command.evidence_kind]:
        return Rejected(Reason.EVIDENCE_TYPE_UNSUITABLE, {"kind": command.evidence_kind})
    sound = len(command.digest) == _DIGEST_LENGTH and 0 < command.size_bytes <= LARGEST_BYTES
    if not sound or not 0 < len(command.description.strip()) <= LONGEST_DESCRIPTION:
        return Rejected(Reason.EVIDENCE_MALFORMED)
    filed_bytes = sum(piece.size_bytes for piece in order.evidence)
    if len(order.evidence) >= MOST_PIECES or filed_bytes + command.size_bytes > MOST_BYTES:
        return Rejected(Reason.EVIDENCE_LIMIT_REACHED, {"limit": str(MOST_PIECES)})
    return accepted(
        EvidenceAdded(
            at=now,
            number=len(order.evidence) + 1,
            case_number=number,
            evidence_kind=command.evidence_kind,
            digest=command.digest,
            media_type=command.media_type,
            size_bytes=command.size_bytes,
            description=command.description.strip(),
            added_by=command.actor.actor_id,
        )
    )


def answer_case(
    order: Order, command: AnswerCase, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Answer a dispute for the seller, once; what is said later is evidence.

    Rejections: `case_unknown`, `case_answered`, `answer_missing`.
    """
    case = order.case(command.case_number)
    if case is None or not case.is_open:
        return Rejected(Reason.CASE_UNKNOWN, {"case": str(command.case_number)})
    if case.answered_at is not None:
        return Rejected(Reason.CASE_ANSWERED, {"case": str(command.case_number)})
    if not command.answer.strip():
        return Rejected(Reason.ANSWER_MISSING)
    return accepted(
        CaseAnswered(
            at=now,
            number=case.number,
            answer=command.answer.strip(),
            answered_by=command.actor.actor_id,
        )
    )


def close_case(
    order: Order, command: CloseCase, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Decide a dispute, by somebody who neither opened nor answered it, with reasons.

    A buyer can do one thing only: take an own case back, which nobody can do for the buyer.
    Rejections: `case_unknown`, `not_permitted`, `second_person_missing`, `reasons_missing`.
    """
    case = order.case(command.case_number)
    if case is None or not case.is_open:
        return Rejected(Reason.CASE_UNKNOWN, {"case": str(command.case_number)})
    actor = command.actor
    withdrawn = command.outcome is CaseOutcome.WITHDRAWN
    if withdrawn != actor.is_buyer or (withdrawn and case.opened_by != actor.actor_id):
        return Rejected(Reason.NOT_PERMITTED)
    if not withdrawn:
        if not is_another_person(actor.actor_id, case.opened_by, case.answered_by):
            return Rejected(Reason.SECOND_PERSON_MISSING)
        if not command.reasons.strip():
            return Rejected(Reason.REASONS_MISSING)
    return accepted(
        CaseClosed(
            at=now,
            number=case.number,
            outcome=command.outcome,
            reasons=command.reasons.strip(),
            decided_by=actor.actor_id,
        )
    )


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
    case = CaseFact(
        number=event.number,
        subject=event.subject,
        opened_at=event.at,
        opened_by=event.opened_by,
        answer_due_at=event.answer_due_at,
        decision_due_at=event.decision_due_at,
    )
    return changed(order, event.at, cases=(*order.cases, case))


def evidence_added(order: Order, event: EvidenceAdded) -> Order:
    """One more piece of evidence; none is ever taken away."""
    piece = EvidenceFact(
        number=event.number,
        case_number=event.case_number,
        kind=event.evidence_kind,
        digest=event.digest,
        media_type=event.media_type,
        size_bytes=event.size_bytes,
        description=event.description,
        added_by=event.added_by,
        added_at=event.at,
    )
    return changed(order, event.at, evidence=(*order.evidence, piece))


def case_answered(order: Order, event: CaseAnswered) -> Order:
    """The clock of the answer stops."""
    return _with(
        order,
        event.at,
        event.number,
        answered_at=event.at,
        answered_by=event.answered_by,
        answer=event.answer,
    )


def case_closed(order: Order, event: CaseClosed) -> Order:
    """One dispute fewer."""
    return _with(
        order,
        event.at,
        event.number,
        closed_at=event.at,
        outcome=event.outcome,
        reasons=event.reasons,
        decided_by=event.decided_by,
    )


def reminded(order: Order, event: Reminded) -> Order:
    """The same reminder is not repeated."""
    name = reminder_name(event.subject, event.due_at)
    return changed(order, event.at, reminded=(*order.reminded, name))


def _with(order: Order, at: Instant, number: int, **fields: object) -> Order:
    cases = tuple(
        msgspec.structs.replace(each, **fields) if each.number == number else each
        for each in order.cases
    )
    return changed(order, at, cases=cases)
