"""Facts that stand for several ordinary steps: `car-tendered` builds, ships and tenders the car.

Each is carried out by the very commands that people would use, from wherever the order stands.
Not here: the fields of those commands, which are filled in (`completing.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from earnest.core.cases.evidence import EvidenceKind
from earnest.core.cases.notice import Means
from earnest.core.order import commands as ask
from earnest.core.order import commands_of_planning as planned
from earnest.core.order.actor import Role
from earnest.core.order.parts import InspectionResult, PayoutState
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One ordinary command with who usually asks it and the fields that are not filled in."""

    command: type[ask.Command]
    role: Role
    fields: dict[str, object] = {}


_TO_THE_HANDOVER: tuple[tuple[Stage, Move], ...] = (
    (Stage.LOCKED, Move(command=planned.Schedule, role=Role.PLANNING)),
    (Stage.SCHEDULED, Move(command=ask.RecordBuilt, role=Role.PLANNING)),
    (Stage.BUILT, Move(command=ask.Ship, role=Role.DELIVERY)),
    (Stage.IN_TRANSIT, Move(command=ask.Tender, role=Role.DELIVERY)),
    (
        Stage.TENDERED,
        Move(
            command=ask.RecordInspection,
            role=Role.BUYER,
            fields={"result": InspectionResult.ACCEPTED},
        ),
    ),
    (Stage.INSPECTED, Move(command=ask.DemandBalance, role=Role.FINANCE)),
    (Stage.INSPECTED, Move(command=ask.RequestPayment, role=Role.BUYER)),
    (Stage.INSPECTED, Move(command=ask.RecordPayment, role=Role.PROVIDER)),
    (Stage.PAID, Move(command=ask.HandOver, role=Role.DELIVERY)),
)
"""The ordinary way from the order bank to the handover: in which stage each move is made."""

_LAST_MOVE: dict[str, type[ask.Command]] = {
    "car-scheduled": planned.Schedule,
    "car-built": ask.RecordBuilt,
    "car-shipped": ask.Ship,
    "car-tendered": ask.Tender,
    "car-inspected": ask.RecordInspection,
    "balance-demanded": ask.DemandBalance,
    "balance-paid": ask.RecordPayment,
    "car-handed-over": ask.HandOver,
}

PAYOUTS_MADE = "payouts-made"
NOTICE_ARRIVED = "notice-arrived"

FACTS: dict[str, str] = {
    "car-scheduled": "The car gets its production week.",
    "car-built": "The car comes off the line, with a VIN.",
    "car-shipped": "The car is on its way to the delivery place.",
    "car-tendered": "The car stands at the place and can be inspected.",
    "car-inspected": "Buyer and seller looked at the car together; the buyer accepted it.",
    "balance-demanded": "The balance was asked for; its days run once that has arrived.",
    "balance-paid": "The balance was paid.",
    "car-handed-over": "The car was handed over.",
    NOTICE_ARRIVED: "The seller's last demand, or that for the balance, reached the buyer by "
    "registered letter; the receipt is filed.",
    PAYOUTS_MADE: "Every payout that needs no more release reaches the buyer.",
}
"""Every fact with what it says."""


def moves(fact: str, look: Callable[[], Order | None]) -> Iterator[Move]:
    """The moves that lead to a fact, each chosen by how the order stands when it is its turn.

    `look` gives the order as the moves before have left it.
    """
    if fact == PAYOUTS_MADE:
        yield from _payouts(look)
        return
    if fact == NOTICE_ARRIVED:
        yield from _notice(look)
        return
    last = _LAST_MOVE[fact]
    for stage, move in _TO_THE_HANDOVER:
        order = look()
        first = move.command is planned.Schedule and not _on_its_way(order)
        if first or (order is not None and order.stage is stage and not _done(order, move)):
            yield move
        if move.command is last:
            return


def _on_its_way(order: Order | None) -> bool:
    """Whether the order is already on the ordinary way; otherwise the core says why not."""
    return order is not None and order.stage in {stage for stage, _ in _TO_THE_HANDOVER}


def _done(order: Order, move: Move) -> bool:
    """Whether a move within a stage was made already."""
    if move.command is ask.DemandBalance:
        return order.balance_demand is not None
    if move.command is ask.RequestPayment:
        return any(each.received_at is None for each in order.payments)
    return False


def _payouts(look: Callable[[], Order | None]) -> Iterator[Move]:
    order = look()
    for payout in () if order is None else order.payouts:
        if payout.state not in {PayoutState.PAID, PayoutState.AWAITING_RELEASE}:
            yield Move(
                command=ask.RecordPayout,
                role=Role.PROVIDER,
                fields={"payout_number": payout.number},
            )


def _notice(look: Callable[[], Order | None]) -> Iterator[Move]:
    """The receipt of a registered letter is filed first, because staff's word proves nothing."""
    yield Move(
        command=ask.AddEvidence,
        role=Role.DELIVERY,
        fields={
            "evidence_kind": EvidenceKind.RECEIPT,
            "description": "receipt of a registered letter",
        },
    )
    order = look()
    filed = 0 if order is None else len(order.evidence)
    yield Move(
        command=ask.RecordNotice,
        role=Role.DELIVERY,
        fields={
            "proof": "registered letter",
            "means": Means.REGISTERED_LETTER,
            "evidence_number": filed,
        },
    )
