"""Telling a story: every step through `carry_out`, then what is true at the end.

Not here: the format of the tables (`stories.py`) and how values are written (`reading.py`).
"""

from __future__ import annotations

from datetime import date

import msgspec

from earnest.core.bookkeeping import entry
from earnest.core.launch.code import CodeFact
from earnest.core.launch.keeping import campaign_kept_open
from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Posting, account_balances, natural_account_balance
from earnest.core.order.benefiting import standings
from earnest.core.order.centre import BayTaken, CentreStanding
from earnest.core.order.decide import carry_out
from earnest.core.order.effective import not_incorporated, what_decided
from earnest.core.order.events import Event
from earnest.core.order.events_of_agreements import TermsAccepted
from earnest.core.order.evolve import fold
from earnest.core.order.facts import Facts
from earnest.core.order.parts_of_planning import Taker
from earnest.core.order.state import Order
from earnest.core.plan.counters import Resource
from earnest.core.plan.promise import Foreseen, PromiseReason
from earnest.core.terms.agreement import PublicPromise
from earnest.core.terms.effective import Source
from earnest.core.terms.override import Value
from earnest.core.timers import deadlines
from earnest.core.values.ids import CodeId
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from tests.core import world
from tests.core.asking import Moment, asked
from tests.core.campaigns import VERSION
from tests.core.reading import fields, instant, numbers, override, sale_pause, window, written
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
    if "foreseen" in story.headings:
        foreseen = _foreseen(*story.headings["foreseen"].split())
        telling.facts = msgspec.structs.replace(telling.facts, foreseen=foreseen)
    for step in story.steps:
        _tell(telling, story, step)
    if compare_end:
        _compare_end(telling, story)
    return telling


def _facts(story: Story) -> Facts:
    facts = _facts_of_terms(story)
    if "centre" in story.headings:
        bays = story.headings["centre"].removeprefix("free").split()
        taken = tuple(_bay(each) for each in bays)
        standing = CentreStanding(centre=world.CENTRE, taken=taken)
        facts = msgspec.structs.replace(facts, centre=standing)
    if "campaign" not in story.headings:
        return facts
    pairs = [word.partition("=")[::2] for word in story.headings["campaign"].split()]
    said = dict(pairs)
    stored = said.pop("code", None)
    code = CodeFact(
        code_id=CodeId("code"),
        order_id=world.ORDER if stored == "used" else None,
        is_revoked=stored == "revoked",
    )
    paused = said.pop("pause", None)
    pauses = () if paused is None else (sale_pause(paused),)
    return msgspec.structs.replace(
        facts,
        campaign=VERSION.campaign,
        pauses=pauses,
        rank=int(said.pop("rank", "1")),
        code=None if stored is None else code,
        taken={counter: int(count) for counter, count in said.items()},
    )


def _bay(text: str) -> BayTaken:
    """`1@2024-08-29T09:00/10:00`: a bay, and when somebody has it."""
    number, _, when = text.partition("@")
    return BayTaken(int(number), window(when))


def _foreseen(said: str, resource: str, name: str = "") -> Foreseen:
    """A window, or none, with the resource that decided."""
    reason = PromiseReason(
        capacity="capacity",
        horizon=date(2025, 6, 30),
        lane_group="aurora",
        resource=Resource(resource),
        name=name,
    )
    return Foreseen(None if said == "none" else window(said), reason)


def _facts_of_terms(story: Story) -> Facts:
    words = story.headings.get("terms", "").split()
    promised = story.headings.get("promised", "").split()
    offered = story.headings.get("offered")
    clauses = tuple(story.headings.get("material", "").split())
    if not words and not promised and offered is None and not clauses:
        return world.FACTS
    terms = world.terms_with(**numbers(tuple(words))) if words else world.TERMS
    facts = world.facts_of(
        world.with_clauses(terms, *clauses), promises=tuple(_promise(each) for each in promised)
    )
    if offered is None:
        return facts
    newer = world.terms_with(**numbers(tuple(offered.split())))
    newer = msgspec.structs.replace(newer, version="2024-06")
    return msgspec.structs.replace(facts, offered_terms=newer)


def _promise(text: str) -> PublicPromise:
    """`spring=cure_days:30,refund_days:3@2024-08-01T00:00`: name, content, and until when."""
    name, _, rest = text.partition("=")
    said, _, until = rest.partition("@")
    overrides = tuple(override(each) for each in said.split(","))
    return world.public_promise(name, *overrides, until=instant(until) if until else None)


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


