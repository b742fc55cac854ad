"""A server or worker at work: its doors, its desk, and what runs beside them for ever.

Not here: what it is made of (`main.py`), and several processes side by side (`serving.py`).
"""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from functools import partial
from os import getpid
from socket import gethostname

import msgspec
import structlog
import uvicorn

from earnest.demo.provider import sandbox_process
from earnest.demo.stage import DEMO_FILE, PEOPLE, DemoFile
from earnest.desk.allotting import keep_allotting
from earnest.desk.bulk import keep_carrying_bulk_out
from earnest.desk.desk import Desk
from earnest.desk.drawing import keep_drawing
from earnest.desk.firing import keep_firing
from earnest.desk.giving_on import keep_giving_cars_on
from earnest.desk.pausing import keep_giving_back
from earnest.desk.places.passing import Passing
from earnest.desk.planning.carrying import keep_carrying_out
from earnest.desk.planning.freed import FreedSlots
from earnest.desk.planning.passing import PlannedReasons
from earnest.desk.ports import StoreUnavailable
from earnest.gateways.documents.typesetter import Typst
from earnest.gateways.listening import listening_socket
from earnest.gateways.supervisor import Part, Supervisor
from earnest.keyring import admissions_of, codes_of, seals_of, tokens_of
from earnest.main import POOL_SIZE, Makers, Parts, database, parts, provider_url
from earnest.seeding import seed_demo_orders
from earnest.settings import Settings, SettingsError, write_private
from earnest.web.figures import FiguresKeeper
from earnest.web.front import with_pages
from earnest.web.house import House
from earnest.web.house import Settings as DoorSettings
from earnest.web.protocol import DoorsProtocol

DEMO_TOKENS_LAST = timedelta(days=3 * 365)
"""Demo tokens outlive the jumps of the demo's clock."""

BUYER_TOKENS_LAST = timedelta(days=30)
COLLECT_AFTER = 20_000
TURN_SECONDS = 0.001
"""After so long a thread lets another one work; five times as long, as is usual, doors feel it."""

CLOCK_LOOK_SECONDS = 0.1
"""How often a process of a demo looks whether another moved the clock."""
CONNECTIONS_OF_ALL = 80
"""What the processes of one address may have together; an embedded database takes a hundred."""

log = structlog.get_logger(__name__)


