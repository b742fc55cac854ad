"""A world to break: a database, server processes on it, and what both need to find each other.

A server is `earnest serve` exactly as people start it. Only a control starts another program,
`python -m chaos.serving VARIANT`, which is the same server with one faulty part. Not here: the
people (`people.py`), and what must be true afterwards (`judging.py`).
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Protocol

import msgspec

from chaos.ports import free_ports
from earnest.demo.maker import QUEUES, demo_catalogue, demo_offers, demo_terms
from earnest.keyring import tokens_of
from earnest.people.tokens import Tokens
from earnest.settings import Keys, read_settings
from earnest.simulator.client import Client, Unanswered
from earnest.simulator.door import Door, Refusal
from earnest.store.desk_store import PostgresStore
from earnest.store.embedded import EmbeddedServer
from earnest.store.migrate import migrate
from earnest.store.pool import open_pool

STARTS_WITHIN_S = 120.0
ENDS_WITHIN_S = 60.0
TOKENS_LAST = timedelta(days=30)
_PAUSE_S = 0.05


class Database(Protocol):
    """A PostgreSQL that can be started again after it was killed."""

    @property
    def url(self) -> str:
        """Where it is."""

    @property
    def process_id(self) -> int:
        """The first of its processes."""

    def start(self) -> None:
        """Start, recovering from whatever happened before."""

    def stop(self) -> None:
        """Stop in order, if it runs."""


class Health(msgspec.Struct):
    """Whatever a server says about itself; that it says anything is what counts."""


class Server:
    """One server process on the world's database."""

    def __init__(self, world: World, port: int, variant: str | None) -> None:
        """Stand at a port; a variant is one with a fault, for a control."""
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._world = world
        self._program = ["earnest", "serve"] if variant is None else ["chaos.serving", variant]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process_id(self) -> int:
        """The process of the server that was started last."""
        assert self._process is not None, "the server was started"
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it is not running, for example because it killed itself."""
        return self._process is None or self._process.poll() is not None

    def start(self, **environment: str) -> None:
        """Start it as a person would, with the world's database and keys."""
        with (self._world.folder / "servers.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", *self._program),
                    *("--data", str(self._world.folder), "--port", str(self.port)),
                    *(("--demo",) if self._world.is_demo else ()),
                ],
                env={**os.environ, **self._world.environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """End it the hard way: no signal handler, no flush, no goodbye."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """End it as Ctrl-C does, by force if it does not listen."""
        if self.has_ended or self._process is None:
            return
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGCONT)
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()

    async def until_up(self) -> None:
        """Wait until it answers."""
        started = perf_counter()
        while perf_counter() - started < STARTS_WITHIN_S:
            client = Client(self.url, chance=Random(1), patience_s=0.0)
            with suppress(Unanswered, Refusal):
                await Door(client).get("/health", Health)
                return
            await client.close()
            if self.has_ended:
                break
            await asyncio.sleep(_PAUSE_S)
        raise AssertionError(f"the server does not start:\n{self._world.log_tail()}")


class World:
    """The parts of one trial. `environment` is what every process of it is given."""

    def __init__(
        self, folder: Path, database: Database, provider_url: str, *, is_demo: bool
    ) -> None:
        """Nothing is started yet."""
        self.folder = folder
        self.is_demo = is_demo
        self.database = database
        settings = read_settings({}, data=folder)
        self.keys: Keys = settings.keys
        self.tokens: Tokens = tokens_of(settings)
        self.servers: list[Server] = []
        self.environment = {
            "EARNEST_DATABASE_URL": database.url,
            "EARNEST_PROVIDER_URL": provider_url,
        }

    def log_tail(self) -> str:
        """The end of what the servers said."""
        log = self.folder / "servers.log"
        return log.read_text(encoding="utf-8", errors="replace")[-4000:] if log.exists() else ""

    async def publish(self) -> None:
        """Bring the database to the present schema and put the demo maker's cars on sale."""
        await asyncio.to_thread(migrate, self.database.url)
        terms, catalogue = demo_terms(), demo_catalogue()
        pool = await open_pool(self.database.url)
        try:
            await PostgresStore(pool).publish(
                queues=QUEUES,
                terms=terms,
                catalogue=catalogue,
                offers=demo_offers(terms, catalogue),
            )
        finally:
            await pool.close()

    async def up(self, servers: Sequence[Server] | None = None) -> None:
        """Start these servers, or all, and wait until they answer."""
        wanted = self.servers if servers is None else servers
        for server in wanted:
            server.start()
        await asyncio.gather(*(server.until_up() for server in wanted))


@asynccontextmanager
async def world_in(
    folder: Path,
    *,
    servers: int = 1,
    variant: str | None = None,
    database: Database | None = None,
    is_demo: bool = False,
    provider_url: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[World]:
    """A world with so many servers that answer; everything of it is stopped in the end.

    `environment` is what each server is told beside where everything is.

    A demo has one server, a payment provider beside it, and clocks that can be moved;
    `provider_url` is where the server looks for the provider, if not at its own port.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    kept = database or EmbeddedServer(folder / "database")
    await asyncio.to_thread(kept.start)
    first = free_ports(servers + 1)
    beside = f"http://127.0.0.1:{first + servers}"
    world = World(folder, kept, provider_url or beside, is_demo=is_demo)
    world.environment |= environment or {}
    try:
        world.servers = [Server(world, first + each, variant) for each in range(servers)]
        await world.publish()
        await world.up()
        yield world
    finally:
        for server in world.servers:
            await asyncio.to_thread(server.stop)
        await asyncio.to_thread(kept.stop)
