"""For every command, how a life comes nearer to the moment in which it holds.

Each function looks at the order and says what to ask next: the command itself when everything it
needs is there, otherwise a command that brings what is missing. None means that this life
cannot get there from here.

Not here: choosing goals (`lives.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from earnest.core.cases.case import CaseOutcome
from earnest.core.cases.evidence import EvidenceKind
from earnest.core.cases.notice import BALANCE_DEMAND, Means
from earnest.core.order.giving_back import withdrawal_days
from earnest.core.order.parts import (
    InspectionResult,
    LockMode,
    Remedy,
    Slot,
)
from earnest.core.order.reserve import lapses_at
from earnest.core.order.stage import Stage
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.position import Claim
from earnest.core.values.instant import Instant
from tests.core import world
from tests.core.asking import Fields
from tests.core.laws import (
    agreeing,
    deferring,
    delaying,
    facts_beside,
    giving_on,
    launching,
    money,
    waiting,
)
from tests.core.laws.lives import Ask, Life, Way

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def towards(life: Life, way: Way) -> Ask | None:
    """What to ask next so that this life takes the way."""
    _, name, target = way
    reach = REACH.get(name)
    return Ask(name, life.at) if reach is None else reach(life, target)


def _from(life: Life, instant: Instant) -> Instant:
    """The first moment from an instant on; the clock of a life does not run back."""
    return max(life.at, instant)


def _close_case(life: Life, _: Stage) -> Ask | None:
    case = life.order.open_case
    if case is None:
        return Ask("OpenCase", life.at)
    fields: Fields = {"case_number": case.number}
    if case.opened_by.startswith("buyer") and life.chance.random() < 0.3:
        return Ask("CloseCase", life.at, fields | {"outcome": CaseOutcome.WITHDRAWN}, who="buyer")
    return Ask("CloseCase", life.at, fields, who=life.chance.choice(("sales:bo", "finance:bo")))


def _answer_case(life: Life, _: Stage) -> Ask | None:
    unanswered = [x for x in life.order.cases if x.is_open and x.answered_at is None]
    if not unanswered:
        return Ask("OpenCase", life.at)
    return Ask("AnswerCase", life.at, {"case_number": unanswered[-1].number})


def _add_evidence(life: Life, _: Stage) -> Ask | None:
    case = life.order.open_case
    number = case.number if case is not None and life.chance.random() < 0.5 else None
    kind = life.chance.choice(list(EvidenceKind))
    return Ask("AddEvidence", life.at, {"case_number": number, "evidence_kind": kind})


def _remind(life: Life, _: Stage) -> Ask | None:
    return Ask("Remind", life.at, {"subject": f"note-{life.asks}", "due_at": life.at})


def _lapse(life: Life, _: Stage) -> Ask | None:
    due_at = lapses_at(life.order)
    return launching.towards_payment(life) if due_at is None else Ask("Lapse", _from(life, due_at))


def _withdraw(life: Life, _: Stage) -> Ask | None:
    order = life.order
    if order.stage is Stage.HANDED_OVER:
        return Ask("Withdraw", life.at) if withdrawal_days(life.facts.policy) else None
    if order.stage is not Stage.LOCKED:
        return Ask("Withdraw", life.at)
    if order.lock is None or order.lock.mode is LockMode.EARLY:
        return None
    assert order.cooling_off_ends is not None
    # Received before the end, decided after the lock had committed.
    return Ask("Withdraw", order.cooling_off_ends - SECOND)


def _lock(life: Life, _: Stage) -> Ask | None:
    order = life.order
    assert order.cooling_off_ends is not None
    if life.chance.random() < 0.5 and life.at < order.cooling_off_ends:
        shown = world.acknowledgement("lock_effect", life.at, life.facts.terms)
        return Ask("Lock", life.at, {"acknowledgement": shown}, who="buyer")
    return Ask("Lock", _from(life, order.cooling_off_ends))


def _undo(life: Life, _: Stage) -> Ask | None:
    lock = life.order.lock
    if lock is None or lock.undo_until is None or life.at >= lock.undo_until:
        return None
    return Ask("UndoLock", life.at)


def _change(life: Life, _: Stage) -> Ask | None:
    others = [world.PLAIN, world.DEAR, world.SMALL]
    different = [each for each in others if each != life.order.configuration]
    return Ask("ChangeConfiguration", life.at, {"configuration": life.chance.choice(different)})


def _schedule(life: Life, _: Stage) -> Ask | None:
    order = life.order
    if order.deferral is not None:
        return Ask("Resume", life.at)
    if order.deferral_request is not None:
        return Ask("AnswerDeferral", life.at, {"agreed": False})
    undo_until = order.lock.undo_until if order.lock is not None else None
    return Ask("Schedule", _from(life, undo_until or life.at))


def _reschedule(life: Life, _: Stage) -> Ask | None:
    slot = Slot(plant="changping", week=f"2024-W{life.asks}")
    return Ask("Reschedule", life.at, {"slot": slot, "cause": "supplier"})


def _built(life: Life, _: Stage) -> Ask | None:
    if life.chance.random() < 0.1:
        return Ask("RecordBuilt", life.at, {"configuration": world.SMALL})
    return Ask("RecordBuilt", life.at)


def _allocate(life: Life, target: Stage) -> Ask | None:
    ready = _schedule(life, target)
    if ready is not None and ready.name != "Schedule":
        return ready
    life.at = max(life.at, life.at if ready is None else ready.at)
    return giving_on.allocate(life, world.OTHER_VIN)


def _book(life: Life, _: Stage) -> Ask | None:
    assert life.order.tender is not None
    ahead = [each for each in life.order.tender.appointments if life.at < each.begins]
    if not ahead:
        return Ask("Tender", life.at)
    return Ask("BookAppointment", life.at, {"appointment": life.chance.choice(ahead)})


def _miss(life: Life, _: Stage) -> Ask | None:
    tender = life.order.tender
    assert tender is not None
    last = max(each.ends for each in tender.appointments)
    missed = tender.appointment or next(w for w in tender.appointments if w.ends == last)
    owes_nothing = (
        life.order.centre_id is not None and tender.appointment is None and bool(tender.missed)
    )
    if missed in tender.missed or owes_nothing:
        return Ask("Tender", life.at)
    return Ask("RecordMissedAppointment", _from(life, missed.ends))


def _inspect(life: Life, target: Stage) -> Ask | None:
    if target is Stage.INSPECTED:
        passed = (InspectionResult.ACCEPTED, InspectionResult.ACCEPTED_WITH_REMARKS)
        result = life.chance.choice(passed)
        return Ask("RecordInspection", life.at, {"result": result, "remarks": ("a",)}, who="buyer")
    remedy = Remedy.REPAIR if target is Stage.BUILT else Remedy.ANOTHER_CAR
    fields = {"result": InspectionResult.REFUSED, "remarks": ("a",), "remedy": remedy}
    return Ask("RecordInspection", life.at, fields | {"buyer_signature": "signed"})


def _hand_over(life: Life, _: Stage) -> Ask | None:
    car = life.order.car
    assert car is not None
    if car.configuration != life.order.configuration:
        return None
    late = life.chance.random() < 0.4
    at = _from(life, life.order.binding_promise.ends + 20 * DAY) if late else life.at
    return Ask("HandOver", at)


def _close(life: Life, _: Stage) -> Ask | None:
    if life.order.open_case is not None:
        return _close_case(life, Stage.HANDED_OVER)
    return Ask("Close", life.at + 31 * DAY)


_GROUND_OF_STAGE = {
    Stage.LOCKED: Ground.DEFERRAL_SILENCE,
    Stage.TENDERED: Ground.COLLECTION_DEFAULT,
    Stage.INSPECTED: Ground.BALANCE_DEFAULT,
}


def _demand(life: Life, _: Stage) -> Ask | None:
    """Bring the buyer into default and ask for performance."""
    order = life.order
    if order.deferral_request is not None:
        return Ask("AnswerDeferral", life.at, {"agreed": False})
    if order.stage is Stage.INSPECTED:
        if order.balance_demand is None:
            return Ask("DemandBalance", life.at)
        if order.balance_demand.due_at is None:
            return _prove(life, BALANCE_DEMAND)
        at = _from(life, order.balance_demand.due_at)
        return Ask("DemandPerformance", at, {"ground": Ground.BALANCE_DEFAULT})
    if order.stage is Stage.TENDERED:
        assert order.tender is not None
        if order.tender.appointments_missed < life.facts.policy.appointments_before_demand:
            return _miss(life, order.stage)
        return Ask("DemandCollection", life.at)
    if order.deferral is None:
        return deferring.be_deferred(life)
    at = _from(life, order.deferral.valid_until)
    return Ask("DemandPerformance", at, {"ground": Ground.DEFERRAL_SILENCE})


def _notice(life: Life, target: Stage) -> Ask | None:
    undelivered = [
        each for each in life.order.demands if not each.met and each.notice_delivered_at is None
    ]
    if not undelivered:
        met = [each for each in life.order.demands if not each.met]
        return None if met else _demand(life, target)
    return _prove(life, undelivered[-1].number)


def _end_request(life: Life, target: Stage) -> Ask | None:
    """Let the maker be silent; in front of a car that stands ready, while a demand's time runs."""
    order = life.order
    if order.stage is Stage.TENDERED and order.deferral_request is None:
        running = [each for each in order.demands if each.cure_until and not each.met]
        if not running:
            return _notice(life, target)
        return deferring.defer(life, target)
    return deferring.end_request(life, target)


