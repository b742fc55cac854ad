"""What happens to my money if… : every exit a buyer could take, for any instant.

Not here: the settlement itself. The preview runs the very command and shows its statement.
"""

from __future__ import annotations

import msgspec

from earnest.core.order.actor import Actor, Role
from earnest.core.order.commands import (
    CancelByBuyer,
    Command,
    TerminateByBuyer,
    TerminateForForceMajeure,
    Withdraw,
)
from earnest.core.order.decide import decide
from earnest.core.order.effective import effective_policy
from earnest.core.order.events import SettlementFixed
from earnest.core.order.facts import Facts
from earnest.core.order.settling import statement_of
from earnest.core.order.stage import ALIVE
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.statement import Statement
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


class Exit(msgspec.Struct, frozen=True, kw_only=True):
    """One way out of an order at an instant.

    `reason` is None when the way is open; otherwise it says what is missing, and the statement
    is what the exit would yield once that is there.
    """

    command: str
    ground: Ground
    statement: Statement
    reason: Reason | None = None
    details: dict[str, str] = {}

    @property
    def is_open(self) -> bool:
        """Whether the buyer could take this exit now."""
        return self.reason is None


def exits(order: Order, facts: Facts, at: Instant) -> tuple[Exit, ...]:
    """Every exit of a living order, open or not, with its statement to the cent."""
    if order.stage not in ALIVE:
        return ()
    return tuple(
        _preview(order, facts, at, command, ground) for command, ground in _ways_out(order, at)
    )


def _ways_out(order: Order, at: Instant) -> tuple[tuple[Command, Ground], ...]:
    buyer = Actor(f"buyer:{order.buyer_id}", frozenset({Role.BUYER}))
    buyer_id, order_id = order.buyer_id, order.order_id
    withdraw = Withdraw(
        buyer_id=buyer_id, order_id=order_id, actor=buyer, key="preview", received_at=at
    )
    cancel = CancelByBuyer(
        buyer_id=buyer_id, order_id=order_id, actor=buyer, key="preview", received_at=at
    )
    terminations = tuple(
        (
            TerminateByBuyer(
                buyer_id=buyer_id,
                order_id=order_id,
                actor=buyer,
                key="preview",
                received_at=at,
                ground=ground,
            ),
            ground,
        )
        for ground in (
            Ground.DELAY,
            Ground.REFUSAL,
            Ground.UNFOUNDED_CANCELLATION,
            Ground.BREACHED_AGREEMENT,
        )
    )
    force_majeure = TerminateForForceMajeure(
        buyer_id=buyer_id,
        order_id=order_id,
        actor=buyer,
        key="preview",
        received_at=at,
        occurred_at=at,
        proof="preview",
    )
    return (
        (withdraw, Ground.COOLING_OFF),
        (cancel, Ground.BUYER_WISH),
        *terminations,
        (force_majeure, Ground.FORCE_MAJEURE),
    )


def _preview(order: Order, facts: Facts, at: Instant, command: Command, ground: Ground) -> Exit:
    name = type(command).__name__
    outcome = decide(order, command, facts, at)
    if isinstance(outcome, Rejected):
        return Exit(
            command=name,
            ground=ground,
            statement=statement_of(order, ground, effective_policy(order, facts, at)),
            reason=outcome.reason,
            details=outcome.details,
        )
    fixed = next(event for event in outcome.events if isinstance(event, SettlementFixed))
    return Exit(command=name, ground=ground, statement=fixed.statement)
