"""A store of either kind with the small maker published in it, and lives told to it in groups.

Not here: what is true afterwards, which the tests say.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Protocol

import msgspec
import psycopg

from earnest.core.order.actor import Actor
from earnest.core.order.commands import Command
from earnest.core.order.facts import Facts
from earnest.core.order.standing import lane_in
from earnest.core.order.state import Order
from earnest.core.queue.lane import Lane
from earnest.core.queue.rank import Queue
from earnest.core.timers import Deadline
from earnest.core.values.ids import BuyerId, QueueId, derive_id, derive_order_id
from earnest.core.values.instant import Instant
from earnest.desk.answer import Answer
from earnest.desk.bulk import BulkActs
from earnest.desk.campaign_ports import Campaigns
from earnest.desk.centres import Centres
from earnest.desk.conversing import Conversations, OrderLinks
from earnest.desk.endpoints import EndpointBook
from earnest.desk.giving_on import GivenCars
from earnest.desk.group import Asked, Group, KeyReused, lookup_of
from earnest.desk.outgoing import Occurrences
from earnest.desk.passkeys import PasskeyBook
from earnest.desk.pause_ports import SalePauses
from earnest.desk.places.ports import Moves
from earnest.desk.planning.freed import LeftSlots
from earnest.desk.planning.ports import Plans
from earnest.desk.planning.runs import KeptRuns
from earnest.desk.ports import (
    Changes,
    Loaded,
    Lookup,
    OrderKey,
    OutgoingMessage,
    Shelf,
    Store,
    Transaction,
)
from earnest.desk.private import Contents, NoticeBook
from earnest.desk.publishing import Publications
from earnest.desk.reconciliation_ports import Reconciliations
from earnest.desk.room_store import RoomStore
from earnest.desk.sights import SightBook
from earnest.desk.staff import FactorBook, SessionBook, StaffBook, Trail
from earnest.desk.views import Reader, Register
from earnest.desk.watching import Watching
from earnest.store.bulk import PostgresBulkActs
from earnest.store.campaigns import PostgresCampaigns
from earnest.store.cars import PostgresCars
from earnest.store.centres import PostgresCentres
from earnest.store.conversations import PostgresConversations, PostgresOrderLinks
from earnest.store.desk_store import PostgresStore
from earnest.store.endpoints import PostgresEndpoints
from earnest.store.jobs import letter_in
from earnest.store.memory import MemoryStore
from earnest.store.memory_bulk import MemoryBulkActs
from earnest.store.memory_campaigns import MemoryCampaigns
from earnest.store.memory_centres import MemoryCentres
from earnest.store.memory_conversations import MemoryConversations, MemoryOrderLinks
from earnest.store.memory_endpoints import MemoryEndpoints
from earnest.store.memory_given_cars import MemoryCars
from earnest.store.memory_moves import MemoryMoves
from earnest.store.memory_passkeys import MemoryPasskeys
from earnest.store.memory_pauses import MemoryPauses
from earnest.store.memory_plan_runs import MemoryPlanRuns
from earnest.store.memory_plans import MemoryPlans
from earnest.store.memory_private import MemoryContents, MemoryNotices
from earnest.store.memory_reader import MemoryReader, MemoryRegister
from earnest.store.memory_reconciliation import MemoryReconciliations
from earnest.store.memory_rooms import MemoryRooms
from earnest.store.memory_sights import MemorySights
from earnest.store.memory_staff import MemorySessions, MemoryStaff, MemoryTrail
from earnest.store.memory_tables import ConstraintViolated
from earnest.store.memory_watching import MemoryWatching
from earnest.store.passkeys import PostgresPasskeys
from earnest.store.pauses import PostgresPauses
from earnest.store.plan_runs import PostgresPlanRuns
from earnest.store.plans import PostgresPlans
from earnest.store.pool import Pool
from earnest.store.private import PostgresContents, PostgresNotices
from earnest.store.queue_moves import PostgresMoves
from earnest.store.reader import PostgresReader
from earnest.store.reconciliation import PostgresReconciliations
from earnest.store.register import PostgresRegister
from earnest.store.rooms import PostgresRooms
from earnest.store.sessions import PostgresSessions, PostgresTrail
from earnest.store.shelf import PostgresShelf
from earnest.store.sights import PostgresSights
from earnest.store.staff import PostgresStaff
from earnest.store.watching import PostgresWatching
from tests.core import world
from tests.core.asking import Moment, asked

START = world.local(2024, 4, 1, 12)
QUEUE = Queue(queue_id=world.QUEUE, model_line="aurora", market="CN", time_zone="Asia/Shanghai")
OTHER_QUEUE = Queue(
    queue_id=QueueId("swift-cn"), model_line="swift", market="CN", time_zone="Asia/Shanghai"
)
BUYER = world.actor("buyer")
PROVIDER = world.actor("provider:sandbox")


class DeskStore(Store, Publications, Protocol):
    """What the desk and the maker need, in one."""


class LeftBehind(GivenCars, LeftSlots, Protocol):
    """What orders left for others, cars and slots, in one."""


class Staff(StaffBook, FactorBook, Protocol):
    """Staff and their second factors, in one."""


class DoorReader(Reader, Occurrences, Protocol):
    """What the doors and the senders read, in one."""


class House(msgspec.Struct):
    """One kind of store, empty but for the documents. `jobs` tells what will leave, job by job."""

    store: DeskStore
    reader: DoorReader
    register: Register
    contents: Contents
    notices: NoticeBook
    conversations: Conversations
    links: OrderLinks
    shelf: Shelf
    plans: Plans
    centres: Centres
    bulk_acts: BulkActs
    runs: KeptRuns
    moves: Moves
    cars: LeftBehind
    campaigns: Campaigns
    pauses: SalePauses
    watching: Watching
    rooms: RoomStore
    staff: Staff
    passkeys: PasskeyBook
    sessions: SessionBook
    trail: Trail
    sights: SightBook
    endpoints: EndpointBook
    reconciliations: Reconciliations
    violation: type[Exception]
    jobs: Callable[[], Awaitable[list[tuple[OutgoingMessage, ...]]]]

    async def publish(self) -> None:
        """Publish the small maker's documents."""
        await self.store.publish(
            queues=(QUEUE, OTHER_QUEUE),
            terms=world.TERMS,
            catalogue=world.CATALOGUE,
            offers=(world.offer_of(world.TERMS),),
        )

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction of the desk."""
        return self.store.transaction()

    async def tell(
        self,
        *group: Command,
        fired: Deadline | None = None,
        webhooks: bool = False,
        facts: Facts = world.FACTS,
    ) -> list[Answer]:
        """Decide a group and save it in one transaction; every command must be new."""
        waiting = [Asked(command, content_of(command), fired) for command in group]
        async with self.transaction() as transaction:
            loaded = await transaction.load(lookup_of(waiting))
            answers, changes = decided(waiting, loaded, webhooks=webhooks, facts=facts)
            await transaction.save(changes)
        return answers

    async def loaded(self, *orders: OrderKey) -> Loaded:
        """What a transaction finds about some orders and the queue."""
        lookup = Lookup(orders=tuple(sorted(orders)), queues=(world.QUEUE,), commands=())
        async with self.transaction() as transaction:
            return await transaction.load(lookup)

    async def save(self, *parts: Changes) -> None:
        """Write parts, one after the other, in one transaction that has loaded nothing."""
        async with self.transaction() as transaction:
            for part in parts:
                await transaction.save(part)

    async def reserved(self, *names: str, at: Instant = START) -> list[OrderKey]:
        """Reserve for these buyers in one group; the keys of their orders."""
        await self.tell(*(reservation(name, at) for name in names))
        return [key_of(name) for name in names]

    async def live(
        self, key: OrderKey, name: str, at: Instant, actor: Actor, **fields: object
    ) -> Answer:
        """Say one command of an order's life, with what is usual filled in; it must hold."""
        order = await self.reader.order_of_buyer(key)
        assert order is not None, "only a reserved order lives on"
        (answer,) = await self.tell(command(name, order, at, actor, **fields))
        assert answer.is_accepted, answer
        return answer

    async def tendered(self, key: OrderKey) -> Instant:
        """Lead a reserved order to the tender of its car; the instant it happened."""
        at = START + timedelta(minutes=10)
        await self.live(key, "RecordPayment", at, PROVIDER)
        at += timedelta(days=8)
        await self.live(key, "Lock", at, world.actor("timer"))
        for name, role in (
            ("Schedule", "planning"),
            ("RecordBuilt", "planning"),
            ("Ship", "delivery"),
            ("Tender", "delivery"),
        ):
            at += timedelta(days=1)
            await self.live(key, name, at, world.actor(role))
        return at