def _prove(life: Life, number: int) -> Ask:
    """Let a demand arrive: opened by the buyer, by telephone, or with a receipt on file."""
    fields: Fields = {"demand_number": number}
    roll = life.chance.random()
    if roll < 0.3:
        return Ask("RecordNotice", life.at, fields | {"means": Means.IN_APP}, who="buyer")
    if roll < 0.5:
        return Ask("RecordNotice", life.at, fields | {"means": Means.SMS}, who="provider")
    if all(each.kind is not EvidenceKind.RECEIPT for each in life.order.evidence):
        return Ask("AddEvidence", life.at, who="sales")
    return Ask("RecordNotice", life.at, fields, who=life.chance.choice(("sales", "delivery")))


def _approve(life: Life, target: Stage) -> Ask | None:
    ground = _GROUND_OF_STAGE.get(life.order.stage, Ground.FORCE_MAJEURE)
    if ground is Ground.FORCE_MAJEURE:
        return Ask("ApproveCancellation", life.at, {"ground": ground})
    if all(each.met or each.ground is not ground for each in life.order.demands):
        return _demand(life, target)
    who = life.chance.choice(("finance:bo", "finance:bo", "finance:an"))
    return Ask("ApproveCancellation", life.at, {"ground": ground}, who=who)


def _cancel_by_seller(life: Life, target: Stage) -> Ask | None:
    if target is not Stage.CANCELLED:
        grounds = [each.ground for each in life.order.demands]
        ground = life.chance.choice([None, *_GROUND_OF_STAGE.values(), *grounds, *grounds])
        return Ask("CancelBySeller", life.at, {"ground": ground}, who="sales:an")
    ground = _GROUND_OF_STAGE[life.order.stage]
    if life.order.deferral_request is not None:
        return Ask("AnswerDeferral", life.at, {"agreed": False})
    open_demands = [x for x in life.order.demands if x.ground is ground and not x.met]
    if not open_demands:
        return _demand(life, target)
    demand = open_demands[-1]
    if demand.cure_until is None:
        return _prove(life, demand.number)
    at = _from(life, demand.cure_until)
    approved = any(
        each.ground is ground and each.at >= demand.demanded_at and each.staff_id != "sales:an"
        for each in life.order.approvals
    )
    if not approved:
        who = life.chance.choice(("sales:an", "sales:bo", "finance:bo"))
        if who == "sales:an" and life.chance.random() < 0.5:
            return Ask(
                "CancelBySeller", _from(life, demand.cure_until), {"ground": ground}, who=who
            )
        return Ask("ApproveCancellation", life.at, {"ground": ground}, who=who)
    at = _from(life, demand.cure_until)
    return Ask("CancelBySeller", at, {"ground": ground}, who="sales:an")


