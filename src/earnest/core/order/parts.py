"""The parts of an order beside its stage: lock, tender, demands, payouts.

Not here: the order itself (`state.py`) and the events that change it (`events.py`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.cases.notice import Means
from earnest.core.catalogue.configuration import Configuration
from earnest.core.ledger.account import Account
from earnest.core.settlement.ground import Ground
from earnest.core.values.ids import Vin
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money

DEPOSIT_PAYMENT = 1
"""The deposit is always the first payment of an order."""


class Purpose(StrEnum):
    """What a payment is for."""

    DEPOSIT = "deposit"
    BALANCE = "balance"


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment the buyer was asked for. `received_at` is the provider's paid-at.

    `link` is the provider's page for it, where the provider had to be asked for one.
    """

    number: int
    purpose: Purpose
    amount: Money
    requested_at: Instant
    received_at: Instant | None = None
    provider: str | None = None
    provider_payment_id: str | None = None
    charged_back: Money | None = None
    link: str | None = None


class LockMode(StrEnum):
    """How an order was locked."""

    AT_EXPIRY = "at_expiry"
    EARLY = "early"


class LockFact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When and how the commitment became fixed; `undo_until` only for an early lock."""

    locked_at: Instant
    mode: LockMode
    undo_until: Instant | None = None


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """A unit of capacity: plant and production week (ISO, for example 2024-W31)."""

    plant: str
    week: str


class ChecklistItem(msgspec.Struct, frozen=True, kw_only=True):
    """One point of the joint inspection and what both sides saw."""

    item: str
    in_order: bool
    remark: str = ""


class InspectionResult(StrEnum):
    """What the buyer said about the identified car after looking at it together."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_REMARKS = "accepted_with_remarks"
    REFUSED = "refused"


class Remedy(StrEnum):
    """What follows a refused inspection."""

    REPAIR = "repair"
    ANOTHER_CAR = "another_car"


class PreparationFact(msgspec.Struct, frozen=True, kw_only=True):
    """The centre checked a car, known by its VIN, before the buyer came.

    `documents` are the papers that lie ready to be handed over with it.
    """

    vin: Vin
    prepared_at: Instant
    checklist: tuple[ChecklistItem, ...]
    documents: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[ChecklistItem, ...]:
        """The points that were not in order."""
        return tuple(each for each in self.checklist if not each.in_order)


class TenderFact(msgspec.Struct, frozen=True, kw_only=True):
    """The identified car stands at the place; the buyer picks one of the appointments.

    `missed` names the appointments of this tender to which the buyer did not come;
    `appointments_missed` also counts those of earlier tenders of the same car in a row.
    `bay` is where the car stands during the appointment, at a delivery centre.
    """

    number: int
    vin: Vin
    place: str
    tendered_at: Instant
    appointments: tuple[Window, ...]
    appointment: Window | None = None
    appointments_missed: int = 0
    missed: tuple[Window, ...] = ()
    bay: int | None = None
    first_tendered_at: Instant | None = None

    @property
    def ready_since(self) -> Instant:
        """Since when the car stands there; new appointments for it do not start anew."""
        return self.first_tendered_at or self.tendered_at


