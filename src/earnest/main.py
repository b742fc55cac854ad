"""The composition root: every part is made here, once, and given what it needs.

Not here: rules, SQL, routes. Whoever wants to know what talks to what reads this file.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import timedelta
from typing import TypeVar

import msgspec

from earnest.buyers import people_of, reservers_of, sign_in_of
from earnest.core.values.instant import Instant
from earnest.demo.centres import keep_demo_centres
from earnest.demo.launch import publish_demo_launch
from earnest.demo.maker import LAUNCH_QUEUE, QUEUES, demo_catalogue, demo_offers, demo_terms
from earnest.demo.stage import DemoNotRunning, demo_staff, read_demo_file
from earnest.desk.desk import Desk
from earnest.desk.foreseeing.following import Foreseeing
from earnest.desk.library import Library
from earnest.desk.outgoing import Handler, RegisteredAddresses
from earnest.desk.places.following import Places
from earnest.desk.planning.counting import PromiseCounts
from earnest.desk.planning.runs import PlanRuns
from earnest.desk.rooms import WaitingRooms
from earnest.gateways.clock import Clock, VirtualClock
from earnest.gateways.endpoints import Endpoints
from earnest.gateways.payments.checkouts import CheckoutDispatcher
from earnest.gateways.payments.payouts import PayoutDispatcher
from earnest.gateways.payments.sandbox import SandboxPayments
from earnest.gateways.sms import FileSms
from earnest.gateways.texts import Receipts
from earnest.gateways.webhooks import HttpWebhooks
from earnest.keyring import person_keys, seals_of, tokens_of
from earnest.people.ended import Ended
from earnest.people.passkey_letters import PasskeyLetters
from earnest.people.passkey_site import site_of
from earnest.people.passkeys import Passkeys
from earnest.people.proving import People
from earnest.people.reserving import Reservers
from earnest.people.second_factor import SecondFactors
from earnest.people.sessions import Sessions
from earnest.people.signing_in import SignIn
from earnest.people.staff_door import StaffDoor
from earnest.people.staffing import Staffing
from earnest.people.tokens import Tokens
from earnest.sending import mail_matters, mail_of, opening_of, post_of, this_process
from earnest.settings import Settings
from earnest.store.bulk import PostgresBulkActs
from earnest.store.campaigns import PostgresCampaigns
from earnest.store.cars import PostgresCars
from earnest.store.centres import PostgresCentres
from earnest.store.checkouts import PostgresCheckouts
from earnest.store.conversations import PostgresConversations, PostgresOrderLinks
from earnest.store.desk_store import PostgresStore
from earnest.store.directory import running_server_url
from earnest.store.embedded import EmbeddedServer
from earnest.store.endpoints import PostgresEndpoints
from earnest.store.migrate import migrate
from earnest.store.outbox import Outbox
from earnest.store.passkeys import PostgresPasskeys
from earnest.store.pauses import PostgresPauses
from earnest.store.plan_runs import PostgresPlanRuns
from earnest.store.plans import PostgresPlans
from earnest.store.pool import Pool
from earnest.store.pools import open_pools
from earnest.store.private import PostgresContents, PostgresNotices
from earnest.store.proofs import PostgresProofs
from earnest.store.queue_moves import PostgresMoves
from earnest.store.reader import PostgresReader
from earnest.store.reconciliation import PostgresReconciliations
from earnest.store.register import PostgresRegister
from earnest.store.rooms import PostgresRooms
from earnest.store.schema import check_schema
from earnest.store.sessions import PostgresSessions, PostgresTrail
from earnest.store.shelf import PostgresShelf
from earnest.store.sights import PostgresSights
from earnest.store.staff import PostgresStaff
from earnest.store.watching import PostgresWatching

MERCHANT = "earnest"
"""The name under which the sandbox knows us."""

POOL_SIZE = 10


@contextmanager
def database(settings: Settings, *, must_be_current: bool = True) -> Iterator[str]:
    """The URL of the database: the one of the environment, or an embedded server's.

    An embedded database is brought to the current schema by itself; another one must be, unless
    somebody is about to migrate it. Raises `StoreError`.
    """
    if settings.database_url is not None:
        if must_be_current:
            check_schema(settings.database_url)
        yield settings.database_url
        return
    with EmbeddedServer(settings.data) as server:
        if must_be_current:
            migrate(server.url)
        yield server.url


@contextmanager
def database_to_read(settings: Settings) -> Iterator[str]:
    """The URL of a database that a running server may be using, without disturbing it."""
    running = None if settings.database_url else running_server_url(settings.data)
    with nullcontext(running) if running is not None else database(settings) as url:
        yield url


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """The staff and everybody's sessions: who they are, how they come in, and what they did."""

    tokens: Tokens
    sessions: Sessions
    staffing: Staffing
    second_factors: SecondFactors
    passkeys: Passkeys
    passkey_letters: PasskeyLetters
    door: StaffDoor
    trail: PostgresTrail
    sights: PostgresSights


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What a server and a worker are both made of.

    `store` is the desk's and `kept` the doors', so that neither waits for the other's connections.
    """

    store: PostgresStore
    kept: PostgresStore
    reader: PostgresReader
    register: PostgresRegister
    contents: PostgresContents
    notices: PostgresNotices
    conversations: PostgresConversations
    links: PostgresOrderLinks
    receipts: Receipts
    clock: VirtualClock
    payments: SandboxPayments
    desk: Desk
    outbox: Outbox
    opening: CheckoutDispatcher | None
    people: People
    reservers: Reservers
    sign_in: SignIn
    team: Team
    endpoints: Endpoints
    shelf: PostgresShelf
    campaigns: PostgresCampaigns
    pauses: PostgresPauses
    watching: PostgresWatching
    places: Places
    plans: PostgresPlans
    centres: PostgresCentres
    bulk_acts: PostgresBulkActs
    reconciliations: PostgresReconciliations
    plan_runs: PlanRuns
    promise_counts: PromiseCounts
    cars: PostgresCars
    foreseeing: Foreseeing
    rooms: WaitingRooms


@asynccontextmanager
async def parts(
    settings: Settings, url: str, makers: Makers | None = None, pool_size: int = POOL_SIZE
) -> AsyncIterator[Parts]:
    """Put everything behind the doors together around its connections to the database."""
    makers = makers or Makers()
    async with AsyncExitStack() as stack:
        pools = await stack.enter_async_context(open_pools(url, pool_size))
        store = makers.store(pools.desk)
        clock = await _clock_of(settings, store, pools.rest)
        payments = await stack.enter_async_context(makers.payments(settings))
        webhooks = HttpWebhooks(clock=clock)
        stack.push_async_callback(webhooks.close)
        library = Library(store, payment_opens_later=payments.opens_checkouts)
        desk = makers.desk(store, library, clock.now, webhooks=settings.webhook_url is not None)
        # What is sent reads beside the doors, so that a backlog of mail makes nobody wait there.
        occurrences, register = PostgresReader(pools.rest), PostgresRegister(pools.rest)
        payouts = _payouts_of(settings, makers, pools.rest, desk, occurrences, payments, clock)
        notices, sms = PostgresNotices(pools.rest), FileSms(settings.data / "sms")
        endpoints = _endpoints(settings, pools.rest, occurrences, webhooks, clock)
        post = makers.post(
            settings,
            occurrences=occurrences,
            addresses=RegisteredAddresses(register, notices),
            payouts=payouts,
            webhooks=webhooks,
            sms=sms,
            matters=mail_matters(pools.rest),
            seals=seals_of(settings),
            desk=desk,
            clock=clock,
            kept=endpoints,
        )
        yield Parts(
            store=store,
            reader=PostgresReader(pools.reads),
            kept=makers.store(pools.rest),
            register=register,
            contents=PostgresContents(pools.rest),
            notices=notices,
            conversations=PostgresConversations(pools.rest),
            links=PostgresOrderLinks(pools.rest),
            receipts=Receipts(
                gateway=sms, occurrences=occurrences, notices=notices, desk=desk, now=clock.now
            ),
            clock=clock,
            payments=payments,
            desk=desk,
            outbox=Outbox(pools.rest, post),
            people=people_of(settings, pools.rest, sms),
            reservers=reservers_of(pools.reserving),
            sign_in=sign_in_of(settings, pools.rest, sms, clock),
            team=_team(settings, pools.rest, register, sms, clock),
            endpoints=endpoints,
            opening=opening_of(settings, desk, PostgresCheckouts(pools.rest), payments, clock),
            shelf=PostgresShelf(pools.rest),
            campaigns=PostgresCampaigns(pools.rest),
            pauses=PostgresPauses(pools.rest),
            watching=PostgresWatching(pools.rest),
            places=Places(PostgresMoves(pools.reads), clock.now),
            centres=PostgresCentres(pools.rest),
            bulk_acts=PostgresBulkActs(pools.rest),
            reconciliations=PostgresReconciliations(pools.rest),
            plans=PostgresPlans(pools.rest),
            plan_runs=_plan_runs(pools.rest, store, clock),
            promise_counts=PromiseCounts(PostgresPlans(pools.reads), clock.now),
            cars=PostgresCars(pools.rest),
            foreseeing=_foreseeing(pools.reads, desk, clock),
            rooms=_rooms(pools.rest, desk, clock),
        )


def _payouts_of(
    settings: Settings,
    makers: Makers,
    pool: Pool,
    desk: Desk,
    occurrences: PostgresReader,
    payments: SandboxPayments,
    clock: VirtualClock,
) -> PayoutDispatcher:
    """Who pays out what is owed."""
    return makers.payouts(
        desk=desk,
        occurrences=occurrences,
        providers=[payments],
        now=clock.now,
        monotonic=clock.monotonic,
        calls_per_second={payments.name: settings.payouts_per_second},
        turns=PostgresCheckouts(pool),
        holder=this_process(),
    )


def _endpoints(
    settings: Settings,
    pool: Pool,
    occurrences: PostgresReader,
    webhooks: HttpWebhooks,
    clock: VirtualClock,
) -> Endpoints:
    """The maker's systems that are told of events."""
    key = settings.keys.webhook_secret.encode()
    return Endpoints(PostgresEndpoints(pool), occurrences, webhooks, key, clock.now)


