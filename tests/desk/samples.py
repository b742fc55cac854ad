"""One event of every kind, and of every occasion that needs words of its own.

The instants lie in November 2026; the order's zone in tests is Asia/Shanghai, eight hours ahead.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from earnest.core.cases.evidence import EvidenceKind, MediaType
from earnest.core.cases.notice import BALANCE_DEMAND, Means
from earnest.core.catalogue.configuration import Configuration
from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Posting
from earnest.core.order import events as happened
from earnest.core.order import events_of_agreements as agreed
from earnest.core.order import events_of_delivery as delivering
from earnest.core.order import parts
from earnest.core.order.parts_of_agreements import (
    ChangeChoice,
    ChangeKind,
    Switch,
    WaitingChange,
)
from earnest.core.order.parts_of_deferral import EarlierDelay, KeptRights
from earnest.core.order.passing import OVERTAKINGS
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.statement import Line, LineKind, Statement
from earnest.core.terms.agreement import (
    Agreement,
    AppliedPromise,
    DeferralAgreement,
    Origin,
    Party,
    PublicPromise,
)
from earnest.core.terms.override import Override, OverrideField
from earnest.core.terms.version import Acknowledgement
from earnest.core.timers import DeadlineKind
from earnest.core.values.ids import (
    BuyerId,
    CatalogueHash,
    CentreId,
    OrderId,
    QueueId,
    TermsHash,
    Vin,
)
from earnest.core.values.instant import Window
from earnest.core.values.money import Money

SHANGHAI = "Asia/Shanghai"
ZONE = ZoneInfo(SHANGHAI)
AT = datetime(2026, 11, 22, 7, 24, 33, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 29, 16, 0, tzinfo=UTC)
"""The local midnight that ends 29 November in Shanghai."""
LATER = datetime(2026, 11, 29, 7, 24, 33, tzinfo=UTC)
PROMISE = Window(datetime(2027, 1, 3, 7, 24, tzinfo=UTC), datetime(2027, 2, 14, 7, 24, tzinfo=UTC))
APPOINTMENT = Window(
    datetime(2026, 11, 29, 2, 0, tzinfo=UTC), datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
)
BUYER = BuyerId("BUYER00000000001")
ORDER = OrderId("0RDER00000000001")
VIN = Vin("LSJ0000080X000001")
DEPOSIT = Money(500_000, "CNY")
PRICE = Money(31_890_000, "CNY")
BALANCE = Money(31_390_000, "CNY")
CONFIGURATION = Configuration("s7-max", ("paint-aqua",))
ACKNOWLEDGED = Acknowledgement(clause_id="lock_effect", text_hash="0" * 64, language="en", at=AT)


def line(kind: LineKind, debit: Account, credit: Account) -> Line:
    """A line that moves a deposit's worth between two accounts."""
    return Line(kind=kind, rule="CN-17", posting=Posting(debit, credit, DEPOSIT))


REFUNDED = line(LineKind.DEPOSIT_REFUNDED, Account.CUSTOMER_DEPOSITS, Account.OWED_TO_BUYERS)
RETURNED = line(LineKind.EARNEST_RETURNED, Account.COMMITTED_DEPOSITS, Account.OWED_TO_BUYERS)
DOUBLED = line(LineKind.EARNEST_DOUBLED, Account.DOUBLE_RETURN_EXPENSE, Account.OWED_TO_BUYERS)
FORFEITED = line(
    LineKind.EARNEST_FORFEITED, Account.COMMITTED_DEPOSITS, Account.FORFEITURES_UNRELEASED
)
EXCESS = line(LineKind.EXCESS_REFUNDED, Account.COMMITTED_DEPOSITS, Account.OWED_TO_BUYERS)
FEE = line(LineKind.FEE_KEPT, Account.COMMITTED_DEPOSITS, Account.FEE_INCOME)
SET_OFF = line(LineKind.ALREADY_CHARGED_BACK, Account.OWED_TO_BUYERS, Account.CHARGEBACKS)