def _revoke(life: Life, _: Stage) -> Ask | None:
    if life.order.contested is None:
        return Ask("CancelBySeller", life.at, {"ground": None})
    return Ask("RevokeCancellation", life.at)


def _demand_delivery(life: Life, _: Stage) -> Ask | None:
    order = life.order
    if order.delivery_demand is not None:
        return None
    if order.deferral is not None:
        return Ask("Resume", life.at)
    return Ask("DemandDelivery", _from(life, order.binding_promise.ends))


def _terminate(life: Life, target: Stage) -> Ask | None:
    order = life.order
    kinds = {each.kind.value for each in order.breaches}
    grounds = [
        ground
        for kind, ground in (
            ("refused_to_perform", Ground.REFUSAL),
            ("cancelled_without_ground", Ground.UNFOUNDED_CANCELLATION),
            ("acted_against_agreement", Ground.BREACHED_AGREEMENT),
        )
        if kind in kinds
    ]
    if grounds:
        claim = life.chance.choice((None, *Claim))
        fields = {"ground": life.chance.choice(grounds), "claim": claim}
        return Ask("TerminateByBuyer", life.at, fields)
    if order.delivery_demand is not None:
        at = _from(life, order.delivery_demand.cure_until)
        return Ask("TerminateByBuyer", at, {"ground": Ground.DELAY})
    if order.stage in {Stage.SCHEDULED, Stage.BUILT, Stage.PAID} and life.chance.random() < 0.5:
        return _demand_delivery(life, target)
    return life.chance.choice(
        (
            Ask("RefusePerformance", life.at),
            Ask("CancelBySeller", life.at, {"ground": None}),
        )
    )


