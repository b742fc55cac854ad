"""The outbox: every message leaves at least once, and what fails comes again, later and later.

Waiting is done by moving the demonstration's clock, which brings waiting jobs forward.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import anyio
import psycopg
import pytest

from earnest.desk.desk import TRIES
from earnest.desk.outgoing import LONGEST_WAIT_SECONDS, NotSent, Outcome, wait_before
from earnest.desk.ports import Channel, OutgoingMessage, StoreUnavailable
from earnest.store.desk_store import PostgresStore
from earnest.store.jobs import defer_again, letter_in
from earnest.store.outbox import Outbox
from earnest.store.pool import Pool, open_pool
from tests.store.house import START, buyer_of, key_of, nothing_but

pytestmark = pytest.mark.anyio

DAY = 24 * 60 * 60


@pytest.fixture
async def pool(fresh_database_url: str) -> AsyncIterator[Pool]:
    async with await open_pool(fresh_database_url) as opened:
        yield opened


class Post:
    """A handler that remembers what it got, and does not send what it was told not to."""

    def __init__(self) -> None:
        self.handed_over: list[int] = []
        self.failures: dict[int, Exception] = {}
        self.spoilt: set[int] = set()
        self.jobs: list[int] = []
        self.attempts: list[int] = []
        self.arrived = asyncio.Event()

    async def handle(
        self, messages: Sequence[OutgoingMessage], attempt: int = 1
    ) -> Sequence[Outcome]:
        numbers = [message.sequence for message in messages]
        if self.spoilt.intersection(numbers):
            raise ValueError("a defect that spoils the whole job")
        self.jobs.append(len(numbers))
        self.attempts.append(attempt)
        self.handed_over += numbers
        self.arrived.set()
        return [self.failures.get(number) for number in numbers]

    def taken(self) -> list[int]:
        """What was handed over since the last look, in the order of the numbers."""
        taken, self.handed_over = sorted(self.handed_over), []
        return taken


def message(
    number: int, channel: Channel = Channel.MAIL, wait: timedelta | None = None
) -> OutgoingMessage:
    key = key_of("ann")
    return OutgoingMessage(
        channel=channel,
        buyer_id=buyer_of("ann"),
        order_id=key.order_id,
        sequence=number,
        subject="Deferred",
        not_before=None if wait is None else START + wait,
    )


async def defer(pool: Pool, *messages: OutgoingMessage) -> None:
    async with PostgresStore(pool).transaction() as transaction:
        await transaction.save(nothing_but(messages=list(messages)))


async def defer_as_the_desk_does(pool: Pool, *messages: OutgoingMessage) -> None:
    """Again, as long as connections prove lost."""
    for _ in range(TRIES):
        with suppress(StoreUnavailable):
            return await defer(pool, *messages)
    raise AssertionError("every connection was lost")


async def later(pool: Pool, seconds: int) -> None:
    await PostgresStore(pool).move_clock(seconds)


async def jobs(pool: Pool) -> list[tuple[str, int]]:
    """Status and number of messages of every job that is left."""
    statement = """
        SELECT status::text, jsonb_array_length((args ->> 'letter')::jsonb -> 'messages')
        FROM procrastinate_jobs ORDER BY id
    """
    async with pool.connection() as connection:
        rows = await (await connection.execute(statement)).fetchall()
    return [(status, count) for status, count in rows]


@asynccontextmanager
async def running(outbox: Outbox) -> AsyncIterator[None]:
    task = asyncio.create_task(outbox.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_every_message_is_handed_over_and_its_job_is_gone(pool: Pool) -> None:
    post = Post()
    await defer(pool, *(message(number) for number in range(600)), message(600, Channel.PAYOUT))
    assert await jobs(pool) == [("todo", 500), ("todo", 100), ("todo", 1)]

    await Outbox(pool, post).drain()

    assert post.taken() == list(range(601))
    assert sorted(post.jobs) == [1, 100, 500]
    assert await jobs(pool) == []


async def test_only_what_failed_comes_again_after_a_minute(pool: Pool) -> None:
    post = Post()
    post.failures = {2: NotSent("mailbox full"), 3: ValueError("a defect of the handler")}
    outbox = Outbox(pool, post)
    await defer(pool, *(message(number) for number in range(1, 5)))

    await outbox.drain()
    assert post.taken() == [1, 2, 3, 4]
    assert await jobs(pool) == [("todo", 2)]

    await outbox.drain()
    assert post.taken() == []

    del post.failures[3]
    await later(pool, 60)
    await outbox.drain()
    assert post.taken() == [2, 3]

    post.failures.clear()
    await later(pool, 60)
    await outbox.drain()
    assert post.taken() == []
    await later(pool, 60)
    await outbox.drain()
    assert post.taken() == [2]
    assert await jobs(pool) == []
    assert post.attempts == [1, 2, 3]


async def test_a_message_that_spoils_its_job_holds_no_other_up(pool: Pool) -> None:
    post = Post()
    post.spoilt = {2}
    await defer(pool, *(message(number) for number in range(1, 4)))

    await Outbox(pool, post).drain()

    assert (post.jobs, post.taken()) == ([1, 1], [1, 3])
    assert await jobs(pool) == [("todo", 1)]


async def test_a_store_that_is_away_delays_the_whole_job(pool: Pool) -> None:
    class Away:
        async def handle(
            self,
            messages: Sequence[OutgoingMessage],
            attempt: int = 1,  # noqa: ARG002 - as the real one
        ) -> Sequence[Outcome]:
            raise StoreUnavailable(f"no facts for {len(messages)}")

    await defer(pool, message(1), message(2))
    await Outbox(pool, Away()).drain()

    assert await jobs(pool) == [("todo", 2)]


async def test_the_other_side_may_ask_for_more_time(pool: Pool) -> None:
    post = Post()
    post.failures = {1: NotSent("too many requests", after_seconds=600), 2: NotSent("full", 1)}
    outbox = Outbox(pool, post)
    await defer(pool, message(1, Channel.WEBHOOK), message(2, Channel.WEBHOOK))

    await outbox.drain()
    assert post.taken() == [1, 2]
    await later(pool, 60)
    await outbox.drain()
    assert post.taken() == [2]
    await later(pool, 540)
    await outbox.drain()
    assert post.taken() == [1, 2]


def test_jobs_deferred_before_letters_were_texts_are_read_as_well() -> None:
    message = {
        "channel": "mail",
        "buyer_id": "B" * 16,
        "order_id": "A" * 16,
        "sequence": 2,
        "subject": "DepositReceived",
    }
    before = letter_in({"messages": [message], "attempt": 3})

    written = defer_again(before, 60)

    assert before.attempt == 3
    assert letter_in(json.loads(str(written["arguments"]))) == before


def test_waits_double_up_to_an_hour() -> None:
    assert [wait_before(attempt) for attempt in range(2, 10)] == [
        *(60, 120, 240, 480, 960, 1920),
        *(LONGEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS),
    ]
    assert wait_before(10_000) == LONGEST_WAIT_SECONDS


async def test_mail_is_given_up_in_the_end_and_stays_visible(pool: Pool) -> None:
    post = Post()
    post.failures = {1: NotSent("no such mailbox")}
    outbox = Outbox(pool, post, attempts=2)
    await defer(pool, message(1))

    for _ in range(4):
        await outbox.drain()
        await later(pool, DAY)

    assert post.taken() == [1, 1]
    assert await jobs(pool) == [("failed", 1)]


async def test_a_payout_is_never_given_up(pool: Pool) -> None:
    post = Post()
    post.failures = {1: NotSent("provider away")}
    outbox = Outbox(pool, post, attempts=2)
    await defer(pool, message(1, Channel.PAYOUT))

    for _ in range(4):
        await outbox.drain()
        await later(pool, DAY)

    assert post.taken() == [1, 1, 1, 1]
    assert await jobs(pool) == [("todo", 1)]


async def test_a_message_for_later_waits_for_its_time_in_a_demonstration(pool: Pool) -> None:
    post = Post()
    outbox = Outbox(pool, post)
    statement = "SELECT %s - extract(epoch FROM now())::bigint"
    async with pool.connection() as connection:
        row = await (await connection.execute(statement, [int(START.timestamp())])).fetchone()
    assert row is not None
    in_a_week = timedelta(days=7, seconds=-row[0])

    await later(pool, 3 * DAY)
    await defer(pool, message(1, Channel.PAYOUT, in_a_week))
    await later(pool, 4 * DAY - 60)
    await outbox.drain()
    assert post.taken() == []
    await later(pool, 120)
    await outbox.drain()

    assert post.taken() == [1]


async def test_jobs_of_a_dead_worker_are_taken_up_again(pool: Pool) -> None:
    post = Post()
    await defer(pool, message(1))
    async with pool.connection() as connection:
        await connection.execute("UPDATE procrastinate_jobs SET status = 'doing'")

    await Outbox(pool, post).drain()

    assert post.taken() == [1]


async def test_a_running_outbox_hears_of_a_message_as_it_is_committed(pool: Pool) -> None:
    post = Post()
    with anyio.fail_after(20):
        async with running(Outbox(pool, post)):
            await defer(pool, message(1, Channel.PAYOUT))
            await post.arrived.wait()

    assert post.taken() == [1]


async def test_a_running_outbox_outlives_its_connections(
    pool: Pool, fresh_database_url: str
) -> None:
    post = Post()
    with anyio.fail_after(60):
        async with running(Outbox(pool, post)):
            await defer(pool, message(1))
            await post.arrived.wait()
            post.arrived.clear()
            with psycopg.connect(fresh_database_url) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            await defer_as_the_desk_does(pool, message(2))
            await post.arrived.wait()

    assert post.taken()[-1] == 2


async def test_stopping_in_the_middle_of_sending_loses_nothing(pool: Pool) -> None:
    begun = asyncio.Event()

    class Hanging:
        async def handle(
            self,
            messages: Sequence[OutgoingMessage],
            attempt: int = 1,  # noqa: ARG002 - as the real one
        ) -> Sequence[Outcome]:
            begun.set()
            await asyncio.Event().wait()
            return [None] * len(messages)

    await defer(pool, message(1))
    with anyio.fail_after(30):
        async with running(Outbox(pool, Hanging(), grace_seconds=0.05)):
            await begun.wait()
    await later(pool, DAY)

    post = Post()
    await Outbox(pool, post).drain()

    assert post.taken() == [1]
