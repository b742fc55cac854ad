"""A server with a defective part: it goes on, says so, and starts the part again.

The whole server on a real database, put together with one part that has a defect. Not here: how
long it rests between two starts (`tests/gateways/test_supervisor.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random

import msgspec
import pytest
from structlog.testing import capture_logs

from earnest.core.values.instant import Instant
from earnest.desk.desk import Desk
from earnest.desk.ports import OrderDeadline
from earnest.gateways.clock import Clock
from earnest.keyring import tokens_of
from earnest.main import Makers
from earnest.running import DEMO_TOKENS_LAST, run_server
from earnest.settings import Settings, read_settings
from earnest.simulator.client import Client
from earnest.simulator.door import Door
from earnest.store.desk_store import PostgresStore
from earnest.store.pool import Pool
from tests.demo.running import free_ports


class Defect(Exception):
    """A mistake that somebody made."""


class FailsTwice(PostgresStore):
    """Cannot say twice which deadlines are due."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self.asked = 0
        self.works = asyncio.Event()

    async def due_deadlines(self, now: Instant, limit: int) -> Sequence[OrderDeadline]:
        self.asked += 1
        if self.asked <= 2:
            raise Defect(f"the {self.asked}. time")
        self.works.set()
        return await super().due_deadlines(now, limit)


class DefectiveDesk(Desk):
    """Does not run."""

    async def run(self) -> None:
        raise Defect("the desk")


class Version(msgspec.Struct, frozen=True):
    """That the server answers is what counts."""


def settings_of(url: str, data: Path) -> Settings:
    return read_settings({"EARNEST_DATABASE_URL": url}, data=data, port=free_ports())


@asynccontextmanager
async def serving(settings: Settings, makers: Makers) -> AsyncIterator[Client]:
    """A server that answers, until the context ends."""
    ready = asyncio.Event()
    task = asyncio.create_task(run_server(settings, lambda _: ready.set(), makers))
    client = Client(settings.public_url, chance=Random(1))
    try:
        await asyncio.wait(
            {task, asyncio.ensure_future(ready.wait())}, return_when=asyncio.FIRST_COMPLETED
        )
        yield client
    finally:
        await client.close()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def test_a_part_that_fails_twice_works_in_the_end_and_the_doors_stay_open(
    fresh_database_url: str, tmp_path: Path
) -> None:
    stores: list[FailsTwice] = []

    def store(pool: Pool) -> FailsTwice:
        stores.append(FailsTwice(pool))
        return stores[-1]

    async def story() -> list[str]:
        settings = settings_of(fresh_database_url, tmp_path)
        async with serving(settings, Makers(store=store)) as client:
            await stores[0].works.wait()
            token = tokens_of(settings).for_staff(
                "lin", ["auditor"], Clock().now(), DEMO_TOKENS_LAST
            )
            await Door(client).get("/health", Version)
            reply = await client.ask(client.head("GET", "/metrics", token=token) + b"\r\n")
            return reply.body.decode().splitlines()

    with capture_logs() as lines:
        metrics = asyncio.run(story())

    told = [line for line in lines if line["event"] == "part_failed"]
    assert [(line["part"], str(line["exc_info"])) for line in told] == [
        ("deadlines", "the 1. time"),
        ("deadlines", "the 2. time"),
    ]
    assert 'earnest_part_failures_total{part="deadlines"} 2.0' in metrics
    assert 'earnest_part_rests{part="deadlines"} 0.0' in metrics
    assert 'earnest_part_failures_total{part="outbox"} 0.0' in metrics


def test_a_defect_of_the_desk_itself_ends_the_process_and_is_said(
    fresh_database_url: str, tmp_path: Path
) -> None:
    settings = settings_of(fresh_database_url, tmp_path)
    with capture_logs() as lines, pytest.raises(ExceptionGroup) as ended:
        asyncio.run(run_server(settings, lambda _: None, Makers(desk=DefectiveDesk)))

    assert [str(each) for each in ended.value.exceptions] == ["the desk"]
    assert [line["event"] for line in lines if line["log_level"] == "critical"] == ["desk_failed"]
