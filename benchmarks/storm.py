"""The storm: the cooling-off of a whole crowd ends in the same second while others reserve.

Not here: how deadlines are fired (`desk/firing.py`).
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg

from benchmarks.figures import Figure
from benchmarks.generator import has_wrk, outcome, start
from benchmarks.over_http import database_of
from benchmarks.prepared import Sender
from benchmarks.servers import Server
from benchmarks.stored import seed_crowd
from earnest.core.values.instant import Instant
from earnest.gateways.clock import Clock

CONNECTIONS = 64
LONGEST_SECONDS = 240
MOST_RESERVATIONS = 150_000
_LOOK_SECONDS = 0.25

LEFT = "SELECT count(*) FROM earnest.deadline WHERE due_at = %s"


def measure_storm(
    server: Server, place: Path, count: int, lead: timedelta, tell: Callable[[int], None]
) -> list[Figure]:
    """Seed the crowd, wait for its second, and see how long until the last one is locked.

    `lead` is how long seeding may take: the second comes so much later than now.
    """
    requests = min(count, MOST_RESERVATIONS)
    load = Sender(server.settings, place).reservations("storm", requests)
    seconds = LONGEST_SECONDS if count > 50_000 else 60
    ends_at = (Clock().now() + lead).replace(microsecond=0)
    url = database_of(server)
    seed_crowd(url, count, ends_at, tell)
    assert Clock().now() < ends_at - timedelta(seconds=2), "seeding took longer than it may"
    _wait_for(ends_at - timedelta(seconds=2))
    process = start(load, server.url, CONNECTIONS, seconds)
    try:
        _wait_for(ends_at)
        before = server.cost()
        began = time.monotonic()
        with psycopg.connect(url, autocommit=True) as connection:
            while time.monotonic() - began < LONGEST_SECONDS and _left(connection, ends_at):
                time.sleep(_LOOK_SECONDS)
            assert _left(connection, ends_at) == 0, "the storm did not pass"
        spent = time.monotonic() - began
        cost = server.cost().since(before)
    finally:
        if has_wrk():
            # It tells what it saw when it is interrupted, as at its own end.
            process.send_signal(signal.SIGINT)
        sent = outcome(process)
    return [
        Figure(
            name="(e) storm: orders locked",
            count=count,
            seconds=spent,
            python_us=cost.python / count * 1e6,
            postgres_us=cost.postgres / count * 1e6,
        ),
        Figure(
            name="(e) reservations meanwhile",
            count=sent.requests,
            seconds=sent.seconds,
            p50_ms=sent.p50 / 1_000,
            p99_ms=sent.p99 / 1_000,
        ),
    ]


def _left(connection: psycopg.Connection, ends_at: Instant) -> int:
    row = connection.execute(LEFT, (ends_at,)).fetchone()
    assert row is not None, "a count is always there"
    return int(row[0])


def _wait_for(instant: Instant) -> None:
    time.sleep(max(0.0, (instant - Clock().now()).total_seconds()))
