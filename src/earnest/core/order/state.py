"""The order: what all its events add up to.

Not here: how events change it (the chapter files) and what may be done with it (`stage.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.cases.case import CaseFact
from earnest.core.cases.evidence import EvidenceFact
from earnest.core.cases.second_person import is_another_person
from earnest.core.catalogue.configuration import Configuration
from earnest.core.launch.attribution import Attribution
from earnest.core.ledger.account import Account
from earnest.core.order.parts import (
    Approval,
    BalanceDemand,
    Breach,
    BuiltCar,
    ContestedCancellation,
    DeliveryDemand,
    DemandFact,
    ForfeitureFact,
    InspectionFact,
    LockFact,
    LossFact,
    Payment,
    Payout,
    PreparationFact,
    Slot,
    TenderFact,
)
from earnest.core.order.parts_of_agreements import TermsOffer, WaitingChange
from earnest.core.order.parts_of_deferral import DeferralRequest, EarlierDelay
from earnest.core.order.parts_of_launch import OrderBenefit, UnitFact
from earnest.core.order.parts_of_planning import DelayNotice, Overtaking, RefusedCar
from earnest.core.order.stage import Stage
from earnest.core.plan.promise import PromiseReason
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.position import Fleet
from earnest.core.settlement.statement import LineKind, Statement
from earnest.core.terms.agreement import Agreement, AppliedPromise, DeferralAgreement
from earnest.core.values.ids import (
    BuyerId,
    CatalogueHash,
    CentreId,
    CodeId,
    OrderId,
    QueueId,
    TermsHash,
)
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One buyer's order of one configured vehicle under one terms version.

    `sequence` counts the events folded so far and is the version that writers compare.
    Money fields are what is held now, in the order's one currency. `late_from` is the end of the
    window that was promised first, once the buyer agreed to a later one; `earlier_delays` are
    those that ended with a deferral and still count. `pay_until` is None while
    the deposit cannot be paid yet. `promise_reason` is that of the window given at the reservation
    or on resuming, by which the promise is judged; `revised_reason` that of a newer one.
    `pauses_seen` is the last pause of the sale whose time was given back.
    """

    buyer_id: BuyerId
    order_id: OrderId
    queue_id: QueueId
    rank: int
    stage: Stage
    sequence: int
    terms_hash: TermsHash
    catalogue_hash: CatalogueHash
    language: str
    acknowledged: tuple[str, ...]
    configuration: Configuration
    price: Money
    deposit: Money
    promise: Window
    binding_promise: Window
    reserved_at: Instant
    changed_at: Instant
    pay_until: Instant | None
    payments: tuple[Payment, ...]

    deposit_paid: Money
    balance_paid: Money
    charged_back: Money

    deposited_at: Instant | None = None
    cooling_off_ends: Instant | None = None
    lock: LockFact | None = None
    deferral: DeferralAgreement | None = None
    deferral_request: DeferralRequest | None = None
    deferrals_used: int = 0
    deferrals_agreed: int = 0
    deferral_ended_at: Instant | None = None
    promises: tuple[AppliedPromise, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    proposals: tuple[Agreement, ...] = ()
    agreements_proposed: int = 0
    price_reduction: Money | None = None
    terms_offer: TermsOffer | None = None
    changes: tuple[WaitingChange, ...] = ()
    slot: Slot | None = None
    car: BuiltCar | None = None
    tender: TenderFact | None = None
    tenders: int = 0
    inspection: InspectionFact | None = None
    balance_demand: BalanceDemand | None = None
    demands: tuple[DemandFact, ...] = ()
    delivery_demand: DeliveryDemand | None = None
    breaches: tuple[Breach, ...] = ()
    approvals: tuple[Approval, ...] = ()
    contested: ContestedCancellation | None = None
    statement: Statement | None = None
    payouts: tuple[Payout, ...] = ()
    surplus_payment_ids: tuple[str, ...] = ()
    forfeiture: ForfeitureFact | None = None
    cases: tuple[CaseFact, ...] = ()
    evidence: tuple[EvidenceFact, ...] = ()
    reminded: tuple[str, ...] = ()
    handed_over_at: Instant | None = None
    closed_at: Instant | None = None
    losses: tuple[LossFact, ...] = ()
    finance_declined_at: Instant | None = None
    fleet: Fleet | None = None
    resold_for: Money | None = None
    attribution: Attribution | None = None
    benefits: tuple[OrderBenefit, ...] = ()
    code_id: CodeId | None = None
    delays: tuple[DelayNotice, ...] = ()
    late_from: Instant | None = None
    earlier_delays: tuple[EarlierDelay, ...] = ()
    is_earlier_allowed: bool = False
    overtaken: tuple[Overtaking, ...] = ()
    unit: UnitFact | None = None
    person: str | None = None
    promise_reason: PromiseReason | None = None
    revised_reason: PromiseReason | None = None
    refused_cars: tuple[RefusedCar, ...] = ()
    held_cars: tuple[str, ...] = ()
    freed_slots: tuple[Slot, ...] = ()
    pauses_seen: int = 0
    centre_id: CentreId | None = None
    preparation: PreparationFact | None = None

    @property
    def deposit_account(self) -> Account:
        """Where the deposit stands in the books: free to take back, or committed by the lock."""
        return Account.CUSTOMER_DEPOSITS if self.lock is None else Account.COMMITTED_DEPOSITS

    @property
    def balance_due(self) -> Money:
        """What of the price is still to be paid, with the deposit credited."""
        return self.price - self.deposit_paid - self.balance_paid

    @property
    def open_case(self) -> CaseFact | None:
        """The first dispute that is not closed."""
        return next((case for case in self.cases if case.is_open), None)

    @property
    def loss_kept(self) -> Money | None:
        """What the seller of a cancelled order kept for its loss, before any resale."""
        assert self.statement is not None, "a cancelled order is settled"
        kept = self.statement.sum_of(LineKind.LOSS_KEPT)
        return kept if kept.is_positive else None

    @property
    def open_delay(self) -> DelayNotice | None:
        """The announced delay that the buyer can still answer.

        It is over once the order binds the seller to a window as late. One that was open when the
        buyer deferred is kept: of it only leaving is left.
        """
        last = self.delays[-1] if self.delays else None
        if last is None or last.is_kept or not last.is_unanswered or self.deferral is not None:
            return self.kept_delay
        is_later = last.is_indefinite or last.promise.ends > self.binding_promise.ends
        return last if is_later else self.kept_delay

    @property
    def kept_delay(self) -> DelayNotice | None:
        """The announced delay for which a buyer who deferred may still leave."""
        kept = (each for each in reversed(self.delays) if each.is_kept and each.is_unanswered)
        return next(kept, None)

    def delays_ended(
        self, at: Instant, *, counting: bool, keeping: int | None = None
    ) -> tuple[DelayNotice, ...]:
        """Its delays when another window takes their place.

        Not `counting` when that window is a new beginning, so that the next delay is a first one.
        `keeping` is the number of one that stays open through a deferral, as those kept before do.
        """
        return tuple(
            each.as_kept()
            if each.number == keeping
            else each
            if each.is_kept
            else msgspec.structs.replace(
                each,
                ended_at=at if each.is_unanswered else each.ended_at,
                counts=each.counts and counting,
            )
            for each in self.delays
        )

    def agreement_open(self, at: Instant) -> bool:
        """Whether a deferral in force stops every demand, expiry and forfeiture (DESIGN 3)."""
        return self.deferral is not None and self.deferral.is_open(at)

    def cooling_off_running(self, at: Instant) -> bool:
        """Whether the buyer may still withdraw freely; it begins with the deposit, not before."""
        return self.cooling_off_ends is None or at < self.cooling_off_ends

    def demands_met(self, *grounds: Ground) -> tuple[DemandFact, ...]:
        """The seller's demands after the buyer did what those on these grounds asked."""
        return tuple(each.as_met() if each.ground in grounds else each for each in self.demands)

    def case(self, number: int) -> CaseFact | None:
        """The dispute with this number."""
        return next((case for case in self.cases if case.number == number), None)

    def piece(self, number: int | None) -> EvidenceFact | None:
        """The piece of evidence with this number."""
        return next((piece for piece in self.evidence if piece.number == number), None)

    def approved_by_another(self, ground: Ground, since: Instant, actor_id: str) -> str | None:
        """Who else than this actor approved an end on this ground, at or after an instant."""
        return next(
            (
                each.staff_id
                for each in self.approvals
                if each.ground is ground
                and each.at >= since
                and is_another_person(each.staff_id, actor_id)
            ),
            None,
        )

    def agreement(self, number: int) -> Agreement | None:
        """The side agreement with this number, if it was made."""
        return next((each for each in self.agreements if each.number == number), None)

    def proposal(self, number: int) -> Agreement | None:
        """The proposed agreement with this number, while it waits for an answer."""
        return next((each for each in self.proposals if each.number == number), None)

    def change(self, number: int) -> WaitingChange | None:
        """The change while waiting with this number."""
        return next((each for each in self.changes if each.number == number), None)

    def payment(self, number: int) -> Payment | None:
        """The payment with this number."""
        return next((payment for payment in self.payments if payment.number == number), None)

    def payout(self, number: int) -> Payout | None:
        """The payout with this number."""
        return next((payout for payout in self.payouts if payout.number == number), None)

    def demand(self, number: int) -> DemandFact | None:
        """The seller's demand with this number."""
        return next((demand for demand in self.demands if demand.number == number), None)


def changed(order: Order, at: Instant, **fields: object) -> Order:
    """The order with some fields replaced by one event: its sequence grows by one."""
    return msgspec.structs.replace(order, sequence=order.sequence + 1, changed_at=at, **fields)
