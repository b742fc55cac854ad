"""The commands on an order's way from reservation to handover: what somebody asks for.

Not here: what both sides agree (`commands_of_agreements.py`), what plan runs ask
(`commands_of_planning.py`), what a launch brings (`commands_of_launch.py`), what is about the
centre (`commands_of_delivery.py`), whether it holds (the chapter files) and who may ask
(`authority.py`).
"""

from __future__ import annotations

from earnest.core.cases.case import CaseOutcome
from earnest.core.cases.evidence import EvidenceKind, MediaType
from earnest.core.cases.notice import Means
from earnest.core.catalogue.configuration import Configuration
from earnest.core.launch.admission import Admission
from earnest.core.launch.code import PriorityCode
from earnest.core.order.command import Command as Command  # noqa: PLC0414 - readers of commands look for it here
from earnest.core.order.commands_of_agreements import AGREEMENT_COMMANDS
from earnest.core.order.commands_of_delivery import DELIVERY_COMMANDS
from earnest.core.order.commands_of_launch import LAUNCH_COMMANDS
from earnest.core.order.commands_of_planning import PLANNING_COMMANDS
from earnest.core.order.parts import (
    ChecklistItem,
    InspectionResult,
    LossItem,
    PayoutOutcome,
    Remedy,
)
from earnest.core.order.parts_of_deferral import LateRight
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.position import Claim
from earnest.core.terms.agreement import Origin
from earnest.core.terms.version import Acknowledgement
from earnest.core.values.ids import CatalogueHash, CentreId, GroupId, QueueId, TermsHash
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money


class Reserve(Command, frozen=True, kw_only=True):
    """Take a place in the queue for a configuration, under the terms now on sale.

    `admission`, `priority_code`, `group_id` and `referral` hold what a door has verified: what a
    signed token and a signed code said, a membership, the referral id of a signed friend's code.
    `person` is who reserves, as a digest that means nothing outside this queue; the door puts it
    in where each person may hold only so many orders.
    """

    queue_id: QueueId
    terms_hash: TermsHash
    catalogue_hash: CatalogueHash
    language: str
    acknowledgements: tuple[Acknowledgement, ...]
    configuration: Configuration
    price: Money
    admission: Admission | None = None
    priority_code: PriorityCode | None = None
    group_id: GroupId | None = None
    channel: str | None = None
    referral: str | None = None
    person: str | None = None


class RecordPayment(Command, frozen=True, kw_only=True):
    """Money arrived for a payment, says the provider. Nothing received is ever turned away."""

    payment_number: int
    amount: Money
    paid_at: Instant
    provider: str
    provider_payment_id: str


class Lapse(Command, frozen=True, kw_only=True):
    """The payment window of an unpaid reservation is over."""


class Withdraw(Command, frozen=True, kw_only=True):
    """Leave freely: inside the cooling-off period, or after the handover where the law says so."""


class RecordReturn(Command, frozen=True, kw_only=True):
    """Note that the car of a withdrawn order is back, or proven to be on its way back."""

    proof: str


class Lock(Command, frozen=True, kw_only=True):
    """Fix configuration and commitment: at expiry by the timer, early by the buyer.

    An early lock carries the acknowledgement of what it gives up.
    """

    acknowledgement: Acknowledgement | None = None


class UndoLock(Command, frozen=True, kw_only=True):
    """Take an early lock back inside its undo window."""


class ChangeConfiguration(Command, frozen=True, kw_only=True):
    """Choose something else, at the price that was shown."""

    configuration: Configuration
    price: Money


class Defer(Command, frozen=True, kw_only=True):
    """Move delivery later: nothing is built or demanded until the buyer asks or `until`.

    `puts_off` acknowledges rights against a late seller that wait then: `cure_time` has to be.
    """

    until: Instant
    origin: Origin = Origin.SITE
    puts_off: tuple[LateRight, ...] = ()


class AnswerDeferral(Command, frozen=True, kw_only=True):
    """Agree to a requested deferral or decline it."""

    agreed: bool
    explanation: str = ""


class Resume(Command, frozen=True, kw_only=True):
    """Ask for the deferred car to be built, or take back a request that was not answered yet."""


class EndDeferral(Command, frozen=True, kw_only=True):
    """The agreed time of a deferral is over."""


class RecordBuilt(Command, frozen=True, kw_only=True):
    """The car came off the line: its VIN and what was really built."""

    vin: str
    configuration: Configuration


class Ship(Command, frozen=True, kw_only=True):
    """Send the car to a delivery place; at a centre, to the one that the buyer chose."""

    destination: str
    centre_id: CentreId | None = None


class Tender(Command, frozen=True, kw_only=True):
    """Offer the identified car for joint inspection: VIN, place, appointments.

    At a centre the buyer can also book any other of its free times.
    """

    vin: str
    place: str
    appointments: tuple[Window, ...]
    centre_id: CentreId | None = None


class BookAppointment(Command, frozen=True, kw_only=True):
    """Choose one of the offered appointments, or at a centre any time with a free bay."""

    appointment: Window


class RecordMissedAppointment(Command, frozen=True, kw_only=True):
    """The buyer did not come."""


class DemandCollection(Command, frozen=True, kw_only=True):
    """Ask a buyer who did not come to inspect and collect, giving time to cure."""

    cure_days: int


class RecordInspection(Command, frozen=True, kw_only=True):
    """The result of looking at the car together.

    Confirmed by the buyer's own login (the actor) or by the buyer's signature, given as the
    digest of the signed record.
    """

    result: InspectionResult
    checklist: tuple[ChecklistItem, ...]
    remarks: tuple[str, ...] = ()
    buyer_signature: str | None = None
    remedy: Remedy | None = None


