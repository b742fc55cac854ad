"""How long the pages take with 100,000 orders stored, and how heavy a first load is.

    python -m benchmarks.pages --orders 100000

A demo is filled with locked orders of buyers who have names and telephones, some of them with a
case. Then each page is asked for again and again by one reader at a time, each time about another
order. The browser is left out: it is the server's answer that is timed. Not here: many readers at
once (`over_http.py`).
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.figures import machine
from benchmarks.over_http import database_of, read_places
from benchmarks.servers import Server, server
from benchmarks.stored import seed
from earnest.beside_planning import import_capacity, read_present
from earnest.core.values.ids import BuyerId, OrderId, derive_id, derive_order_id
from earnest.demo.capacity import demo_capacity
from earnest.demo.launch import DEMO_LAUNCH
from earnest.gateways.clock import Clock
from earnest.keyring import tokens_of
from earnest.web.pages.cookies import SESSION

MEDIAN_MS = 50.0
"""What is asked of every page at the median."""

FIRST_LOAD_BYTES = 100_000
"""What a first load may weigh without its images, as it comes over the wire."""

QUEUE = "s7-cn"
CAR = f"/models/{QUEUE}/s7-max"
CASES = 200
LASTS = timedelta(days=1)
WARM_UP = 5
SURNAMES = ("李", "王", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周")

REMINDED = (
    '{"kind": "Reminded", "at": "2026-11-01T00:00:00+00:00", "subject": "promise_missed", '
    '"due_at": "2026-11-01T00:00:00+00:00"}'
)

_ASSET = re.compile(rb'(?:href|src)="(/static/[^"]+\.(?:css|js))"')
_IMPORT = re.compile(rb'from "\./([\w/]+\.js)"')


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A page that was timed: milliseconds at the median and the 99th percentile, bytes sent."""

    name: str
    median_ms: float
    p99_ms: float
    page_bytes: int
    first_load_bytes: int


