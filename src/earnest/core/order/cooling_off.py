"""The cooling-off period: leaving freely, with everything back.

Not here: its end by itself (`lock.py`, the timer).
"""

from __future__ import annotations

from earnest.core.order.commands import Withdraw
from earnest.core.order.events import Withdrawn
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.giving_back import give_back
from earnest.core.order.parts import LockMode
from earnest.core.order.settling import settlement_fixed
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order, changed
from earnest.core.settlement.ground import Ground
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def withdraw(
    order: Order, command: Withdraw, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Leave inside the half-open period `[paid at, end)`; the end itself is outside (S03).

    The command is judged by when it was received, so a lock by the timer that committed in
    between takes nothing away. After an early lock the undo comes first, because the lock
    gave the period up. A reservation not yet paid can be left at any time; a car that was handed
    over can be given back where the law or the terms say so.
    """
    if order.stage is Stage.HANDED_OVER:
        return give_back(order, command, facts, policy, now)
    if not order.cooling_off_running(now):
        return Rejected(Reason.COOLING_OFF_OVER)
    if order.lock is not None and order.lock.mode is LockMode.EARLY:
        return Rejected(Reason.COOLING_OFF_OVER, {"undo": "undo_lock"})
    settlement = settlement_fixed(order, Ground.COOLING_OFF, policy, command.actor.actor_id, now)
    return accepted(Withdrawn(at=now), settlement)


def withdrawn(order: Order, event: Withdrawn) -> Order:
    """The order ended freely."""
    return changed(order, event.at, stage=Stage.WITHDRAWN)
