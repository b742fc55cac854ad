"""Before the car is offered: the buyer's choice of a centre, and the centre's own look at the car.

Not here: the joint inspection (`inspect.py`). A preparation is the seller's own business: nothing
is accepted by it, and it takes the place of nothing that buyer and seller do together.
"""

from __future__ import annotations

from earnest.core.order.commands_of_delivery import ChooseCentre, RecordPreparation
from earnest.core.order.events_of_delivery import CentreChosen, Prepared
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import PreparationFact
from earnest.core.order.state import Order, changed
from earnest.core.terms.policy import Policy
from earnest.core.values.ids import CentreId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def choose_centre(
    order: Order, command: ChooseCentre, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """The buyer says where to inspect and collect the car; until it is shipped, as often as liked.

    Rejections: `centre_unknown`, also for a centre that is closed for good.
    """
    if facts.centre is None or not facts.centre.centre.is_open:
        return Rejected(Reason.CENTRE_UNKNOWN)
    if command.centre_id == order.centre_id:
        return accepted()
    return accepted(CentreChosen(at=now, centre_id=command.centre_id))


def wrong_centre(order: Order, wanted: CentreId | None, facts: Facts) -> Rejected | None:
    """Why a car may not go to a centre: it is not the one that its buyer chose, or there is none.

    The place of handover is the buyer's choice under the terms, so the seller does not change it
    (CN-09).
    Rejections: `centre_differs`, `centre_unknown`.
    """
    if order.centre_id is not None and wanted != order.centre_id:
        return Rejected(Reason.CENTRE_DIFFERS, {"centre": order.centre_id})
    if wanted is not None and facts.centre is None:
        return Rejected(Reason.CENTRE_UNKNOWN)
    return None


def record_preparation(
    order: Order, command: RecordPreparation, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """The centre looked at the identified car, point by point of the list of the terms.

    What is not in order is said in words, and the buyer can read them.
    Rejections: `vin_differs`, `checklist_incomplete`, `remarks_missing`.
    """
    assert order.car is not None, "a built order has a car"
    if command.vin != order.car.vin:
        return Rejected(Reason.VIN_DIFFERS, {"vin": order.car.vin})
    checked = {each.item for each in command.checklist}
    unchecked = [item for item in policy.inspection_checklist if item not in checked]
    if unchecked:
        return Rejected(Reason.CHECKLIST_INCOMPLETE, {"items": ", ".join(unchecked)})
    if any(not each.in_order and not each.remark.strip() for each in command.checklist):
        return Rejected(Reason.REMARKS_MISSING)
    return accepted(
        Prepared(
            at=now,
            vin=order.car.vin,
            checklist=command.checklist,
            documents=command.documents,
        )
    )


def preparation_of(order: Order) -> PreparationFact | None:
    """The last preparation of the car that the order has now; none of a car that it had before."""
    known = order.preparation
    is_of_this_car = known is not None and order.car is not None and known.vin == order.car.vin
    return known if is_of_this_car else None


def centre_chosen(order: Order, event: CentreChosen) -> Order:
    """The car will go there."""
    return changed(order, event.at, centre_id=event.centre_id)


def prepared(order: Order, event: Prepared) -> Order:
    """What the centre saw is known; the stage stays, because only both together inspect."""
    fact = PreparationFact(
        vin=event.vin,
        prepared_at=event.at,
        checklist=event.checklist,
        documents=event.documents,
    )
    return changed(order, event.at, preparation=fact)
