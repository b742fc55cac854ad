"""An order as the API shows it: every fact beside the stage, nothing about who approved what.

Not here: reading it (`orders.py`). This is the output half of those routes.
"""

from __future__ import annotations

import msgspec

from earnest.core.cases.case import CaseFact
from earnest.core.catalogue.configuration import Configuration
from earnest.core.launch.attribution import Attribution
from earnest.core.order.benefiting import BenefitStanding, standings
from earnest.core.order.parts import (
    BalanceDemand,
    Breach,
    BuiltCar,
    ContestedCancellation,
    DeliveryDemand,
    DemandFact,
    InspectionFact,
    LockFact,
    LossFact,
    LossItem,
    LossSide,
    Payment,
    Payout,
    PayoutKind,
    PayoutState,
    PreparationFact,
    Slot,
    TenderFact,
)
from earnest.core.order.parts_of_deferral import DeferralRequest, EarlierDelay
from earnest.core.order.parts_of_launch import UnitFact
from earnest.core.order.parts_of_planning import DelayNotice, Overtaking
from earnest.core.order.preparing import preparation_of
from earnest.core.order.stage import ALIVE, DEFERRABLE, Stage
from earnest.core.order.state import Order
from earnest.core.plan.promise import PromiseReason
from earnest.core.settlement.position import Fleet
from earnest.core.terms.agreement import DeferralAgreement
from earnest.core.values.ids import BuyerId, CatalogueHash, CentreId, OrderId, QueueId, TermsHash
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money, nothing


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """An order in a list."""

    order_id: OrderId
    buyer_id: BuyerId
    queue_id: QueueId
    rank: int
    stage: Stage
    sequence: int
    catalogue_hash: CatalogueHash
    configuration: Configuration
    price: Money
    promise: Window
    reserved_at: Instant
    changed_at: Instant
    vin: str | None


def order_line(order: Order) -> OrderLine:
    """The order's line in a list."""
    return OrderLine(
        order_id=order.order_id,
        buyer_id=order.buyer_id,
        queue_id=order.queue_id,
        rank=order.rank,
        stage=order.stage,
        sequence=order.sequence,
        catalogue_hash=order.catalogue_hash,
        configuration=order.configuration,
        price=order.price,
        promise=order.promise,
        reserved_at=order.reserved_at,
        changed_at=order.changed_at,
        vin=None if order.car is None else order.car.vin,
    )


class PayoutShown(msgspec.Struct, frozen=True, kw_only=True):
    """A sum on its way to the buyer. One that awaits release needs a second person by then."""

    payout_number: int
    kind: PayoutKind
    amount: Money
    state: PayoutState
    due_at: Instant
    payment_number: int
    release_due_at: Instant | None


def payout_shown(payout: Payout) -> PayoutShown:
    """The payout without the name of who fixed it."""
    return PayoutShown(
        payout_number=payout.number,
        kind=payout.kind,
        amount=payout.amount,
        state=payout.state,
        due_at=payout.due_at,
        payment_number=payout.payment_number,
        release_due_at=payout.release_due_at,
    )


class LossShown(msgspec.Struct, frozen=True, kw_only=True):
    """A documented loss of either side. It counts once a second person has checked it."""

    number: int
    side: LossSide
    item: LossItem
    amount: Money
    evidence: str
    counts: bool


def loss_shown(loss: LossFact) -> LossShown:
    """The loss without the names of who documented and who checked it."""
    return LossShown(
        number=loss.number,
        side=loss.side,
        item=loss.item,
        amount=loss.amount,
        evidence=loss.evidence,
        counts=loss.approved_by is not None,
    )


class OrderShown(msgspec.Struct, frozen=True, kw_only=True):
    """One buyer's order. What does not apply is null or empty; money is in minor units.

    `promise` is the window shown last; `binding_promise` is the one by which lateness is judged.
    `pay_until` is null while the deposit cannot be paid yet: the order waits for a unit of the
    edition, or the provider has to open the payment first.
    `open_delay` is the announced delay that the buyer can still answer; `earlier_delays` ended
    with a deferral, and their days still count.
    `deferral_answer_until` is until when the maker has to answer the `deferral_request`.
    `balance_due` is what of the price is still to be paid; nobody asks for it before inspection.
    `centre_id` is the delivery centre that was chosen, `preparation` what it saw of this car.
    """

    order_id: OrderId
    buyer_id: BuyerId
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
    deposit_paid: Money
    balance_paid: Money
    balance_due: Money
    promise: Window
    binding_promise: Window
    reserved_at: Instant
    changed_at: Instant
    pay_until: Instant | None
    unit: UnitFact | None
    payments: tuple[Payment, ...]
    payouts: tuple[PayoutShown, ...]
    cooling_off_ends: Instant | None
    lock: LockFact | None
    deferral: DeferralAgreement | None
    deferral_request: DeferralRequest | None
    deferral_answer_until: Instant | None
    slot: Slot | None
    car: BuiltCar | None
    tender: TenderFact | None
    inspection: InspectionFact | None
    balance_demand: BalanceDemand | None
    demands: tuple[DemandFact, ...]
    delivery_demand: DeliveryDemand | None
    breaches: tuple[Breach, ...]
    contested: ContestedCancellation | None
    cases: tuple[CaseFact, ...]
    losses: tuple[LossShown, ...]
    fleet: Fleet | None
    finance_declined_at: Instant | None
    resold_for: Money | None
    handed_over_at: Instant | None
    closed_at: Instant | None
    promise_reason: PromiseReason | None
    delays: tuple[DelayNotice, ...]
    open_delay: DelayNotice | None
    earlier_delays: tuple[EarlierDelay, ...]
    is_earlier_allowed: bool
    overtaken: tuple[Overtaking, ...]
    attribution: Attribution | None
    benefits: tuple[BenefitStanding, ...]
    centre_id: CentreId | None
    preparation: PreparationFact | None


_SAME = frozenset(OrderShown.__struct_fields__) - {
    *("payouts", "balance_due", "losses", "benefits", "promise_reason", "preparation"),
    "deferral_answer_until",
}


def _answer_until(order: Order) -> Instant | None:
    request = order.deferral_request
    return None if request is None or order.stage not in DEFERRABLE else request.answer_until


def order_shown(order: Order, now: Instant) -> OrderShown:
    """Everything about the order that its readers may see; benefits as they stand now."""
    same = {name: getattr(order, name) for name in _SAME}
    return OrderShown(
        # Nothing is to be paid for a car that was handed over, or will not be.
        balance_due=order.balance_due if order.stage in ALIVE else nothing(order.price.currency),
        promise_reason=order.revised_reason or order.promise_reason,
        deferral_answer_until=_answer_until(order),
        payouts=tuple(payout_shown(payout) for payout in order.payouts),
        losses=tuple(loss_shown(loss) for loss in order.losses),
        benefits=standings(order, now),
        preparation=preparation_of(order),
        **same,
    )