class InspectionFact(msgspec.Struct, frozen=True, kw_only=True):
    """The joint inspection of one tender, confirmed by the buyer."""

    tender_number: int
    result: InspectionResult
    inspected_at: Instant
    remarks: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the balance may be demanded after it."""
        return self.result is not InspectionResult.REFUSED


class BalanceDemand(msgspec.Struct, frozen=True, kw_only=True):
    """The balance was asked for, after the passed inspection of this tender.

    `due_at` is None until the demand is proven to have arrived; `due_days` run from then. A
    demand from before its arrival had to be proven has `due_at` and no proof.
    """

    tender_number: int
    amount: Money
    demanded_at: Instant
    due_days: int = 0
    due_at: Instant | None = None
    notice_delivered_at: Instant | None = None
    notice_proof: str | None = None
    notice_means: Means | None = None
    notice_evidence_number: int | None = None

    def is_overdue(self, at: Instant) -> bool:
        """Whether the days ran out; a demand that did not arrive has none that run."""
        return self.due_at is not None and at >= self.due_at


class DemandFact(msgspec.Struct, frozen=True, kw_only=True):
    """The seller asked the buyer to perform and gave time; it counts from proven delivery.

    `cure_until` is None until the notice is proven to have arrived. Time that nobody could count
    yet begins at `not_before` at the earliest: until then the maker was asked for a deferral.
    """

    number: int
    ground: Ground
    demanded_at: Instant
    cure_days: int
    notice_delivered_at: Instant | None = None
    notice_proof: str | None = None
    notice_means: Means | None = None
    notice_evidence_number: int | None = None
    cure_until: Instant | None = None
    met: bool = False
    not_before: Instant | None = None

    def as_met(self) -> DemandFact:
        """The same demand after the buyer did what was asked."""
        return msgspec.structs.replace(self, met=True)

    def cured_in_vain(self, at: Instant) -> bool:
        """Whether a delivered demand ran through its whole cure period without being met."""
        return not self.met and self.cure_until is not None and at >= self.cure_until


class DeliveryDemand(msgspec.Struct, frozen=True, kw_only=True):
    """The buyer asked a late seller to deliver and gave reasonable time (CN-12).

    `days_left` is what was left of that time when the buyer deferred: it stands still while the
    deferral runs, and goes on from the end of the window agreed anew. `in_vain_since` is set when
    the buyer deferred after the time had run out in vain, so that the right to end the order stays.
    """

    demanded_at: Instant
    cure_until: Instant
    days_left: int | None = None
    in_vain_since: Instant | None = None

    @property
    def is_kept(self) -> bool:
        """Whether it was kept through a deferral, and is no longer judged by the old window."""
        return self.days_left is not None or self.in_vain_since is not None


class BreachKind(StrEnum):
    """What the seller did against the contract."""

    REFUSED_TO_PERFORM = "refused_to_perform"
    CANCELLED_WITHOUT_GROUND = "cancelled_without_ground"
    ACTED_AGAINST_AGREEMENT = "acted_against_agreement"


class Breach(msgspec.Struct, frozen=True, kw_only=True):
    """A breach by the seller, on record with its instant and with who did it."""

    kind: BreachKind
    at: Instant
    by: str = ""


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """A second person checked an intended cancellation by the seller."""

    ground: Ground
    staff_id: str
    at: Instant


class ContestedCancellation(msgspec.Struct, frozen=True, kw_only=True):
    """The seller declared the order ended without all conditions; nothing ended."""

    ground: Ground | None
    declared_at: Instant
    missing: tuple[str, ...]


class PayoutKind(StrEnum):
    """How money goes to the buyer: back on the payment it came by, or as a transfer."""

    REFUND = "refund"
    TRANSFER = "transfer"


class PayoutState(StrEnum):
    """Where a payout stands. A car that is given back has to arrive before its price leaves."""

    AWAITING_RELEASE = "awaiting_release"
    AWAITING_RETURN = "awaiting_return"
    DUE = "due"
    UNKNOWN = "unknown"
    FAILED = "failed"
    PAID = "paid"


class PayoutOutcome(StrEnum):
    """What a provider said about one attempt of a payout."""

    PAID = "paid"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Payout(msgspec.Struct, frozen=True, kw_only=True):
    """A sum on its way to the buyer. `attempt` makes the provider's key deterministic.

    `release_due_at` is when a second person has to have released it, where one is needed.
    `provider` and `provider_payment_id` name what a refund goes back on; a payment that came
    twice is two of them. `fixed_by` is empty for a surplus, which nobody has to fix.
    """

    number: int
    kind: PayoutKind
    amount: Money
    due_at: Instant
    state: PayoutState
    payment_number: int
    attempt: int = 1
    fixed_by: str = ""
    release_due_at: Instant | None = None
    provider: str | None = None
    provider_payment_id: str | None = None

    @property
    def is_surplus(self) -> bool:
        """Whether this returns money that was never owed, as no settlement fixed it."""
        return not self.fixed_by


class ForfeitureFact(msgspec.Struct, frozen=True, kw_only=True):
    """What the seller may keep of a deposit once a second person released it.

    `income` is the account it becomes then: a fee for a service is not a forfeiture. Before
    `back_until` nobody releases it: it goes back if another order takes the slot or the car. While
    the car is kept back, since `held_since`, that time stands still.
    """

    amount: Money
    fixed_at: Instant
    fixed_by: str
    release_due_at: Instant
    released_at: Instant | None = None
    income: Account = Account.FORFEITURE_INCOME
    back_until: Instant | None = None
    held_since: Instant | None = None

    def may_come_back(self, at: Instant) -> bool:
        """Whether it would go back if another order took the slot or the car at this instant."""
        if self.back_until is None or self.released_at is not None:
            return False
        return at < self.back_until or self.held_since is not None

    def kept_for_good(self, at: Instant) -> ForfeitureFact:
        """The same once nothing more can bring it back; the time to release it begins."""
        if self.back_until is None:
            return self
        due_at = at + (self.release_due_at - self.back_until)
        return msgspec.structs.replace(
            self, back_until=None, held_since=None, release_due_at=due_at
        )

    def held(self, at: Instant, *, is_held: bool) -> ForfeitureFact:
        """The same when the car is kept back, or let go: its time stands still in between."""
        if is_held:
            return msgspec.structs.replace(self, held_since=self.held_since or at)
        if self.held_since is None or self.back_until is None:
            return self
        stood = at - self.held_since
        return msgspec.structs.replace(
            self,
            back_until=self.back_until + stood,
            release_due_at=self.release_due_at + stood,
            held_since=None,
        )


class LossSide(StrEnum):
    """Whose loss it is."""

    BUYER = "buyer"
    SELLER = "seller"


class LossItem(StrEnum):
    """What was lost. A resale makes good the price, and only what it exceeds it of the costs."""

    COSTS = "costs"
    LOST_PRICE = "lost_price"
    LOST_SUBSIDY = "lost_subsidy"


class LossFact(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a loss with its evidence; it counts once a second person approved it."""

    number: int
    side: LossSide
    item: LossItem
    amount: Money
    evidence: str
    documented_by: str
    approved_by: str | None = None


class BuiltCar(msgspec.Struct, frozen=True, kw_only=True):
    """The identified car of an order and what was really built into it."""

    vin: Vin
    configuration: Configuration
    built_at: Instant
