"""Reservations, paid orders and look-ups through the doors of a running server.

Not here: sending (`generator.py`), and what the figures are held against (`__main__.py`).
"""

from __future__ import annotations

from http import HTTPStatus
from math import ceil
from pathlib import Path
from time import perf_counter, sleep

import httpx
import psycopg

from benchmarks.figures import Figure
from benchmarks.generator import LoadFailed, Sent, send
from benchmarks.prepared import KEY, Load, Sender, buyer
from benchmarks.servers import Cost, Server
from earnest.core.values.ids import BuyerId, OrderId, derive_order_id
from earnest.demo.maker import QUEUES
from earnest.store.directory import running_server_url

CONNECTIONS = 256
READERS = 16
"""Connections that look up: so many that both sides are busy, so few that none waits long."""

MOST_PER_SECOND = 9_000
"""No load is answered faster here, so that more requests need not be prepared."""

LOOK_AGAIN_SECONDS = 0.2

WARM_UP = 0.75
"""The share of a measurement's length for which the same load runs before it, unmeasured.

The first change of each page after a checkpoint writes it whole, and pages that were never in
PostgreSQL's memory are read; a server that has been open for a while has that behind it.
"""

MOST_EARLY = 0.02
"""The share of payments that may overtake their own reservation; they are not counted."""

STATUS = "/api/v1/orders/{order_id}"
POSITION = "/api/v1/orders/{order_id}/position"


def database_of(server: Server) -> str:
    """The address of a running server's database."""
    url = running_server_url(server.data)
    assert url is not None, "the server has its database"
    return url


def measure_launch(
    server: Server,
    place: Path,
    label: str,
    seconds: int,
    *,
    most: int = MOST_PER_SECOND,
    connections: int = CONNECTIONS,
    warms_payments: bool = True,
) -> list[Figure]:
    """Reservations, then paid orders, for so many seconds each, each after a warm-up.

    Without `warms_payments` only reservations are warmed up: a server that works on what follows
    from an order one by one would be measured at that. Raises `LoadFailed` when anything was
    answered with an error, or a payment fitted no order.
    """
    name = label.replace(" ", "-")
    sender = Sender(server.settings, place)
    url = database_of(server)
    lag = max(256, 2 * connections)
    warm_up = ceil(seconds * WARM_UP)
    send(sender.reservations(f"{name}-warm", most * warm_up), server.url, connections, warm_up)
    reservations = sender.reservations(f"{name}-reserve", most * seconds)
    reserved = measured(server, reservations, connections, seconds)
    figures = [figure_of(f"(a) reservations, {label}", *reserved, reserved[0].requests)]
    if warms_payments:
        # Payments change pages that no reservation touched.
        warming = sender.paid_orders(f"{name}-warm-paid", most * warm_up // 2, lag)
        send(warming, server.url, connections, warm_up)
    kept = _kept(url)
    orders = sender.paid_orders(f"{name}-paid", most * seconds // 2, lag)
    paid = measured(server, orders, connections, seconds)
    early = _kept(url) - kept
    count = max(paid[0].of_last_form - connections - early, 0)
    if early > MOST_EARLY * count:
        raise LoadFailed(f"{early} payments came before their orders and were kept for a person")
    figures.append(figure_of(f"(a) paid orders, {label}", *paid, count))
    return figures


def read_places(server: Server, label: str) -> list[Figure]:
    """Wait until a server that has just started knows every place, as a launch would find it.

    Until then its one core is shared with reading them. Counted are ranks of all orders stored.
    """
    begun = perf_counter()
    ranks = 0
    for queue in QUEUES:
        while True:
            answer = httpx.get(f"{server.url}/api/v1/queues/{queue.queue_id}")
            if answer.status_code == HTTPStatus.OK:
                ranks += answer.json()["ranks_given"]
                break
            sleep(LOOK_AGAIN_SECONDS)
    seconds = perf_counter() - begun
    return [Figure(name=f"(f) places read after the start, {label}", count=ranks, seconds=seconds)]


def measure_looks(server: Server, place: Path, label: str, seconds: int) -> list[Figure]:
    """Buyers of the reservations just measured look at their orders and their places."""
    name = label.replace(" ", "-")
    sender = Sender(server.settings, place)
    figures = []
    for what, path in (("status", STATUS), ("position", POSITION)):
        orders = waiting_orders(name)
        load = sender.looks(f"{name}-{what}", orders * (4 * seconds), path)
        try:
            seen = measured(server, load, READERS, seconds)
        except LoadFailed:
            if what == "position":
                # A server without this door.
                continue
            raise
        figures.append(figure_of(f"(f) look-ups of {what}, {label}", *seen, seen[0].requests))
    return figures


def waiting_orders(name: str) -> list[tuple[BuyerId, OrderId]]:
    """Some of the orders that were reserved under the name of a launch just measured."""
    some = [buyer(f"{name}-reserve", number) for number in range(1_000)]
    return [(each, derive_order_id(each, KEY)) for each in some]


def measured(server: Server, load: Load, connections: int, seconds: int) -> tuple[Sent, Cost]:
    """What came of a load, and what it cost the server."""
    before = server.cost()
    sent = send(load, server.url, connections, seconds)
    return sent, server.cost().since(before)


def figure_of(name: str, sent: Sent, cost: Cost, count: int) -> Figure:
    """The figure of a load that was answered."""
    return Figure(
        name=name,
        count=count,
        seconds=sent.seconds,
        p50_ms=sent.p50 / 1_000,
        p99_ms=sent.p99 / 1_000,
        python_us=cost.python / max(count, 1) * 1e6,
        postgres_us=cost.postgres / max(count, 1) * 1e6,
    )


def _kept(url: str) -> int:
    """How many messages of the provider fitted no order so far."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM earnest.inbox").fetchone()
    assert row is not None, "a count is always there"
    return int(row[0])
