"""The composition root: every part is made here, once, and given what it needs.

Not here: rules, SQL, routes. Whoever wants to know what talks to what reads this file.
"""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import (
    AsyncExitStack,
    ExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
    suppress,
)
from datetime import timedelta

import msgspec
import uvicorn

from earnest.demo.maker import QUEUES, demo_catalogue, demo_offers, demo_terms
from earnest.demo.provider import sandbox_process
from earnest.demo.stage import (
    DEMO_FILE,
    PEOPLE,
    DemoFile,
    DemoNotRunning,
    read_demo_file,
)
from earnest.desk.desk import Desk
from earnest.desk.firing import keep_firing
from earnest.desk.library import Library
from earnest.desk.outgoing import Handler, RegisteredAddresses
from earnest.gateways.clock import Clock, VirtualClock
from earnest.gateways.documents.typesetter import Typst
from earnest.gateways.listening import listening_socket
from earnest.gateways.payments.payouts import PayoutDispatcher
from earnest.gateways.payments.sandbox import SandboxPayments
from earnest.gateways.sms import FileSms
from earnest.gateways.texts import Receipts
from earnest.gateways.webhooks import HttpWebhooks
from earnest.people.tokens import SigningKey, Tokens
from earnest.sending import post_of
from earnest.settings import Settings, SettingsError, write_private
from earnest.store.desk_store import PostgresStore
from earnest.store.directory import running_server_url
from earnest.store.embedded import EmbeddedServer
from earnest.store.migrate import migrate
from earnest.store.outbox import Outbox
from earnest.store.pool import Pool, open_pool
from earnest.store.private import PostgresContents, PostgresNotices
from earnest.store.reader import PostgresReader
from earnest.store.register import PostgresRegister
from earnest.store.schema import check_schema
from earnest.store.shelf import PostgresShelf
from earnest.web.app import create_app
from earnest.web.house import House
from earnest.web.house import Settings as DoorSettings
from earnest.web.protocol import DoorsProtocol

MERCHANT = "earnest"
"""The name under which the sandbox knows us."""

DEMO_TOKENS_LAST = timedelta(days=3 * 365)
"""Demo tokens outlive the jumps of the demo's clock."""

