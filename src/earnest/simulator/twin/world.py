"""The world: every order of a scenario, lived through the same rules as the server's.

Each step goes through `carry_out`, its postings through `bookkeeping`, its deadlines through
`timers`; the plans are those of `core/plan`. Not here: what people decide (`crowd.py`), planning
runs (`planning.py`) and what is noted of all this (`outcome.py`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import accumulate
from typing import Any, Protocol

import msgspec

from earnest.core.order.actor import Actor, Role, provider_actor
from earnest.core.order.command import Command
from earnest.core.order.commands import Reserve, Resume
from earnest.core.order.decide import Step, carry_out
from earnest.core.order.event import Event
from earnest.core.order.parts import PayoutState
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.plan.promise import Foreseen
from earnest.core.timers import Deadline, acting, command_of
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.simulator.twin.agenda import Agenda
from earnest.simulator.twin.crowd import DAY_S, Mind, arrivals
from earnest.simulator.twin.scenario import Scenario
from earnest.simulator.twin.shop import LANGUAGE, QUEUE, Shop

PROVIDER = "twin"
FROM_PROVIDER = provider_actor(PROVIDER)
SALES = Actor("staff:sales", frozenset({Role.SALES}))
PLANNING = Actor("staff:planning", frozenset({Role.PLANNING}))
DELIVERY = Actor("staff:delivery", frozenset({Role.DELIVERY}))
FINANCE = Actor("staff:finance", frozenset({Role.FINANCE}))
SECOND = Actor("staff:second", frozenset({Role.FINANCE, Role.SALES}))
_BUYER = frozenset({Role.BUYER})


class Seen(msgspec.Struct, frozen=True, gc=False):
    """An accepted command: whose order (by number), when, the order before and after it.

    `at` is in seconds since the midnight before the opening.
    """

    number: int
    at: int
    before: Order | None
    command: Command
    order: Order
    events: tuple[Event, ...]

    @property
    def day(self) -> int:
        """The day of the year, from 0."""
        return self.at // DAY_S


class Witness(Protocol):
    """Somebody who sees every step: figures, checks, and those who react to it."""

    def saw(self, seen: Seen) -> None:
        """A command was accepted."""

    def saw_rejected(self, command: Command, rejected: Rejected) -> None:
        """A command was rejected."""


class World:
    """Orders by their number, which is their rank less one; agenda; clock."""

    def __init__(self, scenario: Scenario) -> None:
        """Begin without anybody who sees what happens; `witnesses` are told in their order."""
        self.scenario = scenario
        self.witnesses: list[Witness] = []
        self.shop = Shop(scenario)
        self._begins = self.shop.begins
        self.draw = random.Random(scenario.seed)
        self.mind = Mind(scenario.behaviour, self.draw)
        self.agenda = Agenda(scenario.days + 1)
        self.orders: list[Order] = []
        self.chosen: list[int] = []
        self.built_on: dict[int, int] = {}
        self.commands = 0
        self.foreseen: Callable[[int, Instant], Foreseen] | None = None
        self.foreseen_by_rank: Callable[[int, Instant], Foreseen] | None = None
        self._shares = tuple(accumulate(self.shop.weights))
        self._due: list[tuple[Deadline, ...]] = []

    def instant(self, second: int) -> Instant:
        """The instant of a second since the opening's midnight."""
        return self._begins + timedelta(seconds=second)

    def second(self, instant: Instant) -> int:
        """Seconds since the opening's midnight, rounded down."""
        since = instant - self._begins
        return since.days * DAY_S + since.seconds

    def coming(self) -> Iterator[list[int]]:
        """The seconds at which somebody reserves, day by day."""
        opens = self.second(self.shop.opens_at)
        return ([opens + at for at in day] for day in arrivals(self.scenario, self.draw))

    def buyer(self, number: int) -> Actor:
        """The login of an order's buyer."""
        return Actor(f"buyer:{number:016d}", _BUYER)

    def ask(
        self,
        kind: type[Command],
        number: int,
        actor: Actor,
        at: int,
        /,
        **fields: Any,  # noqa: ANN401 - every command has fields of its own
    ) -> Step | Rejected:
        """Put a command to the rules at a second, and let everybody see what came of it."""
        order = self.orders[number]
        command = kind(
            buyer_id=order.buyer_id,
            order_id=order.order_id,
            actor=actor,
            key=kind.__name__,
            received_at=self.instant(at),
            **fields,
        )
        return self._carry_out(number, at, command)

    def fire(self, number: int, deadline: Deadline) -> Step | Rejected | None:
        """Let time act on an order, if the deadline is still one of its own."""
        if deadline not in self._due[number]:
            return None
        order = self.orders[number]
        return self._carry_out(
            number,
            self.second(deadline.due_at),
            command_of(deadline, order.buyer_id, order.order_id, deadline.due_at),
        )

    def reserve(self, second: int) -> Step | Rejected:
        """The next buyer takes a place, for a car drawn by the shares of the trims."""
        at = self.instant(second)
        number = len(self.orders)
        chosen = self.draw.choices(range(len(self.shop.quotes)), cum_weights=self._shares)[0]
        quoted = self.shop.quotes[chosen]
        name = f"{number:016d}"
        command = Reserve(
            buyer_id=BuyerId(name),
            order_id=OrderId(name),
            actor=self.buyer(number),
            key="Reserve",
            received_at=at,
            queue_id=QUEUE,
            terms_hash=self.shop.offer.terms_hash,
            catalogue_hash=self.shop.offer.catalogue_hash,
            language=LANGUAGE,
            acknowledgements=self.shop.acknowledgements,
            configuration=quoted.configuration,
            price=quoted.price,
        )
        facts = msgspec.structs.replace(
            self.shop.facts,
            offer=self.shop.offer,
            rank=number + 1,
            foreseen=self._foreseen(chosen, at),
        )
        step = carry_out(None, command, facts, at)
        self.commands += 1
        if isinstance(step, Rejected):
            self._saw_rejected(command, step)
            return step
        self.orders.append(step.order)
        self.chosen.append(chosen)
        self._due.append(())
        self._seen(number, second, None, command, step)
        return step

    def _foreseen(self, chosen: int, at: Instant) -> Foreseen | None:
        """What the plan could promise now; None before anybody plans."""
        return None if self.foreseen is None else self.foreseen(chosen, at)

    def _carry_out(self, number: int, at: int, command: Command) -> Step | Rejected:
        before = self.orders[number]
        facts = self.shop.facts
        if isinstance(command, Resume) and self.foreseen_by_rank is not None:
            foreseen = self.foreseen_by_rank(number, command.received_at)
            facts = msgspec.structs.replace(facts, foreseen=foreseen)
        step = carry_out(before, command, facts, command.received_at)
        self.commands += 1
        if isinstance(step, Rejected):
            self._saw_rejected(command, step)
            return step
        self.orders[number] = step.order
        self._seen(number, at, before, command, step)
        return step

    def _seen(
        self, number: int, at: int, before: Order | None, command: Command, step: Step
    ) -> None:
        seen = Seen(number, at, before, command, step.order, step.events)
        for witness in self.witnesses:
            witness.saw(seen)
        self._set_deadlines(number, step.order)
        if _is_lived(step.order):
            self.orders[number] = _remembered(step.order)

    def _saw_rejected(self, command: Command, rejected: Rejected) -> None:
        for witness in self.witnesses:
            witness.saw_rejected(command, rejected)

    def _set_deadlines(self, number: int, order: Order) -> None:
        known = self._due[number]
        due = tuple(acting(order, self.shop.terms.policy))
        if due == known:
            return
        for deadline in due:
            if deadline not in known:
                # An instant between two seconds has passed at the next whole one.
                at = self.second(deadline.due_at)
                self.agenda.add(at + (deadline.due_at.microsecond > 0), "time", number, deadline)
        self._due[number] = due


def _is_lived(order: Order) -> bool:
    """Whether nobody will do anything with an order any more."""
    if order.stage is Stage.CLOSED:
        return True
    if order.stage not in _LEFT or any(
        each.state is not PayoutState.PAID for each in order.payouts
    ):
        return False
    return order.forfeiture is None or order.forfeiture.released_at is not None


def _remembered(order: Order) -> Order:
    """What is kept of a life that is over, so that a year of half a million fits in memory."""
    return msgspec.structs.replace(
        order,
        payments=(),
        tender=None,
        inspection=None,
        balance_demand=None,
        car=None,
        slot=None,
        statement=None,
        payouts=(),
        promises=(),
    )


_LEFT = frozenset({Stage.WITHDRAWN, Stage.CANCELLED, Stage.TERMINATED})