def _known_at(facts: Facts, at: Instant) -> Facts:
    """The facts as they are known at an instant: without the pauses that have not begun."""
    if not facts.pauses:
        return facts
    pauses = tuple(each for each in facts.pauses if each.since <= at)
    campaign = campaign_kept_open(VERSION, pauses, at)
    return msgspec.structs.replace(facts, pauses=pauses, campaign=campaign)


def _tell(telling: Telling, story: Story, step: Step) -> None:
    at = instant(step.at)
    facts = _known_at(telling.facts, at)
    if step.command in {"RecordSlotTaken", "RecordCarTaken"}:
        facts = msgspec.structs.replace(facts, taker=_taker(step, telling))
    command = asked(
        step.command,
        world.actor(step.actor),
        Moment(telling.order, facts, at, fields(step.command, step.words)),
    )
    outcome = carry_out(telling.order, command, facts, at)
    if isinstance(outcome, Rejected):
        came_of_it = f"rejected {outcome.reason}"
        telling.reasons.append(outcome.reason)
        if "(" in step.expected:
            details = "; ".join(f"{key}: {value}" for key, value in outcome.details.items())
            came_of_it += f" ({details})"
    else:
        accepted_terms = telling.facts.offered_terms
        if any(isinstance(each, TermsAccepted) for each in outcome.events):
            assert accepted_terms is not None, "only an offered version can be accepted"
            telling.facts = msgspec.structs.replace(telling.facts, terms=accepted_terms)
        came_of_it = ", ".join(type(event).__name__ for event in outcome.events) or "nothing"
        telling.order = outcome.order
        telling.events.extend(outcome.events)
    assert step.expected == came_of_it, (
        f"{story.file}:{step.line}: {step.command}\n  expected {step.expected}\n  got {came_of_it}"
    )


def _taker(step: Step, telling: Telling) -> Taker:
    """The other order has just taken the slot or the car, at the price of the one that left it."""
    assert telling.order is not None, "only an order that was made leaves anything"
    vin = world.VIN if step.command == "RecordCarTaken" else ""
    return Taker(order_id=world.OTHER_ORDER, vin=vin, price=telling.order.price)


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
        "decided": _decided(telling, order),
        "price": written(order.price),
        "without": ", ".join(not_incorporated(order, telling.facts.terms)) or "nothing",
        "promise": _window(order.binding_promise),
        "benefits": _benefits(order),
        "rank": str(order.rank),
    }
    assert {"stage", "money"} <= story.endings.keys(), f"{story.file}:{story.line}: say the end"
    for name, expected in story.endings.items():
        assert expected == actual[name], (
            f"{story.file}:{story.line}: {name} at the end\n"
            f"  expected {expected}\n  got {actual[name]}"
        )


def _benefits(order: Order) -> str:
    """Every benefit of the order with where it stands when the order last changed."""
    found = standings(order, order.changed_at)
    return ", ".join(f"{x.benefit.benefit_id} {x.standing}" for x in found) or "nothing"


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


def _decided(telling: Telling, order: Order) -> str:
    """What departs from the standard terms when the order last changed, and what decided it."""
    said = [
        f"{each.field}:{_value(each.value)} by {each.source} {each.number}"
        + (f" over {' and '.join(each.overlaps)}" if each.overlaps else "")
        for each in what_decided(order, telling.facts.policy, order.changed_at)
        if each.source is not Source.STANDARD
    ]
    return ", ".join(said) or "nothing"


def _value(value: Value | None) -> str:
    if isinstance(value, Money):
        return f"{written(value)}yuan"
    if isinstance(value, Instant):
        return f"{value.astimezone(world.SHANGHAI):%Y-%m-%d %H:%M}"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _window(window: Window) -> str:
    begins, ends = (
        f"{each.astimezone(world.SHANGHAI):%Y-%m-%d %H:%M}" for each in (window.begins, window.ends)
    )
    return f"{begins} to {ends}"


def _deadlines(telling: Telling, order: Order) -> str:
    """What falls due, the earliest first, by the clock in Shanghai."""
    due = sorted(deadlines(order, telling.facts.policy), key=lambda each: (each.due_at, each.kind))
    said = [f"{each.kind} {each.due_at.astimezone(world.SHANGHAI):%Y-%m-%d %H:%M}" for each in due]
    return ", ".join(said) or "nothing"
