"""Several server processes on one database: one launch, one order for each key, none left behind.

Real processes and a real PostgreSQL. Not here: two desks in one process
(`tests/desk/test_two_desks.py`) and keeping processes alive (`tests/gateways/test_crew.py`).
"""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.demo.running import (
    PROCESSES,
    STARTS_WITHIN_S,
    Running,
    directory,
    free_ports,
    processes_about,
    start,
)
from tests.web.maker import reservation

AT_ONCE = 24
"""Connections at once: that all of them reach the same one of two processes is out of question."""


@pytest.fixture(scope="module")
def pair() -> Iterator[Running]:
    """A demo with two processes behind one address."""
    with directory() as data:
        running = start(data, free_ports(), "--demo", "--processes", "2")
        try:
            yield running
        finally:
            running.stop()


def beside(data: Path) -> dict[int, int]:
    """The server processes of a demo: place to process id."""
    found = {}
    for process_id, line in processes_about(data).items():
        _, is_part, rest = line.partition(" serve-beside ")
        if is_part:
            found[int(rest.split()[0])] = process_id
    return found


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(int(STARTS_WITHIN_S / 0.05)):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to hold")


def buyers(pair: Running, count: int, name: str) -> list[str]:
    """The tokens of so many new buyers."""
    people = [{"name": "Lin", "email": None, "phone": None, "language": "en"}] * count
    made = pair.ask("/buyers", "admin", {"buyers": people}, idempotency_key=name)
    return [each["token"] for each in made["buyers"]]


def reserve(pair: Running, token: str, key: str, **changed: object) -> tuple[int, Any]:
    """Status and document of one reservation, over a connection of its own."""
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{pair.url}/api/v1/reservations",
        data=json.dumps(reservation() | changed).encode(),
        headers={
            "authorization": f"Bearer {token}",
            "content-type": "application/json",
            "idempotency-key": key,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=STARTS_WITHIN_S) as answer:  # noqa: S310 - as above
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())


def all_at_once(pair: Running, wanted: list[tuple[str, str, dict[str, object]]]) -> list[Any]:
    """Everything asked for at the same moment; what still runs is asked for again."""

    def ask(each: tuple[str, str, dict[str, object]]) -> tuple[int, Any]:
        token, key, changed = each
        while True:
            status, document = reserve(pair, token, key, **changed)
            if document.get("code") != "key_running":
                return status, document

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(ask, wanted))


def test_one_key_at_both_processes_at_once_is_one_order(pair: Running) -> None:
    (token,) = buyers(pair, 1, "one-key")

    answers = all_at_once(pair, [(token, "same", {})] * AT_ONCE)

    assert [status for status, _ in answers] == [201] * AT_ONCE
    assert len({json.dumps(document, sort_keys=True) for _, document in answers}) == 1


def test_one_key_with_two_contents_is_one_order_and_a_refusal(pair: Running) -> None:
    (token,) = buyers(pair, 1, "two-contents")
    contents: list[dict[str, object]] = [{"language": "en"}, {"language": "zh-Hans"}]

    answers = all_at_once(
        pair, [(token, "same", contents[number % 2]) for number in range(AT_ONCE)]
    )

    by_content = [answers[0::2], answers[1::2]]
    codes = sorted(str({status for status, _ in each}) for each in by_content)
    assert codes == ["{201}", "{422}"]


def test_ranks_are_dense_over_both_processes(pair: Running) -> None:
    tokens = buyers(pair, 4 * AT_ONCE, "dense")

    answers = all_at_once(pair, [(token, "place", {}) for token in tokens])

    ranks = sorted(document["rank"] for _, document in answers)
    assert ranks == list(range(ranks[0], ranks[0] + len(tokens)))


def test_time_that_is_moved_at_one_process_is_moved_at_both(pair: Running) -> None:
    moved = pair.ask("/demo/clock", "admin", {"advance_seconds": 3_600})
    with ThreadPoolExecutor(AT_ONCE) as threads:
        shown = threads.map(lambda _: pair.ask("/demo/clock", "admin"), range(AT_ONCE))

    assert {each["offset_seconds"] for each in shown} == {moved["offset_seconds"]}


@pytest.mark.slow
def test_a_launch_over_two_processes_holds_every_check(pair: Running) -> None:
    """Dense ranks, no inversion in real time, one effect of requests sent twice, money, deadlines.

    That the check for inversions finds two counters out is shown where it is tested.
    """
    ran = pair.earnest(
        *("replay", "yu7", "--queue", "y7-cn", "--scale", "0.01", "--until", "60"),
        *("--connections", "48", "--sample", "4"),
    )

    assert ran.code == 0, ran
    assert "replay: every check holds" in ran.out
    audited = pair.earnest("audit")
    assert audited.code == 0, audited


@pytest.mark.slow
@pytest.mark.parametrize("place", [0, 1])
def test_a_process_that_is_killed_comes_back_and_the_other_goes_on(
    pair: Running, place: int
) -> None:
    """Also the first, which fires deadlines: what fell due meanwhile is done when it is back."""
    (token,) = buyers(pair, 1, f"killed-{place}")
    status, made = reserve(pair, token, "before")
    before = beside(pair.data)
    os.kill(before[place], signal.SIGKILL)

    status, again = reserve(pair, token, "before")
    until(lambda: beside(pair.data).get(place, before[place]) != before[place])

    assert (status, again) == (201, made)
    assert beside(pair.data)[1 - place] == before[1 - place]
    pair.ask("/demo/clock", "admin", {"advance_seconds": 86_400})
    until(lambda: pair.ask(f"/orders/{made['order_id']}")["stage"] == "lapsed")


def test_they_stop_together_and_go_when_whoever_minds_them_is_killed() -> None:
    with directory() as data:
        port = free_ports()
        killed = start(data, port, "--demo", "--processes", "2")
        parts = beside(data).values()
        os.kill(killed.process.pid, signal.SIGKILL)
        killed.process.communicate()
        until(lambda: not any((PROCESSES / str(each) / "cmdline").exists() for each in parts))

        second = start(data, port, "--demo", "--processes", "2")
        assert len(beside(data)) == 2
        assert second.stop(signal.SIGINT) == 0
        assert second.said.endswith("Stopped.\n")
        assert processes_about(data) == {}
