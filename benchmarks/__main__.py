"""Measure the spine on this machine: rules alone, the desk on PostgreSQL, and its baselines.

Not here: HTTP. `earnest replay` measures the whole chain from outside the server.

Every line stands beside a baseline of the same run: the same work as one transaction for each
command, and the bare grouped SQL that writes the same rows without any rule.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import platform
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import msgspec
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.settlements import measure_previews, measure_settle
from earnest.core.catalogue.configuration import Configuration
from earnest.core.foresight import as_it_will_stand
from earnest.core.order.actor import TIMER, Actor, Role, provider_actor
from earnest.core.order.commands import Command, Lock, RecordPayment, Reserve
from earnest.core.order.decide import Step, carry_out
from earnest.core.order.facts import Facts
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.report import report
from earnest.core.terms.reading import read_document
from earnest.core.terms.version import ACCEPTANCE_CLAUSE, FORFEITURE_CLAUSE, Acknowledgement
from earnest.core.values.ids import BuyerId, QueueId, derive_id, derive_order_id
from earnest.core.values.money import Money
from earnest.demo.maker import QUEUES, demo_catalogue, demo_offers, demo_terms
from earnest.desk.answer import Answer
from earnest.desk.desk import Desk
from earnest.desk.firing import fire_due
from earnest.desk.group import Asked, Group, KeyReused, lookup_of
from earnest.desk.library import Library
from earnest.desk.ports import Changes
from earnest.running import COLLECT_AFTER
from earnest.store.desk_store import PostgresStore
from earnest.store.embedded import EmbeddedServer
from earnest.store.migrate import migrate
from earnest.store.pool import Pool, open_pool

POOL_SIZE = 32
ALONE = "one transaction each"
DESK = "desk, groups of 500"
START = datetime(2026, 11, 22, 12, tzinfo=UTC)
TERMS = demo_terms()
LAUNCH_TERMS = Path(__file__).parents[1] / "examples/terms/launch-2024-03.toml"
CATALOGUE = demo_catalogue()
OFFERS = demo_offers(TERMS, CATALOGUE)
PRICE = Money(21_590_000, "CNY")
CONFIGURATION = Configuration("s7-standard", ("paint-aqua", "wheels-19"))
ACKNOWLEDGED = tuple(
    Acknowledgement(
        clause_id=clause_id,
        text_hash=clause.text_hash("en"),
        language="en",
        at=START,
    )
    for clause_id in (ACCEPTANCE_CLAUSE, FORFEITURE_CLAUSE)
    if (clause := TERMS.clause(clause_id)) is not None
)


class Figure(msgspec.Struct, frozen=True):
    """A measured rate: what, how many in how many seconds, and the line it is compared with."""

    name: str
    count: int
    seconds: float
    baseline: str | None = None

    @property
    def rate(self) -> float:
        """How many in a second."""
        return self.count / self.seconds


def reserve(place: int, run: str) -> Reserve:
    """The reservation of the buyer at this place of a run."""
    buyer_id = BuyerId(derive_id("bench", run, str(place)))
    return Reserve(
        buyer_id=buyer_id,
        order_id=derive_order_id(buyer_id, "k"),
        actor=Actor(f"buyer:{buyer_id}", frozenset({Role.BUYER})),
        key="k",
        received_at=START,
        queue_id=QueueId("s7-cn"),
        terms_hash=OFFERS[0].terms_hash,
        catalogue_hash=OFFERS[0].catalogue_hash,
        language="en",
        acknowledgements=ACKNOWLEDGED,
        configuration=CONFIGURATION,
        price=PRICE,
    )


def paid(command: Reserve) -> RecordPayment:
    """The provider's message that the deposit of a reservation was paid."""
    return RecordPayment(
        buyer_id=command.buyer_id,
        order_id=command.order_id,
        actor=provider_actor("sandbox"),
        key=f"event-{command.order_id}",
        received_at=START,
        payment_number=1,
        amount=TERMS.policy.deposit,
        paid_at=START,
        provider="sandbox",
        provider_payment_id=f"pay-{command.order_id}",
    )


