"""What must hold for one order, recomputed from its events and compared with what is stored.

Not here: reading the database (`desk/records.py`) and questions over all orders (`run.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum

import msgspec

from earnest.audit.cases import evidence_stored, notices_proven
from earnest.core.bookkeeping import entry
from earnest.core.cases.second_person import is_another_person
from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Posting, account_balances, natural_account_balance
from earnest.core.order import events as happened
from earnest.core.order.evolve import fold
from earnest.core.order.losses import net_loss
from earnest.core.order.parts import PayoutKind, PayoutState
from earnest.core.order.state import Order
from earnest.core.settlement.ground import BUYER_ANSWERS, Ground
from earnest.core.settlement.statement import LineKind
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import FORFEITURE_CLAUSE
from earnest.core.timers import deadlines
from earnest.desk.ports import RecordedEvent
from earnest.desk.records import OrderFile


class Rule(StrEnum):
    """An invariant that the audit checks; the value is its stable name."""

    READABLE = "everything_stored_can_be_read"
    EVENTS_DENSE = "events_dense"
    ROW_IS_FOLD = "row_is_fold_of_events"
    POSTINGS_FOLLOW = "postings_follow_from_events"
    ZERO_SUM = "entries_sum_to_zero"
    STATEMENT_IS_LEDGER = "statement_is_ledger"
    HELD_IS_LEDGER = "money_held_is_ledger"
    OWED_IS_PAYOUTS = "owed_is_unpaid_payouts"
    INSPECTION_BEFORE_DEMAND = "no_balance_demand_before_passed_inspection"
    DEMAND_STORED = "balance_demand_stands_on_inspection"
    FORFEITURE_CONDITIONS = "no_forfeiture_without_its_conditions"
    SECOND_PERSON = "second_person_where_money_is_kept_or_doubled"
    NOTICES_PROVEN = "notices_that_count_are_proven"
    EVIDENCE_STORED = "evidence_is_stored_as_its_digest_says"
    TERMS_KNOWN = "terms_and_catalogue_known"
    TERMS_FOLLOW = "terms_follow_from_their_document"
    DEADLINES_COMPLETE = "deadlines_complete"
    MOVES_FOLLOW = "queue_moves_follow_from_events"
    UNITS_FOLLOW = "units_of_editions_follow_from_orders"
    PLACES_COUNTED = "quotas_of_campaigns_follow_from_orders"
    CODES_FOLLOW = "codes_in_use_follow_from_orders"
    PAGES_FOLLOW = "pages_to_open_follow_from_orders"
    DELIVERIES_FOLLOW = "bays_of_centres_follow_from_orders"
    RANKS_DENSE = "ranks_dense_and_used_once"
    NOTHING_ORPHANED = "nothing_without_its_order"
    PROVIDER_AGREES = "money_held_is_what_the_provider_says"
    MESSAGES_LEAVE = "no_message_given_up"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One violation: which rule, which order (if one), and what was seen instead."""

    rule: Rule
    order_id: str | None
    explanation: str


Check = Callable[[OrderFile, Policy | None], Iterator[str]]


def faults_of(file: OrderFile, policy: Policy | None) -> Iterator[Fault]:
    """Every fault of one order. `policy` is None when its terms are unknown."""
    if policy is None:
        yield Fault(
            rule=Rule.TERMS_KNOWN,
            order_id=file.key.order_id,
            explanation=f"terms {file.state.terms_hash} were never published",
        )
    for rule, check in CHECKS.items():
        for explanation in _explanations(check, file, policy):
            yield Fault(rule=rule, order_id=file.key.order_id, explanation=explanation)


def _explanations(check: Check, file: OrderFile, policy: Policy | None) -> list[str]:
    """What a check found, or that the order is too broken for it to look."""
    try:
        return list(check(file, policy))
    except Exception as error:  # noqa: BLE001 - a past that no desk wrote breaks rules in any way
        return [f"cannot be checked: {type(error).__name__}: {error}"]


def _events_dense(file: OrderFile, _: Policy | None) -> Iterator[str]:
    sequences = [recorded.sequence for recorded in file.events]
    if sequences != list(range(1, len(sequences) + 1)) or not sequences:
        yield f"event numbers are {sequences}"


def _row_is_fold(file: OrderFile, _: Policy | None) -> Iterator[str]:
    if not file.events:
        return
    folded = fold(recorded.event for recorded in file.events)
    if folded != file.state:
        names = [
            name
            for name in folded.__struct_fields__
            if getattr(folded, name) != getattr(file.state, name)
        ]
        yield f"the stored state differs from its events in {', '.join(names)}"
    yield from _columns(file, folded)


