"""The events on an order's way from reservation to handover: what happened, never what should.

Not here: what both sides agreed (`events_of_agreements.py`, `events_of_deferral.py`), what plan
runs did (`events_of_planning.py`) and a launch (`events_of_launch.py`), the centre and its
appointments (`events_of_delivery.py`), how an event changes the order (the chapter files) and what
it posts (`bookkeeping.py`).
"""

from __future__ import annotations

from earnest.core.cases.notice import Means
from earnest.core.catalogue.configuration import Configuration
from earnest.core.launch.attribution import Attribution
from earnest.core.launch.benefit import Benefit
from earnest.core.order import (
    case_events,
    event,
    events_of_agreements,
    events_of_deferral,
    events_of_delivery,
    events_of_launch,
    events_of_planning,
    parts,
    settlement_events,
)
from earnest.core.order.parts_of_launch import UnitFact
from earnest.core.plan.promise import PromiseReason
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.position import Claim
from earnest.core.terms.version import Acknowledgement
from earnest.core.values.ids import (
    BuyerId,
    CatalogueHash,
    CentreId,
    CodeId,
    OrderId,
    QueueId,
    TermsHash,
    Vin,
)
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money

Event = event.Event
DeferralRequested = events_of_deferral.DeferralRequested
DeferralDeclined = events_of_deferral.DeferralDeclined
DeferralTakenBack = events_of_deferral.DeferralTakenBack
DeferralUnanswered = events_of_deferral.DeferralUnanswered
Deferred = events_of_deferral.Deferred
Resumed = events_of_deferral.Resumed
DeferralEnded = events_of_deferral.DeferralEnded
Scheduled = events_of_planning.Scheduled
Rescheduled = events_of_planning.Rescheduled
PromiseRevised = events_of_planning.PromiseRevised
DelayAnswered = events_of_planning.DelayAnswered
DelayUnanswered = events_of_planning.DelayUnanswered
EarlierAllowed = events_of_planning.EarlierAllowed
Overtaken = events_of_planning.Overtaken
CarAllocated = events_of_planning.CarAllocated
SlotTaken = events_of_planning.SlotTaken
CarHeld = events_of_planning.CarHeld
CarTaken = events_of_planning.CarTaken
AppointmentBooked = events_of_delivery.AppointmentBooked
AppointmentMissed = events_of_delivery.AppointmentMissed
UnitAllotted = events_of_launch.UnitAllotted
PaymentOpened = events_of_launch.PaymentOpened
CaseOpened = case_events.CaseOpened
EvidenceAdded = case_events.EvidenceAdded
CaseAnswered = case_events.CaseAnswered
CaseClosed = case_events.CaseClosed
Reminded = case_events.Reminded
SettlementFixed = settlement_events.SettlementFixed
CarReturned = settlement_events.CarReturned
LossDocumented = settlement_events.LossDocumented
LossApproved = settlement_events.LossApproved
FinanceDeclined = settlement_events.FinanceDeclined
PartlyDelivered = settlement_events.PartlyDelivered
CompensationFixed = settlement_events.CompensationFixed
LateRefundCompensated = settlement_events.LateRefundCompensated
ResaleRecorded = settlement_events.ResaleRecorded
PayoutReleased = settlement_events.PayoutReleased
ForfeitureReleased = settlement_events.ForfeitureReleased
PayoutPaid = settlement_events.PayoutPaid
PayoutUnknown = settlement_events.PayoutUnknown
PayoutFailed = settlement_events.PayoutFailed


