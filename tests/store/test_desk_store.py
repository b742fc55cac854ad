"""The desk's store where only a database server can show it: lost connections, races, plans, jobs.

Not here: what the twin in memory promises as well (`test_contract.py`).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
import msgspec
import psycopg
import pytest

from earnest.core.order.parts import InspectionResult
from earnest.desk.group import Asked, lookup_of
from earnest.desk.ports import Channel, Lookup, OutgoingMessage, RecordedCommand, StoreUnavailable
from earnest.desk.views import OrderFilter
from earnest.store.desk_store import PostgresStore
from earnest.store.embedded import EmbeddedServer
from earnest.store.jobs import MESSAGES_IN_A_JOB
from earnest.store.migrate import migrate
from earnest.store.pool import Pool, open_pool
from earnest.store.publications import PostgresPublications
from earnest.store.reader import PostgresReader
from earnest.store.register import PostgresRegister
from earnest.store.statements import STATEMENTS
from tests.core import world
from tests.store.house import (
    BUYER,
    PROVIDER,
    QUEUE,
    START,
    House,
    buyer_of,
    command,
    decided,
    key_of,
    nothing_but,
    postgres_house,
    reservation,
)

pytestmark = pytest.mark.anyio

END_OTHERS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend'
"""


@pytest.fixture
async def pool(fresh_database_url: str) -> AsyncIterator[Pool]:
    async with await open_pool(fresh_database_url) as opened:
        yield opened


@pytest.fixture
async def house(pool: Pool) -> House:
    made = postgres_house(pool)
    await made.publish()
    return made


# Faults -----------------------------------------------------------------------------------


async def test_a_connection_lost_inside_a_transaction_is_named_and_leaves_nothing(
    house: House, fresh_database_url: str
) -> None:
    async def cut_off() -> None:
        waiting = [Asked(reservation("ann"), "Reserve")]
        async with house.transaction() as transaction:
            _, changes = decided(waiting, await transaction.load(lookup_of(waiting)))
            with psycopg.connect(fresh_database_url) as other:
                other.execute(END_OTHERS)
            await transaction.save(changes)

    with pytest.raises(StoreUnavailable):
        await cut_off()

    # The pool has noticed, and the same group runs again.
    (answer,) = await house.tell(reservation("ann"))
    assert answer.rank == 1


async def test_a_reader_does_not_notice_connections_lost_while_idle(
    house: House, fresh_database_url: str
) -> None:
    with psycopg.connect(fresh_database_url) as other:
        other.execute(END_OTHERS)

    assert await house.reader.orders(OrderFilter(), None, 1) == []
    # One failure cleared the whole pool, so the desk does not notice either.
    assert (await house.tell(reservation("ann")))[0].rank == 1


async def test_the_desk_is_told_once_of_connections_lost_while_idle(
    house: House, fresh_database_url: str
) -> None:
    with psycopg.connect(fresh_database_url) as other:
        other.execute(END_OTHERS)

    with pytest.raises(StoreUnavailable):
        await house.tell(reservation("ann"))
    assert (await house.tell(reservation("ann")))[0].rank == 1


async def test_a_statement_that_takes_too_long_is_not_begun_again(
    house: House, fresh_database_url: str
) -> None:
    await house.reserved("ann")
    with psycopg.connect(fresh_database_url) as other:
        other.execute("LOCK TABLE earnest.orders IN ACCESS EXCLUSIVE MODE")
        async with await open_pool(fresh_database_url, size_min=1, size_max=1) as pool:
            async with pool.connection() as connection:
                await connection.execute("SET statement_timeout = 50")
            with pytest.raises(StoreUnavailable, match="statement timeout"):
                await PostgresReader(pool).orders(OrderFilter(), None, 1)


async def test_every_door_names_a_database_that_went_away() -> None:
    with TemporaryDirectory(prefix="earnest-test-") as directory:
        with EmbeddedServer(Path(directory)) as server:
            migrate(server.url)
            pool = await open_pool(server.url, size_min=1)
            pool.timeout = 0.2
            store, reader, register = (
                PostgresStore(pool),
                PostgresReader(pool),
                PostgresRegister(pool),
            )
        attempts = (
            lambda: house_loads(store),
            store.offers,
            lambda: store.terms(world.TERMS.terms_hash),
            lambda: store.due_deadlines(START, 1),
            lambda: store.move_clock(1),
            reader.ping,
            lambda: register.buyer(buyer_of("ann")),
        )
        for attempt in attempts:
            with pytest.raises(StoreUnavailable):
                await attempt()
        await pool.close()


async def house_loads(store: PostgresStore) -> None:
    async with store.transaction() as transaction:
        await transaction.load(Lookup(orders=(), queues=(), commands=()))


