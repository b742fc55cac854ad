"""Kill the server with -9 in the middle of a replay, again and again, and lose nothing.

The server and the sandbox provider run as processes of their own; the replay goes on with the same
keys whenever the server is back, and the audit at the end must find no fault. Run it by hand with

    python -m tests.chaos.kill_server --kills 20 --scale 0.2

or let `test_kill_server.py` do it shortened. Killing the database is not done here.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from random import Random
from time import perf_counter

import msgspec
import uvloop
from rich.console import Console

from earnest.simulator.access import Access, access_of_demo
from earnest.simulator.client import Client, Unanswered
from earnest.simulator.door import Door
from earnest.simulator.options import ReplayOptions
from earnest.simulator.orders import is_any
from earnest.simulator.replay import run_replay
from earnest.simulator.report import ReplayReport

STARTS_WITHIN_S = 60.0
ENDS_WITHIN_S = 30.0
AUDITS_WITHIN_S = 600.0
LIVES_S = (1.0, 3.0)
"""How long the server lives between two kills: drawn between these, in seconds."""


class Health(msgspec.Struct):
    """Whatever the server says about itself; that it says anything is what counts."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How often to kill, and during which replay."""

    kills: int
    file: str
    scale: float
    until_s: float | None
    speed: float | None
    sample: int
    seed: int


SHORT = Plan(kills=3, file="su7", scale=0.05, until_s=420.0, speed=35.0, sample=8, seed=1)
"""A thousand orders in twelve seconds: for every run of the tests."""


class Outcome(msgspec.Struct, frozen=True):
    """What came of it."""

    kills_while_launching: int
    seconds_until_back: list[float]
    report: ReplayReport
    audit_status: int
    audit_output: str