REACH: dict[str, Callable[[Life, Stage], Ask | None]] = {
    "RecordPayment": money.pay,
    "RecordPayout": money.payout,
    "RecordChargeback": money.chargeback,
    "AddEvidence": _add_evidence,
    "AnswerCase": _answer_case,
    "CloseCase": _close_case,
    "Remind": _remind,
    "Lapse": _lapse,
    "Withdraw": _withdraw,
    "Lock": _lock,
    "UndoLock": _undo,
    "ChangeConfiguration": _change,
    "Defer": deferring.defer,
    "AnswerDeferral": deferring.answer,
    "Resume": deferring.resume,
    "EndDeferral": deferring.end_deferral,
    "EndDeferralRequest": _end_request,
    "Schedule": _schedule,
    "Reschedule": _reschedule,
    "RevisePromise": delaying.revise,
    "ConsentToDelay": delaying.answer,
    "LeaveForDelay": delaying.leave,
    "EndDelay": delaying.end,
    "AllowEarlier": delaying.allow_earlier,
    "RecordOvertaking": delaying.overtaken,
    "RecordBuilt": _built,
    "AllocateCar": _allocate,
    "HoldCar": giving_on.held,
    "TakeSlot": giving_on.take_slot,
    "RecordSlotTaken": giving_on.slot_taken,
    "RecordCarTaken": giving_on.taken,
    "BookAppointment": _book,
    "RecordMissedAppointment": _miss,
    "DemandCollection": _demand,
    "RecordInspection": _inspect,
    "HandOver": _hand_over,
    "Close": _close,
    "DemandPerformance": _demand,
    "RecordNotice": _notice,
    "ApproveCancellation": _approve,
    "CancelBySeller": _cancel_by_seller,
    "RevokeCancellation": _revoke,
    "DemandDelivery": _demand_delivery,
    "TerminateByBuyer": _terminate,
    "AnnounceChange": waiting.announce,
    "AnswerChange": waiting.answer_change,
    "EndChange": waiting.end_change,
    "AllotUnit": launching.allot,
    "OpenPayment": launching.open_payment,
    "GiveTimeBack": launching.give_time_back,
    "AcknowledgeClause": agreeing.acknowledge,
    "OfferTerms": agreeing.offer_terms,
    "AcceptTerms": agreeing.accept_terms,
    "DeclineTerms": agreeing.decline_terms,
    "ProposeAgreement": agreeing.propose,
    "AcceptAgreement": agreeing.accept_agreement,
    "DeclineAgreement": agreeing.decline_agreement,
    "ApplyPublicPromise": agreeing.apply_promise,
    "TerminateForForceMajeure": facts_beside.force_majeure,
    "CancelByBuyer": facts_beside.leave,
    "DocumentLoss": facts_beside.document_loss,
    "ApproveLoss": facts_beside.approve_loss,
    "RecordResale": facts_beside.resale,
    "RecordPartialDelivery": facts_beside.partial,
    "RecordReturn": facts_beside.return_car,
    "ReleasePayout": money.release,
    "ReleaseForfeiture": money.release_forfeiture,
    "DeliverBenefit": facts_beside.deliver_benefit,
}
"""How to come nearer to a command. The others hold as soon as their stage is reached."""