class DemandBalance(Command, frozen=True, kw_only=True):
    """Ask for the rest of the price of the inspected car."""


class RequestPayment(Command, frozen=True, kw_only=True):
    """Open a payment of part or all of the balance due."""

    amount: Money


class HandOver(Command, frozen=True, kw_only=True):
    """Pass possession: documents given, signatures taken, VIN compared."""

    vin: str
    documents: tuple[str, ...]
    signatures: tuple[str, ...]


class Close(Command, frozen=True, kw_only=True):
    """Close the file of a handed-over order."""


class CancelByBuyer(Command, frozen=True, kw_only=True):
    """Leave a locked order without relying on a breach by the seller."""

    explanation: str = ""


class DemandPerformance(Command, frozen=True, kw_only=True):
    """Ask the buyer to cure a default; time runs once the notice is proven to have arrived."""

    ground: Ground
    cure_days: int


class RecordNotice(Command, frozen=True, kw_only=True):
    """Prove that a demand arrived at the buyer; `BALANCE_DEMAND` names that for the balance.

    `proof` says what shows it. What staff record also names the receipt, filed as evidence.
    """

    demand_number: int
    delivered_at: Instant
    proof: str
    means: Means = Means.REGISTERED_LETTER
    evidence_number: int | None = None


class ApproveCancellation(Command, frozen=True, kw_only=True):
    """Agree, as the second person, that the seller may cancel on this ground."""

    ground: Ground


class CancelBySeller(Command, frozen=True, kw_only=True):
    """Declare the order ended by the seller. Contested unless every condition holds."""

    ground: Ground | None
    explanation: str = ""


class RevokeCancellation(Command, frozen=True, kw_only=True):
    """Take a contested cancellation back."""


class RefusePerformance(Command, frozen=True, kw_only=True):
    """Say, for the seller, that it will not perform."""

    explanation: str


class DemandDelivery(Command, frozen=True, kw_only=True):
    """Ask a late seller to deliver within reasonable time."""


class TerminateByBuyer(Command, frozen=True, kw_only=True):
    """End the order for the seller's breach.

    `claim` chooses between the double return and the compensation of the terms; without it the
    buyer gets whichever is more (CN-18).
    """

    ground: Ground
    claim: Claim | None = None


class TerminateForForceMajeure(Command, frozen=True, kw_only=True):
    """End the order for an event that neither side answers for, with proof.

    `notified_at` is when a seller told the buyer of the event; None: with this command. It says
    nothing about a buyer.
    """

    occurred_at: Instant
    proof: str
    notified_at: Instant | None = None


class DocumentLoss(Command, frozen=True, kw_only=True):
    """Put a loss on record, with the reference of its evidence; each side its own."""

    item: LossItem
    amount: Money
    evidence: str


class ApproveLoss(Command, frozen=True, kw_only=True):
    """Check a documented loss against its evidence, as the second person."""

    loss_number: int


class RecordFinanceDeclined(Command, frozen=True, kw_only=True):
    """Note that the lender declined the buyer's loan or lease."""

    proof: str


class RecordPartialDelivery(Command, frozen=True, kw_only=True):
    """Note how many vehicles of a fleet were delivered; this order's deposit secures them all."""

    vehicles: int
    delivered: int
    buyer_signature: str
    rest_needed: bool = False


class RecordResale(Command, frozen=True, kw_only=True):
    """Note that the car of a cancelled order was sold again, and for how much."""

    price: Money
    evidence: str


class ReleasePayout(Command, frozen=True, kw_only=True):
    """Release a sum beyond the buyer's own money for payment, as the second person."""

    payout_number: int


class ReleaseForfeiture(Command, frozen=True, kw_only=True):
    """Release a forfeiture, as the second person."""


class RecordPayout(Command, frozen=True, kw_only=True):
    """What the provider said about a payout attempt: paid, failed or unknown."""

    payout_number: int
    attempt: int
    outcome: PayoutOutcome
    provider_reference: str = ""
    explanation: str = ""


class RecordChargeback(Command, frozen=True, kw_only=True):
    """The buyer's bank took money back, says the provider."""

    payment_number: int
    amount: Money
    provider_reference: str


class OpenCase(Command, frozen=True, kw_only=True):
    """Open a dispute about the order."""

    subject: str


class AddEvidence(Command, frozen=True, kw_only=True):
    """File a piece of evidence whose content is stored already, under its digest.

    With a case it belongs to that; without one it is filed with the order.
    """

    evidence_kind: EvidenceKind
    digest: str
    media_type: MediaType
    size_bytes: int
    description: str
    case_number: int | None = None


class AnswerCase(Command, frozen=True, kw_only=True):
    """Answer a dispute, for the seller."""

    case_number: int
    answer: str


class CloseCase(Command, frozen=True, kw_only=True):
    """Decide a dispute with an outcome and its reasons, or take one's own back."""

    case_number: int
    outcome: CaseOutcome
    reasons: str = ""


class Remind(Command, frozen=True, kw_only=True):
    """A reminder fell due; `subject` names which deadline."""

    subject: str
    due_at: Instant


COMMANDS: tuple[type[Command], ...] = (
    *(kind for kind in Command.__subclasses__() if kind.__module__ == __name__),
    *AGREEMENT_COMMANDS,
    *PLANNING_COMMANDS,
    *LAUNCH_COMMANDS,
    *DELIVERY_COMMANDS,
)
"""Every command type: those of this file in the order of an order's life, then those beside it."""
