"""A running house for tests: the demo maker's documents, a desk, the doors, and people.

Not here: tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from earnest.core.catalogue.configuration import Configuration, Quote, quote
from earnest.core.values.ids import BuyerId, derive_id
from earnest.core.values.instant import Instant
from earnest.demo.maker import QUEUES, demo_catalogue, demo_offers, demo_terms
from earnest.desk.bulk import BulkActs
from earnest.desk.campaign_ports import Campaigns
from earnest.desk.centres import Centres
from earnest.desk.conversing import Conversations, OrderLinks
from earnest.desk.desk import GROUP_LIMIT, QUEUE_LIMIT, Desk
from earnest.desk.endpoints import EndpointBook
from earnest.desk.firing import fire_due
from earnest.desk.library import Library
from earnest.desk.passkeys import PasskeyBook
from earnest.desk.pause_ports import SalePauses
from earnest.desk.places.following import Places
from earnest.desk.places.ports import Moves
from earnest.desk.planning.counting import PromiseCounts
from earnest.desk.planning.ports import Plans
from earnest.desk.planning.runs import KeptRuns, PlanRuns
from earnest.desk.ports import Shelf
from earnest.desk.private import Contents, NoticeBook
from earnest.desk.reconciliation_ports import Reconciliations
from earnest.desk.room_store import RoomStore
from earnest.desk.rooms import WaitingRooms
from earnest.desk.sights import SightBook
from earnest.desk.staff import SessionBook, Trail
from earnest.desk.watching import Watching
from earnest.gateways.clock import Clock, VirtualClock
from earnest.gateways.documents.typesetter import NullTypesetter
from earnest.gateways.endpoints import Endpoints
from earnest.gateways.mail import NullMail
from earnest.gateways.payments.null import NullPayments
from earnest.gateways.sms import NullSms
from earnest.gateways.webhooks import NullWebhooks
from earnest.people.admissions import Admissions
from earnest.people.codes import Codes
from earnest.people.ended import Ended
from earnest.people.passkey_letters import PasskeyLetters
from earnest.people.passkey_site import site_of
from earnest.people.passkeys import Passkeys
from earnest.people.proving import People, SandboxIdentities
from earnest.people.reserving import Reservers
from earnest.people.seals import Seals
from earnest.people.second_factor import SecondFactors
from earnest.people.sessions import Sessions
from earnest.people.signing_in import SignIn
from earnest.people.staff_door import StaffDoor
from earnest.people.staffing import Staffing
from earnest.people.tokens import SigningKey, Tokens
from earnest.store.bulk import PostgresBulkActs
from earnest.store.campaigns import PostgresCampaigns
from earnest.store.centres import PostgresCentres
from earnest.store.conversations import PostgresConversations, PostgresOrderLinks
from earnest.store.desk_store import PostgresStore
from earnest.store.endpoints import PostgresEndpoints
from earnest.store.memory import MemoryStore
from earnest.store.memory_bulk import MemoryBulkActs
from earnest.store.memory_campaigns import MemoryCampaigns
from earnest.store.memory_centres import MemoryCentres
from earnest.store.memory_conversations import MemoryConversations, MemoryOrderLinks
from earnest.store.memory_endpoints import MemoryEndpoints
from earnest.store.memory_moves import MemoryMoves
from earnest.store.memory_passkeys import MemoryPasskeys
from earnest.store.memory_pauses import MemoryPauses
from earnest.store.memory_plan_runs import MemoryPlanRuns
from earnest.store.memory_plans import MemoryPlans
from earnest.store.memory_private import MemoryContents, MemoryNotices
from earnest.store.memory_proofs import MemoryProofs
from earnest.store.memory_reader import MemoryReader, MemoryRegister
from earnest.store.memory_reconciliation import MemoryReconciliations
from earnest.store.memory_rooms import MemoryRooms
from earnest.store.memory_sights import MemorySights
from earnest.store.memory_staff import MemorySessions, MemoryStaff, MemoryTrail
from earnest.store.memory_watching import MemoryWatching
from earnest.store.passkeys import PostgresPasskeys
from earnest.store.pauses import PostgresPauses
from earnest.store.plan_runs import PostgresPlanRuns
from earnest.store.plans import PostgresPlans
from earnest.store.pools import open_pools
from earnest.store.private import PostgresContents, PostgresNotices
from earnest.store.proofs import PostgresProofs
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
from earnest.web.app import Doors, create_app
from earnest.web.front import with_pages
from earnest.web.house import House, Settings
from tests.web.asking import Client, Told
from tests.web.lent_doors import LentDoors

TERMS = demo_terms()
CATALOGUE = demo_catalogue()
SELECTION = Configuration("s7-max", ("interior-grey", "paint-aqua", "wheels-19"))
LASTS = timedelta(days=3_000)
PATIENCE_SECONDS = 60.0
"""What is made beside the doors is waited for, however busy the machine is."""

OPENED = datetime(2024, 7, 19, 4, 0, tzinfo=UTC)


class SetClock(Clock):
    """A clock that stands until it is set."""

    def __init__(self, instant: Instant) -> None:
        self.instant = instant

    def now(self) -> Instant:
        return self.instant


class Kept(NamedTuple):
    """Where everything is kept."""

    store: MemoryStore | PostgresStore
    reader: MemoryReader | PostgresReader
    register: MemoryRegister | PostgresRegister
    contents: Contents
    notices: NoticeBook
    shelf: Shelf
    campaigns: Campaigns
    moves: Moves
    rooms: RoomStore
    plans: Plans
    pauses: SalePauses
    watching: Watching
    staff: MemoryStaff | PostgresStaff
    sessions: SessionBook
    trail: Trail
    sights: SightBook
    endpoints: EndpointBook
    centres: Centres
    bulk_acts: BulkActs
    reconciliations: Reconciliations
    runs: KeptRuns
    conversations: Conversations
    links: OrderLinks
    passkeys: PasskeyBook
    proofs: MemoryProofs | PostgresProofs

    @staticmethod
    def in_memory() -> Kept:
        """The store's twin."""
        store, rooms, staff = MemoryStore(), MemoryRooms(), MemoryStaff()
        campaigns = MemoryCampaigns(store, rooms)
        return Kept(
            store,
            MemoryReader(store),
            MemoryRegister(),
            MemoryContents(),
            MemoryNotices(store),
            store,
            campaigns,
            MemoryMoves(store),
            rooms,
            MemoryPlans(store),
            MemoryPauses(store, campaigns),
            MemoryWatching(store),
            staff,
            MemorySessions(staff),
            MemoryTrail(store, staff),
            MemorySights(),
            MemoryEndpoints(staff),
            MemoryCentres(store),
            MemoryBulkActs(store),
            MemoryReconciliations(store),
            MemoryPlanRuns(),
            MemoryConversations(store),
            MemoryOrderLinks(store),
            MemoryPasskeys(staff),
            MemoryProofs(),
        )


