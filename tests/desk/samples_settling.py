"""Events that bear on a settlement or follow from one, and with them one of every kind.

Not here: the others (`samples.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.ledger.account import Account
from earnest.core.order import events as happened
from earnest.core.order import parts
from earnest.core.order.parts import Slot
from earnest.core.settlement.position import Fleet
from earnest.core.settlement.statement import LineKind
from tests.desk import samples
from tests.desk.samples import (
    AT,
    DEPOSIT,
    EXCESS,
    FEE,
    FORFEITED,
    MIDNIGHT,
    PRICE,
    REFUNDED,
    VIN,
    payout,
    settlement,
)
from tests.desk.samples_launch import LAUNCHED
from tests.desk.samples_planning import ANOTHER, PLANNING
from tests.desk.samples_scarcity import LAUNCHING

LOSS = samples.line(LineKind.LOSS_KEPT, Account.COMMITTED_DEPOSITS, Account.FORFEITURES_UNRELEASED)
LATE = samples.line(
    LineKind.DELAY_COMPENSATED, Account.COMPENSATION_EXPENSE, Account.OWED_TO_BUYERS
)
_OWED = msgspec.structs.replace(payout(), release_due_at=MIDNIGHT)

SETTLING: tuple[happened.Event, ...] = (
    happened.Withdrawn(at=AT, after_handover=True),
    happened.CarReturned(at=AT, proof="It stands in our yard.", payout_numbers=(1,)),
    *(
        happened.LossDocumented(
            at=AT,
            number=1,
            side=side,
            item=parts.LossItem.COSTS,
            amount=DEPOSIT,
            evidence="invoice 12",
            documented_by="staff:STAFF00000000001",
        )
        for side in parts.LossSide
    ),
    happened.LossApproved(at=AT, number=1, staff_id="staff:STAFF00000000002"),
    happened.FinanceDeclined(at=AT, proof="letter of the bank"),
    happened.PartlyDelivered(at=AT, fleet=Fleet(vehicles=4, delivered=1), buyer_signature="signed"),
    happened.CompensationFixed(at=AT, lines=(LATE,), payout=_OWED, fixed_by="staff:A"),
    happened.LateRefundCompensated(
        at=AT, late_payout_number=1, days_late=26, line=LATE, payout=payout(2)
    ),
    happened.ResaleRecorded(at=AT, price=PRICE, evidence="contract"),
    happened.ResaleRecorded(at=AT, price=PRICE, evidence="contract", line=LATE, payout=payout()),
    happened.CarTaken(at=AT, vin=VIN, to_order_id=ANOTHER, price=PRICE, line=LATE, payout=payout()),
    happened.SlotTaken(
        at=AT,
        slot=Slot(plant="changping", week="2026-W50"),
        to_order_id=ANOTHER,
        line=LATE,
        payout=payout(),
    ),
    settlement(REFUNDED, LATE),
    *(
        msgspec.structs.replace(settlement(*lines), back_until=MIDNIGHT)
        for lines in ((FORFEITED,), (FORFEITED, EXCESS), (FEE,), (FEE, EXCESS))
    ),
    settlement(LOSS),
    settlement(LOSS, EXCESS),
    happened.ForfeitureReleased(
        at=AT,
        amount=DEPOSIT,
        staff_id="staff:STAFF00000000002",
        income=Account.FEE_INCOME,
    ),
)

EVERY_OCCASION = LAUNCHING + samples.BUT_SETTLING + SETTLING + LAUNCHED + PLANNING
"""At least one event of each kind."""
