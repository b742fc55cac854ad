"""Setting a demo up: its people with their tokens, its file, its payment provider's process.

Not here: the documents that are on sale (`maker.py`).
"""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import msgspec

DEMO_FILE = "demo.json"

PEOPLE: dict[str, tuple[str, tuple[str, ...]]] = {
    "admin": ("ann-admin", ("admin",)),
    "auditor": ("bo-auditor", ("auditor",)),
    "sales": ("chen-sales", ("sales",)),
    "sales_second": ("dai-sales", ("sales",)),
    "planning": ("eva-planning", ("planning",)),
    "delivery": ("fan-delivery", ("delivery",)),
    "finance": ("gu-finance", ("finance",)),
    "finance_second": ("han-finance", ("finance",)),
}
"""The people of the demo maker: what they are called in the tour, their id, their roles."""

START_SECONDS = 20
_PAUSE_SECONDS = 0.05


class DemoFile(msgspec.Struct, frozen=True, kw_only=True):
    """Where a running demo is and the tokens of its people."""

    url: str
    sandbox_url: str
    tokens: dict[str, str]


class DemoNotRunning(Exception):
    """There is no demo in this directory; the message says how to start one."""


def read_demo_file(data: Path) -> DemoFile:
    """What a demo in this directory left for others to find it. Raises `DemoNotRunning`."""
    path = data / DEMO_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=DemoFile)
    except (OSError, msgspec.DecodeError) as error:
        raise DemoNotRunning(
            f"No demo was found in {data} ({error}). Start one with "
            f"`earnest serve --demo --data {data}`."
        ) from error


class SandboxFailed(Exception):
    """The demo's payment provider did not start; the message says what it said."""


@contextmanager
def sandbox_process(data: Path, port: int, webhook_url: str) -> Iterator[str]:
    """The sandbox payment provider as a process of its own; yields its address.

    One that already answers on the port is used as it is: it outlives a server that was killed,
    as a real provider would.
    """
    url = f"http://127.0.0.1:{port}"
    if _answers(url):
        yield url
        return
    command = [sys.executable, "-m", "earnest", "sandbox", "--data", str(data)]
    command += ["--port", str(port), "--webhook-url", webhook_url]
    with (data / "sandbox.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program with our own arguments
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_for(url, process, data / "sandbox.log")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(int(START_SECONDS / _PAUSE_SECONDS)):
        if _answers(url):
            return
        if process.poll() is not None:
            break
        time.sleep(_PAUSE_SECONDS)
    raise SandboxFailed(
        f"The sandbox payment provider did not start at {url}; {log} says why. "
        "If the port is in use, choose another with --port."
    )


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/status", timeout=1) as answer:  # noqa: S310 - our own address
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False