class World:
    """Everything a test needs at hand."""

    def __init__(
        self,
        house: House,
        kept: Kept,
        desk: Desk,
        clock: VirtualClock,
        mail: NullMail | None = None,
        webhooks: NullWebhooks | None = None,
    ) -> None:
        self.house = house
        self.mail = mail or NullMail()
        self.webhooks = webhooks or NullWebhooks()
        self.kept = kept
        self.desk = desk
        self.clock = clock

    @cached_property
    def app(self) -> Doors:
        """Doors for programs of this world's own, for tests that serve them or change them."""
        return create_app(self.house)

    @property
    def doors(self) -> LentDoors:
        """The doors for programs."""
        return LentDoors(self.house, create_app)

    @property
    def front(self) -> LentDoors:
        """The doors for programs and people."""
        return LentDoors(self.house, with_pages)

    @property
    def payments(self) -> NullPayments:
        """The provider's null twin behind the doors."""
        assert isinstance(self.house.payments, NullPayments)
        return self.house.payments

    @property
    def memory(self) -> MemoryStore:
        """The twin, for tests that look into it."""
        assert isinstance(self.kept.store, MemoryStore)
        return self.kept.store

    def snapshot(self) -> bytes:
        """Everything the twin keeps of orders and their money, to see that nothing changed."""
        tables = self.memory.tables
        kept = (tables.orders, tables.events, tables.postings, tables.queues)
        return repr(kept).encode()

    def anybody(self) -> Client:
        """Somebody without a token."""
        return Client(self.doors)

    def buyer(self, name: str = "one") -> Client:
        """The login of a buyer."""
        return Client(self.doors, self.buyer_token(name))

    def buyer_token(self, name: str = "one") -> str:
        """The token of a buyer's login."""
        return self.house.tokens.for_buyer(buyer_id(name), self.clock.now(), LASTS)

    def staff(self, *roles: str, name: str = "lin") -> Client:
        """Somebody of the seller's, with these roles."""
        return Client(self.doors, self.house.tokens.for_staff(name, roles, self.clock.now(), LASTS))

    def pass_time(self, **step: float) -> None:
        """Let the time pass that nobody watches."""
        self.clock.advance(timedelta(**step))

    async def time_acts(self) -> None:
        """Fire whatever has fallen due."""
        while await fire_due(self.desk, self.kept.store, self.clock.now()):
            pass

    async def reserve(self, name: str = "one", key: str = "first") -> Told:
        """A reservation by a buyer."""
        return await self.buyer(name).post("/api/v1/reservations", reservation(), key)

    async def pay(self, link: str) -> Told:
        """Pay a link and deliver what the provider tells."""
        self.payments.pay(link)
        return await self.deliver(-1)

    async def deliver(self, place: int) -> Told:
        """Deliver one of the provider's webhooks."""
        webhook = self.payments.webhooks[place]
        headers = {name.replace("-", "_"): value for name, value in webhook.headers.items()}
        return await self.anybody().post("/api/v1/webhooks/null", webhook.body, **headers)

    async def deposited(self, name: str = "one", key: str = "first") -> str:
        """The id of an order whose deposit was paid."""
        made = (await self.reserve(name, key)).json
        assert (await self.pay(made["payment"]["link"])).status == 204
        return str(made["order_id"])


