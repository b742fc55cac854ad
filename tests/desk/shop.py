"""A desk over a store in memory with the demo maker's terms, and the commands people send to it.

Not here: what is true afterwards, which each test says.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import TypeVar

import msgspec

from earnest.core.bookkeeping import entry
from earnest.core.catalogue.configuration import Configuration, Quote, quote
from earnest.core.order import commands as ask
from earnest.core.order.actor import Actor, Role, provider_actor
from earnest.core.order.evolve import fold
from earnest.core.order.state import Order
from earnest.core.terms.version import (
    ACCEPTANCE_CLAUSE,
    FORFEITURE_CLAUSE,
    Acknowledgement,
    TermsVersion,
)
from earnest.core.timers import Deadline, deadlines
from earnest.core.values.ids import BuyerId, OrderId, QueueId, derive_id, derive_order_id
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.demo.maker import OPENED_AT, QUEUES, demo_catalogue, demo_offers, demo_terms
from earnest.desk.answer import Answer
from earnest.desk.desk import Desk
from earnest.desk.firing import fire_due
from earnest.desk.group import KeyReused
from earnest.desk.library import Library
from earnest.desk.ports import OrderKey
from tests.desk.fakes import ShakyStore

Result = TypeVar("Result")

QUEUE = QueueId("s7-cn")
PLAIN = Configuration("s7-standard", ("paint-aqua", "wheels-19"))
CATALOGUE = demo_catalogue()
TERMS = demo_terms()
DEPOSIT = TERMS.policy.deposit
START = OPENED_AT + timedelta(minutes=1)

STUCK_SECONDS = 60.0
"""A visit that lasts longer waits for something that never happens."""

COMMANDS: dict[str, Callable[..., ask.Command]] = {kind.__name__: kind for kind in ask.COMMANDS}


class Hands:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        """Begin one minute after the sale opened."""
        self.instant: Instant = START

    def now(self) -> Instant:
        """The present instant."""
        return self.instant

    def advance(self, **step: float) -> None:
        """Move forward."""
        self.instant += timedelta(**step)


async def no_pause(seconds: float) -> None:
    """Let others run instead of waiting."""
    assert seconds > 0, "nobody waits for nothing"
    await asyncio.sleep(0)


class Shop:
    """Store, clock, desk and the people around them."""

    def __init__(
        self, *, queue_limit: int = 1_000, group_limit: int = 500, webhooks: bool = False
    ) -> None:
        """Publish the demo's documents and make a desk with these limits."""
        self.clock = Hands()
        self.store = ShakyStore()
        self._queue_limit = queue_limit
        self._group_limit = group_limit
        self._webhooks = webhooks
        self.desk = self.another_desk()

    def another_desk(self, sleep: Callable[[float], Awaitable[None]] = no_pause) -> Desk:
        """One more desk on the same store, as a second process would have."""
        return Desk(
            self.store,
            self.library(),
            self.clock.now,
            webhooks=self._webhooks,
            queue_limit=self._queue_limit,
            group_limit=self._group_limit,
            sleep=sleep,
        )

    def library(self) -> Library:
        """A library of its own for each desk."""
        return Library(self.store)

    @asynccontextmanager
    async def open(self, *desks: Desk) -> AsyncIterator[Shop]:
        """Run the desks for as long as the context lasts."""
        await self.publish()
        tasks = [asyncio.create_task(desk.run()) for desk in desks or (self.desk,)]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task

    async def publish(self) -> None:
        """Put the demo's documents on sale; doing it again changes nothing."""
        await self.store.publish(
            queues=QUEUES,
            terms=TERMS,
            catalogue=CATALOGUE,
            offers=demo_offers(TERMS, CATALOGUE),
        )

    def reserve(
        self,
        buyer: str,
        key: str = "first",
        configuration: Configuration = PLAIN,
        **fields: object,
    ) -> ask.Command:
        """A reservation by this buyer, received now."""
        buyer_id = buyer_of(buyer)
        now = self.clock.now()
        return COMMANDS["Reserve"](
            buyer_id=buyer_id,
            order_id=derive_order_id(buyer_id, key),
            actor=buyer_actor(buyer_id),
            key=key,
            received_at=now,
            queue_id=fields.pop("queue_id", QUEUE),
            terms_hash=TERMS.terms_hash,
            catalogue_hash=CATALOGUE.catalogue_hash,
            language="zh-Hans",
            acknowledgements=tuple(
                acknowledgement(clause, now) for clause in (ACCEPTANCE_CLAUSE, FORFEITURE_CLAUSE)
            ),
            configuration=configuration,
            price=price_of(configuration),
            **fields,
        )

    def payment(
        self, order: ask.Command | Order, *, event_id: str = "", amount: Money = DEPOSIT
    ) -> ask.Command:
        """What the provider says when the deposit was paid now."""
        return self.command(
            "RecordPayment",
            order,
            "provider",
            event_id or f"evt-{order.order_id}",
            payment_number=1,
            amount=amount,
            paid_at=self.clock.now(),
            provider="null",
            provider_payment_id=f"pay-{event_id}-{order.order_id}",
        )

    def command(
        self, name: str, order: ask.Command | Order, actor: str, key: str, **fields: object
    ) -> ask.Command:
        """A command about an order, received now."""
        return COMMANDS[name](
            buyer_id=order.buyer_id,
            order_id=order.order_id,
            actor=actor_of(actor, order.buyer_id),
            key=key,
            received_at=self.clock.now(),
            **fields,
        )

    async def does(self, command: ask.Command) -> Order:
        """Submit a command that is accepted, and return the order after it."""
        answer = await self.desk.submit(command, content_hash(command))
        assert isinstance(answer, Answer), "a fresh key is not reused"
        assert answer.is_accepted, (type(command).__name__, answer.reason, answer.details)
        return self.order(command.order_id)

    async def deposited(self, buyer: str, key: str = "first") -> Order:
        """An order of this buyer with its deposit."""
        order = await self.does(self.reserve(buyer, key))
        return await self.does(self.payment(order))

    def order(self, order_id: OrderId) -> Order:
        """The committed order."""
        return next(each for each in self.store.orders.values() if each.order_id == order_id)

    def kinds(self, order: Order | ask.Command) -> list[str]:
        """The stored events of an order, by kind."""
        key = OrderKey(order.buyer_id, order.order_id)
        return [type(each.event).__name__ for each in self.store.events_of(key)]

    def ranks(self) -> list[int]:
        """The ranks of all orders, in the order of the queue."""
        return sorted(order.rank for order in self.store.orders.values())

    def check(self) -> None:
        """What is true after every group: rows, postings and deadlines follow from the events."""
        store = self.store
        stored: dict[OrderKey, set[Deadline]] = {key: set() for key in store.orders}
        for each in store.deadlines:
            stored[each.order].add(each.deadline)
        for key, order in store.orders.items():
            events = store.events_of(key)
            assert [each.sequence for each in events] == list(range(1, len(events) + 1))
            assert fold(each.event for each in events) == order
            assert stored[key] == deadlines(order, TERMS.policy)
            caused = [posting for each in events for posting in entry(each.event)]
            assert [each.posting for each in store.tables.postings.get(key, ())] == caused
        assert self.ranks() == list(range(1, len(store.orders) + 1))
        assert store.tables.queues[QUEUE].next_rank == len(store.orders) + 1

    async def fire(self) -> int:
        """Fire what is due now."""
        return await fire_due(self.desk, self.store, self.clock.now())