def measure_core(count: int) -> Figure:
    """Whole beginnings of lives through the rules alone: reserve, deposit, lock at expiry."""
    facts = Facts(terms=TERMS, catalogue=CATALOGUE, offer=OFFERS[0], rank=1)
    commands = [reserve(place, "core") for place in range(count)]
    ended = START + timedelta(hours=TERMS.policy.cooling_off_hours)
    started = time.perf_counter()
    for command in commands:
        reserved = carry_out(None, command, facts, START)
        assert isinstance(reserved, Step), "the reservation holds"
        deposited = carry_out(reserved.order, paid(command), facts, START)
        assert isinstance(deposited, Step), "the deposit holds"
        lock = Lock(
            buyer_id=command.buyer_id,
            order_id=command.order_id,
            actor=TIMER,
            key="lock",
            received_at=ended,
        )
        locked = carry_out(deposited.order, lock, facts, ended)
        assert isinstance(locked, Step), "the lock holds"
    return Figure("rules alone: reserve + deposit + lock", count, time.perf_counter() - started)


def measure_lint(count: int) -> list[Figure]:
    """Reading and linting the launch terms of 2024, which get most findings of all examples."""
    text = LAUNCH_TERMS.read_text(encoding="utf-8")
    report(text, LAUNCH_TERMS.name)
    started = time.perf_counter()
    for _ in range(count):
        document = read_document(text, LAUNCH_TERMS.name)
        assert isinstance(document, TermsDocument), "the example can be read"
    read = Figure("terms: read a document", count, time.perf_counter() - started)
    started = time.perf_counter()
    for _ in range(count):
        assert report(text, LAUNCH_TERMS.name).findings, "the example is unfair"
    linted = Figure("terms: read and lint", count, time.perf_counter() - started, read.name)
    return [read, linted]


def measure_settlements(count: int) -> list[Figure]:
    """Settlements by the rule alone and in previews of a locked order."""
    facts = Facts(terms=TERMS, catalogue=CATALOGUE, offer=OFFERS[0], rank=1)
    command = reserve(0, "settle")
    reserved = carry_out(None, command, facts, START)
    assert isinstance(reserved, Step), "the reservation holds"
    deposited = carry_out(reserved.order, paid(command), facts, START)
    assert isinstance(deposited, Step), "the deposit holds"
    ended = START + timedelta(hours=TERMS.policy.cooling_off_hours)
    order = as_it_will_stand(deposited.order, facts, ended)
    return [
        Figure(*measure_settle(count)),
        Figure(*measure_previews(order, facts, count)),
    ]


class Submits(Protocol):
    """Whatever commands can be given to."""

    async def submit(self, command: Command, content_hash: str) -> Answer | KeyReused:
        """Decide a command and answer after the commit."""


async def through(desk: Submits, commands: list[Command], at_once: int) -> float:
    """Seconds to submit all commands with a bounded number waiting at a time."""
    waiting = iter(commands)

    async def client() -> None:
        for command in waiting:
            answer = await desk.submit(command, command.key)
            assert getattr(answer, "is_accepted", False), f"{answer} is not what is measured"

    started = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(at_once):
            tasks.create_task(client())
    return time.perf_counter() - started


@asynccontextmanager
async def working(pool: Pool, group_limit: int) -> AsyncIterator[Desk]:
    """A desk at work, with groups of at most this many commands."""
    store = PostgresStore(pool)
    desk = Desk(store, Library(store), lambda: START, group_limit=group_limit)
    task = asyncio.create_task(desk.run())
    try:
        yield desk
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Alone:
    """The baseline: the same rules and statements, one transaction for each command."""

    def __init__(self, pool: Pool, library: Library) -> None:
        """Work on this pool; as many transactions run at once as it has connections."""
        self._store = PostgresStore(pool)
        self._library = library

    async def submit(self, command: Command, content_hash: str) -> Answer | KeyReused:
        """Load, decide and save one command."""
        asked = Asked(command, content_hash)
        async with self._store.transaction() as transaction:
            loaded = await transaction.load(lookup_of([asked]))
            deciding = Group(loaded, self._library.facts_of, START, webhooks=False)
            answer = deciding.decide(asked)
            await transaction.save(deciding.changes())
        return answer


async def measure_alone(pool: Pool, count: int) -> list[Figure]:
    """The baseline of the desk, with as many connections as help."""
    library = Library(PostgresStore(pool))
    await library.refresh_offers()
    seconds = await _both(Alone(pool, library), ALONE, count, POOL_SIZE)
    return _figures(ALONE, count, seconds, None)


