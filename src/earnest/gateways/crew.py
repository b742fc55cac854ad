"""Several processes of one program, kept running: one that dies is started again, the others go on.

Each process says on its standard output when it is ready, and stops when its standard input
ends, so that none outlives the one that minds them, however that one ends. Not here: what the
processes do (`serving.py`).
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

import structlog

READY = b"ready\n"
"""What a process writes when it is at work."""

LOOK_SECONDS = 0.1
"""How often it is looked whether all are alive."""

LIVED_WELL_SECONDS = 30.0
"""A process that lived for so long is started again at once when it dies."""

LONGEST_REST_SECONDS = 30.0
"""The rest before a start doubles from one second up to this while a process keeps dying."""

STOP_SECONDS = 60.0
"""How long a process may take to end in order before it is killed."""

log = structlog.get_logger(__name__)

Start = Callable[[], "subprocess.Popen[bytes]"]
"""Starts one process, with pipes at its standard input and output."""


class ProcessFailed(Exception):
    """A process ended before it was ever ready; it has said why on its standard error."""

    def __init__(self, number: int, status: int) -> None:
        """Name the process by its place and keep its exit status."""
        super().__init__(
            f"process {number} of the server ended with status {status} before it was ready; "
            "what it said stands above. [process_failed]"
        )
        self.status = status


class _Member:
    """One place of the crew and the process that fills it now."""

    def __init__(self, number: int, start: Start) -> None:
        self.number = number
        self._start = start
        self._deaths = 0
        self._again_at = 0.0
        self._started_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self, now: float) -> None:
        """Start the process."""
        self._started_at = now
        self.process = self._start()

    def wait_until_ready(self) -> None:
        """Wait for its first word. Raises `ProcessFailed` when it ends instead."""
        assert self.process is not None, "it was started"
        assert self.process.stdout is not None, "its output is a pipe"
        if self.process.stdout.readline() != READY:
            raise ProcessFailed(self.number, self.process.wait())

    def look_after(self, now: float) -> None:
        """Start the process again if it died and its rest is over."""
        if self.process is None:
            if now >= self._again_at:
                self.begin(now)
            return
        status = self.process.poll()
        if status is None:
            return
        _close(self.process)
        self.process = None
        self._deaths = 0 if now - self._started_at >= LIVED_WELL_SECONDS else self._deaths + 1
        rest = min(2.0 ** (self._deaths - 2), LONGEST_REST_SECONDS) if self._deaths > 1 else 0.0
        self._again_at = now + rest
        log.error("process_died", number=self.number, status=status, again_in_seconds=rest)

    def stop(self, until: float) -> None:
        """Wait until the process ended, which was asked to, and kill it when it takes too long."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("process_killed", number=self.number)
            self.process.kill()
            self.process.wait()
        _close(self.process)


class Crew:
    """Processes that work side by side. Use it as a context manager: they stop at its end."""

    def __init__(self, starts: Sequence[Start]) -> None:
        """Mind one process for each way to start one; nothing runs before the context begins."""
        self._members = [_Member(number, start) for number, start in enumerate(starts)]

    def __enter__(self) -> Self:
        """Start all and wait until they are ready, the first before the others begin.

        Raises `ProcessFailed` when one ends instead, and leaves none behind.
        """
        try:
            first, *others = self._members
            for some in ([first], others):
                for member in some:
                    member.begin(time.monotonic())
                for member in some:
                    member.wait_until_ready()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop all, in order."""
        self._stop()

    @property
    def process_ids(self) -> list[int]:
        """The ids of the processes that are there now, by their places."""
        return [each.process.pid for each in self._members if each.process is not None]

    def look_after(self) -> None:
        """Start again what died since the last look."""
        for member in self._members:
            member.look_after(time.monotonic())

    def keep(self) -> None:
        """Look after all for ever; ends by an exception, such as that of Ctrl-C."""
        while True:
            self.look_after()
            time.sleep(LOOK_SECONDS)

    def _stop(self) -> None:
        running = [each for each in self._members if each.process is not None]
        for member in running:
            assert member.process is not None, "only those that run are asked to stop"
            member.process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for member in running:
            member.stop(until)


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None, "a process of a crew has pipes"
        pipe.close()
