"""A demo's orders, put together: what lives them before the doors open, and how far it came.

With them come the capacity of the plants, a first plan, and statements of provider and bank.

Not here: what happens to them (`demo/lives.py`).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import msgspec

from earnest.core.values.instant import Instant
from earnest.demo.buyers import register_demo_buyer
from earnest.demo.lives import LIVES
from earnest.demo.maker import demo_catalogue, demo_terms
from earnest.demo.orders import LANGUAGE, SeededOrders, Seeding, steps_until
from earnest.demo.past import StandingClock, past_till
from earnest.demo.plants import DemoPlants
from earnest.demo.provider import SandboxFailed
from earnest.demo.statements_seeded import seed_statements
from earnest.desk.desk import Desk
from earnest.desk.foreseeing.following import Foreseeing
from earnest.desk.library import Library
from earnest.desk.views import OrderFilter
from earnest.gateways.clock import Clock
from earnest.gateways.payments.sandbox_server.journal import JournalUnusable
from earnest.main import MERCHANT, POOL_SIZE, publish_demo
from earnest.settings import Settings, SettingsError, write_private
from earnest.store.desk_store import PostgresStore
from earnest.store.plans import PostgresPlans
from earnest.store.pools import Pools, open_pools
from earnest.store.publications import PostgresPublications
from earnest.store.queue_moves import PostgresMoves
from earnest.store.reader import PostgresReader
from earnest.store.reconciliation import PostgresReconciliations
from earnest.store.register import PostgresRegister

SEEDED_FILE = "demo-orders.json"
JOURNAL_FILE = "sandbox.jsonl"


async def seed_demo_orders(settings: Settings, url: str) -> None:
    """Give a demo without orders some in every stage, once; what was interrupted goes on.

    The sandbox must not run yet: it reads what was paid when it starts. Raises `SandboxFailed`
    and `SettingsError`.
    """
    path = settings.data / SEEDED_FILE
    known = _seeded(path)
    async with open_pools(url, POOL_SIZE) as pools:
        store = PostgresStore(pools.desk)
        now = Clock().now() + timedelta(seconds=await store.clock_offset_seconds())
        if known is None:
            if await PostgresReader(pools.reads).orders(OrderFilter(), None, 1):
                return
            known = SeededOrders(started_at=now)
            _keep(path, known)
        if not known.is_complete:
            await publish_demo(store, pools.rest, now)
            await _register(PostgresRegister(pools.rest), known.started_at)
            try:
                await _live(settings, pools, store, known)
            except JournalUnusable as error:
                raise SandboxFailed(
                    f"The demo's orders cannot be paid: {error}. [sandbox_not_started]"
                ) from error
        await seed_statements(
            PostgresReconciliations(pools.rest), PostgresRegister(pools.rest), known.started_at
        )


async def _register(register: PostgresRegister, started_at: Instant) -> None:
    first = steps_until(started_at)[0].at
    for who in sorted({life.who for life in LIVES}):
        await register_demo_buyer(register, who, LANGUAGE, first)


async def _live(
    settings: Settings, pools: Pools, store: PostgresStore, known: SeededOrders
) -> None:
    """Run a desk with a clock of its own until the orders have come to the present."""
    steps = steps_until(known.started_at)
    clock = StandingClock(steps[max(known.steps_done - 1, 0)].at)
    desk = Desk(store, Library(store), clock.now, webhooks=settings.webhook_url is not None)
    plans = PostgresPlans(pools.rest)
    foreseeing = Foreseeing(plans, PostgresMoves(pools.reads), desk.library, clock.now)
    with past_till(
        settings.data / JOURNAL_FILE, clock, MERCHANT, settings.keys.merchant_key
    ) as till:
        seeding = Seeding(
            desk=desk,
            store=store,
            orders=PostgresReader(pools.reads),
            till=till,
            plants=DemoPlants(
                plans, PostgresPublications(pools.rest), foreseeing, known.started_at
            ),
            clock=clock,
            documents=(demo_terms(), demo_catalogue()),
        )
        deciding = asyncio.create_task(desk.run())
        try:
            await seeding.run(known, lambda reached: _keep(settings.data / SEEDED_FILE, reached))
        finally:
            deciding.cancel()
            with suppress(asyncio.CancelledError):
                await deciding


def _seeded(path: Path) -> SeededOrders | None:
    """How far the orders of this directory came; None before the first of them."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=SeededOrders)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read ({error}). Remove it, or start without --orders. "
            "[demo_orders_unreadable]"
        ) from error


def _keep(path: Path, reached: SeededOrders) -> None:
    write_private(path, msgspec.json.encode(reached))