async def test_of_two_processes_with_one_command_the_second_runs_again(house: House) -> None:
    # Only commands without an order to lock can meet like this: those that name no known order.
    first_saved, both_loaded = anyio.Event(), anyio.Event()
    kept = RecordedCommand(
        command=lookup_of([Asked(reservation("ann"), "Reserve")]).commands[0],
        order_id=key_of("ann").order_id,
        content_hash="hash",
        answer=b"{}",
        decided_at=START,
    )
    refused: list[str] = []

    async def first() -> None:
        async with house.transaction() as transaction:
            await both_loaded.wait()
            await transaction.save(nothing_but(commands=[kept]))
        first_saved.set()

    async def second() -> None:
        try:
            async with house.transaction() as transaction:
                await transaction.load(Lookup(orders=(), queues=(), commands=(kept.command,)))
                both_loaded.set()
                await first_saved.wait()
                await transaction.save(nothing_but(commands=[kept]))
        except StoreUnavailable as error:
            refused.append(str(error))

    async with anyio.create_task_group() as processes:
        processes.start_soon(first)
        processes.start_soon(second)

    assert len(refused) == 1
    assert "command_pkey" in refused[0]


async def test_a_row_that_is_not_as_it_was_loaded_is_a_defect(house: House) -> None:
    (key,) = await house.reserved("ann")
    order = (await house.loaded(key)).orders[key]

    async def change_twice() -> None:
        async with house.transaction() as transaction:
            await transaction.load(Lookup(orders=(key,), queues=(), commands=()))
            later = msgspec.structs.replace(order, sequence=2)
            await transaction.save(nothing_but(orders=[later]))
            await transaction.save(nothing_but(orders=[later]))

    # Nobody else can change a locked row; a transaction that saves twice is such a defect.
    with pytest.raises(psycopg.errors.AssertFailure, match="0 of 1 rows"):
        await change_twice()

    assert (await house.loaded(key)).orders[key] == order


async def test_a_refusal_of_the_database_comes_out_as_itself(house: House) -> None:
    (key,) = await house.reserved("ann")
    at = await house.tendered(key)
    await house.live(key, "RecordInspection", at, BUYER)
    (*_, inspected) = await house.reader.events(key)
    again = msgspec.structs.replace(
        inspected,
        sequence=inspected.sequence + 1,
        event=msgspec.structs.replace(inspected.event, result=InspectionResult.REFUSED),
    )

    with pytest.raises(psycopg.errors.UniqueViolation, match="inspection_pkey"):
        await house.save(nothing_but(events=[again]))


# Locks and plans --------------------------------------------------------------------------


async def test_groups_that_share_orders_never_wait_in_a_circle(house: House) -> None:
    keys = await house.reserved(*(f"buyer {number}" for number in range(20)))
    done: list[int] = []

    async def process(number: int) -> None:
        asked = keys[number:] + keys[:number]
        for _ in range(5):
            async with house.transaction() as transaction:
                found = await transaction.load(
                    Lookup(orders=tuple(asked), queues=(QUEUE.queue_id,), commands=())
                )
                assert list(found.orders) == sorted(keys)
        done.append(number)

    async with anyio.create_task_group() as processes:
        for number in range(4):
            processes.start_soon(process, number)

    assert sorted(done) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("lock_orders", "Index Scan using orders_"),
        ("find_commands", "command_pkey"),
        ("change_orders", "Index Scan using orders_"),
        ("clear_deadlines", "deadline_pkey"),
        ("due_deadlines", "deadline_by_due_at"),
        ("order_by_id", "orders_by_id"),
        ("page_of_orders", "orders_pkey"),
        ("page_of_orders_in_later_stage", "orders_by_later_stage"),
        ("page_of_orders_by_vin", "orders_by_vin"),
        ("events_of_order", "event_pkey"),
        ("postings_of_order", "posting_pkey"),
    ],
)
async def test_a_plan_made_while_tables_are_empty_is_one_for_full_tables(
    pool: Pool, name: str, index: str
) -> None:
    numbers = {each: at for at, each in enumerate(sorted(STATEMENTS[name].parameters), start=1)}
    text = re.sub(r"%\((\w+)\)[sb]", lambda found: f"${numbers[found[1]]}", STATEMENTS[name].text)
    nothing = ", ".join(["NULL"] * len(numbers))
    async with pool.connection() as connection:
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE planned AS {text}")
        cursor = await connection.execute(f"EXPLAIN EXECUTE planned ({nothing})")
        plan = "\n".join(row[0] for row in await cursor.fetchall())
        await connection.execute("DEALLOCATE planned")
        await connection.execute("RESET plan_cache_mode")

    assert index in plan, plan
    assert "Seq Scan" not in plan, plan


