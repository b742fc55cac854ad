"""The judge speaks: rules that are broken on purpose are found by the lives that follow them.

Not here: the true rules, which break no law (`test_lives.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import msgspec
import pytest

from earnest.core.ledger.account import Account
from earnest.core.order import commands as ask
from earnest.core.order import commands_of_planning as planned
from earnest.core.order import decide, defer, settling, state
from earnest.core.order import events as happened
from earnest.core.order.decide import Step, carry_out
from earnest.core.order.evolve import evolve
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import DemandFact
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.position import Position
from earnest.core.settlement.settle import settle
from earnest.core.settlement.statement import LineKind, Statement
from earnest.core.terms.packs.law import Law
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from tests.core import world
from tests.core.laws import lives
from tests.core.laws.ends import Judge
from tests.core.laws.giving_on import slot_taken
from tests.core.laws.lives import Ask, CarryOut, Life, Seen
from tests.core.laws.living import live
from tests.core.stories import stories
from tests.core.telling import told


def broken_by(rules: CarryOut = carry_out, lives: int = 1_000) -> str:
    """The first law, or invariant of the core itself, that lives under these rules break."""
    seen = Seen()
    for number in range(lives):
        try:
            live(Random(f"control-{number}"), seen, rules)
        except AssertionError as broken:
            return str(broken)
    return "none"


def with_events(
    change: Callable[[tuple[happened.Event, ...]], tuple[happened.Event, ...]],
) -> CarryOut:
    """The true rules, with the events of accepted commands changed."""

    def rules(
        order: Order | None, command: ask.Command, facts: Facts, now: Instant
    ) -> Step | Rejected:
        step = carry_out(order, command, facts, now)
        if isinstance(step, Rejected) or order is None:
            return step
        events = change(step.events)
        after = order
        for event in events:
            after = evolve(after, event)
        return Step(after, events)

    return rules


def test_the_true_rules_break_nothing_in_as_many_lives() -> None:
    assert broken_by() == "none"


def test_a_balance_demanded_before_the_inspection_is_found() -> None:
    def rules(
        order: Order | None, command: ask.Command, facts: Facts, now: Instant
    ) -> Step | Rejected:
        step = carry_out(order, command, facts, now)
        early = isinstance(step, Rejected) and isinstance(command, ask.DemandBalance)
        if not early or order is None or order.stage is not Stage.TENDERED:
            return step
        event = happened.BalanceDemanded(
            at=now, tender_number=order.tenders, amount=order.balance_due, due_at=now
        )
        return Step(evolve(order, event), (event,))

    assert broken_by(rules) == "no balance is demanded before a passed inspection"


def test_a_deferred_order_that_is_scheduled_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def schedule_anything(
        _order: Order, command: planned.Schedule, _facts: Facts, _policy: object, now: Instant
    ) -> Outcome:
        return accepted(happened.Scheduled(at=now, slot=command.slot))

    rules: dict[type[ask.Command], Callable[..., Outcome]] = dict(decide.DECIDE)
    rules[planned.Schedule] = schedule_anything
    monkeypatch.setattr(decide, "DECIDE", rules)

    assert broken_by() == "nothing is built while deferred"


def test_a_silence_that_uses_up_the_time_of_a_demand_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing_given_back(_order: Order, _policy: object, _now: Instant) -> None:
        return None

    monkeypatch.setattr(defer, "cure_after_request", nothing_given_back)

    assert broken_by() == "waiting for an answer uses up no time of a demand"


def _settled_with(change: Callable[[Statement], Statement]) -> object:
    def broken(ground: Ground, position: Position, law: Law) -> Statement:
        return change(settle(ground, position, law))

    return broken


def test_a_settlement_that_keeps_too_much_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_fen_more(statement: Statement) -> Statement:
        lines = tuple(
            msgspec.structs.replace(
                line,
                posting=msgspec.structs.replace(line.posting, amount=line.amount + Money(1, "CNY")),
            )
            if line.kind in {LineKind.EARNEST_FORFEITED, LineKind.FEE_KEPT}
            else line
            for line in statement.lines
        )
        return msgspec.structs.replace(statement, lines=lines)

    monkeypatch.setattr(settling, "settle", _settled_with(one_fen_more))

    found = ("nothing stays in", "the buyer's own money never exceeds the payments")
    assert broken_by().startswith(found)


def test_a_settlement_that_forgets_the_excess_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_excess(statement: Statement) -> Statement:
        kept = tuple(x for x in statement.lines if x.kind is not LineKind.EXCESS_REFUNDED)
        return msgspec.structs.replace(statement, lines=kept)

    monkeypatch.setattr(settling, "settle", _settled_with(without_excess))

    assert broken_by() == f"nothing stays in {Account.COMMITTED_DEPOSITS}"


def test_a_forfeiture_without_its_acknowledged_clause_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forfeit_anyway(ground: Ground, position: Position, law: Law) -> Statement:
        acknowledged = msgspec.structs.replace(position, forfeiture_acknowledged=True)
        return settle(ground, acknowledged, law)

    monkeypatch.setattr(settling, "settle", forfeit_anyway)

    assert broken_by() == "the forfeiture clause was acknowledged"


def test_a_double_return_that_is_only_single_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def single(statement: Statement) -> Statement:
        kept = tuple(x for x in statement.lines if x.kind is not LineKind.EARNEST_DOUBLED)
        return msgspec.structs.replace(statement, lines=kept)

    monkeypatch.setattr(settling, "settle", _settled_with(single))

    assert broken_by() == "the buyer gets the mandatory minimum"


def test_a_posting_that_differs_from_its_preview_is_found() -> None:
    def forget_the_last_line(
        events: tuple[happened.Event, ...],
    ) -> tuple[happened.Event, ...]:
        return tuple(
            msgspec.structs.replace(
                event,
                statement=msgspec.structs.replace(
                    event.statement, lines=event.statement.lines[:-1]
                ),
            )
            if isinstance(event, happened.SettlementFixed)
            else event
            for event in events
        )

    assert broken_by(with_events(forget_the_last_line)) == "the preview is the statement"


def test_money_that_is_turned_away_is_found() -> None:
    def lose_what_is_not_owed(
        events: tuple[happened.Event, ...],
    ) -> tuple[happened.Event, ...]:
        return tuple(each for each in events if not isinstance(each, happened.SurplusReceived))

    broken = broken_by(with_events(lose_what_is_not_owed))

    assert broken == "the provider holds what the books say"


def test_a_demand_that_payment_leaves_open_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never_met(order: Order, *_grounds: Ground) -> tuple[DemandFact, ...]:
        return order.demands

    monkeypatch.setattr(Order, "demands_met", never_met)

    [story] = [
        each
        for each in stories()
        if each.title == "Paying within the cure period meets the demand for good"
    ]

    with pytest.raises(AssertionError):
        told(story)


def test_one_person_who_is_both_persons_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "is_another_person", lambda *_: True)

    assert broken_by(lives=5_000) == "a second person approved after the demand"


def _leaves_and_is_taken(rules: CarryOut = carry_out) -> Order:
    """One life by hand under the judge, since few come here by chance: who takes the slot."""
    life = Life(Random("a"), rules)
    judge = Judge(life)
    days = life.facts.policy.deposit_back_if_taken_days
    assert days, "the world of this life gives back what was kept"
    for name, hours in (("RecordPayment", 0), ("Lock", 1_000), ("Schedule", 2_000)):
        ask_for = Ask(name, life.at + timedelta(hours=hours))
        _looked_at(life, judge, ask_for)
    _looked_at(life, judge, Ask("CancelByBuyer", life.at + timedelta(hours=1)))
    taken = slot_taken(life, Stage.CANCELLED)
    assert taken is not None, "a slot was left"
    _looked_at(life, judge, taken)
    judge.close()
    return life.order


def _looked_at(life: Life, judge: Judge, wanted: Ask) -> None:
    happening = life.ask(wanted)
    assert happening is not None, f"{wanted.name} holds"
    judge.look(happening)


@pytest.fixture
def giving_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every order begins alike, under terms that give back what was kept."""
    giving = world.facts_of(world.terms_with(deposit_back_if_taken_days=30))
    monkeypatch.setattr(lives, "WORLDS", (giving, world.FACTS))
    monkeypatch.setattr(lives, "LAUNCHES", ({},))