def _team(
    settings: Settings, pool: Pool, register: PostgresRegister, sms: FileSms, clock: VirtualClock
) -> Team:
    """The staff and everybody's sessions. A demo's clock runs ahead of people's telephones."""
    book, keys, mail = PostgresStaff(pool), person_keys(settings), mail_of(settings, clock)
    ended = Ended()
    tokens = tokens_of(settings, ended)
    sessions = Sessions(PostgresSessions(pool), tokens, ended)
    passkeys = Passkeys(PostgresPasskeys(pool), keys, site_of(settings.public_url))
    factors = SecondFactors(book, keys, passkeys, lambda: clock.offset)
    return Team(
        tokens=tokens,
        sessions=sessions,
        staffing=Staffing(book, book, sessions, mail, settings.public_url),
        second_factors=factors,
        passkeys=passkeys,
        passkey_letters=PasskeyLetters(register, book, mail, sms, settings.public_url),
        door=StaffDoor(
            proofs=PostgresProofs(pool),
            book=book,
            factors=factors,
            sessions=sessions,
            mail=mail,
            key=keys[0],
        ),
        trail=PostgresTrail(pool),
        sights=PostgresSights(pool),
    )


def _plan_runs(pool: Pool, store: PostgresStore, clock: Clock) -> PlanRuns:
    """What makes dry runs beside the doors."""
    return PlanRuns(PostgresPlans(pool), PostgresPlanRuns(pool), store, clock.now)


