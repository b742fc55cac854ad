"""The posting equals the preview for every stage, ground, jurisdiction and date.

Every combination that can occur is taken, each with circumstances that Hypothesis chooses; the
last test shows that none was left out. Not here: whole lives (`test_lives.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earnest.core.bookkeeping import entry
from earnest.core.foresight import as_it_stood, as_it_will_stand
from earnest.core.ledger.account import EXPENSES, Account
from earnest.core.ledger.posting import account_balances
from earnest.core.order import commands as ask
from earnest.core.order import settling
from earnest.core.order.commands_of_agreements import AnswerChange
from earnest.core.order.commands_of_planning import LeaveForDelay
from earnest.core.order.decide import Step, carry_out
from earnest.core.order.events import SettlementFixed
from earnest.core.order.exits import Exit, exits, sellers_exits
from earnest.core.order.facts import Facts
from earnest.core.order.parts_of_agreements import ChangeChoice
from earnest.core.order.stage import ALIVE, Stage
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.position import Claim, Position
from earnest.core.settlement.settle import settle
from earnest.core.settlement.statement import LineKind, Statement
from earnest.core.terms.packs.law import Law
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import DepositKind
from earnest.core.timers import command_of, deadlines
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from tests.core.laws.laws import LawBroken, law
from tests.core.laws.minimum import judge_what_is_kept, least_owed
from tests.core.laws.standing import OPEN_IN, Circumstances, facts_of, order_in, ready
from tests.core.orders import order_after, then
from tests.core.stories import main_path
from tests.core.telling import told
from tests.core.world import FACTS, actor, local, yuan

Combination = tuple[str, Stage, Ground]
COMBINATIONS: tuple[Combination, ...] = tuple(
    (jurisdiction, stage, ground)
    for jurisdiction in LAWS
    for ground, stages in OPEN_IN.items()
    for stage in stages
)

SELLER = actor("sales:an")
SOME = st.builds(
    Circumstances,
    kind=st.sampled_from(DepositKind),
    acknowledged=st.booleans(),
    per_day=st.sampled_from((None, 50, 200)),
    interest=st.sampled_from((0, 300)),
    sellers_loss=st.sampled_from((0, 900, 9_000)),
    buyers_loss=st.sampled_from((0, 900, 9_000)),
    delivered=st.integers(0, 3),
    buyer_broke_it=st.booleans(),
    seller_broke_it=st.booleans(),
    days_later=st.integers(0, 200),
)


def commanded(order: Order, way: Exit, at: Instant) -> ask.Command:
    """The command that takes a previewed exit."""
    by_seller = way.command == "CancelBySeller"
    fields: dict[str, Any] = {
        "buyer_id": order.buyer_id,
        "order_id": order.order_id,
        "actor": SELLER if by_seller else actor("buyer"),
        "key": "taken",
        "received_at": at,
    }
    match way.command:
        case "TerminateByBuyer":
            return ask.TerminateByBuyer(**fields, ground=way.ground, claim=way.claim)
        case "TerminateForForceMajeure":
            return ask.TerminateForForceMajeure(**fields, occurred_at=at, proof="flood")
        case "CancelBySeller":
            return ask.CancelBySeller(**fields, ground=way.ground)
        case "AnswerChange":
            return AnswerChange(**fields, number=1, choice=ChangeChoice.LEAVE)
        case "LeaveForDelay":
            return LeaveForDelay(**fields, number=1)
        case "Withdraw":
            return ask.Withdraw(**fields)
        case _:
            return ask.CancelByBuyer(**fields)


def take(order: Order, facts: Facts, way: Exit, at: Instant) -> SettlementFixed:
    """Take an exit that was shown as open, and judge what came of it."""
    step = carry_out(order, commanded(order, way, at), facts, at)
    assert isinstance(step, Step), f"{way.command} was shown as open: {step}"
    [fixed] = [each for each in step.events if isinstance(each, SettlementFixed)]
    judge(order, facts, fixed, way.claim)
    assert step.order.deposit_paid == step.order.balance_paid == yuan(0)
    return fixed


def judge(order: Order, facts: Facts, fixed: SettlementFixed, claim: Claim | None) -> None:
    """The laws of a settlement: money conserved, the minimum given, nothing kept without right."""
    statement, posted = fixed.statement, entry(fixed)
    balances = account_balances(posted)
    law("every entry sums to zero", holds=sum(balances.values()) == 0)
    law("the posting is the statement", holds=posted == tuple(x.posting for x in statement.lines))
    held = {
        order.deposit_account: order.deposit_paid,
        Account.CUSTOMER_BALANCES: order.balance_paid,
    }
    for account, amount in held.items():
        law(f"nothing stays in {account}", holds=balances.get((account, "CNY"), 0) == amount.amount)
    paid = sum(each.amount.amount for each in fixed.payouts)
    law("payouts are what is owed", holds=paid == statement.owed_to_buyer.amount)
    judge_what_is_kept(statement, order, facts.policy, fixed.at)
    if claim is not Claim.COMPENSATION:
        least = least_owed(statement.ground, order, facts.policy, fixed.at)
        law("the buyer gets the mandatory minimum", holds=statement.owed_to_buyer.amount >= least)


def shown(order: Order, facts: Facts, ground: Ground, at: Instant) -> list[Exit]:
    """The exits on a ground that either side was shown as open."""
    both = (*exits(order, facts, at), *sellers_exits(order, facts, at, SELLER))
    return [each for each in both if each.ground is ground and each.is_open]


@pytest.mark.parametrize(("jurisdiction", "stage", "ground"), COMBINATIONS, ids=str)
@given(some=SOME)
@settings(max_examples=4)
def test_what_was_shown_is_what_is_posted(
    jurisdiction: str, stage: Stage, ground: Ground, some: Circumstances
) -> None:
    facts = facts_of(jurisdiction, some)
    order, at = ready(order_in(stage, jurisdiction, some), ground, some)
    ways = shown(order, facts, ground, at)

    assert ways, "every combination of the table occurs"
    for way in ways:
        assert way.statement == take(order, facts, way, at).statement


@given(
    stage=st.sampled_from([each for each in Stage if each in ALIVE]),
    jurisdiction=st.sampled_from(sorted(LAWS)),
    some=SOME,
    minutes=st.integers(0, 400 * 24 * 60),
)
@settings(max_examples=300)
def test_what_is_shown_for_a_later_date_is_posted_then_if_only_time_passes(
    stage: Stage, jurisdiction: str, some: Circumstances, minutes: int
) -> None:
    facts = facts_of(jurisdiction, some)
    now = order_in(stage, jurisdiction, some)
    at = now.changed_at + timedelta(minutes=minutes)
    foreseen = exits(as_it_will_stand(now, facts, at), facts, at)
    then = _time_passes(now, facts, at)

    assert foreseen == exits(then, facts, at)
    for way in foreseen:
        if way.is_open:
            assert way.statement == take(then, facts, way, at).statement


def _time_passes(order: Order, facts: Facts, until: Instant) -> Order:
    """The order after a worker has fired every deadline up to an instant, each when it was due."""
    while True:
        due = [each for each in deadlines(order, facts.policy) if each.due_at <= until]
        if not due:
            return order
        first = min(due, key=lambda each: (each.due_at, each.kind))
        command = command_of(first, order.buyer_id, order.order_id, first.due_at)
        step = carry_out(order, command, facts, first.due_at)
        assert isinstance(step, Step), f"a deadline that falls due holds: {step}"
        order = step.order


def test_the_past_is_shown_as_it_was() -> None:
    events = told(main_path()).events

    assert as_it_stood(events, local(2024, 7, 1, 9)) is None
    for event in events:
        stood = as_it_stood(events, event.at)
        assert stood is not None
        assert stood.changed_at == event.at
    before_lock = as_it_stood(events, local(2024, 7, 2))
    assert before_lock is not None
    [withdrawal, *_] = exits(before_lock, FACTS, local(2024, 7, 2))
    assert (withdrawal.ground, withdrawal.is_open) == (Ground.COOLING_OFF, True)


def test_time_alone_lapses_locks_and_ends_deferrals() -> None:
    later = local(2026, 7, 1)
    deferred = then(
        order_after("Locked"), local(2024, 7, 9), "buyer", "Defer", until=local(2024, 8, 9)
    )

    assert as_it_will_stand(order_after("Reserved"), FACTS, later).stage is Stage.LAPSED
    assert as_it_will_stand(order_after("DepositReceived"), FACTS, later).stage is Stage.LOCKED
    assert as_it_will_stand(deferred, FACTS, later).deferral_ended_at == local(2024, 8, 9)
    assert as_it_will_stand(deferred, FACTS, local(2024, 8, 8)) == deferred
    handed_over = order_after("HandedOver")
    assert as_it_will_stand(handed_over, FACTS, later) == handed_over


def _spoilt(change: Callable[[Statement], Statement]) -> Callable[..., Statement]:
    def spoilt(ground: Ground, position: Position, law_of: Law) -> Statement:
        return change(settle(ground, position, law_of))

    return spoilt


def _seller_friendly(statement: Statement) -> Statement:
    """One fen of each refund of the deposit stays with the seller."""
    lines = tuple(
        msgspec.structs.replace(
            line,
            posting=msgspec.structs.replace(line.posting, amount=line.amount - Money(1, "CNY")),
        )
        if line.kind is LineKind.DEPOSIT_REFUNDED
        else line
        for line in statement.lines
    )
    return msgspec.structs.replace(statement, lines=lines)


def _stingy(statement: Statement) -> Statement:
    """Nothing beyond the buyer's own money is ever paid."""
    lines = tuple(line for line in statement.lines if line.posting.debit not in EXPENSES)
    return msgspec.structs.replace(statement, lines=lines)


