"""What must be true of every life, whatever was asked: judged from its events and its money.

The judge trusts the order as little as it can. It keeps its own account of what happened, from
the events and from what the provider knows, and compares.

Not here: making lives (`lives.py`, `goals.py`, `nonsense.py`) and the laws of exits (`ends.py`).
"""

from __future__ import annotations

import operator
from collections import Counter
from datetime import timedelta
from functools import reduce

import msgspec

from earnest.core.bookkeeping import entry
from earnest.core.cases.notice import BALANCE_DEMAND
from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import account_balances, natural_account_balance
from earnest.core.order import events as happened
from earnest.core.order.allot import holds_unit, waits_for_unit
from earnest.core.order.benefiting import Standing, standings
from earnest.core.order.delay import BEFORE_SHIPPING
from earnest.core.order.events import EVENTS, Event
from earnest.core.order.events_of_agreements import PriceLowered, Switched, TermsAccepted
from earnest.core.order.events_of_launch import BenefitDelivered
from earnest.core.order.evolve import evolve, fold
from earnest.core.order.lateness import is_late, late_in_vain
from earnest.core.order.parts import InspectionResult, LockMode, PayoutState
from earnest.core.order.parts_of_planning import DelayNotice
from earnest.core.order.stage import ALIVE, Stage
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.terms.policy import LEAST_CURE_DAYS
from earnest.core.terms.version import LOCK_CLAUSE
from earnest.core.timers import DeadlineKind, deadlines
from earnest.core.values.instant import Instant
from tests.core.laws.lives import Happening, Life

LIABILITIES = (
    Account.CUSTOMER_DEPOSITS,
    Account.COMMITTED_DEPOSITS,
    Account.CUSTOMER_BALANCES,
    Account.OWED_TO_BUYERS,
    Account.FORFEITURES_UNRELEASED,
)
"""What the seller owes or holds. No event of any life makes one of these negative."""

_PRODUCTION = (
    happened.Scheduled,
    happened.Rescheduled,
    happened.Built,
    happened.Shipped,
    happened.Tendered,
)

_OVER = (
    happened.DeferralDeclined,
    happened.DeferralTakenBack,
    happened.DeferralUnanswered,
)

_decode_events = msgspec.json.Decoder(list[reduce(operator.or_, EVENTS)]).decode  # type: ignore[misc]  # the union of all events is made while the program runs
_decode_order = msgspec.json.Decoder(Order).decode


class LawBroken(AssertionError):
    """A life in which something happened that must never happen."""


def law(sentence: str, *, holds: bool) -> None:
    """Say which law is broken, if it is."""
    if not holds:
        raise LawBroken(sentence)


class Record:
    """What the judge remembers of a life, taken from its events alone."""

    def __init__(self) -> None:
        self.tendered: int | None = None
        self.passed: int | None = None
        self.agreement_until: Instant | None = None
        self.asked_at: Instant | None = None
        self.acknowledged: set[str] = set()
        self.demands: dict[int, happened.PerformanceDemanded] = {}
        self.notices: dict[int, happened.NoticeDelivered] = {}
        self.balance_days = 0
        self.balance_due_at: Instant | None = None
        self.approvals: list[happened.CancellationApproved] = []
        self.breaches: set[str] = set()
        self.delivery_until: Instant | None = None
        self.delay: DelayNotice | None = None
        self.fixed: happened.SettlementFixed | None = None
        self.paid_out = 0
        self.charged_back = 0
        self.balances: Counter[Account] = Counter()

    def deferred_at(self, at: Instant) -> bool:
        """Whether an agreement is in force."""
        return self.agreement_until is not None and at < self.agreement_until


def judge_event(record: Record, event: Event, before: Order | None) -> None:
    """The laws about single events on the way to the handover."""
    if isinstance(event, _PRODUCTION):
        law("nothing is built while deferred", holds=record.agreement_until is None)
    match event:
        case happened.Reserved():
            record.acknowledged = {each.clause_id for each in event.acknowledgements}
        case Switched():
            record.tendered = record.passed = None
        case TermsAccepted():
            record.acknowledged = {each.clause_id for each in event.acknowledgements}
        case happened.ClauseAcknowledged():
            record.acknowledged.add(event.acknowledgement.clause_id)
        case happened.Locked(mode=mode, at=at):
            assert before is not None
            assert before.cooling_off_ends is not None
            early = mode is LockMode.EARLY
            agreed = LOCK_CLAUSE in record.acknowledged
            law("an early lock is acknowledged on its own", holds=agreed or not early)
            over = at >= before.cooling_off_ends
            law("only the buyer's own act ends the cooling-off early", holds=over or early)
        case BenefitDelivered(benefit_id=benefit_id, at=at):
            assert before is not None
            found = {x.benefit.benefit_id: x.standing for x in standings(before, at)}
            law("only what is owed is delivered", holds=found[benefit_id] is Standing.OWED)
        case happened.Deferred():
            judge_deferral(record, event, before)
        case happened.Resumed():
            record.agreement_until = None
            record.delivery_until = event.cure_until or record.delivery_until
        case happened.Tendered():
            record.tendered, record.passed = event.tender_number, None
        case happened.Inspected():
            same = event.tender_number == record.tendered
            law("only the tendered car is inspected", holds=same)
            law("the buyer confirmed the inspection", holds=bool(event.confirmed_by))
            refused = event.result is InspectionResult.REFUSED
            record.passed = None if refused else event.tender_number
            if not refused:
                record.delivery_until = None
        case happened.BalanceDemanded():
            passed = record.passed is not None and record.passed == event.tender_number
            law("no balance is demanded before a passed inspection", holds=passed)
            record.balance_days, record.balance_due_at = event.due_days, event.due_at
            law("an agreement stops every demand", holds=not record.deferred_at(event.at))
        case happened.PaymentRequested(balance_due_at=due_at) if due_at is not None:
            judge_arrival(record, event.at, due_at)
        case happened.PaymentRequested() | happened.BalanceReceived() | happened.HandedOver():
            law("no balance moves before a passed inspection", holds=record.passed is not None)
        case _:
            judge_demand(record, event)