class Reserved(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A place in the queue, the price and the terms were fixed; the deposit is awaited.

    In a campaign also how the order came, the benefits as published then, and the code it used.
    `pay_until` is None while nothing can be paid yet: the order waits for a `unit` of an edition,
    or the provider has to open the payment first.
    """

    buyer_id: BuyerId
    order_id: OrderId
    queue_id: QueueId
    rank: int
    terms_hash: TermsHash
    catalogue_hash: CatalogueHash
    language: str
    acknowledgements: tuple[Acknowledgement, ...]
    configuration: Configuration
    price: Money
    deposit: Money
    promise: Window
    pay_until: Instant | None
    attribution: Attribution | None = None
    benefits: tuple[Benefit, ...] = ()
    code_id: CodeId | None = None
    unit: UnitFact | None = None
    person: str | None = None
    promise_reason: PromiseReason | None = None


class DepositReceived(Event, frozen=True, kw_only=True):
    """The deposit arrived in the payment window; the cooling-off period runs."""

    payment_number: int
    amount: Money
    paid_at: Instant
    provider: str
    provider_payment_id: str
    cooling_off_ends: Instant


class Lapsed(Event, frozen=True, kw_only=True):
    """The payment window ended without a deposit. The rank is not given to anybody else."""


class Reinstated(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A lapsed reservation came back with its rank: it was paid in time after all.

    `unit_gone`: its unit of the edition had been given on, so it is the first to get another.
    """

    unit_gone: bool = False


class SurplusReceived(Event, frozen=True, kw_only=True):
    """Money arrived that is not owed; it is kept safe, booked as owed back and paid out."""

    payment_number: int
    amount: Money
    paid_at: Instant
    provider: str
    provider_payment_id: str
    why: str
    payout: parts.Payout


class Withdrawn(Event, frozen=True, kw_only=True):
    """The buyer used the free withdrawal, before the lock or after the handover."""

    after_handover: bool = False


class ClauseAcknowledged(Event, frozen=True, kw_only=True):
    """The buyer accepted one clause on its own."""

    acknowledgement: Acknowledgement


class Locked(Event, frozen=True, kw_only=True):
    """Configuration and commitment are fixed; the deposit is committed."""

    mode: parts.LockMode
    deposit: Money
    undo_until: Instant | None


class LockUndone(Event, frozen=True, kw_only=True):
    """The buyer took an early lock back; the cooling-off period is open again."""

    deposit: Money
    cooling_off_ends: Instant


class ConfigurationChanged(Event, frozen=True, kw_only=True):
    """The buyer chose something else, at the catalogue prices frozen on the order."""

    configuration: Configuration
    price: Money
    previous_price: Money


class Built(Event, frozen=True, kw_only=True):
    """The car came off the line and has a VIN."""

    vin: Vin
    configuration: Configuration


class Shipped(Event, frozen=True, kw_only=True):
    """The car is on its way to a delivery place."""

    destination: str
    centre_id: CentreId | None = None


class Tendered(Event, frozen=True, kw_only=True):
    """The identified car is at the place and can be inspected at these appointments."""

    tender_number: int
    vin: Vin
    place: str
    appointments: tuple[Window, ...]
    centre_id: CentreId | None = None


class Inspected(Event, frozen=True, kw_only=True):
    """Buyer and seller looked at the car together and the buyer confirmed the result."""

    tender_number: int
    result: parts.InspectionResult
    checklist: tuple[parts.ChecklistItem, ...]
    remarks: tuple[str, ...]
    confirmed_by: str
    remedy: parts.Remedy | None


class PerformanceDemanded(Event, frozen=True, kw_only=True):
    """The seller asked the buyer to perform; time runs from the proven delivery of the notice."""

    number: int
    ground: Ground
    cure_days: int


class NoticeDelivered(Event, frozen=True, kw_only=True):
    """It is proven that a demand arrived; the cure period runs.

    Of the demand for the balance (`BALANCE_DEMAND`), `cure_until` is when the balance falls due.
    """

    demand_number: int
    delivered_at: Instant
    proof: str
    cure_until: Instant
    means: Means | None = None
    evidence_number: int | None = None


class BalanceDemanded(Event, frozen=True, kw_only=True):
    """The balance was asked for, for the car that passed the joint inspection of this tender.

    It falls due `due_days` after the proven arrival of this demand. `due_at` is kept by events
    from before the arrival had to be proven.
    """

    tender_number: int
    amount: Money
    due_at: Instant | None = None
    due_days: int = 0


class PaymentRequested(Event, frozen=True, kw_only=True):
    """The buyer opened a payment towards the balance.

    `balance_due_at` is set where this act is what shows that the demand arrived.
    """

    payment_number: int
    purpose: parts.Purpose
    amount: Money
    balance_due_at: Instant | None = None


class BalanceReceived(Event, frozen=True, kw_only=True):
    """Money towards the balance arrived. `outstanding` is what is still missing."""

    payment_number: int
    amount: Money
    paid_at: Instant
    provider: str
    provider_payment_id: str
    outstanding: Money


class HandedOver(Event, frozen=True, kw_only=True):
    """Possession passed; documents are complete and the car is the one ordered."""

    vin: Vin
    documents: tuple[str, ...]
    signatures: tuple[str, ...]
    deposit: Money
    balance_paid: Money


class Closed(Event, frozen=True, kw_only=True):
    """The file of a handed-over order was closed."""


class CancelledByBuyer(Event, frozen=True, kw_only=True):
    """The buyer left a locked order without relying on a breach."""

    ground: Ground
    explanation: str


class CancellationApproved(Event, frozen=True, kw_only=True):
    """A second person agreed that the seller may cancel on this ground."""

    ground: Ground
    staff_id: str


class CancelledBySeller(Event, frozen=True, kw_only=True):
    """The seller ended the order with ground, demand, cure period and notice."""

    ground: Ground
    demand_number: int
    approved_by: str


class CancellationContested(Event, frozen=True, kw_only=True):
    """The seller declared the order ended, but conditions are missing: nothing ended."""

    ground: Ground | None
    missing: tuple[str, ...]
    breaches: tuple[parts.BreachKind, ...]
    declared_by: str = ""


class CancellationRevoked(Event, frozen=True, kw_only=True):
    """The seller took a contested cancellation back; slot and money were never touched."""


class PerformanceRefused(Event, frozen=True, kw_only=True):
    """The seller said that it will not perform."""

    explanation: str
    declared_by: str = ""


class DeliveryDemanded(Event, frozen=True, kw_only=True):
    """The buyer asked a late seller to deliver and gave time until `cure_until`."""

    cure_until: Instant


class TerminatedByBuyer(Event, frozen=True, kw_only=True):
    """The buyer ended the order for the seller's breach, with the claim it chose, if any."""

    ground: Ground
    claim: Claim | None = None


class TerminatedForForceMajeure(Event, frozen=True, kw_only=True):
    """An event that neither side answers for ended the order.

    `notified_at` is when the seller told the buyer of it; None where the buyer ended the order.
    """

    declared_by: str
    occurred_at: Instant
    proof: str
    approved_by: str = ""
    notified_at: Instant | None = None


class ChargebackReceived(Event, frozen=True, kw_only=True):
    """The buyer's bank took money back from the seller."""

    payment_number: int
    amount: Money
    provider_reference: str


BESIDE = (case_events, events_of_agreements, events_of_delivery, events_of_launch)
"""The files whose events belong to the list as well."""

EVENTS: tuple[type[Event], ...] = tuple(Event.__subclasses__())
"""Every event type."""