BUYER_TOKENS_LAST = timedelta(days=30)
POOL_SIZE = 10
SANDBOX_CALLS_PER_SECOND = 1_000.0
COLLECT_AFTER = 20_000


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


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What a server and a worker are both made of."""

    store: PostgresStore
    reader: PostgresReader
    register: PostgresRegister
    contents: PostgresContents
    notices: PostgresNotices
    receipts: Receipts
    clock: VirtualClock
    payments: SandboxPayments
    desk: Desk
    outbox: Outbox
    shelf: PostgresShelf


@asynccontextmanager
async def parts(settings: Settings, url: str, makers: Makers | None = None) -> AsyncIterator[Parts]:
    """Put everything behind the doors together around one pool of connections."""
    makers = makers or Makers()
    async with AsyncExitStack() as stack:
        pool = await open_pool(url, size_max=POOL_SIZE)
        stack.push_async_callback(pool.close)
        store = makers.store(pool)
        if settings.demo:
            await _publish_demo(store)
        offset = await store.clock_offset_seconds() if settings.demo else 0
        clock = VirtualClock(timedelta(seconds=offset))
        payments = await stack.enter_async_context(makers.payments(settings))
        webhooks = HttpWebhooks(clock=clock)
        stack.push_async_callback(webhooks.close)
        desk = makers.desk(
            store, Library(store), clock.now, webhooks=settings.webhook_url is not None
        )
        reader, register = PostgresReader(pool), PostgresRegister(pool)
        payouts = makers.payouts(
            desk=desk,
            occurrences=reader,
            providers=[payments],
            now=clock.now,
            monotonic=clock.monotonic,
            calls_per_second={payments.name: SANDBOX_CALLS_PER_SECOND},
        )
        notices = PostgresNotices(pool)
        sms = FileSms(settings.data / "sms")
        post = makers.post(
            settings,
            occurrences=reader,
            addresses=RegisteredAddresses(register, notices),
            notices=notices,
            payouts=payouts,
            webhooks=webhooks,
            sms=sms,
            desk=desk,
            clock=clock,
        )
        yield Parts(
            store=store,
            reader=reader,
            register=register,
            contents=PostgresContents(pool),
            notices=notices,
            receipts=Receipts(
                gateway=sms, occurrences=reader, notices=notices, desk=desk, now=clock.now
            ),
            clock=clock,
            payments=payments,
            desk=desk,
            outbox=Outbox(pool, post),
            shelf=PostgresShelf(pool),
        )


def provider(settings: Settings) -> SandboxPayments:
    """The payment provider's client."""
    return SandboxPayments(
        base_url=provider_url(settings),
        merchant_key=settings.keys.merchant_key,
        webhook_secrets=[settings.keys.provider_webhook_secret],
        merchant=MERCHANT,
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


async def _publish_demo(store: PostgresStore) -> None:
    terms, catalogue = demo_terms(), demo_catalogue()
    await store.publish(
        queues=QUEUES, terms=terms, catalogue=catalogue, offers=demo_offers(terms, catalogue)
    )


def tokens_of(settings: Settings) -> Tokens:
    """The signer and checker of tokens of this installation."""
    return Tokens([SigningKey("main", settings.keys.token_key.encode())])


def staff_token(settings: Settings, staff_id: str, roles: Iterable[str], lasts: timedelta) -> str:
    """A token for a member of staff, good from now. Raises `SettingsError` for unknown roles."""
    try:
        return tokens_of(settings).for_staff(staff_id, roles, Clock().now(), lasts)
    except ValueError as error:
        raise SettingsError(f"{error}. [role_unknown]") from error


async def run_server(
    settings: Settings,
    ready: Callable[[DemoFile | None], None],
    makers: Makers | None = None,
) -> None:
    """Serve until interrupted: doors, desk, deadlines and messages in one process.

    `ready` is called once the address answers, with the demo's file in a demo. Raises
    `AddressTaken`, `StoreError`, `SettingsError`, `SandboxFailed`.
    """
    taken = listening_socket(settings.host, settings.port)
    with ExitStack() as stack:
        stack.callback(taken.close)
        url = stack.enter_context(database(settings))
        if settings.demo:
            webhooks = f"{settings.public_url}/api/v1/webhooks/sandbox"
            port = settings.sandbox_port
            key = settings.keys.merchant_key
            stack.enter_context(sandbox_process(settings.data, port, webhooks, key))
        async with parts(settings, url, makers) as made:
            await _serve(settings, made, taken, ready)


class _Server(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, ready: Callable[[], None], config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to answer, and say so unless the start failed."""
        await super().startup(sockets)
        if self.started:
            self._ready()


async def _serve(
    settings: Settings,
    made: Parts,
    taken: socket.socket,
    ready: Callable[[DemoFile | None], None],
) -> None:
    # Whoever asks first is told what is on sale, and not that nothing is known yet.
    await made.desk.library.refresh_offers()
    # What was made so far lives as long as the process, so the collector need not walk it.
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 50, 100)
    server = _Server(
        lambda: ready(_demo_file(settings, made) if settings.demo else None),
        uvicorn.Config(
            create_app(_house(settings, made)),
            http=DoorsProtocol,
            lifespan="off",
            ws="none",
            access_log=False,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=10,
        ),
    )
    async with asyncio.TaskGroup() as tasks:
        background = [tasks.create_task(each) for each in _behind_the_doors(made)]
        await server.serve(sockets=[taken])
        for task in background:
            task.cancel()


def _behind_the_doors(made: Parts) -> tuple[Coroutine[None, None, None], ...]:
    """What runs beside the doors for ever."""
    return (
        made.desk.run(),
        made.desk.library.keep_fresh(),
        keep_firing(made.desk, made.store, made.clock.now),
        made.outbox.run(),
        made.receipts.run(),
    )


def _house(settings: Settings, made: Parts) -> House:
    async def advance(step: timedelta) -> timedelta:
        made.clock.advance(step)
        return timedelta(seconds=await made.store.move_clock(int(step.total_seconds())))

    return House(
        desk=made.desk,
        reader=made.reader,
        register=made.register,
        inbox=made.store,
        shelf=made.shelf,
        contents=made.contents,
        notices=made.notices,
        documents=Typst(),
        promises=made.store,
        tokens=tokens_of(settings),
        payments=made.payments,
        clock=made.clock,
        settings=DoorSettings(
            public_url=settings.public_url,
            buyer_tokens_last=DEMO_TOKENS_LAST if settings.demo else BUYER_TOKENS_LAST,
        ),
        advance=advance if settings.demo else None,
    )


def _demo_file(settings: Settings, made: Parts) -> DemoFile:
    """Write down where the demo is and who its people are, readable by its owner only."""
    tokens = tokens_of(settings)
    file = DemoFile(
        url=settings.public_url,
        sandbox_url=provider_url(settings),
        tokens={
            who: tokens.for_staff(staff_id, roles, made.clock.now(), DEMO_TOKENS_LAST)
            for who, (staff_id, roles) in PEOPLE.items()
        },
    )
    write_private(settings.data / DEMO_FILE, msgspec.json.encode(file))
    return file


async def work(settings: Settings, ready: Callable[[], None]) -> None:
    """Fire deadlines and send messages until interrupted, for web servers elsewhere."""
    if settings.database_url is None:
        raise SettingsError(
            "A worker needs a database that others use too: set EARNEST_DATABASE_URL. "
            "`earnest serve` with the embedded database does this work itself. "
            "[database_url_missing]"
        )
    with database(settings) as url:
        async with parts(settings, url) as made, asyncio.TaskGroup() as tasks:
            for each in _behind_the_doors(made):
                tasks.create_task(each)
            ready()