def judge_request(record: Record, event: Event, before: Order | None) -> None:
    """The laws about a request for a deferral: it is bounded, and its end takes nothing."""
    passed = isinstance(event, happened.Inspected) and event.result is not InspectionResult.REFUSED
    if isinstance(event, happened.DeferralRequested):
        law("one request waits for an answer", holds=record.asked_at is None)
        record.asked_at = event.at
    elif isinstance(event, _OVER):
        assert before is not None
        assert record.asked_at is not None
        after = evolve(before, event)
        same = (after.stage, after.deferral, after.slot, after.car, after.binding_promise)
        was = (before.stage, before.deferral, before.slot, before.car, before.binding_promise)
        law("a request that ends takes nothing", holds=same == was)
        for demand, earlier in zip(after.demands, before.demands, strict=True):
            if earlier.cure_until is None or earlier.met or earlier.cure_until <= record.asked_at:
                law("other demands stay as they are", holds=demand == earlier)
                continue
            assert demand.cure_until is not None
            assert earlier.notice_delivered_at is not None
            since = max(record.asked_at, earlier.notice_delivered_at)
            left = demand.cure_until - event.at >= earlier.cure_until - since - timedelta(days=1)
            law("waiting for an answer uses up no time of a demand", holds=left)
        record.asked_at = None
    elif passed or isinstance(event, happened.Deferred | happened.Resumed):
        record.asked_at = None
    elif isinstance(event, happened.Scheduled):
        law("nothing is scheduled before an answer", holds=record.asked_at is None)


def judge_deferral(record: Record, event: happened.Deferred, before: Order | None) -> None:
    """The laws about what a deferral leaves of a delay."""
    assert before is not None
    after = evolve(before, event)
    in_vain = not late_in_vain(before, event.at) or late_in_vain(after, event.at)
    law("a deferral takes no right to end the order", holds=in_vain)
    can_leave = before.open_delay is not None and before.stage in BEFORE_SHIPPING
    law("a deferral takes no right to leave", holds=after.open_delay is not None or not can_leave)
    late = is_late(before, event.at)
    counts = len(after.earlier_delays) > len(before.earlier_delays)
    whole_day = event.at >= before.binding_promise.ends + timedelta(days=2)
    law("a deferral takes no day of delay", holds=counts or not (late and whole_day))
    record.agreement_until = event.agreement.valid_until
    record.tendered = record.passed = record.delivery_until = None
    demand = after.delivery_demand
    if demand is not None and demand.in_vain_since is not None:
        record.delivery_until = demand.cure_until


def judge_arrival(record: Record, arrived_at: Instant, due_at: Instant) -> None:
    """The law about the days of a balance."""
    law("the days of a balance begin once", holds=record.balance_due_at is None)
    whole = due_at >= arrived_at + timedelta(days=record.balance_days)
    law("the days of a balance run from proven arrival", holds=whole)
    record.balance_due_at = due_at


