"""Telling a story: every step through `carry_out`, then what is true at the end.

Not here: the format of the tables (`stories.py`) and how values are written (`reading.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.bookkeeping import entry
from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Posting, account_balances, natural_account_balance
from earnest.core.order.decide import carry_out
from earnest.core.order.events import Event
from earnest.core.order.evolve import fold
from earnest.core.order.facts import Facts
from earnest.core.order.state import Order
from earnest.core.timers import deadlines
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from tests.core import world
from tests.core.asking import Moment, asked
from tests.core.reading import fields, instant, numbers, written
from tests.core.stories import MAIN_PATH, Step, Story, main_path


class Telling(msgspec.Struct):
    """How far a story has been told."""

    facts: Facts
    order: Order | None = None
    events: list[Event] = []
    reasons: list[str] = []


def told(story: Story, *, compare_end: bool = True) -> Telling:
    """Tell the whole story and compare every step and the end with what the table expects."""
    telling = Telling(facts=_facts(story))
    for step in _begun(story):
        _tell(telling, story, step)
    for step in story.steps:
        _tell(telling, story, step)
    if compare_end:
        _compare_end(telling, story)
    return telling


def _facts(story: Story) -> Facts:
    words = story.headings.get("terms", "").split()
    return world.facts_of(world.terms_with(**numbers(tuple(words)))) if words else world.FACTS


def _begun(story: Story) -> list[Step]:
    """The steps of the main path up to the event after which this story begins."""
    after = story.headings.get("after")
    if after is None:
        return []
    assert story.title != MAIN_PATH, "the main path begins with itself"
    steps = main_path().steps
    for index, step in enumerate(steps):
        if after in step.expected.split(", "):
            return steps[: index + 1]
    raise AssertionError(f"{story.file}:{story.line}: the main path has no event {after}")


def _tell(telling: Telling, story: Story, step: Step) -> None:
    at = instant(step.at)
    command = asked(
        step.command,
        world.actor(step.actor),
        Moment(telling.order, telling.facts, at, fields(step.command, step.words)),
    )
    outcome = carry_out(telling.order, command, telling.facts, at)
    if isinstance(outcome, Rejected):
        came_of_it = f"rejected {outcome.reason}"
        telling.reasons.append(outcome.reason)
        if "(" in step.expected:
            details = "; ".join(f"{key}: {value}" for key, value in outcome.details.items())
            came_of_it += f" ({details})"
    else:
        came_of_it = ", ".join(type(event).__name__ for event in outcome.events) or "nothing"
        telling.order = outcome.order
        telling.events.extend(outcome.events)
    assert step.expected == came_of_it, (
        f"{story.file}:{step.line}: {step.command}\n  expected {step.expected}\n  got {came_of_it}"
    )


def _compare_end(telling: Telling, story: Story) -> None:
    order = telling.order
    if order is None:
        assert story.endings == {"stage": "none"}, f"{story.file}:{story.line}: no order began"
        return
    assert fold(telling.events) == order, "the fold of all events is the order"
    actual = {
        "stage": order.stage.value,
        "money": _money(telling.events),
        "statement": _statement(order),
        "payouts": _payouts(order),
        "missing": ", ".join(order.contested.missing) if order.contested is not None else "nothing",
        "deadlines": _deadlines(telling, order),
    }
    assert {"stage", "money"} <= story.endings.keys(), f"{story.file}:{story.line}: say the end"
    for name, expected in story.endings.items():
        assert expected == actual[name], (
            f"{story.file}:{story.line}: {name} at the end\n"
            f"  expected {expected}\n  got {actual[name]}"
        )


def _money(events: list[Event]) -> str:
    postings: list[Posting] = [posting for event in events for posting in entry(event)]
    balances = {
        account: natural_account_balance(account, amount)
        for (account, _), amount in account_balances(postings).items()
    }
    said = [
        f"{account} {written(Money(balances[account], 'CNY'))}"
        for account in Account
        if balances.get(account)
    ]
    return ", ".join(said) or "nothing"


def _statement(order: Order) -> str:
    lines = order.statement.lines if order.statement is not None else ()
    said = [f"{line.kind} {written(line.amount)} by {line.rule}" for line in lines]
    return ", ".join(said) or "nothing"


def _payouts(order: Order) -> str:
    said = [
        f"{each.number} {each.kind} {written(each.amount)} {each.state}" for each in order.payouts
    ]
    return ", ".join(said) or "nothing"


def _deadlines(telling: Telling, order: Order) -> str:
    """What falls due, the earliest first, by the clock in Shanghai."""
    due = sorted(deadlines(order, telling.facts.policy), key=lambda each: (each.due_at, each.kind))
    said = [f"{each.kind} {each.due_at.astimezone(world.SHANGHAI):%Y-%m-%d %H:%M}" for each in due]
    return ", ".join(said) or "nothing"
