"""Commands as people would say them: what is usual is left out and filled in here.

Not here: rules. Filling in what is usual never makes a command valid or invalid by intent.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec

from earnest.core.cases.case import CaseOutcome
from earnest.core.cases.evidence import EvidenceKind, MediaType, digest_of
from earnest.core.cases.notice import Means
from earnest.core.catalogue.configuration import Configuration, quote
from earnest.core.order import commands as ask
from earnest.core.order.actor import Actor
from earnest.core.order.facts import Facts
from earnest.core.order.parts import ChecklistItem, InspectionResult, LossItem, PayoutOutcome, Slot
from earnest.core.order.parts_of_agreements import ChangeChoice, ChangeKind
from earnest.core.order.state import Order
from earnest.core.queue.lane import Lane
from earnest.core.terms.agreement import Origin
from earnest.core.terms.override import Override, OverrideField
from earnest.core.terms.version import ACCEPTANCE_CLAUSE, FORFEITURE_CLAUSE
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from tests.core import world

Fields = dict[str, Any]
COMMANDS = {command.__name__: command for command in ask.COMMANDS}


class Moment(msgspec.Struct, frozen=True):
    """What is around when somebody asks: the order, the facts, the time, what was said."""

    order: Order | None
    facts: Facts
    at: Instant
    fields: Fields


def asked(name: str, actor: Actor, moment: Moment) -> ask.Command:
    """The named command with what was said, and with what is usual for the rest."""
    usual = USUAL.get(name)
    common = {
        "buyer_id": world.BUYER,
        "order_id": world.ORDER,
        "actor": actor,
        "key": f"{name}@{moment.at.isoformat()}",
        "received_at": moment.at,
    }
    filled = FIXED.get(name, {}) if usual is None else usual(moment)
    return COMMANDS[name](**{**common, **filled, **moment.fields})


def _price(facts: Facts, configuration: Configuration) -> Fields:
    """The price that a page would have shown; a selection that has none shows a wrong one."""
    quoted = quote(facts.catalogue, configuration)
    return {"price": world.yuan(1) if isinstance(quoted, Rejected) else quoted.price}


def _reserve(moment: Moment) -> Fields:
    assert moment.facts.offer is not None, "a story that reserves has a sale"
    configuration = moment.fields.get("configuration", world.PLAIN)
    return {
        "queue_id": world.QUEUE,
        "terms_hash": moment.facts.offer.terms_hash,
        "catalogue_hash": moment.facts.offer.catalogue_hash,
        "language": world.LANGUAGE,
        "acknowledgements": tuple(
            world.acknowledgement(clause, moment.at, moment.facts.terms)
            for clause in (ACCEPTANCE_CLAUSE, FORFEITURE_CLAUSE)
        ),
        "configuration": configuration,
    } | _price(moment.facts, configuration)


def _record_payment(moment: Moment) -> Fields:
    payments = moment.order.payments if moment.order is not None else ()
    number = moment.fields.get("payment_number", len(payments))
    asked_for = next((each.amount for each in payments if each.number == number), world.yuan(1))
    return {
        "payment_number": number,
        "amount": asked_for,
        "paid_at": moment.at,
        "provider": "sandbox",
        "provider_payment_id": f"pay-{number}",
    }


def _change(moment: Moment) -> Fields:
    return _price(moment.facts, moment.fields["configuration"])


def _record_built(moment: Moment) -> Fields:
    configuration = moment.order.configuration if moment.order is not None else world.PLAIN
    return {"vin": world.VIN, "configuration": configuration}


def _vin(moment: Moment) -> str:
    car = moment.order.car if moment.order is not None else None
    return car.vin if car is not None else world.VIN


def _prepare(moment: Moment) -> Fields:
    items = moment.facts.policy.inspection_checklist
    checklist = tuple(ChecklistItem(item=item, in_order=True) for item in items)
    return {"vin": _vin(moment), "checklist": checklist}


def _centre(moment: Moment) -> Fields:
    return {"centre_id": moment.order.centre_id} if moment.order is not None else {}


def _ship(moment: Moment) -> Fields:
    return {"destination": "Haikou Longhua store"} | _centre(moment)


def _tender(moment: Moment) -> Fields:
    begin = (moment.at + timedelta(days=3), moment.at + timedelta(days=5))
    return {
        "vin": _vin(moment),
        "place": "Haikou Longhua store",
        "appointments": tuple(Window(begins, begins + timedelta(hours=1)) for begins in begin),
    } | _centre(moment)


def _book(moment: Moment) -> Fields:
    if moment.order is None or moment.order.tender is None:
        return {"appointment": Window(moment.at, moment.at + timedelta(hours=1))}
    return {"appointment": moment.order.tender.appointments[0]}


def _inspection(moment: Moment) -> Fields:
    items = moment.facts.policy.inspection_checklist
    return {
        "result": InspectionResult.ACCEPTED,
        "checklist": tuple(ChecklistItem(item=item, in_order=True) for item in items),
    }


def _days(moment: Moment) -> Fields:
    return {"cure_days": moment.facts.policy.cure_days}


def _notice(moment: Moment) -> Fields:
    demands = moment.order.demands if moment.order is not None else ()
    evidence = moment.order.evidence if moment.order is not None else ()
    receipts = [each.number for each in evidence if each.kind is EvidenceKind.RECEIPT]
    return {
        "demand_number": len(demands),
        "delivered_at": moment.at,
        "proof": "courier receipt 7",
        "means": Means.COURIER,
        "evidence_number": receipts[-1] if receipts else None,
    }


def _add_evidence(moment: Moment) -> Fields:
    kind = moment.fields.get("evidence_kind", EvidenceKind.RECEIPT)
    media_type = MediaType.TEXT if kind is EvidenceKind.MESSAGE else MediaType.JPEG
    return {
        "evidence_kind": kind,
        "digest": digest_of(moment.at.isoformat().encode()),
        "media_type": media_type,
        "size_bytes": 1_000,
        "description": "what it shows",
    }


def _last_case(moment: Moment) -> int:
    return len(moment.order.cases) if moment.order is not None else 1


def _answer_case(moment: Moment) -> Fields:
    return {"case_number": _last_case(moment), "answer": "the car is repainted"}


def _request(moment: Moment) -> Fields:
    return {"amount": moment.order.balance_due if moment.order is not None else world.yuan(1)}


def _hand_over(moment: Moment) -> Fields:
    return {
        "vin": _vin(moment),
        "documents": moment.facts.policy.handover_documents,
        "signatures": ("buyer", "seller"),
    }


def _event_beyond_both(moment: Moment) -> Fields:
    return {"occurred_at": moment.at, "proof": "decree of the flood office"}


def _release(moment: Moment) -> Fields:
    return {"payout_number": len(moment.order.payouts) if moment.order is not None else 1}


def _record_payout(moment: Moment) -> Fields:
    payouts = moment.order.payouts if moment.order is not None else ()
    number = moment.fields.get("payout_number", 1)
    attempt = next((each.attempt for each in payouts if each.number == number), 1)
    return {
        "payout_number": number,
        "attempt": attempt,
        "outcome": PayoutOutcome.PAID,
        "provider_reference": f"out-{number}",
    }


def _chargeback(moment: Moment) -> Fields:
    return {
        "payment_number": 1,
        "amount": moment.facts.policy.deposit,
        "provider_reference": "dispute-1",
    }


def _close_case(moment: Moment) -> Fields:
    return {
        "case_number": _last_case(moment),
        "outcome": CaseOutcome.SETTLED,
        "reasons": "both agreed on a new coat of paint",
    }


def _number(moment: Moment) -> Fields:
    proposals = moment.order.proposals if moment.order is not None else ()
    return {"number": proposals[-1].number if proposals else 1}


def _delay(moment: Moment) -> Fields:
    return {"number": len(moment.order.delays) if moment.order is not None else 1}


def _overtaking(moment: Moment) -> Fields:
    rank = moment.order.rank if moment.order is not None else 1
    return {"lane": Lane("aurora/grey/wheels_19"), "by_rank": rank + 2, "given_at": moment.at}


def _acknowledge_clause(moment: Moment) -> Fields:
    shown = world.acknowledgement(FORFEITURE_CLAUSE, moment.at, moment.facts.terms)
    return {"acknowledgement": shown}


def _offered(moment: Moment) -> Fields:
    offered = moment.facts.offered_terms
    return {"terms_hash": moment.facts.terms.terms_hash if offered is None else offered.terms_hash}


def _accept_terms(moment: Moment) -> Fields:
    offered = moment.facts.offered_terms or moment.facts.terms
    clauses = (ACCEPTANCE_CLAUSE, FORFEITURE_CLAUSE)
    shown = tuple(world.acknowledgement(each, moment.at, offered) for each in clauses)
    return {"terms_hash": offered.terms_hash, "acknowledgements": shown}


def _document_loss(moment: Moment) -> Fields:
    currency = moment.facts.policy.currency
    return {"item": LossItem.COSTS, "amount": Money(80_000, currency), "evidence": "invoice 12"}


def _approve_loss(moment: Moment) -> Fields:
    return {"loss_number": len(moment.order.losses) if moment.order is not None else 1}


def _resale(moment: Moment) -> Fields:
    price = moment.order.price if moment.order is not None else world.yuan(1)
    return {"price": price, "evidence": "contract of the resale"}


USUAL: dict[str, Callable[[Moment], Fields]] = {
    "AcknowledgeClause": _acknowledge_clause,
    "OfferTerms": _offered,
    "AcceptTerms": _accept_terms,
    "Reserve": _reserve,
    "RecordPayment": _record_payment,
    "ChangeConfiguration": _change,
    "RecordBuilt": _record_built,
    "Ship": _ship,
    "RecordPreparation": _prepare,
    "Tender": _tender,
    "BookAppointment": _book,
    "RecordInspection": _inspection,
    "DemandCollection": _days,
    "DemandPerformance": _days,
    "RecordNotice": _notice,
    "RequestPayment": _request,
    "HandOver": _hand_over,
    "TerminateForForceMajeure": _event_beyond_both,
    "DocumentLoss": _document_loss,
    "ApproveLoss": _approve_loss,
    "RecordResale": _resale,
    "ReleasePayout": _release,
    "RecordPayout": _record_payout,
    "RecordChargeback": _chargeback,
    "AddEvidence": _add_evidence,
    "AnswerCase": _answer_case,
    "CloseCase": _close_case,
    "ConsentToDelay": _delay,
    "LeaveForDelay": _delay,
    "RecordOvertaking": _overtaking,
    "AcceptAgreement": _number,
    "DeclineAgreement": _number,
}
"""What is usual, where it follows from the moment."""

FIXED: dict[str, Fields] = {
    "Schedule": {"slot": Slot(plant="changping", week="2024-W34")},
    "AllocateCar": {
        "vin": world.VIN,
        "from_buyer_id": world.BUYER,
        "from_order_id": world.OTHER_ORDER,
    },
    "HoldCar": {"vin": world.VIN},
    "TakeSlot": {
        "slot": Slot(plant="changping", week="2024-W30"),
        "from_buyer_id": world.BUYER,
        "from_order_id": world.OTHER_ORDER,
        "promise": Window(world.local(2024, 8, 1), world.local(2024, 8, 20)),
    },
    "RecordSlotTaken": {
        "slot": Slot(plant="changping", week="2024-W34"),
        "to_order_id": world.OTHER_ORDER,
    },
    "RecordCarTaken": {"vin": world.VIN, "to_order_id": world.OTHER_ORDER},
    "ChooseCentre": {"centre_id": world.CENTRE.centre_id},
    "RefusePerformance": {"explanation": "the model was discontinued"},
    "RecordReturn": {"proof": "the car stands in the yard"},
    "RecordFinanceDeclined": {"proof": "letter of the bank"},
    "RecordPartialDelivery": {"vehicles": 4, "delivered": 1, "buyer_signature": "signed"},
    "OpenCase": {"subject": "complaint"},
    "ProposeAgreement": {
        "overrides": (Override(OverrideField.BALANCE_DUE_DAYS, 21),),
        "text": "Take three weeks for the balance.",
        "origin": Origin.CHAT,
    },
    "ApplyPublicPromise": {"promise_id": "spring"},
    "AnnounceChange": {"change": ChangeKind.MODEL_REFRESHED, "explanation": "A new battery."},
    "AnswerChange": {"number": 1, "choice": ChangeChoice.KEEP},
    "DeliverBenefit": {"benefit_id": "wheels", "proof": "receipt 9"},
    "OpenPayment": {"payment_number": 1},
}
"""What is usual, where it is always the same."""