def payout(number: int = 1) -> parts.Payout:
    """A refund of the deposit, due by the end of 29 November."""
    return parts.Payout(
        number=number,
        kind=parts.PayoutKind.REFUND,
        amount=DEPOSIT,
        due_at=MIDNIGHT,
        state=parts.PayoutState.DUE,
        payment_number=1,
    )


def settlement(*lines: Line, ground: Ground = Ground.BUYER_WISH) -> happened.SettlementFixed:
    """A settlement with these lines."""
    return happened.SettlementFixed(
        at=AT,
        statement=Statement(ground=ground, currency="CNY", lines=lines),
        payouts=(payout(),),
        fixed_by="buyer:BUYER00000000001",
        release_due_at=MIDNIGHT,
    )


def surplus(why: str) -> happened.SurplusReceived:
    """A deposit's worth of money that is not owed."""
    return happened.SurplusReceived(
        at=AT,
        payment_number=1,
        amount=DEPOSIT,
        paid_at=AT,
        provider="sandbox",
        provider_payment_id="p1",
        why=why,
        payout=payout(),
    )


def inspected(
    result: parts.InspectionResult, remedy: parts.Remedy | None = None, *remarks: str
) -> happened.Inspected:
    """A joint inspection with this result."""
    return happened.Inspected(
        at=AT,
        tender_number=1,
        result=result,
        checklist=(parts.ChecklistItem(item="paint", in_order=not remarks),),
        remarks=remarks,
        confirmed_by="buyer:BUYER00000000001",
        remedy=remedy,
    )


def prepared(*, in_order: bool) -> delivering.Prepared:
    """A look of the centre at the car, with this finding."""
    found = parts.ChecklistItem(item="paint", in_order=in_order, remark="" if in_order else "Dust.")
    return delivering.Prepared(at=AT, vin=VIN, checklist=(found,), documents=("keys",))


def demanded(ground: Ground) -> happened.PerformanceDemanded:
    """A seller's demand on this ground."""
    return happened.PerformanceDemanded(at=AT, number=1, ground=ground, cure_days=14)


def contested(*breaches: parts.BreachKind) -> happened.CancellationContested:
    """A seller's cancellation without demand and second person."""
    return happened.CancellationContested(
        at=AT,
        ground=Ground.BALANCE_DEFAULT,
        missing=("agreement_open", "demand", "second_person"),
        breaches=breaches,
    )


def force_majeure(declared_by: str) -> happened.TerminatedForForceMajeure:
    """An end for an event beyond both sides."""
    return happened.TerminatedForForceMajeure(
        at=AT, declared_by=declared_by, occurred_at=AT, proof="flood report"
    )


RESERVED = happened.Reserved(
    at=AT,
    buyer_id=BUYER,
    order_id=ORDER,
    queue_id=QueueId("s7-cn"),
    rank=4711,
    terms_hash=TermsHash("t"),
    catalogue_hash=CatalogueHash("c"),
    language="zh-Hans",
    acknowledgements=(ACKNOWLEDGED,),
    configuration=CONFIGURATION,
    price=PRICE,
    deposit=DEPOSIT,
    promise=PROMISE,
    pay_until=LATER,
)
DEPOSITED = happened.DepositReceived(
    at=AT,
    payment_number=1,
    amount=DEPOSIT,
    paid_at=AT,
    provider="sandbox",
    provider_payment_id="p1",
    cooling_off_ends=LATER,
)
REVISED = happened.PromiseRevised(at=AT, promise=PROMISE, cause="A paint line\nstands still.")
DEMANDED = happened.BalanceDemanded(at=AT, tender_number=1, amount=BALANCE, due_days=7)
DATED = happened.BalanceDemanded(at=AT, tender_number=1, amount=BALANCE, due_at=MIDNIGHT)
CONTESTED = contested(
    parts.BreachKind.CANCELLED_WITHOUT_GROUND, parts.BreachKind.ACTED_AGAINST_AGREEMENT
)

