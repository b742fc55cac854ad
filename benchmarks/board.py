"""The plan board and the plan itself with very many orders that wait, as planners meet them.

    python -m benchmarks.board --orders 100000 500000

A demo is filled with locked orders of three models, each with a promise of
live counters, over twelve weeks of reservations; the demo's plants are published. Then the plan is
tried and applied from the command line, every page of the board is asked for, and dry runs are made
beside the doors while somebody else looks at a cheap page again and again. At last a line is said
to stand still for two weeks, so that very many move, and what comes out is applied at the doors.
Not here: making a plan without a database (`planner.py`) and all other pages (`pages.py`).
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.deciding import library_of_demo
from benchmarks.figures import machine
from benchmarks.over_http import database_of
from benchmarks.pages import LASTS, Reader, Seen, again
from benchmarks.rows import copy, life
from benchmarks.servers import Server, server
from benchmarks.shop import CATALOGUE
from earnest.beside_planning import import_capacity, read_present
from earnest.core.catalogue.configuration import Configuration, Quote, quote
from earnest.core.plan.calibration import CONSTANT_WEEKS, Basis, Margin
from earnest.core.plan.promise import Foreseen, PromiseReason, window_around
from earnest.core.plan.supposing import Supposition, supposed
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.demo.capacity import demo_capacity
from earnest.gateways.clock import Clock
from earnest.keyring import tokens_of
from earnest.web.pages.cookies import SESSION

WEEKS = 12
"""So many weeks of reservations stand in the queues."""

BATCH = 250
"""Orders one after another that are alike in all but buyer, number and rank."""

SEED = 1
ENDED_AGO = timedelta(days=8)
RUN = "/office/plan/runs/"
CHEAP = "/office/terms"
"""A page that asks the database for little, so that waiting is what is measured."""

MARGIN = Margin(
    first=-7 * CONSTANT_WEEKS, last=7 * CONSTANT_WEEKS, basis=Basis.CONSTANT, cohorts=0, errors=0
)


class Spread:
    """Live counters as they might have stood: the window of a rank by how many came before it."""

    def __init__(self, first: date, last: date) -> None:
        """Planned days go evenly from the first to the last."""
        self._first = first
        self._days = (last - first).days
        self.share = 0.0

    def reserve(
        self,
        queue_id: QueueId,  # noqa: ARG002 - as the counters ask
        rank: int,  # noqa: ARG002 - as the counters ask
        configuration: Configuration,
        *,
        at: Instant,
        free_days: int,  # noqa: ARG002 - as the counters ask
    ) -> Foreseen:
        """A window three weeks before and after the planned day."""
        planned = self._first + timedelta(days=int(self._days * self.share))
        reason = PromiseReason(
            capacity="bench",
            horizon=planned,
            lane_group=configuration.model,
            planned=planned,
            plant="north",
            transport_days=3,
            first=MARGIN.first,
            last=MARGIN.last,
            given_on=at.date(),
            earliest=at.date() + timedelta(days=1),
        )
        arrives, earliest = planned + timedelta(days=3), at.date() + timedelta(days=1)
        return Foreseen(window_around(arrives, MARGIN, earliest, "Asia/Shanghai"), reason)


def cars() -> list[Quote]:
    """Every car of the demo's first page, and one in eight of the largest model with brakes."""
    found = []
    for model in CATALOGUE.models:
        single = [choice.code for choice in model.choices if choice.single]
        answers = [[o.code for o in model.options if o.choice == code] for code in single]
        for number, chosen in enumerate(itertools.product(*answers)):
            extras = ("sport-brakes",) if model.code == "s7-max" and number % 8 == 1 else ()
            quoted = quote(CATALOGUE, Configuration(model.code, (*chosen, *extras)))
            if isinstance(quoted, Quote):
                found.append(quoted)
    return found


def fill(url: str, count: int, ended_at: Instant, today: date) -> None:
    """Add so many locked orders, by chance of all cars, the last reserved at the end."""
    chance = Random(SEED)
    library = asyncio.run(library_of_demo())
    spread = Spread(today + timedelta(days=7), today + timedelta(days=7 * 40))
    library.foresees = spread  # type: ignore[assignment]  # all that a reservation asks for
    wanted = cars()
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT queue_id, next_rank FROM earnest.queue").fetchall()
        ranks: dict[str, int] = dict(found)
        for at in range(0, count, BATCH):
            some = min(BATCH, count - at)
            spread.share = at / count
            car = chance.choice(wanted)
            queue_id = "y7-cn" if car.configuration.model.startswith("y7") else "s7-cn"
            reserved_at = ended_at - timedelta(weeks=WEEKS) * (1 - at / count)
            forms = life(library, reserved_at, QueueId(queue_id), locked=True, car=car)
            copy(connection, forms, ranks[queue_id], some, queue_id)
            ranks[queue_id] += some
        for queue_id, rank in ranks.items():
            connection.execute(
                "UPDATE earnest.queue SET next_rank = %s WHERE queue_id = %s", (rank, queue_id)
            )
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