def _columns(file: OrderFile, folded: Order) -> Iterator[str]:
    row = file.row
    expected = {
        "queue_id": folded.queue_id,
        "rank": folded.rank,
        "stage": folded.stage.value,
        "sequence": folded.sequence,
        "terms_hash": folded.terms_hash,
        "catalogue_hash": folded.catalogue_hash,
        "price": folded.price,
        "vin": folded.car.vin if folded.car is not None else None,
        "reserved_at": folded.reserved_at,
        "changed_at": folded.changed_at,
    }
    for name, value in expected.items():
        stored = getattr(row, name)
        if stored != value:
            yield f"column {name} holds {stored} where the events say {value}"


def _postings_follow(file: OrderFile, _: Policy | None) -> Iterator[str]:
    stored: dict[int, list[tuple[int, Posting]]] = {}
    for recorded in file.postings:
        stored.setdefault(recorded.sequence, []).append((recorded.line, recorded.posting))
    for recorded_event in file.events:
        expected = list(enumerate(entry(recorded_event.event), start=1))
        found = sorted(stored.pop(recorded_event.sequence, []), key=lambda each: each[0])
        if expected != found:
            kind = type(recorded_event.event).__name__
            yield f"event {recorded_event.sequence} ({kind}) has other postings than its rule"
    for sequence in stored:
        yield f"postings refer to event {sequence}, which is not there"


def _statement_is_ledger(file: OrderFile, _: Policy | None) -> Iterator[str]:
    for recorded in file.events:
        if not isinstance(recorded.event, happened.SettlementFixed):
            continue
        lines = [line.posting for line in recorded.event.statement.lines]
        found = [each.posting for each in file.postings if each.sequence == recorded.sequence]
        if lines != found:
            yield f"the statement of event {recorded.sequence} differs from its postings"


def _held_is_ledger(file: OrderFile, _: Policy | None) -> Iterator[str]:
    balances = account_balances(recorded.posting for recorded in file.postings)
    currency = file.state.price.currency
    held = {
        Account.CUSTOMER_DEPOSITS: 0,
        Account.COMMITTED_DEPOSITS: 0,
        file.state.deposit_account: file.state.deposit_paid.amount,
        Account.CUSTOMER_BALANCES: file.state.balance_paid.amount,
        Account.CHARGEBACKS: file.state.charged_back.amount,
    }
    for account, amount in held.items():
        booked = natural_account_balance(account, balances.get((account, currency), 0))
        if booked != amount:
            yield f"{account} holds {booked}, the order says {amount}"


def _owed_is_payouts(file: OrderFile, _: Policy | None) -> Iterator[str]:
    balances = account_balances(recorded.posting for recorded in file.postings)
    currency = file.state.price.currency
    owed = -balances.get((Account.OWED_TO_BUYERS, currency), 0)
    unpaid = sum(
        payout.amount.amount
        for payout in file.state.payouts
        if payout.state is not PayoutState.PAID
    )
    if owed != unpaid:
        yield f"{owed} is owed to the buyer, payouts not yet paid amount to {unpaid}"


def _inspection_before_demand(file: OrderFile, _: Policy | None) -> Iterator[str]:
    passed: set[int] = set()
    for recorded in file.events:
        event = recorded.event
        if isinstance(event, happened.Inspected) and event.result != "refused":
            passed.add(event.tender_number)
        if isinstance(event, happened.BalanceDemanded) and event.tender_number not in passed:
            yield f"event {recorded.sequence} demands the balance before a passed inspection"


def _demand_stored(file: OrderFile, _: Policy | None) -> Iterator[str]:
    demanded = {
        (recorded.sequence, recorded.event.tender_number, recorded.event.amount)
        for recorded in file.events
        if isinstance(recorded.event, happened.BalanceDemanded)
    }
    stored = {(each.sequence, each.tender_number, each.amount) for each in file.demands}
    if demanded != stored:
        yield "balance demands and their rows, which refer to the inspection, differ"


def _forfeiture_conditions(file: OrderFile, _: Policy | None) -> Iterator[str]:
    statement = file.state.statement
    if statement is None or not statement.kept.is_positive:
        return
    if statement.ground not in BUYER_ANSWERS:
        yield f"earnest money was forfeited on the ground {statement.ground}"
    if FORFEITURE_CLAUSE not in file.state.acknowledged:
        yield "earnest money was forfeited though the clause was never acknowledged"
    if statement.sum_of(LineKind.LOSS_KEPT).is_positive:
        yield from _loss_documented(file)
    forfeiture = file.state.forfeiture
    if forfeiture is not None and forfeiture.released_at is not None:
        until = forfeiture.back_until
        if forfeiture.held_since is not None or (until and forfeiture.released_at < until):
            yield "the forfeiture was released while it could still go back to the buyer"
    if statement.ground is not Ground.BUYER_WISH:
        yield from _seller_cancelled_properly(file)


