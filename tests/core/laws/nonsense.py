"""Things that people and machines ask by mistake, twice, too early, or with wrong figures.

Not here: what makes sense (`goals.py`). Whatever is asked here, no law may break.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from earnest.core.cases.case import CaseOutcome
from earnest.core.cases.evidence import EvidenceKind, MediaType
from earnest.core.cases.notice import Means
from earnest.core.order.commands import COMMANDS
from earnest.core.order.parts import (
    ChecklistItem,
    InspectionResult,
    LossItem,
    PayoutOutcome,
    Remedy,
    Slot,
)
from earnest.core.order.parts_of_agreements import ChangeChoice, ChangeKind
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.position import Claim
from earnest.core.values.instant import Window
from earnest.core.values.money import Money
from tests.core import world
from tests.core.asking import Fields
from tests.core.laws.launching import past_pause
from tests.core.laws.lives import Ask, Life

NAMES = sorted(command.__name__ for command in COMMANDS if command.__name__ != "Reserve")
ROLES = ("buyer", "sales", "planning", "delivery", "finance", "provider", "timer")

TEMPTING = ("DemandBalance", "CancelBySeller", "Schedule", "RequestPayment", "ReleaseForfeiture")
"""What somebody in a hurry tries too early; the laws are about these most of all."""

TEMPTED = 0.4


def nonsense(life: Life) -> Ask:
    """Any command at any time, with figures that are right by chance, some by the wrong role."""
    name = life.chance.choice(TEMPTING if life.chance.random() < TEMPTED else NAMES)
    make = FIELDS.get(name)
    who = life.chance.choice(ROLES) if life.chance.random() < 0.2 else None
    return Ask(name, life.at, make(life) if make is not None else {}, who=who)


def _payment(life: Life) -> Fields:
    return {
        "payment_number": life.chance.randrange(4),
        "amount": _amount(life),
        "paid_at": life.at - timedelta(minutes=life.chance.randrange(90)),
        "provider_payment_id": f"pay-{life.chance.randrange(6)}",
    }


def _amount(life: Life) -> Money:
    amounts = (-1, 0, 1, 77, 5_000, 20_000, 318_900)
    currency = "USD" if life.chance.random() < 0.1 else "CNY"
    return Money(life.chance.choice(amounts) * 100, currency)


def _change(life: Life) -> Fields:
    configurations = (world.PLAIN, world.DEAR, world.SMALL)
    return {"configuration": life.chance.choice(configurations)}


def _until(life: Life) -> Fields:
    return {"until": life.at + timedelta(days=life.chance.randrange(-3, 500))}


def _promise(life: Life) -> Fields:
    days = [timedelta(days=life.chance.randrange(-9, 99)) for _ in range(2)]
    return {"promise": Window(life.at + days[0], life.at + days[1]), "cause": "strike"}


def _slot(life: Life) -> Fields:
    return {"slot": Slot(plant="changping", week=f"2024-W{30 + life.chance.randrange(9)}")}


def _ground(life: Life) -> Fields:
    return {"ground": life.chance.choice(list(Ground))}


def _inspection(life: Life) -> Fields:
    items = ("exterior", "interior", "electronics")[: life.chance.randrange(4)]
    return {
        "result": life.chance.choice(list(InspectionResult)),
        "checklist": tuple(ChecklistItem(item=item, in_order=False) for item in items),
        "remarks": life.chance.choice(((), ("scratch",))),
        "remedy": life.chance.choice((None, *Remedy)),
        "buyer_signature": life.chance.choice((None, "", "signed")),
    }


def _notice(life: Life) -> Fields:
    return {
        "demand_number": life.chance.randrange(4),
        "delivered_at": life.at + timedelta(days=life.chance.randrange(-40, 3)),
        "means": life.chance.choice(list(Means)),
    }


def _evidence(life: Life) -> Fields:
    return {
        "case_number": life.chance.choice((None, life.chance.randrange(5))),
        "evidence_kind": life.chance.choice(list(EvidenceKind)),
        "media_type": life.chance.choice(list(MediaType)),
        "size_bytes": life.chance.choice((0, 1, 10**9)),
        "digest": life.chance.choice(("", "0" * 64)),
    }


def _loss(life: Life) -> Fields:
    return {
        "item": life.chance.choice(list(LossItem)),
        "amount": _amount(life),
        "evidence": life.chance.choice(("", "invoice", "invoice")),
    }


def _fleet(life: Life) -> Fields:
    return {
        "vehicles": life.chance.randrange(5),
        "delivered": life.chance.randrange(-1, 5),
        "buyer_signature": life.chance.choice(("", "signed", "signed")),
        "rest_needed": life.chance.random() < 0.5,
    }


FIELDS: dict[str, Callable[[Life], Fields]] = {
    "GiveTimeBack": past_pause,
    "RecordPayment": _payment,
    "RecordChargeback": lambda life: {
        "payment_number": life.chance.randrange(4),
        "amount": _amount(life),
    },
    "RequestPayment": lambda life: {"amount": _amount(life)},
    "RecordPayout": lambda life: {
        "payout_number": life.chance.randrange(5),
        "attempt": life.chance.randrange(4),
        "outcome": life.chance.choice(list(PayoutOutcome)),
    },
    "ReleasePayout": lambda life: {"payout_number": life.chance.randrange(5)},
    "ChangeConfiguration": _change,
    "Defer": _until,
    "AnswerDeferral": lambda life: {"agreed": life.chance.random() < 0.5},
    "Schedule": _slot,
    "Reschedule": lambda life: _slot(life) | {"cause": "strike"},
    "RevisePromise": _promise,
    "BookAppointment": lambda life: {"appointment": Window(life.at, life.at)},
    "RecordInspection": _inspection,
    "HandOver": lambda life: {"vin": life.chance.choice((world.VIN, world.OTHER_VIN))},
    "DemandPerformance": _ground,
    "DemandCollection": lambda life: {"cure_days": life.chance.randrange(40)},
    "RecordNotice": _notice,
    "ApproveCancellation": _ground,
    "CancelBySeller": _ground,
    "TerminateByBuyer": lambda life: _ground(life) | {"claim": life.chance.choice((None, *Claim))},
    "DocumentLoss": _loss,
    "ApproveLoss": lambda life: {"loss_number": life.chance.randrange(4)},
    "RecordResale": lambda life: {"price": _amount(life)},
    "RecordFinanceDeclined": lambda life: {"proof": life.chance.choice(("", "letter"))},
    "RecordPartialDelivery": _fleet,
    "RecordReturn": lambda life: {"proof": life.chance.choice(("", "receipt"))},
    "TerminateForForceMajeure": lambda life: {
        "occurred_at": life.at + timedelta(days=life.chance.randrange(-200, 2)),
        "notified_at": life.at + timedelta(days=life.chance.randrange(-20, 2)),
        "proof": life.chance.choice(("", "decree")),
    },
    "AddEvidence": _evidence,
    "AnswerCase": lambda life: {"case_number": life.chance.randrange(5)},
    "AnnounceChange": lambda life: {
        "change": life.chance.choice(list(ChangeKind)),
        "price": _amount(life),
        "configuration": life.chance.choice((None, world.DEAR)),
    },
    "ConsentToDelay": lambda life: {"number": life.chance.randrange(4)},
    "LeaveForDelay": lambda life: {"number": life.chance.randrange(4)},
    "AnswerChange": lambda life: {
        "number": life.chance.randrange(4),
        "choice": life.chance.choice(list(ChangeChoice)),
    },
    "CloseCase": lambda life: {
        "case_number": life.chance.randrange(5),
        "outcome": life.chance.choice(list(CaseOutcome)),
        "reasons": life.chance.choice(("", "seen together")),
    },
    "Remind": lambda life: {
        "subject": life.chance.choice(("refund_overdue", "balance_overdue")),
        "due_at": life.at + timedelta(minutes=life.chance.randrange(-9, 3)),
    },
}
"""Figures for commands that cannot be asked without any."""
