"""Fills a database with orders: a million in the order bank, or a crowd whose cooling-off ends.

Run by `python -m benchmarks.stored`, or by the measurements. Not here: the rows (`rows.py`).
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg

from benchmarks.deciding import library_of_demo
from benchmarks.rows import copy, life
from benchmarks.shop import TERMS
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant

BATCH = 5_000
"""Orders in one transaction; they were all reserved in the same second."""

AT_ONCE = 2
"""Processes that fill: as many as this machine has cores."""

COOLING_OFF = timedelta(hours=TERMS.policy.cooling_off_hours)


def seed(url: str, count: int, ended_at: Instant, tell: Callable[[int], None]) -> None:
    """Add so many locked orders, the last of which was locked when the given instant came."""
    _fill(url, count, ended_at, "s7-cn", tell, locked=True)


def seed_crowd(url: str, count: int, ends_at: Instant, tell: Callable[[int], None]) -> None:
    """Add so many paid orders whose cooling-off ends at the same instant."""
    _fill(url, count, ends_at, "y7-cn", tell, locked=False)


def _fill(
    url: str,
    count: int,
    ends_at: Instant,
    queue_id: str,
    tell: Callable[[int], None],
    *,
    locked: bool,
) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "UPDATE earnest.queue SET next_rank = next_rank + %s WHERE queue_id = %s "
            "RETURNING next_rank",
            (count, queue_id),
        ).fetchone()
        assert row is not None, "the queue is there"
        first = row[0] - count
        share = -(-count // AT_ONCE)
        parts = [(at, min(share, count - at)) for at in range(0, count, share)]
        processes = [
            subprocess.Popen(
                [
                    *(sys.executable, "-m", "benchmarks.stored", url, queue_id),
                    *(f"{first + at}", f"{some}", ends_at.isoformat()),
                    *(["--locked"] if locked else []),
                ],
                stdout=subprocess.PIPE,
                text=True,
            )
            for at, some in parts
        ]
        done = 0
        for process in processes:
            assert process.stdout is not None, "it is a pipe"
            for line in process.stdout:
                done += int(line)
                tell(done)
            assert process.wait() == 0, "filling the database failed; it said why above"
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def main() -> None:
    """Fill one part."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stored", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("queue_id")
    parser.add_argument("first", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("ends_at", type=datetime.fromisoformat)
    parser.add_argument("--locked", action="store_true")
    asked = parser.parse_args()
    library = asyncio.run(library_of_demo())
    last = asked.first + asked.count
    with psycopg.connect(asked.url) as connection:
        for rank in range(asked.first, last, BATCH):
            some = min(BATCH, last - rank)
            # The order bank filled second by second; a crowd was there in one.
            earlier = timedelta(seconds=(last - rank) // BATCH if asked.locked else 0)
            reserved_at = asked.ends_at - COOLING_OFF - earlier
            forms = life(library, reserved_at, QueueId(asked.queue_id), locked=asked.locked)
            copy(connection, forms, rank, some, asked.queue_id)
            connection.commit()
            print(some, flush=True)


if __name__ == "__main__":
    main()
