"""Earnest as a person starts it: real processes, real ports, a data directory of its own.

Not here: what is asked of them, which the tests of the command line, the demo and the README say.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from earnest.demo.stage import DemoFile, read_demo_file
from tests.web.maker import reservation

STARTS_WITHIN_S = 60
ENDS_WITHIN_S = 60
_PAUSE_S = 0.05
PROCESSES = Path("/proc")


class Ran(msgspec.Struct, frozen=True):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def earnest(*arguments: str | Path, columns: int = 80, **environment: str) -> Ran:
    """Run one command to its end, in a terminal of this width."""
    done = subprocess.run(
        [sys.executable, "-m", "earnest", *map(str, arguments)],
        env=_environment(columns, environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=STARTS_WITHIN_S * 2,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def _environment(columns: int, more: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EARNEST_")}
    return kept | {"COLUMNS": str(columns), "TERM": "dumb"} | more


class Running:
    """A server that was started with `earnest serve`."""

    def __init__(self, data: Path, port: int, process: subprocess.Popen[str]) -> None:
        self.data = data
        self.port = port
        self.process = process
        self.said = ""

    @property
    def url(self) -> str:
        """Where it is open."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def file(self) -> DemoFile:
        """Where the demo is and who its people are."""
        return read_demo_file(self.data)

    def earnest(self, *arguments: str, columns: int = 80) -> Ran:
        """Run one command on this demo's data."""
        return earnest(*arguments, "--data", self.data, columns=columns)

    def ask(self, path: str, who: str = "auditor", body: object = None, **headers: str) -> Any:  # noqa: ANN401 - any document
        """What the API answers to somebody of the demo's people."""
        token = self.file.tokens.get(who, who)
        return asked(f"{self.url}/api/v1{path}", body, authorization=f"Bearer {token}", **headers)

    def reserved(self, key: str) -> dict[str, Any]:
        """A new buyer's reservation, as the API answered it."""
        people = {
            "buyers": [{"name": "Lin", "email": "lin@example.com", "phone": None, "language": "en"}]
        }
        made = self.ask("/buyers", "admin", people, idempotency_key=f"buyer-{key}")
        token = made["buyers"][0]["token"]
        found: dict[str, Any] = self.ask(
            "/reservations", token, reservation(), idempotency_key=f"order-{key}"
        )
        return found | {"token": token}

    def pays(self, made: dict[str, Any]) -> None:
        """The buyer pays at the sandbox, and its message arrives."""
        paid = {"link": made["payment"]["link"], "attempt": "1"}
        asked(f"{self.file.sandbox_url}/api/pay", paid)
        for _ in range(int(STARTS_WITHIN_S / _PAUSE_S)):
            shown = self.ask(f"/orders/{made['order_id']}")
            if shown["stage"] != "reserved":
                return
            time.sleep(_PAUSE_S)
        raise AssertionError("the provider's message never arrived")

    def stop(self, request: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop, and wait until it has; the exit code."""
        self.process.send_signal(request)
        rest, _ = self.process.communicate(timeout=ENDS_WITHIN_S)
        self.said += rest
        return self.process.returncode


def processes_about(data: Path) -> dict[int, str]:
    """Living processes whose command line names a directory."""
    found = {}
    for process in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if str(data) in line:
                found[int(process.name)] = line
    return found


def asked(url: str, body: object = None, **headers: str) -> Any:  # noqa: ANN401 - any document
    """The document that an address answers with; a body makes it a POST."""
    request = urllib.request.Request(  # noqa: S310 - our own servers
        url,
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json"}
        | {name.replace("_", "-"): value for name, value in headers.items()},
    )
    try:
        with urllib.request.urlopen(request, timeout=STARTS_WITHIN_S) as answer:  # noqa: S310 - our own servers
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{url} answered {error.code}: {error.read().decode()}") from error


@contextmanager
def directory() -> Iterator[Path]:
    """A data directory with a short path, and nothing that runs in it in the end."""
    with tempfile.TemporaryDirectory(prefix="earnest-", ignore_cleanup_errors=True) as made:
        data = Path(made) / "data"
        try:
            yield data
        finally:
            for process_id in processes_about(data):
                os.kill(process_id, signal.SIGKILL)


def free_ports() -> int:
    """A port that is free together with the next one.

    Below the ports that systems give to connections going out, so that none of those takes one.
    """
    for port in random.sample(range(20_000, 32_000, 2), 100):
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no two neighbouring ports are free")


def start(data: Path, port: int, *more: str, **environment: str) -> Running:
    """Start a server and wait until it says that it is open."""
    process = subprocess.Popen(
        [sys.executable, "-m", "earnest", "serve", "--data", data, "--port", str(port), *more],
        env=_environment(80, environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    running = Running(data, port, process)
    assert process.stdout is not None, "it is a pipe"
    for line in process.stdout:
        running.said += line
        if line.startswith("Earnest is open at"):
            return running
    process.communicate()
    log = data / "sandbox.log"
    said = running.said + (log.read_text() if log.exists() else "")
    raise AssertionError(f"the server did not start:\n{said}")


@contextmanager
def running_demo() -> Iterator[Running]:
    """A demo on free ports, stopped in the end."""
    with directory() as data:
        running = start(data, free_ports(), "--demo")
        try:
            yield running
        finally:
            running.stop()
