"""Sends a prepared load over many connections and says how it was answered.

wrk sends it where it is installed (Debian: `apt-get install wrk`), at a tenth of a core. Elsewhere
processes of this module do, which take as much of the machine as the server; the figures then say
so. Not here: preparing requests (`prepared.py`).
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from collections import deque
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

import msgspec

from benchmarks.prepared import GAP, Load

SCRIPT = Path(__file__).with_name("prepared.lua")
OWN_PROCESSES = 2
_PATIENCE_SECONDS = 60.0


class Sent(msgspec.Struct, frozen=True):
    """What a load met: requests that were answered, in how many microseconds, and how.

    `of_last_form` of those that were sent had the last form; a few of them may not be answered.
    `p50`, `p90`, `p99` and `longest` are microseconds of one request.
    """

    requests: int
    of_last_form: int
    microseconds: int
    not_read: int
    not_2xx: int
    timed_out: int
    p50: int
    p90: int
    p99: int
    longest: int

    @property
    def seconds(self) -> float:
        """How long the load lasted."""
        return self.microseconds / 1e6

    @property
    def rate(self) -> float:
        """Requests answered in a second."""
        return self.requests / self.seconds


class LoadFailed(Exception):
    """A load was answered with errors, so that its rate means nothing."""


def has_wrk() -> bool:
    """Whether the compiled generator is there."""
    return shutil.which("wrk") is not None


def start(load: Load, url: str, connections: int, seconds: int) -> subprocess.Popen[str]:
    """Begin to send a load for so many seconds, or until all of it was sent."""
    arguments = [str(load.forms), str(load.lines)]
    if has_wrk():
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"]
        command += ["-s", str(SCRIPT), url, "--", *arguments]
    else:
        command = [sys.executable, "-m", "benchmarks.generator", *arguments, url]
        command += [str(connections), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def outcome(process: subprocess.Popen[str]) -> Sent:
    """Wait for the end of a load. Raises `LoadFailed` unless everything was answered with 2xx."""
    said, _ = process.communicate()
    last = said.strip().rpartition("\n")[2]
    if process.returncode != 0 or not last.startswith("{"):
        raise LoadFailed(f"the generator ended with {process.returncode}: {said[-500:]}")
    sent = msgspec.json.decode(last, type=Sent)
    if sent.not_2xx or sent.not_read:
        raise LoadFailed(f"of {sent.requests} requests not all were answered well: {sent}")
    return sent


def send(load: Load, url: str, connections: int, seconds: int) -> Sent:
    """Send a load and wait for its end. Raises `LoadFailed`."""
    return outcome(start(load, url, connections, seconds))


class _Client(asyncio.Protocol):
    """One connection that sends the next request when the last was answered."""

    def __init__(self, crowd: _Crowd) -> None:
        self._crowd = crowd
        self._read = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport), "a connection can be written to"
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, is_whole, rest = self._read.partition(b"\r\n\r\n")
        if not is_whole or len(rest) < _body_length(head):
            return
        self._read = b""
        self._crowd.answered(head, perf_counter() - self._sent_at)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.lost += exc is not None

    def _next(self) -> None:
        assert self._transport is not None, "it is connected"
        request = self._crowd.request()
        if request is None:
            self._transport.close()
            return
        self._sent_at = perf_counter()
        self._transport.write(request)


def _body_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


class _Crowd:
    """The connections of one process and what they share."""

    def __init__(self, forms: list[list[bytes]], lines: deque[bytes], until: float) -> None:
        self._forms = forms
        self._lines = lines
        self._until = until
        self.lost = 0
        self.refused = 0
        self.of_last_form = 0
        self.took: list[float] = []
        self.over = asyncio.Event()

    def request(self) -> bytes | None:
        """The next request; None when the time is over or all was sent."""
        if perf_counter() >= self._until or not self._lines:
            self.over.set()
            return None
        number, *fields = self._lines.popleft().split(b"\t")
        self.of_last_form += int(number) == len(self._forms)
        first, *pieces = self._forms[int(number) - 1]
        filled = [part for pair in zip(fields, pieces, strict=True) for part in pair]
        return b"".join([first, *filled])

    def answered(self, head: bytes, seconds: float) -> None:
        """Count an answer."""
        self.refused += head[9:10] != b"2"
        self.took.append(seconds)


def _part_of(
    forms: Path, lines: Path, number: int, of: int
) -> tuple[list[list[bytes]], deque[bytes]]:
    """The forms, and every nth line."""
    pieces = [form.split(GAP.encode()) for form in forms.read_bytes().split(b"\x01")]
    with lines.open("rb") as file:
        return pieces, deque(
            line.rstrip(b"\n") for at, line in enumerate(file) if at % of == number
        )


async def _send_part(arguments: list[str]) -> None:
    """Send a part of a load, and print what came of it."""
    forms, lines, url, connections, seconds, number, of = arguments
    part = _part_of(Path(forms), Path(lines), int(number), int(of))
    address = urlsplit(url)
    host, port = address.hostname or "127.0.0.1", address.port or 80
    started = perf_counter()
    crowd = _Crowd(*part, started + float(seconds))
    loop = asyncio.get_running_loop()
    for _ in range(int(connections)):
        await loop.create_connection(lambda: _Client(crowd), host, port)
    await crowd.over.wait()
    spent = perf_counter() - started
    # What is under way is still answered, and counts for nothing.
    await asyncio.sleep(0.5)
    print(json.dumps([crowd.took, spent, crowd.lost, crowd.refused, crowd.of_last_form]))


def main(arguments: list[str]) -> None:
    """Send a load from several processes and print one line as wrk's script does."""
    if len(arguments) == 7:
        asyncio.run(_send_part(arguments))
        return
    forms, lines, url, connections, seconds = arguments
    each = str(int(connections) // OWN_PROCESSES)
    with tempfile.TemporaryDirectory() as place:
        outputs = [Path(place) / f"{number}" for number in range(OWN_PROCESSES)]
        command = [sys.executable, "-m", "benchmarks.generator", forms, lines, url, each, seconds]
        processes = []
        for number, output in enumerate(outputs):
            with output.open("wb") as file:
                part = [*command, f"{number}", f"{OWN_PROCESSES}"]
                processes.append(subprocess.Popen(part, stdout=file))
        for process in processes:
            process.wait(timeout=float(seconds) + _PATIENCE_SECONDS)
        seen = [json.loads(output.read_bytes()) for output in outputs]
    took = sorted(one for part in seen for one in part[0])
    points = [took[int(len(took) * share)] * 1e6 for share in (0.5, 0.9, 0.99)]
    p50, p90, p99 = map(int, points)
    spent = int(max(part[1] for part in seen) * 1e6)
    lost, refused, last = (sum(part[which] for part in seen) for which in (2, 3, 4))
    longest = int(took[-1] * 1e6)
    print(
        json.dumps(
            msgspec.to_builtins(
                Sent(len(took), last, spent, lost, refused, 0, p50, p90, p99, longest)
            )
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