class Reader:
    """Somebody with a session, or nobody, who asks for pages one after the other."""

    def __init__(self, url: str, token: str | None = None) -> None:
        """Open a connection that stays."""
        cookies = {} if token is None else {SESSION: token}
        self._client = httpx.Client(base_url=url, cookies=cookies, timeout=60)

    def times(self, name: str, addresses: Iterator[str], count: int) -> Seen:
        """Ask for a page so many times, each time at the next address."""
        taken: list[float] = []
        answer = self._client.get(next(addresses))
        for number in range(count + WARM_UP):
            address = next(addresses)
            begun = time.perf_counter()
            answer = self._client.get(address)
            if number >= WARM_UP:
                taken.append((time.perf_counter() - begun) * 1_000)
            assert answer.status_code == httpx.codes.OK, f"{address}: {answer.status_code}"
        taken.sort()
        return Seen(
            name=name,
            median_ms=taken[len(taken) // 2],
            p99_ms=taken[min(len(taken) - 1, len(taken) * 99 // 100)],
            page_bytes=answer.num_bytes_downloaded,
            first_load_bytes=answer.num_bytes_downloaded + self._assets(answer.content),
        )

    def _assets(self, page: bytes) -> int:
        """Bytes of all stylesheets and modules of a page, those that modules ask for included."""
        waiting = {each.decode() for each in _ASSET.findall(page)}
        known: dict[str, int] = {}
        while waiting:
            address = waiting.pop()
            answer = self._client.get(address)
            known[address] = answer.num_bytes_downloaded
            folder = address.rpartition("/")[0]
            imported = {f"{folder}/{each.decode()}" for each in _IMPORT.findall(answer.content)}
            waiting |= imported - known.keys()
        return sum(known.values())


class Town:
    """The orders that were filled in, by number, and whose they are."""

    def __init__(self, first: int, count: int) -> None:
        """Ranks from `first` on, so many."""
        self._first = first
        self._count = count

    def buyer(self, number: int) -> BuyerId:
        """The buyer of one of the orders."""
        return BuyerId(derive_id("bench", QUEUE, f"{self._first + number % self._count}"))

    def order(self, number: int) -> OrderId:
        """The number of one of the orders."""
        return derive_order_id(self.buyer(number), "k")

    def buyers(self) -> Iterator[tuple[BuyerId, str, str]]:
        """Everybody with a name and a telephone number."""
        for number in range(self._count):
            name = f"{SURNAMES[number % len(SURNAMES)]}文{number:06d}"
            yield self.buyer(number), name, f"+86138{number:08d}"

    def somewhere(self, form: Callable[[int], str]) -> Iterator[str]:
        """Addresses about orders far apart from each other."""
        number = 0
        while True:
            yield form(number)
            number += 7_919


def fill(running: Server, count: int) -> Town:
    """Orders, the people behind them, and what plants can build."""
    url = database_of(running)
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT next_rank FROM earnest.queue WHERE queue_id = %s", (QUEUE,)
        ).fetchone()
        assert row is not None, "the queue is there"
        town = Town(row[0], count)
        seed(url, count, Clock().now() - timedelta(hours=1), lambda _: None)
        sink = connection.cursor().copy(
            "COPY people.buyer (buyer_id, name, phone, language, created_at) FROM STDIN"
        )
        with sink as copy:
            for buyer_id, name, phone in town.buyers():
                copy.write_row((buyer_id, name, phone, "zh-Hans", Clock().now()))
        # Most reminders are about promises; none of them is work of the office.
        connection.execute(
            "INSERT INTO earnest.event SELECT buyer_id, order_id, 1000, 'Reminded', %s::json, "
            "'timer', 'bench', now(), now() FROM earnest.orders WHERE rank %% 2 = 0",
            (REMINDED,),
        )
        connection.execute("VACUUM (ANALYZE)")
    present = asyncio.run(read_present(running.settings))
    capacity = demo_capacity(present.date())
    asyncio.run(import_capacity(running.settings, capacity, "bench-pages", for_good=True))
    return town


def open_cases(running: Server, town: Town, token: str) -> None:
    """Some buyers complain, so that something waits for the office."""
    with httpx.Client(base_url=running.url, timeout=60) as client:
        for number in range(CASES):
            answer = client.post(
                f"/api/v1/orders/{town.order(number * 311)}/open-case",
                json={"subject": "The paint differs."},
                headers={
                    "authorization": f"Bearer {token}",
                    "idempotency-key": f"case-{number}",
                },
            )
            assert answer.status_code == httpx.codes.OK, answer.text


def again(address: str) -> Iterator[str]:
    """The same address for ever."""
    while True:
        yield address


def measure(running: Server, town: Town, count: int) -> list[Seen]:
    """Every page, one after the other."""
    tokens, now = tokens_of(running.settings), Clock().now()

    def staff(*roles: str) -> Reader:
        return Reader(running.url, tokens.for_staff("bench", roles, now, LASTS))

    anybody, sales = Reader(running.url), staff("sales")
    buyer = Reader(running.url, tokens.for_buyer(town.buyer(5), now, LASTS))
    orders = "/office/orders"
    wanted: list[tuple[Reader, str, Iterator[str]]] = [
        (anybody, "home", again("/")),
        (anybody, "launch", again(f"/launch/{DEMO_LAUNCH}")),
        (anybody, "configurator", again(f"{CAR}?paint=paint-ember")),
        (
            buyer,
            "checkout",
            town.somewhere(lambda each: f"/checkout/bench-{each}?queue={QUEUE}&model=s7-max"),
        ),
        (buyer, "my orders", again("/orders")),
        (buyer, "my order", again(f"/orders/{town.order(5)}")),
        (buyer, "my money", again(f"/orders/{town.order(5)}/money")),
        (sales, "office start", again("/office")),
        (sales, "orders", again(orders)),
        (sales, "orders of a stage with many", again(f"{orders}?stage=locked")),
        (sales, "orders of a stage with none", again(f"{orders}?stage=reserved")),
        (sales, "orders of a queue with none", again(f"{orders}?queue_id=y7-cn")),
        (
            sales,
            "search by name",
            town.somewhere(lambda each: f"{orders}?text={SURNAMES[each % 10]}文{each % 1_000:04d}"),
        ),
        (sales, "search by surname", again(f"{orders}?text=李")),
        (
            sales,
            "search by telephone",
            town.somewhere(lambda each: f"{orders}?text={each % 100_000:06d}"),
        ),
        (
            sales,
            "search by number",
            town.somewhere(lambda each: f"{orders}?text={town.order(each)}"),
        ),
        (sales, "one order", town.somewhere(lambda each: f"{orders}/{town.order(each)}")),
        (sales, "many at once", again(f"{orders}/bulk")),
        (sales, "cases", again("/office/cases")),
        (sales, "a launch in figures", again(f"/office/launches/{QUEUE}")),
        (staff("finance"), "money", again("/office/money")),
        (staff("planning"), "plan", again("/office/plan")),
        (staff("terms_editor"), "terms", again("/office/terms")),
    ]
    return [reader.times(name, addresses, count) for reader, name, addresses in wanted]


def show(seen: Sequence[Seen], title: str) -> bool:
    """Print every page; whether all of them keep what is asked."""
    table = Table(title=title)
    for head in ("page", "median ms", "p99 ms", "page kB", "first load kB", ""):
        table.add_column(head, justify="left" if head == "page" else "right")
    is_kept = True
    for each in seen:
        is_met = each.median_ms <= MEDIAN_MS and each.first_load_bytes <= FIRST_LOAD_BYTES
        is_kept = is_kept and is_met
        table.add_row(
            each.name,
            f"{each.median_ms:.1f}",
            f"{each.p99_ms:.1f}",
            f"{each.page_bytes / 1_000:.1f}",
            f"{each.first_load_bytes / 1_000:.1f}",
            "" if is_met else "NOT MET",
        )
    Console(width=100).print(table)
    return is_kept


def main() -> int:
    """Fill, start again as after a night, measure; 0 if every page keeps what is asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=60, help="how often each page is asked for")
    parser.add_argument("--port", type=int, default=9_320, help="and the next one for the provider")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="earnest-pages-") as place:
        data = Path(place) / "data"
        with server(data, asked.port) as running:
            town = fill(running, asked.orders)
        with server(data, asked.port) as running:
            read_places(running, "pages")
            token = tokens_of(running.settings).for_staff("opens", ["sales"], Clock().now(), LASTS)
            open_cases(running, town, token)
            seen = measure(running, town, asked.times)
    is_kept = show(seen, f"{asked.orders:,} orders stored; {machine()}")
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