def buyer_of(name: str) -> BuyerId:
    """The buyer's id that belongs to a name in a test."""
    return BuyerId(derive_id("buyer", name))


def key_of(name: str) -> OrderKey:
    """Where the order of this buyer is stored."""
    buyer_id = buyer_of(name)
    return OrderKey(buyer_id, derive_order_id(buyer_id, "first"))


def reservation(name: str, at: Instant = START) -> Command:
    """A buyer's first reservation."""
    key = key_of(name)
    fields = {"buyer_id": key.buyer_id, "order_id": key.order_id, "key": "first"}
    return asked("Reserve", BUYER, Moment(None, world.FACTS, at, fields))


def command(name: str, order: Order, at: Instant, actor: Actor, **fields: object) -> Command:
    """A command about an order, with what is usual filled in."""
    place = {"buyer_id": order.buyer_id, "order_id": order.order_id}
    return asked(name, actor, Moment(order, world.FACTS, at, {**place, **fields}))


def content_of(command: Command) -> str:
    """A digest of a command's content; in these tests its own words."""
    return type(command).__name__


def decided(
    waiting: Sequence[Asked],
    loaded: Loaded,
    *,
    webhooks: bool = False,
    facts: Facts = world.FACTS,
) -> tuple[list[Answer], Changes]:
    """The answers to a group and what it writes."""

    def facts_of(_: Order | None, __: Command, rank: int | None) -> Facts:
        return msgspec.structs.replace(facts, rank=0 if rank is None else rank)

    group = Group(loaded, facts_of, START, lane_of=lane_of, webhooks=webhooks)
    answers: list[Answer] = []
    for each in waiting:
        answer = group.decide(each)
        assert not isinstance(answer, KeyReused), "every command of these tests has its own key"
        answers.append(answer)
    return answers, group.changes()