def buyer_id(name: str) -> BuyerId:
    """The id of a buyer by a name that tests use."""
    return BuyerId(derive_id("test", name))


def price() -> Quote:
    """What the tests' configuration costs."""
    quoted = quote(CATALOGUE, SELECTION)
    assert isinstance(quoted, Quote)
    return quoted


def acknowledged(clause_id: str, language: str = "zh-Hans") -> dict[str, str]:
    """An acknowledgement of a clause as it was shown."""
    clause = TERMS.clause(clause_id)
    assert clause is not None
    text_hash = clause.text_hash(language)
    return {"clause_id": clause_id, "text_hash": text_hash, "language": language}


def reservation(**changed: object) -> dict[str, Any]:
    """The body of a reservation that is accepted, with some fields changed."""
    body: dict[str, Any] = {
        "queue_id": "s7-cn",
        "terms_hash": TERMS.terms_hash,
        "catalogue_hash": CATALOGUE.catalogue_hash,
        "language": "zh-Hans",
        "acknowledgements": [acknowledged("terms"), acknowledged("forfeiture")],
        "configuration": msgspec.to_builtins(SELECTION),
        "price": msgspec.to_builtins(price().price),
    }
    return body | changed


def _advance(clock: VirtualClock) -> Callable[[timedelta], Awaitable[timedelta]]:
    async def advance(step: timedelta) -> timedelta:
        return clock.advance(step)

    return advance