class Place(msgspec.Struct, frozen=True):
    """The place of this process among those that serve one database, counted from zero."""

    number: int = 0
    count: int = 1

    @property
    def is_first(self) -> bool:
        """Whether it does what only one may do."""
        return self.number == 0

    @property
    def has_others(self) -> bool:
        """Whether other processes serve beside it."""
        return self.count > 1

    @property
    def pool_size(self) -> int:
        """Its share of the connections to the database."""
        return min(POOL_SIZE, CONNECTIONS_OF_ALL // self.count)


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
            if settings.demo_orders:
                await seed_demo_orders(settings, url)
            webhooks = f"{settings.local_url}/api/v1/webhooks/sandbox"
            port = settings.sandbox_port
            key = settings.keys.merchant_key
            stack.enter_context(sandbox_process(settings.data, port, webhooks, key))
        async with parts(settings, url, makers) as made:
            await _serve(settings, made, taken, ready, Place())


async def run_beside_others(
    settings: Settings,
    place: Place,
    taken: socket.socket,
    ready: Callable[[DemoFile | None], None],
    makers: Makers | None = None,
) -> None:
    """Serve as one of several processes on one database and one address; see `serving.py`.

    All have doors and a desk; the first also fires deadlines and sends messages. Raises
    `StoreError`, `SettingsError`.
    """
    with closing(taken), database(settings) as url:
        async with parts(settings, url, makers, place.pool_size) as made:
            await _serve(settings, made, taken, ready, place)


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
    place: Place,
) -> None:
    # Whoever asks first is told what is on sale, and not that nothing is known yet.
    await made.desk.library.refresh_offers()
    await made.foreseeing.refresh()
    _tell_of_events(settings, made, bool(await made.endpoints.active()))
    # What was ended before this process began is ended in it from its first answer on.
    await made.team.sessions.refresh(made.clock.now())
    # What was made so far lives as long as the process, so the collector need not walk it.
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 50, 100)
    # A plan is made in a thread beside the doors, and an answer waits several times for its turn.
    sys.setswitchinterval(TURN_SECONDS)
    supervisor = Supervisor(made.clock.monotonic)
    house = _house(settings, made, place, supervisor)
    server = _Server(
        lambda: ready(_demo_file(settings, made) if settings.demo and place.is_first else None),
        uvicorn.Config(
            with_pages(house),
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
        figures = Part("figures", FiguresKeeper(house, f"{gethostname()}:{getpid()}").run)
        background = [
            *_started(tasks, settings, made, place, supervisor),
            tasks.create_task(supervisor.keep(figures)),
        ]
        await server.serve(sockets=[taken])
        for task in background:
            task.cancel()


def _started(
    tasks: asyncio.TaskGroup, settings: Settings, made: Parts, place: Place, supervisor: Supervisor
) -> list[asyncio.Task[None]]:
    """The tasks of everything that runs beside the doors: the desk, and the parts one by one."""
    kept = (*_behind_all_doors(settings, made, place), *_behind_first_doors(made, place))
    return [
        tasks.create_task(_decide(made.desk)),
        *(tasks.create_task(supervisor.keep(part)) for part in kept),
    ]


async def _decide(desk: Desk) -> None:
    """Run the desk for ever; a defect of it ends the process, and only that.

    A command that cannot be decided fails alone, inside the desk. What comes out of the desk is a
    defect in who waits for which answer, and nobody can tell any more whom to answer what. The
    database holds what was committed and every key stays valid, so the next process is sound at
    once, while this one would go on from a memory that was wrong.
    """
    try:
        await desk.run()
    except Exception as defect:
        log.critical("desk_failed", exc_info=defect)
        raise


def _behind_all_doors(settings: Settings, made: Parts, place: Place) -> Iterator[Part]:
    """What every process with doors needs for ever beside its desk: news of what others did."""
    yield Part("reserving", made.reservers.run)
    yield Part("offers", made.desk.library.keep_fresh)
    yield Part("pauses", made.desk.library.keep_pauses_fresh)
    yield Part("places", made.places.run)
    yield Part("foreseeing", made.foreseeing.run)
    yield Part("rooms", made.rooms.run)
    tell = partial(_tell_of_events, settings, made)
    yield Part("endpoints", partial(made.endpoints.keep_telling, tell))
    yield Part("ended sessions", partial(made.team.sessions.keep_fresh, made.clock.now))
    yield Part("plan runs", made.plan_runs.run)
    yield Part("promise counts", made.promise_counts.run)
    drawing = partial(
        keep_drawing,
        made.rooms.store,
        lambda: made.desk.library.campaigns_in_force(made.clock.now()),
        admissions_of(settings),
        made.clock.now,
    )
    yield Part("drawing", drawing)
    if settings.demo and place.has_others:
        yield Part("clock", partial(_follow_clock, made))


def _behind_first_doors(made: Parts, place: Place) -> Iterator[Part]:
    """What runs for ever, but only once however many processes serve one database."""
    if not place.is_first:
        return
    now = made.clock.now
    yield Part("deadlines", partial(keep_firing, made.desk, made.store, now))
    yield Part("allotting", partial(keep_allotting, made.desk, made.store, now))
    yield Part("giving back", partial(keep_giving_back, made.desk, made.pauses, now))
    yield Part("cars", partial(keep_giving_cars_on, made.desk, made.cars, now))
    carrying = partial(keep_carrying_out, made.desk, made.plans, made.reader, now)
    yield Part("plans", carrying)
    yield Part("bulk", partial(keep_carrying_bulk_out, made.desk, made.bulk_acts, now))
    freed = FreedSlots(made.desk, made.plans, made.places.moves, made.cars)
    yield Part("freed slots", partial(freed.run, now))
    planned = PlannedReasons(made.plans)
    passing = Passing(made.desk, made.places, made.reader.events, planned.why)
    yield Part("overtaking", partial(passing.run, now))
    if made.opening is not None:
        yield Part("checkouts", made.opening.run)
    yield Part("outbox", made.outbox.run)
    yield Part("receipts", made.receipts.run)


def _tell_of_events(settings: Settings, made: Parts, is_any_kept: bool) -> None:  # noqa: FBT001 - as it is told
    """Let the desk announce events if anybody is told of them."""
    made.desk.webhooks = is_any_kept or settings.webhook_url is not None


async def _follow_clock(made: Parts) -> None:
    """Follow the demo's clock, which somebody may have moved through another process."""
    while True:
        with suppress(StoreUnavailable):
            await _catch_up(made)
        await asyncio.sleep(CLOCK_LOOK_SECONDS)


async def _catch_up(made: Parts) -> timedelta:
    offset = timedelta(seconds=await made.store.clock_offset_seconds())
    made.clock.advance(max(offset - made.clock.offset, timedelta(0)))
    return offset


def _house(settings: Settings, made: Parts, place: Place, supervisor: Supervisor) -> House:
    async def advance(step: timedelta) -> timedelta:
        await made.store.move_clock(int(step.total_seconds()))
        offset = await _catch_up(made)
        if step and place.has_others:
            # Whoever is told the new time finds it everywhere.
            await asyncio.sleep(2 * CLOCK_LOOK_SECONDS)
        return offset

    return House(
        desk=made.desk,
        reader=made.reader,
        register=made.register,
        inbox=made.kept,
        shelf=made.shelf,
        campaigns=made.campaigns,
        pauses=made.pauses,
        watching=made.watching,
        codes=codes_of(settings),
        contents=made.contents,
        notices=made.notices,
        conversations=made.conversations,
        links=made.links,
        documents=Typst(),
        promises=made.kept,
        places=made.places,
        plans=made.plans,
        centres=made.centres,
        bulk_acts=made.bulk_acts,
        reconciliations=made.reconciliations,
        plan_runs=made.plan_runs,
        promise_counts=made.promise_counts,
        on_sale=made.kept,
        rooms=made.rooms,
        admissions=admissions_of(settings),
        tokens=made.team.tokens,
        people=made.people,
        reservers=made.reservers,
        sign_in=made.sign_in,
        sessions=made.team.sessions,
        staffing=made.team.staffing,
        second_factors=made.team.second_factors,
        passkeys=made.team.passkeys,
        passkey_letters=made.team.passkey_letters,
        staff_door=made.team.door,
        trail=made.team.trail,
        sights=made.team.sights,
        endpoints=made.endpoints,
        seals=seals_of(settings),
        payments=made.payments,
        clock=made.clock,
        settings=DoorSettings(
            public_url=settings.public_url,
            buyer_tokens_last=DEMO_TOKENS_LAST if settings.demo else BUYER_TOKENS_LAST,
        ),
        advance=advance if settings.demo else None,
        parts=supervisor.health,
    )


def _demo_file(settings: Settings, made: Parts) -> DemoFile:
    """Write down where the demo is and who its people are, readable by its owner only."""
    tokens = tokens_of(settings)
    file = DemoFile(
        url=settings.local_url,
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
            _started(tasks, settings, made, Place(), Supervisor(made.clock.monotonic))
            ready()