def lane_of(order: Order) -> Lane:
    """The lane in the small maker's one catalogue."""
    return lane_in(order.configuration, world.CATALOGUE)


def nothing_but(**parts: object) -> Changes:
    """Changes with only these parts."""
    empty: dict[str, object] = {name: [] for name in Changes.__struct_fields__}
    empty |= {"created": set(), "freed_slots": {}, "deliveries": {}}
    return msgspec.convert({**empty, **parts}, Changes)


def memory_house() -> House:
    store, rooms, staff = MemoryStore(), MemoryRooms(), MemoryStaff()
    campaigns = MemoryCampaigns(store, rooms)

    async def jobs() -> list[tuple[OutgoingMessage, ...]]:
        return [(message,) for message in store.tables.messages]

    return House(
        store=store,
        reader=MemoryReader(store),
        register=MemoryRegister(),
        contents=MemoryContents(),
        notices=MemoryNotices(store),
        conversations=MemoryConversations(store),
        links=MemoryOrderLinks(store),
        shelf=store,
        plans=MemoryPlans(store),
        centres=MemoryCentres(store),
        bulk_acts=MemoryBulkActs(store),
        runs=MemoryPlanRuns(),
        moves=MemoryMoves(store),
        cars=MemoryCars(store),
        campaigns=campaigns,
        pauses=MemoryPauses(store, campaigns),
        watching=MemoryWatching(store),
        rooms=rooms,
        staff=staff,
        passkeys=MemoryPasskeys(staff),
        sessions=MemorySessions(staff),
        trail=MemoryTrail(store, staff),
        sights=MemorySights(),
        endpoints=MemoryEndpoints(staff),
        reconciliations=MemoryReconciliations(store),
        violation=ConstraintViolated,
        jobs=jobs,
    )


def postgres_house(pool: Pool) -> House:
    async def jobs() -> list[tuple[OutgoingMessage, ...]]:
        async with pool.connection() as connection:
            rows = await connection.execute("SELECT args FROM procrastinate_jobs ORDER BY id")
            return [letter_in(row[0]).messages async for row in rows]

    return House(
        store=PostgresStore(pool),
        reader=PostgresReader(pool),
        register=PostgresRegister(pool),
        contents=PostgresContents(pool),
        notices=PostgresNotices(pool),
        conversations=PostgresConversations(pool),
        links=PostgresOrderLinks(pool),
        shelf=PostgresShelf(pool),
        plans=PostgresPlans(pool),
        centres=PostgresCentres(pool),
        bulk_acts=PostgresBulkActs(pool),
        runs=PostgresPlanRuns(pool),
        moves=PostgresMoves(pool),
        cars=PostgresCars(pool),
        campaigns=PostgresCampaigns(pool),
        pauses=PostgresPauses(pool),
        watching=PostgresWatching(pool),
        rooms=PostgresRooms(pool),
        staff=PostgresStaff(pool),
        passkeys=PostgresPasskeys(pool),
        sessions=PostgresSessions(pool),
        trail=PostgresTrail(pool),
        sights=PostgresSights(pool),
        endpoints=PostgresEndpoints(pool),
        reconciliations=PostgresReconciliations(pool),
        violation=psycopg.Error,
        jobs=jobs,
    )