_MAIN_PATH: tuple[happened.Event, ...] = (
    RESERVED,
    DEPOSITED,
    happened.Lapsed(at=AT),
    happened.Reinstated(at=AT),
    happened.ClauseAcknowledged(at=AT, acknowledgement=ACKNOWLEDGED),
    happened.Locked(at=AT, mode=parts.LockMode.AT_EXPIRY, deposit=DEPOSIT, undo_until=None),
    happened.Locked(at=AT, mode=parts.LockMode.EARLY, deposit=DEPOSIT, undo_until=LATER),
    happened.LockUndone(at=AT, deposit=DEPOSIT, cooling_off_ends=LATER),
    happened.ConfigurationChanged(
        at=AT, configuration=CONFIGURATION, price=PRICE, previous_price=BALANCE
    ),
    happened.ConfigurationChanged(
        at=AT, configuration=CONFIGURATION, price=PRICE, previous_price=PRICE
    ),
    happened.DeferralRequested(at=AT, valid_until=MIDNIGHT),
    happened.DeferralDeclined(at=AT, explanation=""),
    happened.DeferralDeclined(at=AT, explanation="", cure_until=MIDNIGHT),
    happened.DeferralTakenBack(at=AT),
    happened.DeferralTakenBack(at=AT, cure_until=MIDNIGHT),
    happened.DeferralUnanswered(at=AT),
    happened.DeferralUnanswered(at=AT, cure_until=MIDNIGHT),
    happened.Deferred(
        at=AT,
        agreement=DeferralAgreement(
            number=1, agreed_at=AT, valid_until=MIDNIGHT, origin=Origin.SITE
        ),
        counts_as_free=True,
    ),
    happened.Deferred(
        at=AT,
        agreement=DeferralAgreement(
            number=1, agreed_at=AT, valid_until=MIDNIGHT, origin=Origin.SITE
        ),
        counts_as_free=True,
        kept=KeptRights(delay=EarlierDelay(promised=AT, until=AT, days=3)),
    ),
    happened.Resumed(at=AT, promise=PROMISE),
    happened.DeferralEnded(at=AT),
    happened.Scheduled(at=AT, slot=parts.Slot(plant="Beijing", week="2027-W02")),
    happened.Rescheduled(
        at=AT, slot=parts.Slot(plant="Beijing", week="2027-W03"), cause="A supplier is late."
    ),
    REVISED,
    happened.Built(at=AT, vin=VIN, configuration=CONFIGURATION),
    happened.Shipped(at=AT, destination="Haikou centre"),
    happened.Tendered(
        at=AT, tender_number=1, vin=VIN, place="Haikou centre", appointments=(APPOINTMENT,)
    ),
    happened.AppointmentBooked(at=AT, appointment=APPOINTMENT),
    delivering.CentreChosen(at=AT, centre_id=CentreId("haikou-longhua")),
    prepared(in_order=True),
    prepared(in_order=False),
    happened.AppointmentMissed(at=AT, appointment=APPOINTMENT),
    inspected(parts.InspectionResult.ACCEPTED),
    inspected(parts.InspectionResult.ACCEPTED_WITH_REMARKS, None, "A scratch."),
    inspected(parts.InspectionResult.REFUSED, parts.Remedy.REPAIR, "The door is dented."),
    inspected(parts.InspectionResult.REFUSED, parts.Remedy.ANOTHER_CAR, "Wrong paint."),
    DEMANDED,
    DATED,
    happened.PaymentRequested(
        at=AT, payment_number=2, purpose=parts.Purpose.BALANCE, amount=BALANCE
    ),
    happened.PaymentRequested(
        at=AT,
        payment_number=2,
        purpose=parts.Purpose.BALANCE,
        amount=BALANCE,
        balance_due_at=MIDNIGHT,
    ),
    happened.BalanceReceived(
        at=AT,
        payment_number=2,
        amount=Money(10_000_000, "CNY"),
        paid_at=AT,
        provider="sandbox",
        provider_payment_id="p2",
        outstanding=Money(21_390_000, "CNY"),
    ),
    happened.BalanceReceived(
        at=AT,
        payment_number=3,
        amount=Money(21_390_000, "CNY"),
        paid_at=AT,
        provider="sandbox",
        provider_payment_id="p3",
        outstanding=Money(0, "CNY"),
    ),
    happened.HandedOver(
        at=AT,
        vin=VIN,
        documents=("invoice",),
        signatures=("signed",),
        deposit=DEPOSIT,
        balance_paid=BALANCE,
    ),
    happened.Closed(at=AT),
)

