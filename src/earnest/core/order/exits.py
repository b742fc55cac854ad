"""What happens to my money if… : every exit of either side, for any instant.

Not here: the settlement itself. The preview runs the very command and shows its statement; how an
order stands at another instant is `core/foresight.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from earnest.core.order.actor import Actor, Role
from earnest.core.order.cancel import finance_failed, finance_given
from earnest.core.order.commands import (
    CancelByBuyer,
    CancelBySeller,
    Command,
    TerminateByBuyer,
    TerminateForForceMajeure,
    Withdraw,
)
from earnest.core.order.commands_of_agreements import AnswerChange
from earnest.core.order.commands_of_planning import LeaveForDelay
from earnest.core.order.decide import decide
from earnest.core.order.effective import effective_policy
from earnest.core.order.events import CancellationContested, SettlementFixed
from earnest.core.order.facts import Facts
from earnest.core.order.giving_back import withdrawal_days
from earnest.core.order.losses import comes_back
from earnest.core.order.parts_of_agreements import ChangeChoice
from earnest.core.order.position import position_of
from earnest.core.order.settling import comes_back_until, statement_of
from earnest.core.order.stage import ALIVE, Stage
from earnest.core.order.state import Order
from earnest.core.settlement.ground import SELLER_ANSWERS, SELLER_MAY_CANCEL_FOR, Ground
from earnest.core.settlement.injured import claims
from earnest.core.settlement.position import Claim
from earnest.core.settlement.statement import Statement
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

PREVIEW = "preview"
"""The key of a command that is only previewed, and the proof of an event that is only imagined."""


class Exit(msgspec.Struct, frozen=True, kw_only=True):
    """One way out of an order at an instant.

    `reason` is None when the way is open; otherwise it says what is missing, and the statement
    is what the exit would yield once that is there. `claim` is set where an injured buyer can
    choose between two computations; both are shown (CN-18). Of what is kept, `back` comes back if
    another order takes the slot or the car before `back_until`; None where the terms do not say it.
    """

    command: str
    ground: Ground
    statement: Statement
    claim: Claim | None = None
    reason: Reason | None = None
    details: dict[str, str] = {}
    back: Money | None = None
    back_until: Instant | None = None

    @property
    def is_open(self) -> bool:
        """Whether this exit could be taken at the instant of the preview."""
        return self.reason is None


class _Way(msgspec.Struct, frozen=True):
    command: Command
    ground: Ground
    claim: Claim | None = None


def exits(order: Order, facts: Facts, at: Instant) -> tuple[Exit, ...]:
    """Every exit of the buyer, open or not, with its statement to the cent."""
    buyer = Actor(f"buyer:{order.buyer_id}", frozenset({Role.BUYER}))
    common, policy = _common(order, buyer, at), effective_policy(order, facts, at)
    if order.stage is Stage.HANDED_OVER and withdrawal_days(policy):
        way = _Way(Withdraw(**common), Ground.WITHDRAWAL_AFTER_HANDOVER)
        return (_preview(order, facts, at, way),)
    if order.stage not in ALIVE:
        return ()
    ways = (
        _Way(Withdraw(**common), Ground.COOLING_OFF),
        *_leaving(order, policy, common),
        *_leaving_for_change(order, common),
        *_leaving_for_delay(order, common),
        *_terminations(order, policy, common, at),
        _force_majeure(common, at),
    )
    return tuple(_preview(order, facts, at, way) for way in ways)


def sellers_exits(order: Order, facts: Facts, at: Instant, actor: Actor) -> tuple[Exit, ...]:
    """Every exit of the seller, as this member of the staff could take it, open or not.

    A cancellation without every condition ends nothing, so it is not open; the details say what
    is missing (CN-11).
    """
    if order.stage not in ALIVE:
        return ()
    common = _common(order, Actor(actor.actor_id, frozenset({Role.SALES})), at)
    ways = (
        *(
            _Way(CancelBySeller(**common, ground=ground), ground)
            for ground in Ground
            if ground in SELLER_MAY_CANCEL_FOR
        ),
        _force_majeure(common, _approved_event(order, at)),
    )
    return tuple(_preview(order, facts, at, way) for way in ways)


def _approved_event(order: Order, at: Instant) -> Instant:
    """When the imagined event happened: now, or before a second person approved leaving for it."""
    approvals = [each.at for each in order.approvals if each.ground is Ground.FORCE_MAJEURE]
    return min(at, *approvals[-1:]) if approvals else at


def _common(order: Order, actor: Actor, at: Instant) -> dict[str, Any]:
    """What every previewed command says."""
    return {
        "buyer_id": order.buyer_id,
        "order_id": order.order_id,
        "actor": actor,
        "key": PREVIEW,
        "received_at": at,
    }


def _leaving(order: Order, policy: Policy, common: dict[str, Any]) -> Iterator[_Way]:
    """Leaving without a breach: by wish, or because the loan was declined (US-04)."""
    leave = CancelByBuyer(**common)
    if not finance_failed(order, policy):
        yield _Way(leave, Ground.BUYER_WISH)
    if finance_given(policy):
        yield _Way(leave, Ground.FINANCE_DECLINED)


def _leaving_for_change(order: Order, common: dict[str, Any]) -> Iterator[_Way]:
    """Leaving because something changed while waiting; of several changes the one open longest."""
    unanswered = [each for each in order.changes if each.is_unanswered]
    if unanswered:
        change = max(unanswered, key=lambda each: each.answer_until)
        leave = AnswerChange(**common, number=change.number, choice=ChangeChoice.LEAVE)
        yield _Way(leave, Ground.CHANGED_WHILE_WAITING)


def _leaving_for_delay(order: Order, common: dict[str, Any]) -> Iterator[_Way]:
    """Leaving because the seller announced that it will be later than promised (US-01)."""
    delay = order.open_delay
    if delay is not None:
        yield _Way(LeaveForDelay(**common, number=delay.number), Ground.DELAY_NOT_AGREED)


def _terminations(
    order: Order, policy: Policy, common: dict[str, Any], at: Instant
) -> Iterator[_Way]:
    """For each breach of the seller, every claim that the buyer can choose (CN-18)."""
    law = LAWS[policy.jurisdiction]
    for ground in Ground:
        if ground not in SELLER_ANSWERS:
            continue
        possible = claims(position_of(order, ground, policy, at), law)
        chosen: tuple[Claim | None, ...] = possible if len(possible) > 1 else (None,)
        for claim in chosen:
            way = TerminateByBuyer(**common, ground=ground, claim=claim)
            yield _Way(way, ground, claim)


def _force_majeure(common: dict[str, Any], occurred_at: Instant) -> _Way:
    """An imagined event, of which the buyer was told at once."""
    event = TerminateForForceMajeure(
        **common, occurred_at=occurred_at, proof=PREVIEW, notified_at=occurred_at
    )
    return _Way(event, Ground.FORCE_MAJEURE)


def _preview(order: Order, facts: Facts, at: Instant, way: _Way) -> Exit:
    outcome = decide(order, way.command, facts, at)
    if isinstance(outcome, Rejected):
        return _closed(order, facts, at, way, outcome)
    for event in outcome.events:
        if isinstance(event, CancellationContested):
            missing = {"ground": way.ground, "missing": ", ".join(event.missing)}
            return _closed(order, facts, at, way, Rejected(Reason.GROUND_NOT_PROVEN, missing))
    fixed = next(event for event in outcome.events if isinstance(event, SettlementFixed))
    if fixed.statement.ground is not way.ground:
        unproven = Rejected(Reason.GROUND_NOT_PROVEN, {"ground": way.ground})
        return _closed(order, facts, at, way, unproven)
    return Exit(
        command=type(way.command).__name__,
        ground=way.ground,
        claim=way.claim,
        statement=fixed.statement,
        **_back(order, fixed.statement, fixed.back_until),
    )


def _back(order: Order, statement: Statement, until: Instant | None) -> dict[str, Any]:
    """What would come back once another order has taken the slot or the car, and until when."""
    back = comes_back(order, statement.kept)
    return {} if until is None or not back.is_positive else {"back": back, "back_until": until}


def _closed(order: Order, facts: Facts, at: Instant, way: _Way, why: Rejected) -> Exit:
    """An exit that is not open, with what it would yield if it were."""
    policy = effective_policy(order, facts, at)
    statement = statement_of(order, way.ground, policy, at, way.claim)
    return Exit(
        command=type(way.command).__name__,
        ground=way.ground,
        claim=way.claim,
        statement=statement,
        reason=why.reason,
        details=why.details,
        **_back(order, statement, comes_back_until(order, statement, policy, at)),
    )