def _loss_documented(file: OrderFile) -> Iterator[str]:
    for loss in file.state.losses:
        if loss.approved_by is not None and loss.approved_by == loss.documented_by:
            yield f"loss {loss.number} was approved by the person who documented it"
    if net_loss(file.state, file.state.resold_for).amount < _kept_now(file.state):
        yield "more was kept than the seller's documented and approved loss"


def _kept_now(order: Order) -> int:
    """What of a deposit is still kept, in minor units, after a resale."""
    return 0 if order.forfeiture is None else order.forfeiture.amount.amount


def _seller_cancelled_properly(file: OrderFile) -> Iterator[str]:
    cancelled = next(
        (each for each in file.events if isinstance(each.event, happened.CancelledBySeller)), None
    )
    if cancelled is None or not isinstance(cancelled.event, happened.CancelledBySeller):
        yield "earnest money was forfeited without a cancellation by the seller"
        return
    notices = [
        each.event
        for each in file.events
        if isinstance(each.event, happened.NoticeDelivered)
        and each.event.demand_number == cancelled.event.demand_number
    ]
    if not notices:
        yield "the seller cancelled without a delivered demand"
    elif cancelled.event.at < notices[-1].cure_until:
        yield "the seller cancelled inside the cure period"


def _second_person(file: OrderFile, _: Policy | None) -> Iterator[str]:
    fixed_by: dict[int, str] = {}
    doubled: set[int] = set()
    released: set[int] = set()
    breakers: set[str] = set()
    for recorded in file.events:
        event = recorded.event
        if isinstance(event, happened.SettlementFixed):
            fixed_by |= {payout.number: event.fixed_by for payout in event.payouts}
            doubled |= {each.number for each in event.payouts if each.kind is PayoutKind.TRANSFER}
        elif isinstance(event, happened.CompensationFixed | happened.LateRefundCompensated):
            fixed_by[event.payout.number] = event.payout.fixed_by
            doubled.add(event.payout.number)
        elif isinstance(event, happened.PayoutReleased):
            released.add(event.payout_number)
            behind_it = (fixed_by.get(event.payout_number, ""), *breakers)
            if not is_another_person(event.staff_id, *behind_it):
                yield f"payout {event.payout_number} was released by who fixed or caused it"
        elif isinstance(event, happened.CancellationContested | happened.PerformanceRefused):
            breakers.add(event.declared_by)
        elif isinstance(event, happened.CancelledBySeller):
            if not is_another_person(event.approved_by, recorded.actor_id):
                yield "the seller's cancellation was approved by who declared it"
        elif isinstance(event, happened.TerminatedForForceMajeure):
            if not _ended_by_two(recorded, event):
                yield "the seller ended the order for force majeure without a second person"
        elif isinstance(event, happened.PayoutPaid):
            if event.payout_number in doubled - released:
                yield f"payout {event.payout_number} was paid and nobody had released it"
        elif (
            isinstance(event, happened.ForfeitureReleased)
            and file.state.forfeiture is not None
            and not is_another_person(event.staff_id, file.state.forfeiture.fixed_by)
        ):
            yield "the forfeiture was released by who fixed it"


def _ended_by_two(recorded: RecordedEvent, event: happened.TerminatedForForceMajeure) -> bool:
    """Whether a buyer ended the order, or a seller with another person's approval."""
    if recorded.actor_id.startswith("buyer:"):
        return True
    return bool(event.approved_by) and is_another_person(event.approved_by, recorded.actor_id)


def _deadlines_complete(file: OrderFile, policy: Policy | None) -> Iterator[str]:
    if policy is None:
        return
    expected = deadlines(file.state, policy)
    for missing in sorted(expected - file.deadlines, key=lambda each: each.due_at):
        yield f"deadline {missing.kind} at {missing.due_at.isoformat()} is not stored"
    for left in sorted(file.deadlines - expected, key=lambda each: each.due_at):
        yield f"deadline {left.kind} at {left.due_at.isoformat()} is stored but not derived"


CHECKS: dict[Rule, Check] = {
    Rule.EVENTS_DENSE: _events_dense,
    Rule.ROW_IS_FOLD: _row_is_fold,
    Rule.POSTINGS_FOLLOW: _postings_follow,
    Rule.STATEMENT_IS_LEDGER: _statement_is_ledger,
    Rule.HELD_IS_LEDGER: _held_is_ledger,
    Rule.OWED_IS_PAYOUTS: _owed_is_payouts,
    Rule.INSPECTION_BEFORE_DEMAND: _inspection_before_demand,
    Rule.DEMAND_STORED: _demand_stored,
    Rule.FORFEITURE_CONDITIONS: _forfeiture_conditions,
    Rule.SECOND_PERSON: _second_person,
    Rule.NOTICES_PROVEN: notices_proven,
    Rule.EVIDENCE_STORED: evidence_stored,
    Rule.DEADLINES_COMPLETE: _deadlines_complete,
}
"""The checks of one order, each by its rule."""
