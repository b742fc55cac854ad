"""Random lives: one order walked through its whole life, towards the ways seen least so far.

A life has a goal: a way of the transition table that few lives took. `goals.py` says which command
brings it nearer. Between two steps the clock moves, and now and then somebody asks for something
that makes no sense. Everything that happened is kept, so that `laws.py` can judge it.

Not here: what must be true of a life.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import msgspec

from earnest.core.bookkeeping import entry
from earnest.core.launch.benefit import LockedBefore, NotLeft
from earnest.core.launch.edition import Allotment, Edition
from earnest.core.ledger.posting import Posting
from earnest.core.order.authority import AUTHORITY
from earnest.core.order.centre import CentreStanding
from earnest.core.order.commands import Command, RecordPayment
from earnest.core.order.decide import Step, carry_out
from earnest.core.order.events import Event
from earnest.core.order.facts import Facts
from earnest.core.order.stage import TRANSITIONS, Stage
from earnest.core.order.state import Order
from earnest.core.terms.override import Override, OverrideField
from earnest.core.terms.policy import DepositKind
from earnest.core.timers import deadlines
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from tests.core import world
from tests.core.asking import Fields, Moment, asked
from tests.core.campaigns import CAMPAIGN, benefit

Way = tuple[Stage, str, Stage]
"""A command in a stage and where it led."""

WAYS: tuple[Way, ...] = tuple(
    (stage, name, target)
    for stage, ways in TRANSITIONS.items()
    for name, targets in ways.items()
    for target in sorted(targets)
)
"""Every way that the transition table knows."""

PROMISES = (
    world.public_promise("prompt", Override(OverrideField.REFUND_DAYS, 3)),
    world.public_promise("patient", Override(OverrideField.CURE_DAYS, 21)),
    world.public_promise("cheap", Override(OverrideField.PRICE_REDUCTION, world.yuan(500))),
)
"""What the maker promises to everybody."""


_LATE = {"late_delivery_per_day": world.yuan(200), "late_delivery_cap": world.yuan(10_000)}

WORLDS: tuple[Facts, ...] = tuple(
    world.facts_of(world.terms_with(**numbers))
    for numbers in (
        {},
        {"deposit_kind": DepositKind.INTENT},
        {"deposit_kind": DepositKind.FEE},
        {"deposit": world.yuan(20_000), "deferrals_free": 0},
        {"deposit_back_if_taken_days": 700},
        {"deposit_kind": DepositKind.FEE, "deposit_back_if_taken_days": 2},
        {"deferrals_free": 2, "cooling_off_hours": 720, "undo_lock_hours": 480},
        {"appointments_before_demand": 2, "cure_days": 20},
        {**_LATE, "refund_interest_basis_points": 600, "tax_difference_cap": world.yuan(15_000)},
        {"jurisdiction": "EU", **_LATE, "late_delivery_free_days": 7},
        {"jurisdiction": "DE", "deposit_kind": DepositKind.FEE},
        {"jurisdiction": "FR", **_LATE},
        {"jurisdiction": "UK", "deposit": world.yuan(20_000)},
        {"jurisdiction": "US-FTC", "deposit_returned_if_finance_declined": False},
        {"jurisdiction": "US-CA", "deposit_returned_if_finance_declined": False},
        {"jurisdiction": "US-NY", "withdrawal_days_after_handover": 3},
        {"jurisdiction": "KR", "deposit_kind": DepositKind.FEE, **_LATE},
    )
)
"""Terms and laws that differ where it matters; one undo window is longer than a cure period."""

GENEROUS = msgspec.structs.replace(
    CAMPAIGN,
    opens_at=world.local(2024, 3, 28, 22),
    reveal_at=world.local(2024, 3, 28, 20),
    closes_at=None,
    groups=(),
    benefits=(
        *(benefit(each) for each in ("hat", "scarf", "gloves")),
        benefit("coat", NotLeft()),
        benefit("lamp", LockedBefore(at=world.local(2034, 1, 1))),
    ),
)
"""A campaign that is always open, with benefits for everybody, for those who stay, and for those
who lock in time."""
EDITION = Edition(units=10)

LAUNCHES: tuple[Fields, ...] = (
    *({},) * 4,
    {"payment_opens_later": True},
    {"allotment": Allotment(edition=EDITION)},
    {"allotment": Allotment(edition=EDITION, taken=10, waiting=2)},
    {"allotment": Allotment(edition=EDITION, taken=10), "payment_opens_later": True},
)
"""How an order begins: mostly as always, sometimes without a unit or before it can be paid."""

BIRTH = datetime(2024, 7, 1, 2, tzinfo=UTC)

DETOURS = 0.25
"""How often a life stays where it is and does something rare there."""

RARITY = 2.5
"""How much a rare way is preferred to a common one."""

CarryOut = Callable[[Order | None, Command, Facts, Instant], Step | Rejected]


class Ask(msgspec.Struct, frozen=True):
    """What to ask next, by whom, when, and saying what."""

    name: str
    at: Instant
    fields: Fields = {}
    who: str | None = None


class Happening(msgspec.Struct, frozen=True):
    """One accepted command: the order before and after it, and its events."""

    command: Command
    before: Order | None
    after: Order
    events: tuple[Event, ...]


class Life:
    """One order, everything that was asked about it, and what a provider knows of its money."""

    def __init__(self, chance: Random, rules: CarryOut = carry_out) -> None:
        self.chance = chance
        self.rules = rules
        promises = PROMISES if chance.random() < 0.3 else ()
        campaign = GENEROUS if chance.random() < 0.8 else None
        self.facts = msgspec.structs.replace(
            chance.choice(WORLDS),
            promises=promises,
            campaign=campaign,
            centre=CentreStanding(centre=world.CENTRE),
            **chance.choice(LAUNCHES),
        )
        self.at: Instant = BIRTH + timedelta(minutes=chance.randrange(60 * 24))
        self.happened: list[Happening] = []
        self.postings: list[Posting] = []
        self.received: dict[tuple[str, str], int] = {}
        self.asks = 0
        self.order = self._born()
        others = [each.terms for each in WORLDS if each.terms != self.facts.terms]
        self.facts = msgspec.structs.replace(
            self.facts, promises=PROMISES, offered_terms=chance.choice(others)
        )

    def _born(self) -> Order:
        clauses = ("terms", "forfeiture") if self.chance.random() < 0.8 else ("terms",)
        acknowledged = tuple(
            world.acknowledgement(clause, self.at, self.facts.terms) for clause in clauses
        )
        configuration = self.chance.choice((world.PLAIN, world.DEAR, world.SMALL))
        born = self._carry_out(
            None,
            Ask(
                "Reserve",
                self.at,
                {"acknowledgements": acknowledged, "configuration": configuration},
            ),
        )
        assert born is not None, "a reservation without fault is accepted"
        return born.after

    @property
    def events(self) -> list[Event]:
        """Every event of this life, in order."""
        return [event for each in self.happened for event in each.events]

    def ask(self, ask: Ask) -> Happening | None:
        """Ask for something; None when it was rejected."""
        self.asks += 1
        self.at = max(self.at, ask.at)
        happening = self._carry_out(self.order, ask)
        if happening is not None:
            self.order = happening.after
        return happening

    def _carry_out(self, order: Order | None, ask: Ask) -> Happening | None:
        who = ask.who or self.chance.choice(sorted(AUTHORITY[ask.name]))
        moment = Moment(order, self.facts, ask.at, ask.fields)
        command = asked(ask.name, world.actor(who), moment)
        outcome = self.rules(order, command, self.facts, ask.at)
        if isinstance(outcome, Rejected):
            return None
        if isinstance(command, RecordPayment):
            reference = (command.provider, command.provider_payment_id)
            self.received.setdefault(reference, command.amount.amount)
        if order is not None and outcome.order.terms_hash != order.terms_hash:
            accepted_terms, own = self.facts.offered_terms, self.facts.terms
            assert accepted_terms is not None, "only an offered version can be accepted"
            self.facts = msgspec.structs.replace(
                self.facts, terms=accepted_terms, offered_terms=own
            )
        happening = Happening(command, order, outcome.order, outcome.events)
        self.happened.append(happening)
        self.postings.extend(posting for event in outcome.events for posting in entry(event))
        return happening

    def pass_time(self) -> None:
        """Move the clock: mostly a little, sometimes to just before, on or after a deadline."""
        roll = self.chance.random()
        if roll < 0.6:
            self.at += timedelta(minutes=self.chance.randrange(20))
        elif roll < 0.8:
            self.at += timedelta(hours=self.chance.randrange(72))
        elif roll < 0.97:
            instants = sorted(each.due_at for each in deadlines(self.order, self.facts.policy))
            ahead = [each for each in instants if each > self.at]
            if ahead:
                self.at = ahead[0] + timedelta(seconds=self.chance.choice((-1, 0, 1)))
        else:
            self.at += timedelta(days=self.chance.randrange(120))


def _first_hops() -> dict[Stage, dict[Stage, list[Way]]]:
    """For every stage and every stage it can get to: the ways that begin a shortest path."""
    distances = {stage: {stage: 0} for stage in Stage}
    for _ in Stage:
        for stage, _name, target in WAYS:
            for end, steps in list(distances[target].items()):
                known = distances[stage].get(end, len(Stage))
                distances[stage][end] = min(known, steps + 1)
    hops: dict[Stage, dict[Stage, list[Way]]] = {stage: {} for stage in Stage}
    for way in WAYS:
        stage, _, target = way
        for end, steps in distances[target].items():
            if stage is not end and steps + 1 == distances[stage][end]:
                hops[stage].setdefault(end, []).append(way)
    return hops


FIRST_HOPS = _first_hops()


class Seen:
    """How often each way was taken, and which one a life should take next."""

    def __init__(self) -> None:
        self.counts: Counter[Way] = Counter()
        self.by_stage: dict[Stage, list[Way]] = {
            stage: [way for way in WAYS if way[0] is stage] for stage in Stage
        }

    def note(self, way: Way | None) -> None:
        """Count a way that was taken."""
        if way is not None:
            self.counts[way] += 1

    def goal(self, stage: Stage, chance: Random) -> Way:
        """A rare way from this stage, or the first step towards a rare one elsewhere."""
        ends = [stage] if chance.random() < DETOURS else [stage, *FIRST_HOPS[stage]]
        ways = [way for end in ends for way in self.by_stage[end]]
        weights = [(1 + self.counts[way]) ** -RARITY for way in ways]
        destiny = chance.choices(ways, weights)[0]
        return destiny if destiny[0] is stage else chance.choice(FIRST_HOPS[stage][destiny[0]])