class Processes:
    """The server and the provider, each started as a person would start it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = _two_free_ports()
        self._log = (data / "processes.log").open("ab")
        self._sandbox: subprocess.Popen[bytes] | None = None
        self._server: subprocess.Popen[bytes] | None = None

    def start_sandbox(self) -> None:
        """Start the provider, which outlives every server."""
        webhooks = f"http://127.0.0.1:{self.port}/api/v1/webhooks/sandbox"
        self._sandbox = self._earnest(
            "sandbox", "--port", str(self.port + 1), "--webhook-url", webhooks
        )

    def start_server(self) -> None:
        """Start the server on its data directory."""
        self._server = self._earnest("serve", "--demo", "--port", str(self.port))

    def kill_server(self) -> None:
        """End the server the hard way: no signal handler, no flush, no goodbye."""
        assert self._server is not None, "the server was started"
        os.kill(self._server.pid, signal.SIGKILL)
        self._server.wait()

    async def audit(self) -> tuple[int, str]:
        """Audit the whole database beside the running server."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "earnest", "audit", "--data", str(self.data)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "EARNEST_PROVIDER_URL": f"http://127.0.0.1:{self.port + 1}"},
        )
        output, _ = await asyncio.wait_for(process.communicate(), AUDITS_WITHIN_S)
        return process.returncode or 0, output.decode()

    def stop(self) -> None:
        """End both as Ctrl-C does, by force if they do not listen; then a database left behind."""
        for process in (self._server, self._sandbox):
            if process is None or process.poll() is not None:
                continue
            process.send_signal(signal.SIGINT)
            try:
                process.wait(ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._log.close()
        self._stop_database()

    def _stop_database(self) -> None:
        """A server that was killed may leave its database running in our own folder."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            kept = (self.data / "postgres" / "postmaster.pid").read_text(encoding="ascii")
            os.kill(int(kept.splitlines()[0]), signal.SIGINT)

    def _earnest(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "earnest", *arguments, "--data", str(self.data)],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )


def _two_free_ports() -> int:
    """A free port whose neighbour is free as well: the server's and the sandbox's."""
    for port in range(20_000 + os.getpid() % 20_000, 65_000, 2):
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("there is no free pair of ports")


async def kill_and_replay(plan: Plan, data: Path, console: Console) -> Outcome:
    """Replay while the server is killed as often as planned; then audit."""
    processes = Processes(data)
    try:
        processes.start_sandbox()
        processes.start_server()
        access = await _until_up(processes)
        options = ReplayOptions(
            file=plan.file,
            access=access,
            speed=plan.speed,
            scale=plan.scale,
            until_s=plan.until_s,
            sample=plan.sample,
            seed=plan.seed,
        )
        replay = asyncio.create_task(run_replay(options, console))
        try:
            launching, back = await _kill_often(plan, processes, access, replay, console)
            report = await replay
        finally:
            replay.cancel()
            await asyncio.gather(replay, return_exceptions=True)
        status, output = await processes.audit()
        console.print(output, highlight=False)
        return Outcome(launching, back, report, status, output)
    finally:
        processes.stop()


async def _kill_often(
    plan: Plan,
    processes: Processes,
    access: Access,
    replay: asyncio.Task[ReplayReport],
    console: Console,
) -> tuple[int, list[float]]:
    """Kill and restart; return how many kills hit the launch, and how long each recovery took."""
    chance = Random(plan.seed)
    async with _auditor(access) as auditor:
        while not (replay.done() or await _has_begun(auditor)):  # noqa: ASYNC110 - another process begins
            await asyncio.sleep(0.1)
    opened = perf_counter()
    launching = 0
    seconds_until_back: list[float] = []
    for number in range(1, plan.kills + 1):
        await asyncio.sleep(chance.uniform(*LIVES_S))
        if replay.done():
            break
        launching += _still_launching(plan, perf_counter() - opened)
        processes.kill_server()
        killed = perf_counter()
        processes.start_server()
        await _until_up(processes)
        seconds_until_back.append(perf_counter() - killed)
        console.print(f"kill {number}: back after {seconds_until_back[-1]:.1f} s", highlight=False)
    return launching, seconds_until_back


async def _has_begun(auditor: Door) -> bool:
    """Whether anybody has reserved yet, in one of the demo's queues."""
    return await is_any(auditor, "s7-cn") or await is_any(auditor, "y7-cn")


def _still_launching(plan: Plan, elapsed_s: float) -> bool:
    """Whether the curve itself was still running; a launch without a curve in time never tells."""
    return bool(plan.speed and plan.until_s and elapsed_s < plan.until_s / plan.speed)


async def _until_up(processes: Processes) -> Access:
    """Wait until the server answers; its file says where and with which logins."""
    started = perf_counter()
    while perf_counter() - started < STARTS_WITHIN_S:
        with contextlib.suppress(Exception):
            access = access_of_demo(processes.data)
            client = Client(access.url, chance=Random(1), patience_s=0.5)
            try:
                await Door(client).get("/health", Health)
            finally:
                await client.close()
            return access
        await asyncio.sleep(0.1)
    log = (processes.data / "processes.log").read_text(encoding="utf-8", errors="replace")
    raise Unanswered(f"the server did not start within {STARTS_WITHIN_S:g} s:\n{log[-4000:]}")


@contextlib.asynccontextmanager
async def _auditor(access: Access) -> AsyncIterator[Door]:
    client = Client(access.url, chance=Random(1))
    try:
        yield Door(client, access.tokens.auditor)
    finally:
        await client.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill as the command line says; the exit code is 1 if anything was lost or doubled."""
    parser = argparse.ArgumentParser(description="Kill the server during a replay.")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--file", default="yu7")
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--until", type=float, default=180.0)
    parser.add_argument("--speed", type=float, default=2.0)
    parser.add_argument("--sample", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    plan = Plan(
        kills=given.kills,
        file=given.file,
        scale=given.scale,
        until_s=given.until,
        speed=given.speed,
        sample=given.sample,
        seed=given.seed,
    )
    with tempfile.TemporaryDirectory(prefix="earnest-kills-") as folder:
        outcome = uvloop.run(kill_and_replay(plan, Path(folder), Console()))
    return 0 if outcome.report.passed and outcome.audit_status == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
