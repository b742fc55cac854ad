"""Commands about slot, promise, car, inspection and handover.

Not here: fields (`fields.py`), and commands of other chapters.
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.order.parts import InspectionResult, Remedy
from earnest.core.terms.policy import Policy
from earnest.web.api.order_shown import OrderShown
from earnest.web.office.acting.fields import CommandForm, Field, FieldKind
from earnest.web.pages.wording import said

PLANNING = said("Plan and production")
DELIVERY = said("Delivery")

_RESULTS = (
    (InspectionResult.ACCEPTED.value, said("Accepted")),
    (InspectionResult.ACCEPTED_WITH_REMARKS.value, said("Accepted with remarks")),
    (InspectionResult.REFUSED.value, said("Refused")),
)
_REMEDIES = (
    (Remedy.REPAIR.value, said("The car is repaired")),
    (Remedy.ANOTHER_CAR.value, said("The buyer gets another car")),
)


def _vin(order: OrderShown, policy: Policy) -> str:  # noqa: ARG001 - as every standard
    return "" if order.car is None else order.car.vin


def _documents(order: OrderShown, policy: Policy) -> str:  # noqa: ARG001 - as every standard
    return "\n".join(policy.handover_documents)


def _as_ordered(order: OrderShown) -> dict[str, Any]:
    return {"configuration": msgspec.to_builtins(order.configuration)}


_SLOT = Field(
    name="slot",
    label=said("Slot"),
    kind=FieldKind.SLOT,
    hint=said("Plant, and week of production such as 2026-W49."),
)
_CAUSE = Field(
    name="cause",
    label=said("The cause, as the buyer reads it"),
    kind=FieldKind.TEXT,
    hint=said("One cause in plain words: what happened, and since when it is known."),
)

_CENTRE = Field(
    name="centre_id",
    label=said("Delivery centre"),
    kind=FieldKind.CENTRE,
    is_required=False,
)

FORMS = (
    CommandForm(
        command="RevisePromise",
        title=said("Change the promised window"),
        about=said(
            "Every window ever shown is kept. A later one gives the buyer rights: to wait, to "
            "change, to leave, to be compensated."
        ),
        chapter=PLANNING,
        fields=(
            Field(
                name="promise",
                label=said("New window, first and last day"),
                kind=FieldKind.WINDOW,
            ),
            _CAUSE,
            Field(
                name="is_indefinite",
                label=said("We can name no date that we will keep"),
                kind=FieldKind.TICK,
                is_required=False,
            ),
        ),
    ),
    CommandForm(
        command="Schedule",
        title=said("Schedule"),
        about=said("The order enters the frozen zone: material is committed from now on."),
        chapter=PLANNING,
        fields=(_SLOT,),
    ),
    CommandForm(
        command="Reschedule",
        title=said("Give another slot"),
        about=said("One cause moves an order, and the buyer reads it."),
        chapter=PLANNING,
        fields=(_SLOT, _CAUSE),
    ),
    CommandForm(
        command="RecordBuilt",
        title=said("The car is built as ordered"),
        about=said("The car came off the line with exactly this configuration."),
        chapter=PLANNING,
        fields=(Field(name="vin", label=said("VIN")),),
        fixed=_as_ordered,
    ),
    CommandForm(
        command="HoldCar",
        title=said("Keep back a car that was given up, or let it go"),
        about=said(
            "A car that was given up goes to the next buyer by itself. Keep it back while it is "
            "repaired; take the tick away to let it go on."
        ),
        chapter=PLANNING,
        fields=(
            Field(name="vin", label=said("VIN"), standard=_vin),
            Field(name="is_held", label=said("Keep it"), kind=FieldKind.TICK, is_required=False),
            Field(name="explanation", label=said("Why"), kind=FieldKind.TEXT, is_required=False),
        ),
    ),
    CommandForm(
        command="Ship",
        title=said("Send the car to its place"),
        about=said(
            "The buyer sees that the car is on its way. It goes to the centre that the buyer chose."
        ),
        chapter=DELIVERY,
        fields=(_CENTRE, Field(name="destination", label=said("Place, as the buyer reads it"))),
    ),
    CommandForm(
        command="RecordPreparation",
        title=said("Record the preparation"),
        about=said(
            "The centre checks the car before the buyer comes. The buyer reads what is not in "
            "order; it takes the place of nothing that both look at together."
        ),
        chapter=DELIVERY,
        fields=(
            Field(name="vin", label=said("VIN"), standard=_vin),
            Field(
                name="checklist",
                label=said("Tick what is in order; say what is not"),
                kind=FieldKind.CHECKLIST,
            ),
            Field(
                name="documents",
                label=said("Papers that lie ready"),
                kind=FieldKind.PAPERS,
                is_required=False,
            ),
        ),
    ),
    CommandForm(
        command="Tender",
        title=said("Offer the car for inspection"),
        about=said(
            "The identified car stands at the place. The buyer picks one of the appointments, or "
            "any other free time of the centre; nobody asks for the balance before both have "
            "looked at the car."
        ),
        chapter=DELIVERY,
        fields=(
            Field(name="vin", label=said("VIN"), standard=_vin),
            _CENTRE,
            Field(name="place", label=said("Place, as the buyer reads it")),
            Field(
                name="appointments",
                label=said("Appointments, one in a line"),
                kind=FieldKind.DAYS,
                hint=said("For example: 2026-12-01 10:00-12:00"),
            ),
        ),
    ),
    CommandForm(
        command="RecordMissedAppointment",
        title=said("The buyer did not come"),
        about=said(
            "The buyer is offered another appointment. Nothing is lost by it, and it is never by "
            "itself a default: that takes a demand with at least fourteen days, and its arrival."
        ),
        chapter=DELIVERY,
        is_due=lambda order: order.tender is not None and order.tender.appointment is not None,
    ),
    CommandForm(
        command="DemandCollection",
        title=said("Ask the buyer to come and inspect"),
        about=said(
            "Only after missed appointments. The time runs once the arrival of this demand is "
            "proven, and is at least fourteen days."
        ),
        chapter=DELIVERY,
        fields=(Field(name="cure_days", label=said("Days to come"), kind=FieldKind.COUNT),),
        is_grave=True,
    ),
    CommandForm(
        command="RecordInspection",
        title=said("Record the joint inspection"),
        about=said(
            "On paper, with the buyer's signature. A buyer who has a telephone confirms on the "
            "own order page instead."
        ),
        chapter=DELIVERY,
        fields=(
            Field(name="result", label=said("Result"), kind=FieldKind.CHOICE, choices=_RESULTS),
            Field(
                name="checklist",
                label=said("What both saw; tick what is in order"),
                kind=FieldKind.CHECKLIST,
            ),
            Field(
                name="remarks",
                label=said("Remarks, one in a line"),
                kind=FieldKind.LINES,
                is_required=False,
            ),
            Field(
                name="buyer_signature",
                label=said("Digest of the signed record"),
            ),
            Field(
                name="remedy",
                label=said("After a refusal"),
                kind=FieldKind.CHOICE,
                choices=_REMEDIES,
                is_required=False,
            ),
        ),
    ),
    CommandForm(
        command="HandOver",
        title=said("Hand the car over"),
        about=said(
            "After the balance is paid. The VIN must be that of the inspected car, and the "
            "documents of the terms must all be given."
        ),
        chapter=DELIVERY,
        fields=(
            Field(name="vin", label=said("VIN"), standard=_vin),
            Field(
                name="documents",
                label=said("Documents given, one in a line"),
                kind=FieldKind.LINES,
                standard=_documents,
            ),
            Field(
                name="signatures",
                label=said("Signatures, one in a line"),
                kind=FieldKind.LINES,
                hint=said(
                    "A buyer who signed by the own login is filled in by the digest of that "
                    "statement. On paper: whose signature it is, and where the paper lies."
                ),
            ),
        ),
    ),
    CommandForm(
        command="RecordReturn",
        title=said("The car is back"),
        about=said("The price leaves for the buyer as soon as the car has arrived."),
        chapter=DELIVERY,
        fields=(Field(name="proof", label=said("What shows it")),),
    ),
    CommandForm(
        command="DeliverBenefit",
        title=said("A benefit was given"),
        about=said("What was promised beside the car has reached the buyer."),
        chapter=DELIVERY,
        fields=(
            Field(name="benefit_id", label=said("Benefit")),
            Field(name="proof", label=said("What shows it")),
        ),
        is_due=lambda order: bool(order.benefits),
    ),
    CommandForm(
        command="Close",
        title=said("Close the file"),
        about=said("The car is handed over and nothing is open."),
        chapter=DELIVERY,
    ),
)