async def test_the_same_plan_would_read_the_whole_table_without_our_setting(pool: Pool) -> None:
    # The negative control of the test above: an empty table invites a plan that reads it whole.
    asked = "EXPLAIN SELECT state FROM earnest.orders WHERE order_id > ''"
    async with pool.connection() as connection:
        plans = []
        for setting in ("off", "on"):
            await connection.execute(f"SET enable_seqscan = {setting}")
            rows = await (await connection.execute(asked)).fetchall()
            plans.append("\n".join(row[0] for row in rows))

    assert "Seq Scan" not in plans[0]
    assert "Seq Scan" in plans[1]


async def nobody_looks_back(pool: Pool) -> None:
    """Wait until no transaction needs what was replaced; other tests have theirs on this server."""
    is_past = "SELECT pg_snapshot_xmin(pg_current_snapshot()) > %s::text::xid8"
    async with pool.connection() as connection:
        rows = await connection.execute("SELECT pg_current_xact_id()::text")
        ours = await rows.fetchone()
        while await (await connection.execute(is_past, ours)).fetchone() != (True,):
            pass


async def test_deposits_and_locks_are_written_in_place(fresh_database_url: str) -> None:
    statement = """
        SELECT pg_stat_get_tuples_updated(c.oid), pg_stat_get_tuples_hot_updated(c.oid)
        FROM pg_class AS c WHERE c.oid = 'earnest.orders'::regclass
    """
    # One connection for everything, because each counts by itself until it tells the server.
    async with await open_pool(fresh_database_url, size_min=1, size_max=1) as pool:
        house = postgres_house(pool)
        await house.publish()
        keys = await house.reserved(*(f"buyer {number}" for number in range(50)))
        for name, at, actor in (
            ("RecordPayment", START, PROVIDER),
            ("Lock", START + timedelta(days=8), world.actor("timer")),
        ):
            orders = [order for key in keys if (order := await house.reader.order_of_buyer(key))]
            await house.tell(*(command(name, order, at, actor) for order in orders))
            await nobody_looks_back(pool)
        async with pool.connection() as connection:
            await connection.execute("SELECT pg_stat_force_next_flush()")
            counted = await (await connection.execute(statement)).fetchone()

    assert counted == (100, 100)


# Jobs -------------------------------------------------------------------------------------


def message(number: int, channel: Channel = Channel.MAIL, minutes: int = 0) -> OutgoingMessage:
    return OutgoingMessage(
        channel=channel,
        buyer_id=buyer_of("ann"),
        order_id=key_of("ann").order_id,
        sequence=number,
        subject="Deferred",
        not_before=START + timedelta(minutes=minutes) if minutes else None,
    )


async def test_few_jobs_carry_a_group_and_payouts_are_found_first(house: House, pool: Pool) -> None:
    mails = [message(number) for number in range(MESSAGES_IN_A_JOB[Channel.MAIL] + 1)]
    later = [message(number, minutes=5) for number in range(2)]
    fifty = MESSAGES_IN_A_JOB[Channel.PAYOUT]
    payouts = [message(number, Channel.PAYOUT) for number in range(fifty + 2)]

    await house.save(nothing_but(messages=[*payouts, *mails, *later]))

    assert await house.jobs() == [
        tuple(payouts[:fifty]),
        tuple(payouts[fifty:]),
        tuple(mails[:-1]),
        tuple(mails[-1:]),
        tuple(later),
    ]
    statement = """
        SELECT queue_name, task_name, priority, status, scheduled_at
        FROM procrastinate_jobs ORDER BY id
    """
    async with pool.connection() as connection:
        rows = await (await connection.execute(statement)).fetchall()
    assert rows == [
        ("payout", "send_payout", 2, "todo", None),
        ("payout", "send_payout", 2, "todo", None),
        ("mail", "send_mail", 0, "todo", None),
        ("mail", "send_mail", 0, "todo", None),
        ("mail", "send_mail", 0, "todo", START + timedelta(minutes=5)),
    ]


async def test_a_group_that_is_rolled_back_sends_nothing(house: House) -> None:
    higher = msgspec.structs.replace(QUEUE, next_rank=5)
    parts = (nothing_but(messages=[message(1)], queues=[higher]), nothing_but(queues=[QUEUE]))

    with pytest.raises(psycopg.errors.RestrictViolation):
        await house.save(*parts)

    assert await house.jobs() == []


async def test_documents_are_stored_under_the_digest_of_their_content(
    house: House, pool: Pool
) -> None:
    publications = PostgresPublications(pool)
    terms = await publications.terms(world.TERMS.terms_hash)
    catalogue = await publications.catalogue(world.CATALOGUE.catalogue_hash)

    assert terms is not None
    assert catalogue is not None
    assert terms.terms_hash == world.TERMS.terms_hash
    assert catalogue.catalogue_hash == world.CATALOGUE.catalogue_hash
    assert (await house.store.offers())[0].terms_hash == terms.terms_hash