@pytest.mark.usefixtures("giving_world")
def test_a_taken_slot_that_brings_nothing_back_is_found() -> None:
    def keep(events: tuple[happened.Event, ...]) -> tuple[happened.Event, ...]:
        return tuple(
            msgspec.structs.replace(event, line=None, payout=None)
            if isinstance(event, happened.SlotTaken)
            else event
            for event in events
        )

    order = _leaves_and_is_taken()
    assert (order.forfeiture, len(order.payouts)) == (None, 1)
    lost = "a taken slot brings back what the terms say, less the costs"
    with pytest.raises(AssertionError, match=lost):
        _leaves_and_is_taken(with_events(keep))


def test_days_to_come_back_that_are_cut_short_are_found() -> None:
    def forget(events: tuple[happened.Event, ...]) -> tuple[happened.Event, ...]:
        return tuple(
            msgspec.structs.replace(event, back_until=event.at)
            if isinstance(event, happened.SettlementFixed) and event.back_until is not None
            else event
            for event in events
        )

    broken = broken_by(with_events(forget), lives=5_000)
    assert broken == "what is kept comes back for the days that the terms say"


def test_a_row_that_is_not_the_fold_is_found() -> None:
    def rules(
        order: Order | None, command: ask.Command, facts: Facts, now: Instant
    ) -> Step | Rejected:
        step = carry_out(order, command, facts, now)
        if isinstance(step, Rejected) or not isinstance(command, ask.OpenCase):
            return step
        return Step(msgspec.structs.replace(step.order, language="en"), step.events)

    assert broken_by(rules) == "the row is the fold of the events"


def test_a_rank_that_moves_is_found() -> None:
    def rules(
        order: Order | None, command: ask.Command, facts: Facts, now: Instant
    ) -> Step | Rejected:
        step = carry_out(order, command, facts, now)
        if isinstance(step, Rejected) or not isinstance(command, ask.Lock):
            return step
        return Step(msgspec.structs.replace(step.order, rank=0), step.events)

    assert broken_by(rules) == "nobody's rank ever changes"
