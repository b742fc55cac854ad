"""The demo's payment provider: the sandbox as a process of its own, started and stopped.

Not here: the sandbox itself (`gateways/payments/sandbox_server`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path

from earnest.gateways.payments.links import merchant_token

START_SECONDS = 20
STOP_SECONDS = 20
_PAUSE_SECONDS = 0.05
_PROCESSES = Path("/proc")


class SandboxFailed(Exception):
    """The demo's payment provider cannot be used; the message says why and what to do."""


@contextmanager
def sandbox_process(data: Path, port: int, webhook_url: str, merchant_key: str) -> Iterator[str]:
    """The sandbox payment provider as a process of its own; yields its address.

    It outlives a server that was killed, as a real provider would. The next server of the same
    data directory finds it on its port, uses it as it is, and stops it in the end like one that
    it started itself. Raises `SandboxFailed`.
    """
    url = f"http://127.0.0.1:{port}"
    pid_file = data / "sandbox.pid"
    if _is_ours(url, merchant_key):
        try:
            yield url
        finally:
            _stop_outlived(pid_file)
        return
    process = _start(data, port, webhook_url)
    pid_file.write_text(str(process.pid))
    try:
        _wait_for(url, merchant_key, data / "sandbox.log", process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=STOP_SECONDS)
        pid_file.unlink(missing_ok=True)


def _start(data: Path, port: int, webhook_url: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "earnest", "sandbox", "--data", str(data)]
    command += ["--port", str(port), "--webhook-url", webhook_url]
    with (data / "sandbox.log").open("ab") as log:
        # A session of its own, because a terminal sends Ctrl-C to the whole group and the
        # provider must end after the server that still talks to it.
        return subprocess.Popen(  # noqa: S603 - our own program with our own arguments
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )


def _stop_outlived(pid_file: Path) -> None:
    """Ask a sandbox that an earlier server started to end, and wait until it has."""
    with suppress(OSError, ValueError):
        process_id = int(pid_file.read_text())
        pid_file.unlink()
        if _is_sandbox(process_id):
            os.kill(process_id, signal.SIGTERM)
        for _ in range(int(STOP_SECONDS / _PAUSE_SECONDS)):
            if not _is_sandbox(process_id):
                return
            time.sleep(_PAUSE_SECONDS)


def _is_sandbox(process_id: int) -> bool:
    """Whether a process lives and, where the system tells, is a sandbox and not a successor."""
    try:
        os.kill(process_id, 0)
    except OSError:
        return False
    if not _PROCESSES.is_dir():
        return True
    with suppress(OSError):
        return b"sandbox" in (_PROCESSES / str(process_id) / "cmdline").read_bytes()
    return False


def _wait_for(url: str, merchant_key: str, log: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(int(START_SECONDS / _PAUSE_SECONDS)):
        if _is_ours(url, merchant_key):
            return
        if process.poll() is not None:
            break
        time.sleep(_PAUSE_SECONDS)
    raise SandboxFailed(
        f"The sandbox payment provider did not start at {url}; {log} says why. "
        "If the port is in use, choose another pair with --port: the provider takes the port "
        "after that of the API. [sandbox_not_started]"
    )


def _is_ours(url: str, merchant_key: str) -> bool:
    """Whether a sandbox answers there that knows our key. Raises `SandboxFailed` for another's."""
    asked = urllib.request.Request(  # noqa: S310 - our own address
        f"{url}/api/holdings", headers={"authorization": f"Bearer {merchant_token(merchant_key)}"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=1):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == HTTPStatus.UNAUTHORIZED:
            raise SandboxFailed(
                f"The payment provider at {url} belongs to another Earnest. Stop that one, or "
                "choose another pair of ports with --port. [sandbox_of_another]"
            ) from error
        return False
    except (urllib.error.URLError, OSError):
        return False