@asynccontextmanager
async def world(
    *,
    is_demo: bool = False,
    url: str | None = None,
    queue_limit: int = QUEUE_LIMIT,
    group_limit: int = GROUP_LIMIT,
) -> AsyncIterator[World]:
    """A house with a desk at work: in memory, or on the PostgreSQL that the URL names."""
    clock = VirtualClock(source=SetClock(OPENED))
    async with AsyncExitStack() as stack:
        kept = Kept.in_memory() if url is None else await _on_postgres(url, stack)
        await kept.store.publish(
            queues=QUEUES, terms=TERMS, catalogue=CATALOGUE, offers=demo_offers(TERMS, CATALOGUE)
        )
        library = Library(kept.store)
        desk = Desk(
            kept.store, library, clock.now, queue_limit=queue_limit, group_limit=group_limit
        )
        proofs, sms, mail = kept.proofs, NullSms(), NullMail()
        reservers = Reservers(kept.store, proofs, kept.campaigns)
        webhooks = NullWebhooks()
        keys = [SigningKey("test", b"a key for tests, of thirty-two bytes")]
        ended, public_url = Ended(), "https://maker.example"
        tokens = Tokens(keys, ended)
        sessions = Sessions(kept.sessions, tokens, ended)
        passkeys = Passkeys(kept.passkeys, keys, site_of(public_url))
        factors = SecondFactors(kept.staff, keys, passkeys)
        rooms = WaitingRooms(
            kept.rooms,
            lambda: library.campaigns_in_force(clock.now()),
            pauses_of=library.pauses_of,
        )
        plan_runs = PlanRuns(
            kept.plans, kept.runs, kept.store, clock.now, patience_seconds=PATIENCE_SECONDS
        )
        house = House(
            desk=desk,
            reader=kept.reader,
            register=kept.register,
            inbox=kept.store,
            shelf=kept.shelf,
            contents=kept.contents,
            notices=kept.notices,
            conversations=kept.conversations,
            links=kept.links,
            documents=NullTypesetter(),
            promises=kept.store,
            places=Places(kept.moves, clock.now),
            plans=kept.plans,
            centres=kept.centres,
            bulk_acts=kept.bulk_acts,
            reconciliations=kept.reconciliations,
            plan_runs=plan_runs,
            promise_counts=PromiseCounts(kept.plans, clock.now, patience_seconds=PATIENCE_SECONDS),
            on_sale=kept.store,
            people=People(proofs, sms, SandboxIdentities(), keys),
            reservers=reservers,
            sign_in=SignIn(proofs, kept.register, mail, sms, keys),
            seals=Seals(keys),
            rooms=rooms,
            admissions=Admissions(keys),
            tokens=tokens,
            sessions=sessions,
            staffing=Staffing(kept.staff, kept.staff, sessions, mail, public_url),
            second_factors=factors,
            passkeys=passkeys,
            passkey_letters=PasskeyLetters(kept.register, kept.staff, mail, sms, public_url),
            staff_door=StaffDoor(
                proofs=proofs,
                book=kept.staff,
                factors=factors,
                sessions=sessions,
                mail=mail,
                key=keys[0],
            ),
            trail=kept.trail,
            sights=kept.sights,
            endpoints=Endpoints(kept.endpoints, kept.reader, webhooks, keys[0].secret, clock.now),
            campaigns=kept.campaigns,
            pauses=kept.pauses,
            watching=kept.watching,
            codes=Codes(keys),
            payments=NullPayments(clock=clock),
            clock=clock,
            settings=Settings(public_url=public_url),
            advance=_advance(clock) if is_demo else None,
        )
        running = asyncio.gather(desk.run(), reservers.run(), rooms.run(), plan_runs.run())
        await library.refresh_offers()
        try:
            yield World(house, kept, desk, clock, mail, webhooks)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def _on_postgres(url: str, stack: AsyncExitStack) -> Kept:
    pools = await stack.enter_async_context(open_pools(url, 10))
    return Kept(
        PostgresStore(pools.desk),
        PostgresReader(pools.reads),
        PostgresRegister(pools.rest),
        PostgresContents(pools.rest),
        PostgresNotices(pools.rest),
        PostgresShelf(pools.rest),
        PostgresCampaigns(pools.rest),
        PostgresMoves(pools.reads),
        PostgresRooms(pools.rest),
        PostgresPlans(pools.rest),
        PostgresPauses(pools.rest),
        PostgresWatching(pools.rest),
        PostgresStaff(pools.rest),
        PostgresSessions(pools.rest),
        PostgresTrail(pools.rest),
        PostgresSights(pools.rest),
        PostgresEndpoints(pools.rest),
        PostgresCentres(pools.rest),
        PostgresBulkActs(pools.rest),
        PostgresReconciliations(pools.rest),
        PostgresPlanRuns(pools.rest),
        PostgresConversations(pools.rest),
        PostgresOrderLinks(pools.rest),
        PostgresPasskeys(pools.rest),
        PostgresProofs(pools.rest),
    )
