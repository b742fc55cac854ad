"""The world of one case: the real desk over a store in memory, and a clock that the case moves.

Whatever a running Earnest does with a command, its deadlines and its messages happens here as
well, because it is the same code. Not here: what a case asks for (`running.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from earnest.core.order.commands import Command
from earnest.core.order.effective import effective_policy
from earnest.core.order.reallocate import cars_given_up
from earnest.core.order.state import Order
from earnest.core.queue.offer import Offer
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import BuyerId, OrderId, QueueId, derive_order_id
from earnest.core.values.instant import Instant
from earnest.desk.answer import Answer
from earnest.desk.desk import Desk
from earnest.desk.firing import fire_due
from earnest.desk.giving_on import LOOK_SECONDS, REFUSED_RESTS, give_cars_on
from earnest.desk.group import KeyReused
from earnest.desk.library import Library
from earnest.desk.places.following import Places
from earnest.desk.places.passing import SETTLING, Passing
from earnest.desk.ports import Channel, OrderKey
from earnest.simulator.scenarios.case import Given
from earnest.simulator.scenarios.moments import FIRST_YEAR
from earnest.simulator.scenarios.view import View
from earnest.store.memory import MemoryStore
from earnest.store.memory_given_cars import MemoryCars
from earnest.store.memory_moves import MemoryMoves
from earnest.store.memory_reader import MemoryReader

QUEUE = QueueId("case")
"""The one queue in which every order of a case stands."""

BEGINNING = datetime(FIRST_YEAR - 1, 1, 1, tzinfo=UTC)
"""Before anything happens in any case."""

LOOK = timedelta(seconds=LOOK_SECONDS)
"""How soon after a change cars that were given up are looked for."""


def key_of(order: str) -> OrderKey:
    """Where an order of the case is stored, by the name the case gives it."""
    buyer_id = BuyerId(f"buyer of {order}")
    return OrderKey(buyer_id, derive_order_id(buyer_id, order))


class World:
    """Desk, store and clock of one case."""

    def __init__(self, given: Given) -> None:
        """Make an idle world; `open` runs it."""
        self.given = given
        self.now: Instant = BEGINNING
        self._store = MemoryStore()
        self._desk = Desk(self._store, Library(self._store), lambda: self.now)
        self._cars = MemoryCars(self._store)
        moves = MemoryMoves(self._store)
        self._moves, self._places = moves, Places(moves, lambda: self.now)
        events_of = MemoryReader(self._store).events
        self._passing = Passing(self._desk, self._places, events_of)

    @classmethod
    @asynccontextmanager
    async def open(cls, given: Given) -> AsyncIterator[World]:
        """A world with the case's offers on sale, for as long as the context lasts."""
        world = cls(given)
        await world._publish()
        running = asyncio.create_task(world._desk.run())
        try:
            yield world
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    async def _publish(self) -> None:
        if not self.given.offers:
            return
        terms = self.given.offers[0].terms
        queue = Queue(
            queue_id=QUEUE,
            model_line="case",
            market=terms.policy.jurisdiction,
            time_zone=terms.policy.time_zone,
        )
        ends = [each.since for each in self.given.offers[1:]]
        for offered, closes_at in zip(self.given.offers, [*ends, None], strict=True):
            offer = Offer(
                queue_id=QUEUE,
                terms_hash=offered.terms.terms_hash,
                catalogue_hash=offered.catalogue.catalogue_hash,
                opens_at=offered.since,
                closes_at=closes_at,
            )
            await self._store.publish(
                queues=[queue], terms=offered.terms, catalogue=offered.catalogue, offers=[offer]
            )
        for promise in self.given.promises:
            await self._store.publish_promise(promise)

    async def advance(self, to: Instant) -> None:
        """Let time pass. What falls due on the way happens at its own instant, in its order."""
        time_passes = self.now < to
        while (look := await self._next_look(to)) is not None:
            await self._fire_until(look)
            await self._give_cars_on()
            await self._places.refresh()
            await self._passing.look(self.now)
        await self._fire_until(to)
        if time_passes:
            await self._give_cars_on()

    async def _next_look(self, to: Instant) -> Instant | None:
        """When a server's jobs find something new: a slot counts as given, or a car is free."""
        looks = {each.given_at + SETTLING for each in await self._moves.served_orders()}
        for giver in await self._cars.givers():
            looks.add(giver.changed_at + LOOK)
            for _, refused_at in cars_given_up(giver):
                if refused_at is not None:
                    looks.add(refused_at + REFUSED_RESTS)
        return min((each for each in looks if self.now < each <= to), default=None)

    async def _give_cars_on(self) -> None:
        await give_cars_on(self._desk, self._cars, self.now)

    async def _fire_until(self, to: Instant) -> None:
        while True:
            due = await self._store.due_deadlines(to, 1)
            if not due:
                break
            self.now = max(self.now, due[0].deadline.due_at)
            fired = await fire_due(self._desk, self._store, self.now)
            assert fired, "a deadline that is due can be fired"
        self.now = max(self.now, to)

    async def ask(self, command: Command) -> Answer:
        """Put a command to the desk, as a door would, and wait for the answer."""
        answer = await self._desk.submit(command, command.key)
        assert not isinstance(answer, KeyReused), "every step has a key of its own"
        return answer

    def order(self, name: str) -> Order | None:
        """An order of the case as it stands, or None before its reservation."""
        return self._store.tables.orders.get(key_of(name))

    def others(self, name: str) -> tuple[Order, ...]:
        """The other orders of the case."""
        key = key_of(name)
        return tuple(each for at, each in self._store.tables.orders.items() if at != key)

    def identity(self, name: str) -> tuple[BuyerId, OrderId]:
        """Whose order it is, and its id."""
        key = key_of(name)
        return key.buyer_id, key.order_id

    def view(self, name: str) -> View:
        """What can be seen of an order now."""
        key = key_of(name)
        tables = self._store.tables
        order = tables.orders.get(key)
        recorded = tables.events.get(key, ())
        facts = None if order is None else self._desk.library.facts_of_order(order)
        return View(
            at=self.now,
            order=order,
            facts=facts,
            policy=None if facts is None else effective_policy(order, facts, self.now),
            events=tuple(each.event for each in recorded),
            told=tuple(
                each.subject
                for each in tables.messages
                if each.channel is Channel.MAIL and each.order_id == key.order_id
            ),
            postings=tuple(each.posting for each in tables.postings.get(key, ())),
            document=self.given.document,
        )