_BESIDE_AND_EXITS: tuple[happened.Event, ...] = (
    *(
        surplus(why)
        for why in ("paid_twice", "order_over", "amount_differs", "paid_too_late", "more_than_due")
    ),
    happened.Withdrawn(at=AT),
    demanded(Ground.BALANCE_DEFAULT),
    demanded(Ground.COLLECTION_DEFAULT),
    demanded(Ground.DEFERRAL_SILENCE),
    happened.NoticeDelivered(
        at=AT, demand_number=1, delivered_at=AT, proof="receipt", cure_until=MIDNIGHT
    ),
    happened.NoticeDelivered(
        at=AT,
        demand_number=1,
        delivered_at=AT,
        proof="opened",
        cure_until=MIDNIGHT,
        means=Means.IN_APP,
    ),
    *(
        happened.NoticeDelivered(
            at=AT,
            demand_number=BALANCE_DEMAND,
            delivered_at=AT,
            proof="receipt",
            cure_until=MIDNIGHT,
            means=means,
        )
        for means in (Means.IN_APP, Means.SMS)
    ),
    happened.CancelledByBuyer(at=AT, ground=Ground.BUYER_WISH, explanation="I moved."),
    happened.CancellationApproved(
        at=AT, ground=Ground.BALANCE_DEFAULT, staff_id="staff:STAFF00000000002"
    ),
    happened.CancelledBySeller(
        at=AT,
        ground=Ground.BALANCE_DEFAULT,
        demand_number=1,
        approved_by="staff:STAFF00000000002",
    ),
    contested(parts.BreachKind.CANCELLED_WITHOUT_GROUND),
    CONTESTED,
    happened.CancellationRevoked(at=AT),
    happened.PerformanceRefused(at=AT, explanation="The model is discontinued."),
    happened.DeliveryDemanded(at=AT, cure_until=MIDNIGHT),
    happened.TerminatedByBuyer(at=AT, ground=Ground.BREACHED_AGREEMENT),
    force_majeure("buyer:BUYER00000000001"),
    force_majeure("staff:STAFF00000000001"),
    settlement(),
    settlement(REFUNDED),
    settlement(RETURNED, DOUBLED),
    settlement(FORFEITED),
    settlement(FORFEITED, EXCESS),
    settlement(FEE),
    settlement(FEE, EXCESS),
    settlement(REFUNDED, SET_OFF),
    happened.PayoutReleased(at=AT, payout_number=1, staff_id="staff:STAFF00000000002"),
    happened.ForfeitureReleased(at=AT, amount=DEPOSIT, staff_id="staff:STAFF00000000002"),
    happened.PayoutPaid(at=AT, payout_number=1, amount=DEPOSIT, provider_reference="re_1"),
    happened.PayoutUnknown(at=AT, payout_number=1, explanation="no answer"),
    happened.PayoutFailed(at=AT, payout_number=1, explanation="account closed", next_attempt=2),
    happened.ChargebackReceived(at=AT, payment_number=1, amount=DEPOSIT, provider_reference="cb_1"),
    happened.CaseOpened(at=AT, number=1, subject="contested_cancellation"),
    happened.CaseOpened(at=AT, number=2, subject="chargeback"),
    happened.CaseOpened(at=AT, number=3, subject="The colour is wrong."),
    happened.EvidenceAdded(
        at=AT,
        number=1,
        case_number=3,
        evidence_kind=EvidenceKind.PHOTO,
        digest="0" * 64,
        media_type=MediaType.JPEG,
        size_bytes=1_000,
        description="The door, in the sun.",
        added_by=f"buyer:{BUYER}",
    ),
    happened.CaseAnswered(
        at=AT, number=3, answer="We repaint it.", answered_by="staff:STAFF00000000001"
    ),
    *(
        happened.CaseClosed(
            at=AT, number=3, outcome=outcome, reasons=reasons, decided_by="staff:STAFF00000000002"
        )
        for outcome, reasons in (("Repainted", ""), ("for_buyer", "It is red."), ("withdrawn", ""))
    ),
    *(happened.Reminded(at=AT, subject=kind, due_at=MIDNIGHT) for kind in DeadlineKind),
    happened.Reminded(at=AT, subject=OVERTAKINGS, due_at=AT),
)

