"""The lock: when configuration and commitment become fixed, and taking an early lock back.

Not here: the cooling-off period before it (`cooling_off.py`).
"""

from __future__ import annotations

from earnest.core.order.commands import Lock, UndoLock
from earnest.core.order.commands_of_agreements import AcknowledgeClause
from earnest.core.order.events import ClauseAcknowledged, Locked, LockUndone
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import LockFact, LockMode
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order, changed
from earnest.core.settlement.ground import Ground
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import LOCK_CLAUSE, acknowledged_as_shown
from earnest.core.values.instant import Instant, hours_later
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def lock(order: Order, command: Lock, facts: Facts, policy: Policy, now: Instant) -> Outcome:
    """Lock at the end of the cooling-off period, or early by the buyer's own act.

    An early lock ends a right, so its effect is acknowledged on its own (CN-03, pattern 20) and
    it can be undone for a while. It gives no better rank (ADR 0004).
    Rejections: `cooling_off_running`, `early_lock_not_offered`, `acknowledgement_missing`.
    """
    assert order.cooling_off_ends is not None, "a deposited order has a cooling-off period"
    if now >= order.cooling_off_ends:
        return accepted(
            Locked(at=now, mode=LockMode.AT_EXPIRY, deposit=order.deposit_paid, undo_until=None)
        )
    if not command.actor.is_buyer:
        return Rejected(Reason.COOLING_OFF_RUNNING)
    if not policy.early_lock_offered:
        return Rejected(Reason.EARLY_LOCK_NOT_OFFERED)
    acknowledgement = command.acknowledgement
    if (
        acknowledgement is None
        or acknowledgement.clause_id != LOCK_CLAUSE
        or not acknowledged_as_shown(acknowledgement, facts.terms)
    ):
        return Rejected(Reason.ACKNOWLEDGEMENT_MISSING, {"clause": LOCK_CLAUSE})
    return accepted(
        ClauseAcknowledged(at=now, acknowledgement=acknowledgement),
        Locked(
            at=now,
            mode=LockMode.EARLY,
            deposit=order.deposit_paid,
            undo_until=hours_later(now, policy.undo_lock_hours),
        ),
    )


def acknowledge_clause(
    order: Order, command: AcknowledgeClause, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Accept one clause on its own, at any time before the lock (CN-03, Civil Code 496).

    What is not acknowledged when the order locks is not part of the contract: the lock by time
    still happens, and every rule that relies on the clause computes without it. Rejections:
    `terms_not_acknowledged` (another text than the clause's own, or no such clause).
    """
    acknowledgement = command.acknowledgement
    if not acknowledged_as_shown(acknowledgement, facts.terms):
        return Rejected(Reason.TERMS_NOT_ACKNOWLEDGED, {"clause": acknowledgement.clause_id})
    return accepted(ClauseAcknowledged(at=now, acknowledgement=acknowledgement))


def undo_lock(
    order: Order, command: UndoLock, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Take an early lock back; at least until the undo window ends, leaving is free again.

    If the original period ended meanwhile, it is prolonged to the end of the undo window:
    whoever taps undo to leave must be able to leave (S04).
    """
    assert order.lock is not None, "a locked order knows its lock"
    assert order.cooling_off_ends is not None, "a locked order had a cooling-off period"
    if order.lock.undo_until is None or now >= order.lock.undo_until:
        return Rejected(Reason.UNDO_WINDOW_OVER)
    return accepted(
        LockUndone(
            at=now,
            deposit=order.deposit_paid,
            cooling_off_ends=max(order.cooling_off_ends, order.lock.undo_until),
        )
    )


def clause_acknowledged(order: Order, event: ClauseAcknowledged) -> Order:
    """One more clause is part of the contract."""
    clause_id = event.acknowledgement.clause_id
    if clause_id in order.acknowledged:
        return changed(order, event.at)
    return changed(order, event.at, acknowledged=(*order.acknowledged, clause_id))


def locked(order: Order, event: Locked) -> Order:
    """The order is in the order bank."""
    fact = LockFact(locked_at=event.at, mode=event.mode, undo_until=event.undo_until)
    return changed(order, event.at, stage=Stage.LOCKED, lock=fact)


def lock_undone(order: Order, event: LockUndone) -> Order:
    """The order cools off again; who may leave freely owes no answer to an earlier demand."""
    return changed(
        order,
        event.at,
        stage=Stage.DEPOSITED,
        lock=None,
        cooling_off_ends=event.cooling_off_ends,
        demands=order.demands_met(*Ground),
    )
