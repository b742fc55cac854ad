"""The joint inspection: buyer and seller look at the identified car together.

Not here: any way in which silence or a signature for receipt would count as acceptance; there
is none (CN-25, CN-37).
"""

from __future__ import annotations

from earnest.core.order.commands import RecordInspection
from earnest.core.order.events import Inspected
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import InspectionFact, InspectionResult, Remedy
from earnest.core.order.parts_of_planning import RefusedCar
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order, changed
from earnest.core.settlement.ground import Ground
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def record_inspection(
    order: Order, command: RecordInspection, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Record the result that the buyer confirmed, by own login or by signature.

    Rejections: `buyer_confirmation_missing`, `checklist_incomplete`, `remarks_missing`,
    `remedy_missing`.
    """
    assert order.tender is not None, "a tendered order has a tender"
    if not command.actor.is_buyer and not command.buyer_signature:
        return Rejected(Reason.BUYER_CONFIRMATION_MISSING)
    checked = {each.item for each in command.checklist}
    unchecked = [item for item in policy.inspection_checklist if item not in checked]
    if unchecked:
        return Rejected(Reason.CHECKLIST_INCOMPLETE, {"items": ", ".join(unchecked)})
    refused = command.result is InspectionResult.REFUSED
    with_remarks = command.result is InspectionResult.ACCEPTED_WITH_REMARKS
    if (refused or with_remarks) and not command.remarks:
        return Rejected(Reason.REMARKS_MISSING)
    if refused and command.remedy is None:
        return Rejected(Reason.REMEDY_MISSING)
    return accepted(
        Inspected(
            at=now,
            tender_number=order.tender.number,
            result=command.result,
            checklist=command.checklist,
            remarks=command.remarks,
            confirmed_by=command.buyer_signature or command.actor.actor_id,
            remedy=command.remedy if refused else None,
        )
    )


def inspected(order: Order, event: Inspected) -> Order:
    """A passed inspection opens the balance; a refused one leads to repair or another car.

    Either way the buyer came, so a demand to collect is met. Who accepts the car has it in
    time, and no longer asks to have it later. A car that was refused has to be prepared anew.
    """
    fact = InspectionFact(
        tender_number=event.tender_number,
        result=event.result,
        inspected_at=event.at,
        remarks=event.remarks,
    )
    demands = order.demands_met(Ground.COLLECTION_DEFAULT)
    if fact.passed:
        return changed(
            order,
            event.at,
            stage=Stage.INSPECTED,
            inspection=fact,
            demands=demands,
            delivery_demand=None,
            deferral_request=None,
        )
    if event.remedy is Remedy.REPAIR:
        return changed(
            order,
            event.at,
            stage=Stage.BUILT,
            inspection=fact,
            tender=None,
            preparation=None,
            demands=demands,
        )
    assert order.car is not None, "an inspected order has a car"
    return changed(
        order,
        event.at,
        stage=Stage.LOCKED,
        inspection=fact,
        tender=None,
        slot=None,
        car=None,
        demands=demands,
        refused_cars=(*order.refused_cars, RefusedCar(car=order.car, refused_at=event.at)),
    )