AGREEMENT = Agreement(
    number=1,
    origin=Origin.CHAT,
    overrides=(
        Override(OverrideField.BALANCE_DUE_DAYS, 21),
        Override(OverrideField.LATE_DELIVERY_PER_DAY, Money(20_000, "CNY")),
        Override(OverrideField.FORFEITURE_WAIVED, value=True),
        Override(OverrideField.DELIVERY_UNTIL, MIDNIGHT),
    ),
    text="Take three\nweeks",
    valid_from=AT,
    valid_until=None,
    proposed_by=Party.SELLER,
    proposed_at=AT,
    staff_id="staff:STAFF00000000001",
    seller_accepted_at=AT,
)
PROMISED = AppliedPromise(
    number=1,
    applied_at=AT,
    promise=PublicPromise(
        promise_id="spring",
        queue_id=QueueId("s7-cn"),
        overrides=(Override(OverrideField.LATE_DELIVERY_PER_DAY, Money(20_000, "CNY")),),
        text="200 yuan for each day we are late.",
        source="https://maker.example/spring",
        valid_from=AT,
        valid_until=MIDNIGHT,
        published_at=AT,
        published_by="staff:STAFF00000000001",
    ),
)

_AGREED: tuple[happened.Event, ...] = (
    agreed.AgreementProposed(at=AT, agreement=AGREEMENT),
    agreed.AgreementMade(at=AT, agreement=AGREEMENT),
    agreed.AgreementDeclined(at=AT, number=1, by=Party.SELLER, explanation="I moved."),
    agreed.PublicPromisesApplied(at=AT, promises=(PROMISED,)),
    agreed.TermsOffered(at=AT, terms_hash=TermsHash("n"), version="2027-01", worse=()),
    agreed.TermsOffered(
        at=AT, terms_hash=TermsHash("n"), version="2027-01", worse=("refund_days",)
    ),
    agreed.TermsAccepted(
        at=AT,
        terms_hash=TermsHash("n"),
        version="2027-01",
        previous_terms_hash=TermsHash("t"),
        acknowledgements=(ACKNOWLEDGED,),
        cooling_off_ends=None,
    ),
    agreed.TermsDeclined(at=AT, terms_hash=TermsHash("n")),
    agreed.PriceLowered(
        at=AT, price=BALANCE, previous_price=PRICE, reduction=DEPOSIT, cause="agreement 1"
    ),
)

SWITCH = Switch(
    configuration=CONFIGURATION,
    price=BALANCE,
    reduction=DEPOSIT,
    catalogue_hash=CatalogueHash("c"),
    promise=PROMISE,
)


def announced(kind: ChangeKind) -> agreed.ChangeAnnounced:
    """A change of this kind, with something to switch to."""
    change = WaitingChange(
        number=1,
        change=kind,
        explanation="A new battery",
        announced_at=AT,
        answer_until=MIDNIGHT,
        switch=SWITCH,
    )
    return agreed.ChangeAnnounced(at=AT, change=change)


_CHANGED: tuple[happened.Event, ...] = (
    *(announced(kind) for kind in ChangeKind),
    *(agreed.ChangeAnswered(at=AT, number=1, choice=choice) for choice in ChangeChoice),
    agreed.Switched(at=AT, number=1, switch=SWITCH, previous_price=PRICE),
    agreed.ChangeUnanswered(at=AT, number=1),
)

BUT_SETTLING = _MAIN_PATH + _BESIDE_AND_EXITS + _AGREED + _CHANGED
"""At least one event of each kind, but for those of `samples_settling.py`."""