def judge_demand(record: Record, event: Event) -> None:
    """The laws about demands, breaches and money going out."""
    match event:
        case happened.PerformanceDemanded():
            law("an agreement stops every demand", holds=not record.deferred_at(event.at))
            law("nothing is demanded before an answer", holds=record.asked_at is None)
            law("a cure period has 14 days", holds=event.cure_days >= LEAST_CURE_DAYS)
            of_balance = event.ground is Ground.BALANCE_DEFAULT
            due_at = record.balance_due_at
            over = due_at is not None and event.at >= due_at
            law("only a balance whose days ran out is in default", holds=over or not of_balance)
            record.demands[event.number] = event
        case happened.NoticeDelivered(demand_number=number) if number == BALANCE_DEMAND:
            judge_arrival(record, event.delivered_at, event.cure_until)
        case happened.NoticeDelivered():
            days = timedelta(days=record.demands[event.demand_number].cure_days)
            whole = event.cure_until >= event.delivered_at + days
            law("a cure period runs from proven delivery", holds=whole)
            record.notices[event.demand_number] = event
        case happened.CancellationApproved():
            record.approvals.append(event)
        case happened.CancellationContested():
            record.breaches.update(event.breaches)
        case happened.PerformanceRefused():
            record.breaches.add("refused_to_perform")
        case happened.DeliveryDemanded():
            record.delivery_until = event.cure_until
        case happened.PromiseRevised():
            record.delay = event.delay
        case happened.DelayAnswered(promise=promise):
            delay = record.delay
            same = promise is None or (delay is not None and promise == delay.promise)
            law("a yes is to the window that was shown", holds=same)
            record.delivery_until = None if promise is not None else record.delivery_until
        case happened.DelayUnanswered():
            until = None if record.delay is None else record.delay.answer_until
            law("an order ends unasked only after its time", holds=until is not None)
            law("silence has its whole time", holds=until is not None and event.at >= until)
        case happened.PayoutPaid():
            record.paid_out += event.amount.amount
        case happened.ChargebackReceived():
            record.charged_back += event.amount.amount
        case _:
            pass


def judge_money(record: Record, life: Life, happening: Happening) -> None:
    """The books agree with the order, and with what the provider knows."""
    for event in happening.events:
        for (account, _), amount in account_balances(entry(event)).items():
            record.balances[account] += amount
    natural = {
        account: natural_account_balance(account, record.balances[account]) for account in Account
    }
    order = happening.after
    law("every entry sums to zero", holds=sum(record.balances.values()) == 0)
    for account in LIABILITIES:
        law(f"{account} is never negative", holds=natural[account] >= 0)
    deposits = natural[Account.CUSTOMER_DEPOSITS] + natural[Account.COMMITTED_DEPOSITS]
    owed = sum(each.amount.amount for each in order.payouts if each.state is not PayoutState.PAID)
    forfeiture = order.forfeiture
    unreleased = forfeiture is not None and forfeiture.released_at is None
    kept = forfeiture.amount.amount if forfeiture is not None and unreleased else 0
    same = {
        "the deposit held is the deposit booked": (order.deposit_paid.amount, deposits),
        "where it is booked follows the lock": (
            order.deposit_paid.amount,
            natural[order.deposit_account],
        ),
        "the balance held is the balance booked": (
            order.balance_paid.amount,
            natural[Account.CUSTOMER_BALANCES],
        ),
        "payouts are what is owed": (owed, natural[Account.OWED_TO_BUYERS]),
        "an unreleased forfeiture is no income": (kept, natural[Account.FORFEITURES_UNRELEASED]),
        "what a bank took is on record": (order.charged_back.amount, natural[Account.CHARGEBACKS]),
        "the provider holds what the books say": (
            sum(life.received.values()) - record.paid_out - record.charged_back,
            natural[Account.PROVIDER_CLEARING],
        ),
    }
    for sentence, (one, other) in same.items():
        law(sentence, holds=one == other)


def judge_standing(life: Life, happening: Happening) -> None:
    """What an order keeps for life, and the deadline without which it would be forgotten."""
    first = life.happened[0].after
    order = happening.after
    law("nobody's rank ever changes", holds=order.rank == first.rank)
    before = happening.before or order
    own_act = any(isinstance(each, TermsAccepted) for each in happening.events)
    kept_terms = own_act or order.terms_hash == before.terms_hash
    law("only the buyer's own act changes the terms", holds=kept_terms)
    law("the catalogue is frozen", holds=order.catalogue_hash == first.catalogue_hash)
    repriced = any(
        isinstance(each, happened.ConfigurationChanged | Switched) for each in happening.events
    )
    lowered = [each for each in happening.events if isinstance(each, PriceLowered)]
    law("a price never rises by itself", holds=all(x.price < x.previous_price for x in lowered))
    explained = happening.before is None or repriced or bool(lowered)
    kept = explained or happening.before is None or order.price == happening.before.price
    law("only the buyer's own change or a fall changes the price", holds=kept)
    kinds = {each.kind for each in deadlines(order, life.facts.policy)}
    if order.stage is Stage.RESERVED:
        lapses = DeadlineKind.LAPSE in kinds
        law("an unpaid reservation lapses", holds=lapses == (order.pay_until is not None))
        law("nothing is asked of who waits", holds=not (waits_for_unit(order) and lapses))
    elif order.unit is not None and order.stage in ALIVE:
        law("nobody is past the reservation without a unit", holds=holds_unit(order))
    if order.stage is Stage.DEPOSITED:
        law("a cooling-off period ends", holds=DeadlineKind.LOCK in kinds)


def judge_whole(life: Life) -> None:
    """The order is the fold of its events, and both survive being written down."""
    order = life.order
    events = life.events
    law("the row is the fold of the events", holds=fold(events) == order)
    law("a row can be read back", holds=_decode_order(msgspec.json.encode(order)) == order)
    read_back = _decode_events(msgspec.json.encode(events))
    law("events can be read back", holds=read_back == events)
    law("what is read back folds to the same row", holds=fold(read_back) == order)