async def measure_desk(pool: Pool, count: int) -> list[Figure]:
    """Reservations, then their deposits, through the whole desk."""
    async with working(pool, 500) as desk:
        return _figures(DESK, count, await _both(desk, DESK, count, 512), ALONE)


async def _both(desk: Submits, name: str, count: int, at_once: int) -> tuple[float, float]:
    reservations = [reserve(place, name) for place in range(count)]
    await through(desk, [reserve(place, f"{name}-warm") for place in range(64)], 64)
    reserved = await through(desk, list(reservations), at_once)
    return reserved, await through(desk, [paid(each) for each in reservations], at_once)


def _figures(
    name: str, count: int, seconds: tuple[float, float], baseline: str | None
) -> list[Figure]:
    reserved, deposited = seconds
    return [
        Figure(f"{name}: {what}", count, spent, baseline and f"{baseline}: {what}")
        for what, spent in (("reservations", reserved), ("paid orders", reserved + deposited))
    ]


async def measure_bare(pool: Pool, count: int, group: int) -> Figure:
    """The same rows as reservations write, in the same statements, without desk or rules."""
    store = PostgresStore(pool)
    library = Library(store)
    await library.refresh_offers()
    written: list[Changes] = []
    async with store.transaction() as transaction:
        loaded = await transaction.load(lookup_of([Asked(reserve(0, "bare"), "k")]))
    for first in range(0, count, group):
        deciding = Group(loaded, library.facts_of, START, webhooks=False)
        for place in range(first, first + group):
            deciding.decide(Asked(reserve(place, "bare"), "k"))
        changes = deciding.changes()
        changes.queues.clear()
        written.append(changes)
    started = time.perf_counter()
    for changes in written:
        async with store.transaction() as transaction:
            await transaction.save(changes)
    return Figure(f"bare grouped SQL ({group}): reservations", count, time.perf_counter() - started)


async def measure_storm(pool: Pool, count: int) -> Figure:
    """Deposited orders whose cooling-off ends in the same second, fired and locked."""
    reservations = [reserve(place, "storm") for place in range(count)]
    async with working(pool, 500) as desk:
        await through(desk, list(reservations), 512)
        await through(desk, [paid(command) for command in reservations], 512)
        ended = START + timedelta(hours=TERMS.policy.cooling_off_hours)
        store = PostgresStore(pool)
        fired = 0
        gc.freeze()
        started = time.perf_counter()
        while found := await fire_due(desk, store, ended):
            fired += found
    return Figure("storm: cooling-off ends in one second", fired, time.perf_counter() - started)


async def measure_all(count: int) -> list[Figure]:
    """Every figure, on an embedded PostgreSQL of its own."""
    figures = [
        measure_core(count),
        *measure_settlements(count),
        *measure_lint(max(count // 100, 20)),
    ]
    with tempfile.TemporaryDirectory() as folder, EmbeddedServer(Path(folder)) as server:
        migrate(server.url)
        pool = await open_pool(server.url, size_max=POOL_SIZE)
        store = PostgresStore(pool)
        await store.publish(queues=QUEUES, terms=TERMS, catalogue=CATALOGUE, offers=OFFERS)
        steps: list[Callable[[], Awaitable[list[Figure]]]] = [
            lambda: measure_alone(pool, max(count // 5, 200)),
            lambda: measure_desk(pool, count),
        ]
        for step in steps:
            figures.extend(await step())
        figures.append(await measure_bare(pool, count, 500))
        figures.append(await measure_storm(pool, count))
        await pool.close()
    return figures


def show(figures: list[Figure]) -> None:
    """Print rates and ratios."""
    rates = {figure.name: figure.rate for figure in figures}
    table = Table(title=f"Earnest on {platform.machine()}, Python {platform.python_version()}")
    for column in ("what", "count", "seconds", "per second", "times its baseline"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for figure in figures:
        ratio = ""
        if figure.baseline is not None:
            ratio = f"{figure.rate / rates[figure.baseline]:.1f} x"
        table.add_row(
            figure.name,
            f"{figure.count:,}",
            f"{figure.seconds:.2f}",
            f"{figure.rate:,.0f}",
            ratio,
        )
    Console(width=110).print(table)


def main() -> None:
    """Read the size and measure, with the collector set as in a server."""
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 50, 100)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="orders in each measurement")
    show(uvloop.run(measure_all(parser.parse_args().count)))


main()
