"""Promises through the doors while live counters stand: quotes, and every window of an order.

The demo's capacity is published first, so that the server places everybody who waits; how long that
takes is a figure of its own. Not here: the counters alone (`promises.py`).
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from pathlib import Path
from time import perf_counter, sleep

import httpx

from benchmarks.figures import Figure
from benchmarks.over_http import READERS, figure_of, measured, waiting_orders
from benchmarks.prepared import Sender
from benchmarks.servers import Server
from benchmarks.shop import CONFIGURATION, OFFERS
from earnest.beside_planning import import_capacity, read_present
from earnest.demo.capacity import demo_capacity
from earnest.demo.maker import QUEUES

PROMISES = "/api/v1/orders/{order_id}/promises"
QUOTES = "/api/v1/quotes"
QUOTE = {
    "catalogue_hash": OFFERS[0].catalogue_hash,
    "configuration": {"model": CONFIGURATION.model, "options": list(CONFIGURATION.options)},
    "queue_id": QUEUES[0].queue_id,
}
LOOK_AGAIN_SECONDS = 0.2
ANSWERED_WITHIN_SECONDS = 2.0
"""While all are placed anew, others are still answered."""
QUOTED_MOST_PER_SECOND = 4_000


def measure_windows(server: Server, place: Path, label: str, seconds: int) -> list[Figure]:
    """Look-ups of promises by buyers, and quotes by anybody, for so many seconds each."""
    name = label.replace(" ", "-")
    sender = Sender(server.settings, place)
    figures = [_placed(server, label)]
    orders = waiting_orders(name) * (4 * seconds)
    quotes = sender.posts(f"{name}-quotes", QUOTES, QUOTE, QUOTED_MOST_PER_SECOND * seconds)
    looks = sender.looks(f"{name}-promises", orders, PROMISES)
    for what, load in (("promises", looks), ("quotes", quotes)):
        seen = measured(server, load, READERS, seconds)
        figures.append(figure_of(f"(f) look-ups of {what}, {label}", *seen, seen[0].requests))
    return figures


def _placed(server: Server, label: str) -> Figure:
    """Publish the capacity and wait until a quote is given from the counters of all who wait."""
    present = asyncio.run(read_present(server.settings))
    begun = perf_counter()
    asyncio.run(
        import_capacity(
            server.settings, demo_capacity(present.date()), "bench-planning", for_good=True
        )
    )
    while True:
        answer = httpx.post(f"{server.url}{QUOTES}", json=QUOTE, timeout=ANSWERED_WITHIN_SECONDS)
        if answer.status_code == HTTPStatus.OK and answer.json()["delivery"]["reason"] is not None:
            break
        sleep(LOOK_AGAIN_SECONDS)
    queue = httpx.get(f"{server.url}/api/v1/queues/{QUEUES[0].queue_id}")
    return Figure(
        name=f"(f) everybody who waits placed anew, {label}",
        count=queue.json()["ranks_given"] if queue.status_code == HTTPStatus.OK else 0,
        seconds=perf_counter() - begun,
    )
