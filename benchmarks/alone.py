"""The baseline: the same rules and statements, well written as one transaction for each request.

`python -m benchmarks.alone serve ...` is the same server with this in place of the desk, so that
both are measured through the same doors. A request takes a connection, locks, loads, decides and
saves, in two round trips; nothing waits for anybody but for the rows that it needs.
Not here: the desk, which groups what waits.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from pathlib import Path

import uvloop

from earnest.cli.stopping import stopped_is_done
from earnest.core.order.commands import Command
from earnest.core.timers import Deadline
from earnest.core.values.instant import Instant
from earnest.desk.desk import Desk, Result
from earnest.desk.group import Asked
from earnest.desk.library import Library
from earnest.desk.ports import Store
from earnest.main import Makers
from earnest.running import run_server
from earnest.settings import read_settings
from earnest.store.desk_store import PostgresStore
from earnest.store.pool import Pool

POOL_SIZE = 32
"""Connections at once; more only wait longer for the queue's one row."""


class Alone(Desk):
    """Stands where the desk stands and groups nothing."""

    def __init__(
        self, store: Store, library: Library, now: Callable[[], Instant], *, webhooks: bool = False
    ) -> None:
        """Decide each command by itself."""
        super().__init__(store, library, now, webhooks=webhooks)
        # The pool itself turns away what waits too long; here all wait their turn.
        self._connections = asyncio.Semaphore(POOL_SIZE)

    async def submit(
        self,
        command: Command,
        content_hash: str,
        fired: Deadline | None = None,
        *,
        unkeyed: bool = False,
    ) -> Result:
        """Load, decide and save one command."""
        async with self._connections:
            (answer,) = await self._one_transaction([Asked(command, content_hash, fired, unkeyed)])
        return answer

    async def run(self) -> None:
        """Nothing has to run: each request does its own work."""
        await asyncio.Event().wait()


class _WideStore(PostgresStore):
    """A store that takes as many connections as help."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self._widening = asyncio.ensure_future(pool.resize(POOL_SIZE + 8, POOL_SIZE + 8))


def main() -> None:
    """Serve like `earnest serve --demo`, without groups."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.alone", description=__doc__)
    parser.add_argument("serve", choices=["serve"])
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--processes", type=int, choices=[1], default=1)
    parser.add_argument("--data", type=Path, required=True)
    asked = parser.parse_args()
    settings = read_settings({}, data=asked.data, port=asked.port, demo=asked.demo)
    makers = Makers(store=_WideStore, desk=Alone)
    with stopped_is_done():
        uvloop.run(run_server(settings, lambda _: print("Earnest is open", flush=True), makers))


if __name__ == "__main__":
    main()