def _foreseeing(pool: Pool, desk: Desk, clock: Clock) -> Foreseeing:
    """What keeps the live counters of the desk's library."""
    return Foreseeing(PostgresPlans(pool), PostgresMoves(pool), desk.library, clock.now)


Payments = TypeVar("Payments", bound=SandboxPayments)


def provider(
    settings: Settings,
    kind: type[Payments] = SandboxPayments,  # type: ignore[assignment]  # the default of a variable
) -> Payments:
    """The payment provider's client, made as the given kind of it."""
    return kind(
        base_url=provider_url(settings),
        merchant_key=settings.keys.merchant_key,
        webhook_secrets=[settings.keys.provider_webhook_secret],
        merchant=MERCHANT,
        opens_checkouts=settings.checkouts_per_second is not None,
    )


def provider_url(settings: Settings) -> str:
    """Where the payment provider is: as set, beside this demo, or where a demo said it was."""
    if settings.provider_url is not None:
        return settings.provider_url
    if not settings.demo:
        with suppress(DemoNotRunning):
            return read_demo_file(settings.data).sandbox_url
    return f"http://127.0.0.1:{settings.sandbox_port}"


class Makers(msgspec.Struct, frozen=True, kw_only=True):
    """Who makes the parts that a trial of the chaos suite replaces by one with a fault.

    A server that people run is made of exactly these.
    """

    store: Callable[[Pool], PostgresStore] = PostgresStore
    payments: Callable[[Settings], SandboxPayments] = provider
    desk: Callable[..., Desk] = Desk
    payouts: Callable[..., PayoutDispatcher] = PayoutDispatcher
    post: Callable[..., Handler] = post_of


async def _clock_of(settings: Settings, store: PostgresStore, pool: Pool) -> VirtualClock:
    """The clock; a demo's runs ahead as far as somebody moved it, and its documents are on sale."""
    if not settings.demo:
        return VirtualClock(timedelta(0))
    clock = VirtualClock(timedelta(seconds=await store.clock_offset_seconds()))
    await publish_demo(store, pool, clock.now())
    return clock


async def publish_demo(store: PostgresStore, pool: Pool, now: Instant) -> None:
    """Put the demo maker's documents, people and launch there, however often a demo starts."""
    terms, catalogue = demo_terms(), demo_catalogue()
    await store.publish(
        queues=(*QUEUES, LAUNCH_QUEUE),
        terms=terms,
        catalogue=catalogue,
        offers=demo_offers(terms, catalogue),
    )
    await PostgresStaff(pool).put_demo(demo_staff())
    await keep_demo_centres(PostgresCentres(pool), now)
    await publish_demo_launch(store, PostgresCampaigns(pool), PostgresShelf(pool), terms, now)


def _rooms(pool: Pool, desk: Desk, clock: VirtualClock) -> WaitingRooms:
    """The waiting rooms of the campaigns in force."""
    library = desk.library
    return WaitingRooms(
        PostgresRooms(pool),
        lambda: library.campaigns_in_force(clock.now()),
        pauses_of=library.pauses_of,
    )