@pytest.mark.parametrize(
    ("change", "ground", "broken"),
    [
        (_seller_friendly, Ground.FORCE_MAJEURE, "nothing stays in committed_deposits"),
        (_stingy, Ground.REFUSAL, "the buyer gets the mandatory minimum"),
    ],
)
def test_a_settlement_that_was_tampered_with_is_found(
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Statement], Statement],
    ground: Ground,
    broken: str,
) -> None:
    some = Circumstances(days_later=3)
    facts = facts_of("CN", some)
    order, at = ready(order_in(Stage.LOCKED, "CN", some), ground, some)
    monkeypatch.setattr(settling, "settle", _spoilt(change))
    [way, *_] = shown(order, facts, ground, at)

    with pytest.raises(LawBroken, match=broken):
        take(order, facts, way, at)


def test_a_posting_that_departs_from_its_preview_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    some = Circumstances()
    facts = facts_of("CN", some)
    order, at = ready(order_in(Stage.LOCKED, "CN", some), Ground.REFUSAL, some)
    [way] = shown(order, facts, Ground.REFUSAL, at)
    monkeypatch.setattr(settling, "settle", _spoilt(_stingy))
    command = commanded(order, way, at)
    step = carry_out(order, command, facts, at)

    assert isinstance(step, Step)
    [fixed] = [each for each in step.events if isinstance(each, SettlementFixed)]
    assert way.statement != fixed.statement