class Command(msgspec.Struct, frozen=True):
    """What a command cost: seconds by the clock, seconds of a core, MiB at most."""

    name: str
    seconds: float
    core: float
    mebibytes: float


def command(name: str, *words: str) -> Command:
    """Run `earnest` and see what it cost."""
    process = subprocess.Popen([sys.executable, "-m", "earnest", *words], stdout=subprocess.DEVNULL)
    begun = time.perf_counter()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{name} failed; it said why above"
    core = used.ru_utime + used.ru_stime
    return Command(name, time.perf_counter() - begun, core, used.ru_maxrss / 1_024)


class Waited(msgspec.Struct, frozen=True):
    """How long a cheap page took while something was going on, in milliseconds."""

    during: str
    looks: int
    median_ms: float
    p99_ms: float
    most_ms: float


def looks(client: httpx.Client, during: str, until: Callable[[], bool]) -> Waited:
    """Look at a cheap page again and again until something is over."""
    taken: list[float] = []
    while not taken or not until():
        for _ in range(20):
            begun = time.perf_counter()
            assert client.get(CHEAP).status_code == httpx.codes.OK
            taken.append((time.perf_counter() - begun) * 1_000)
            time.sleep(0.01)
    taken.sort()
    return Waited(
        during, len(taken), taken[len(taken) // 2], taken[len(taken) * 99 // 100], taken[-1]
    )


def ten_times() -> Callable[[], bool]:
    """Says that something is over when it is asked for the tenth time."""
    asked = itertools.count(1)
    return lambda: next(asked) >= 10


def standstill(today: date) -> Supposition:
    """A line stands still for two weeks, three weeks from now."""
    return Supposition(
        name="north/1",
        percent=0,
        begins=today + timedelta(days=21),
        ends=today + timedelta(days=35),
    )


class Planner:
    """Somebody of planning at the doors."""

    def __init__(self, running: Server) -> None:
        """Come with a session and a token."""
        roles = ("planning", "terms_editor")
        self.token = tokens_of(running.settings).for_staff("bench", roles, Clock().now(), LASTS)
        self.reader = Reader(running.url, self.token)
        self.client = httpx.Client(
            base_url=running.url,
            headers={"authorization": f"Bearer {self.token}"},
            cookies={SESSION: self.token},
            timeout=600,
        )

    def start(self, **wanted: object) -> str:
        """Begin a dry run; its number."""
        answer = self.client.post(
            "/api/v1/plans/runs", json=wanted, headers={"idempotency-key": uuid4().hex}
        )
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        return str(answer.json()["run_id"])

    def run(self, run_id: str) -> dict[str, Any]:
        """The run as it is now."""
        answer = self.client.get(f"/api/v1/plans/runs/{run_id}")
        assert answer.status_code == httpx.codes.OK, answer.text
        return dict(answer.json())

    def watch(self, name: str, run_id: str) -> tuple[Waited, float]:
        """Look at a cheap page until the run is over; how long both took."""
        begun = time.perf_counter()
        waited = looks(self.client, name, lambda: bool(self.run(run_id)["is_over"]))
        seconds = time.perf_counter() - begun
        assert self.run(run_id)["step"] == "done", self.run(run_id)["step"]
        return waited, seconds

    def apply(self, run_id: str) -> tuple[Waited, float]:
        """Apply what came out, and look at a cheap page meanwhile."""
        outcome = self.run(run_id)["outcome"]
        body = {"digest": outcome["digest"], "basis": outcome["basis"]}
        with httpx.Client(timeout=600) as other, ThreadPoolExecutor(1) as beside:
            begun = time.perf_counter()
            asked = beside.submit(
                other.post,
                str(self.client.base_url.join("/api/v1/plans/apply")),
                json=body,
                headers={
                    "authorization": f"Bearer {self.token}",
                    "idempotency-key": f"apply-{run_id}",
                },
            )
            waited = looks(self.client, "applying at the doors", asked.done)
            seconds = time.perf_counter() - begun
            assert asked.result().status_code < 300, asked.result().text
        return waited, seconds


def pages_of(run_id: str, today: date) -> list[tuple[str, str]]:
    """Every page of the board."""
    week = (today + timedelta(days=21 - today.weekday())).isoformat()
    last = (today - timedelta(weeks=8)).isoformat()
    here = "/office/plan"
    return [
        ("board", here),
        ("a week of a line", f"{here}/days?line=north/1&week={week}"),
        ("a week of a part", f"{here}/days?part=ceramic-discs&week={week}"),
        ("what if", f"{here}/what-if"),
        ("capacity and its history", f"{here}/capacity"),
        ("promises", f"{here}/promises"),
        ("promises, earlier weeks", f"{here}/promises?begins={last}"),
        ("overtakings", f"{here}/inversions"),
        ("a dry run", f"{RUN}{run_id}"),
        ("a dry run, a later page", f"{RUN}{run_id}?page=100"),
    ]


def measure(data: Path, port: int, times: int) -> tuple[list[Command], list[Waited], list[Seen]]:
    """The commands, then the doors."""
    with server(data, port) as running:
        today = asyncio.run(read_present(running.settings)).date()
        planner = Planner(running)
        here = ("plan", "run", "--as", "bench", "--data", f"{data}")
        spent = [
            command("earnest plan run, nothing applied before", *here),
            command("the same with --yes", *here, "--yes"),
            command("earnest plan run after that", *here),
        ]
        waited = [looks(planner.client, "nothing", ten_times())]
        run_id = ""
        for name, wanted in (
            ("a gentle dry run", {"way": "gentle"}),
            ("a dry run from nothing", {"way": "fresh"}),
            (
                "what if a line stands still for two weeks",
                {"suppositions": [msgspec.to_builtins(standstill(today))]},
            ),
        ):
            run_id = planner.start(**wanted)
            looked, seconds = planner.watch(f"{name} ({{:.1f}} s)", run_id)
            waited.append(msgspec.structs.replace(looked, during=looked.during.format(seconds)))
        seen = [
            planner.reader.times(name, again(address), times)
            for name, address in pages_of(run_id, today)
        ]
        stopped = supposed(demo_capacity(today), [standstill(today)])
        asyncio.run(import_capacity(running.settings, stopped, "bench", for_good=True))
        run_id = planner.start(way="gentle")
        looked, seconds = planner.watch("a dry run after it stood still", run_id)
        waited.append(msgspec.structs.replace(looked, during=f"{looked.during} ({seconds:.1f} s)"))
        later = planner.run(run_id)["outcome"]["summary"]["later"]
        looked, seconds = planner.apply(run_id)
        waited.append(
            msgspec.structs.replace(
                looked, during=f"{looked.during}, {later:,} later ({seconds:.1f} s)"
            )
        )
    return spent, waited, seen


def show(orders: int, measured: tuple[list[Command], list[Waited], list[Seen]]) -> None:
    """Print three tables."""
    spent, waited, seen = measured
    console = Console(width=110)
    table = Table(title=f"{orders:,} orders wait; {machine()}")
    for head in ("command", "seconds", "of a core", "MiB"):
        table.add_column(head)
    for each in spent:
        table.add_row(each.name, f"{each.seconds:.1f}", f"{each.core:.1f}", f"{each.mebibytes:.0f}")
    console.print(table)
    table = Table(title="a cheap page meanwhile")
    for head in ("during", "looks", "median ms", "p99 ms", "most ms"):
        table.add_column(head)
    for look in waited:
        table.add_row(
            look.during,
            f"{look.looks}",
            f"{look.median_ms:.1f}",
            f"{look.p99_ms:.1f}",
            f"{look.most_ms:.1f}",
        )
    console.print(table)
    table = Table(title="pages")
    for head in ("page", "median ms", "p99 ms", "kB"):
        table.add_column(head)
    for page in seen:
        table.add_row(
            page.name,
            f"{page.median_ms:.1f}",
            f"{page.p99_ms:.1f}",
            f"{page.page_bytes / 1_000:.1f}",
        )
    console.print(table)


def main() -> int:
    """Fill and measure, once for each number of orders."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.board", description=__doc__)
    parser.add_argument("--orders", type=int, nargs="+", default=[100_000])
    parser.add_argument("--times", type=int, default=30, help="how often each page is asked for")
    parser.add_argument("--port", type=int, default=9_330, help="and the next one for the provider")
    parser.add_argument("--data", type=Path, help="a filled folder that stays, to measure again")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="earnest-board-") as place:
        for count in asked.orders:
            data = (asked.data or Path(place)) / f"{count}"
            if not data.exists():
                data.parent.mkdir(parents=True, exist_ok=True)
                with server(data, asked.port) as running:
                    present = asyncio.run(read_present(running.settings))
                    fill(database_of(running), count, present - ENDED_AGO, present.date())
                    capacity = demo_capacity(present.date())
                    asyncio.run(import_capacity(running.settings, capacity, "bench", for_good=True))
            show(count, measure(data, asked.port, asked.times))
    return 0


if __name__ == "__main__":
    sys.exit(main())
