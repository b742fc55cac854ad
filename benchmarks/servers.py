"""Servers under measurement: started as a person starts them, and what they cost the machine.

Not here: what is sent to them (`generator.py`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from earnest.settings import Settings, read_settings

PROCESSES = Path("/proc")
STOP_SECONDS = 120
_TICK = 1.0 / os.sysconf("SC_CLK_TCK")


class ServerFailed(Exception):
    """A server did not start; the message repeats what it said."""


class Cost(msgspec.Struct, frozen=True):
    """Seconds of a core that were spent: by the server's Python, and by PostgreSQL."""

    python: float
    postgres: float

    def since(self, before: Cost) -> Cost:
        """What was spent after another look."""
        return Cost(self.python - before.python, self.postgres - before.postgres)


class Server:
    """A running server and its data directory."""

    def __init__(self, data: Path, port: int, process: subprocess.Popen[str]) -> None:
        """Know the process that was started for it."""
        self.data = data
        self.process = process
        self.settings: Settings = read_settings({}, data=data, port=port, demo=True)

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.settings.public_url

    def cost(self) -> Cost:
        """What it has cost so far."""
        database = int((self.data / "postgres" / "postmaster.pid").read_text().split("\n")[0])
        python = postgres = 0.0
        for place in PROCESSES.glob("[0-9]*"):
            with suppress(OSError, IndexError):
                line = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                fields = (place / "stat").read_text().rpartition(") ")[2].split()
                # Its own time, and that of children who have ended.
                spent = sum(map(int, fields[11:15])) * _TICK
                if int(fields[1]) == database or int(place.name) == database:
                    postgres += spent
                elif f"--data {self.data} " in f"{line} " and " sandbox " not in line:
                    python += spent
        return Cost(python, postgres)


@contextmanager
def server(data: Path, port: int, processes: int = 1, module: str = "earnest") -> Iterator[Server]:
    """A server with the demo's shop, stopped in order; `module` may be another one's program."""
    command = [sys.executable, "-m", module, "serve", "--demo"]
    command += ["--port", f"{port}", "--processes", f"{processes}", "--data", f"{data}"]
    log = data.with_suffix(".log")
    with log.open("w") as said:
        process = subprocess.Popen(
            command,
            env={name: value for name, value in os.environ.items() if name[:8] != "EARNEST_"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    try:
        assert process.stdout is not None, "it is a pipe"
        if not any(line.startswith("Earnest is open") for line in process.stdout):
            raise ServerFailed(f"the server did not start: {log.read_text()[-1_000:]}")
        yield Server(data, port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            _kill(data, process)


def _kill(data: Path, process: subprocess.Popen[str]) -> None:
    """End a server that does not stop, with its database; its parts end with it."""
    process.kill()
    process.communicate()
    with suppress(OSError, ValueError):
        database = int((data / "postgres" / "postmaster.pid").read_text().split("\n")[0])
        os.kill(database, signal.SIGQUIT)
