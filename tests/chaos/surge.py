"""Ten times more buyers than the desk lets wait, all at once, while its writes stand still.

Every answer is 201 or 503 with a wait, every 503 that is repeated with the same key becomes a
201, reads are answered all the time, and no more wait than the limit says. The control has no
limit: everybody waits inside, and what they asked for fills the memory.

Not here: kills and lost connections (`kill_server.py`). `SHORT` runs with the tests, `WHOLE` with
`make chaos`; `python -m tests.chaos.surge --help` says how to run it by hand.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
import psycopg

from tests.postgres import running_server
from tests.web.maker import World, reservation, world

TIMES = 10
"""How many times more buyers come than may wait."""

UNBOUNDED = 10**9
"""A limit that is none: the control."""

_HASTE = 0.01
"""Buyers wait this part of what they are asked to, so that a short form is short."""

_COME_AGAIN_PER_S = 1_000
"""So many come again in a second at most, in the end: who is turned away again waits twice as long.

All live in one process with the desk. If they came faster than it can turn them away, it would
only ever do that, and one look at an order would take as long as turning everybody away.
"""

_LOOK_S = 0.2
_LOCK = "SELECT 1 FROM earnest.queue WHERE queue_id = 's7-cn' FOR UPDATE"


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """How large the surge is: how many may wait, and how often reads ask while writes stand."""

    may_wait: int
    reads: int

    @property
    def buyers(self) -> int:
        """How many come at once."""
        return TIMES * self.may_wait

    @property
    def longest_wait_s(self) -> float:
        """What a buyer waits at most before asking again."""
        return self.buyers / _COME_AGAIN_PER_S

    @property
    def group_limit(self) -> int:
        """How many are decided together: a part of those who wait, and never nobody."""
        return max(1, self.may_wait // 4)


SHORT = Scale(may_wait=40, reads=20)
WHOLE = Scale(may_wait=2_000, reads=500)


class Surged(msgspec.Struct, kw_only=True):
    """What was seen. `most_waiting` is the longest that the desk's queue ever was."""

    answers: Counter[int] = msgspec.field(default_factory=Counter)
    reads: Counter[int] = msgspec.field(default_factory=Counter)
    reads_while_writes_stood: int = 0
    waits: set[str] = set()
    most_waiting: int = 0
    turned_away: int = 0
    ranks: list[int] = []

    def faults(self, scale: Scale, limit: int) -> list[str]:
        """What was not as it must be; empty when all was."""
        held = {
            "only 201 and 503": set(self.answers) <= {201, 503},
            "every buyer got a place in the end": self.answers[201] == scale.buyers,
            "everybody who was turned away was told when to come again": "" not in self.waits,
            "ranks are dense and nobody has two": self.ranks == [*range(1, scale.buyers + 2)],
            "every read was answered": set(self.reads) == {200},
            "reads were answered while writes stood": (
                self.reads_while_writes_stood >= scale.reads
            ),
            "no more waited than may": self.most_waiting <= limit,
            "somebody was turned away": self.turned_away > 0,
        }
        return [claim for claim, holds in held.items() if not holds]


async def surge(
    url: str,
    scale: Scale,
    *,
    limit: int | None = None,
    reach: Callable[[int], None] = lambda _: None,
) -> Surged:
    """Let the surge come over a desk that lets `limit` wait, else as many as the scale says.

    `reach` is told, now and then, how many have a place.
    """
    seen = Surged()
    may_wait = scale.may_wait if limit is None else limit
    async with world(url=url, queue_limit=may_wait, group_limit=scale.group_limit) as here:
        order_id = await here.deposited("reader")
        async with _writes_stand(url):
            buying = [
                asyncio.create_task(_buy(here, number, scale, seen))
                for number in range(scale.buyers)
            ]
            for _ in range(scale.reads):
                await _read(here, order_id, seen)
            seen.reads_while_writes_stood = min(seen.reads.total() // 3, scale.reads)
            assert not any(each.done() for each in buying), "the writes stood"
        reading = asyncio.create_task(_keep_reading(here, order_id, seen))
        everybody = asyncio.gather(*buying)
        while not everybody.done():
            reach(seen.answers[201])
            await asyncio.wait({everybody}, timeout=_LOOK_S)
        await everybody
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        seen.turned_away = here.desk.counts.full
    seen.ranks = await _ranks(url)
    return seen


@asynccontextmanager
async def _writes_stand(url: str) -> AsyncIterator[None]:
    """Hold the lock that every reservation needs, so that no group can be committed."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute(_LOCK)
        yield


async def _buy(here: World, number: int, scale: Scale, seen: Surged) -> None:
    """Ask with the same key until there is a place, each time a little more patiently."""
    buyer = here.buyer(f"buyer {number}")
    patience = _HASTE * (1 + number / scale.buyers)
    while True:
        told = await buyer.post("/api/v1/reservations", reservation(), "launch")
        seen.answers[told.status] += 1
        seen.most_waiting = max(seen.most_waiting, here.desk.waiting)
        if told.status == 201:
            return
        wait = told.headers.get("retry-after", "")
        seen.waits.add(wait)
        await asyncio.sleep(min(int(wait or 1) * patience, scale.longest_wait_s))
        patience *= 2


async def _read(here: World, order_id: str, seen: Surged) -> None:
    """What a buyer looks at while the launch goes on: their order, its history, what is on sale."""
    reader = here.buyer("reader")
    for path in (f"/orders/{order_id}", f"/orders/{order_id}/timeline", "/offers"):
        seen.reads[(await reader.get(f"/api/v1{path}")).status] += 1
    seen.most_waiting = max(seen.most_waiting, here.desk.waiting)


async def _keep_reading(here: World, order_id: str, seen: Surged) -> None:
    while True:
        await _read(here, order_id, seen)
        await asyncio.sleep(0)


async def _ranks(url: str) -> list[int]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        found = await connection.execute("SELECT rank FROM earnest.orders ORDER BY rank")
        return [row[0] for row in await found.fetchall()]


def main() -> None:
    """Run the surge and its control on an embedded database, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--may-wait", type=int, default=WHOLE.may_wait)
    parser.add_argument("--reads", type=int, default=WHOLE.reads)
    asked = parser.parse_args()
    scale = Scale(may_wait=asked.may_wait, reads=asked.reads)
    for limit in (scale.may_wait, UNBOUNDED):
        with running_server("embedded") as server:
            url = server.url_of(server.create_database(server.template))
            seen = asyncio.run(surge(url, scale, limit=limit))
            faults = seen.faults(scale, scale.may_wait)
        print(  # noqa: T201 - a program that is run by hand
            f"limit {limit}: answers {dict(seen.answers)}, reads {dict(seen.reads)}, "
            f"most waiting {seen.most_waiting}, faults {faults}"
        )


if __name__ == "__main__":
    main()