def buyer_of(name: str) -> BuyerId:
    """A buyer's id by a name for it."""
    return BuyerId(derive_id("buyer", name))


def buyer_actor(buyer_id: BuyerId) -> Actor:
    """The buyer's own login."""
    return Actor(f"buyer:{buyer_id}", frozenset({Role.BUYER}))


def actor_of(name: str, buyer_id: BuyerId) -> Actor:
    """Somebody by role, or by role and name: `buyer`, `provider`, `finance:bo`."""
    role = Role(name.partition(":")[0])
    if role is Role.BUYER:
        return buyer_actor(buyer_id)
    if role is Role.PROVIDER:
        return provider_actor("null")
    return Actor(f"staff:{name}", frozenset({role}))


def acknowledgement(clause_id: str, at: Instant, terms: TermsVersion = TERMS) -> Acknowledgement:
    """A clause accepted in exactly its words."""
    clause = terms.clause(clause_id)
    assert clause is not None, f"the demo's terms have no clause {clause_id}"
    return Acknowledgement(
        clause_id=clause_id, text_hash=clause.text_hash("zh-Hans"), language="zh-Hans", at=at
    )


def price_of(configuration: Configuration) -> Money:
    """The price that a page shows."""
    quoted = quote(CATALOGUE, configuration)
    assert isinstance(quoted, Quote), f"{configuration} cannot be ordered"
    return quoted.price


async def submitted(desk: Desk, *commands: ask.Command) -> list[Answer | KeyReused | BaseException]:
    """Submit commands at once, in this order, and return what became of each."""
    return list(
        await asyncio.gather(
            *(desk.submit(each, content_hash(each)) for each in commands), return_exceptions=True
        )
    )


def content_hash(command: ask.Command) -> str:
    """The digest of a command's content, as a door makes it: without the instants of receipt."""
    content = msgspec.to_builtins(command)
    content.pop("received_at")
    for each in content.get("acknowledgements", ()):
        each.pop("at")
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def in_shop(visit: Callable[[Shop], Awaitable[Result]], shop: Shop | None = None) -> Result:
    """Open a shop, run one visit in it and close it again."""

    async def life() -> Result:
        opened = shop or Shop()
        async with asyncio.timeout(STUCK_SECONDS), opened.open():
            return await visit(opened)

    return asyncio.run(life())
