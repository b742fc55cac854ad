"""A crew keeps its processes alive, alone each, and leaves none behind. Real processes.

Not here: what Earnest's own processes do (`tests/main/test_processes.py`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from earnest.gateways import crew as crews
from earnest.gateways.crew import Crew, ProcessFailed, Start
from earnest.gateways.listening import AddressTaken, listening_sockets

STUCK_S = 30.0
WORKS = "print('ready', flush=True); sys.stdin.read()"
"""A process that is ready at once and ends with its standard input."""


def starting(script: str) -> Start:
    """How to start a small process."""

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", f"import os, signal, sys, time; {script}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    return start


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(int(STUCK_S / 0.02)):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it never came to hold")


def lives(process_id: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_that_dies_is_started_again_while_the_others_go_on() -> None:
    with Crew([starting(WORKS), starting(WORKS)]) as crew:
        first, second = crew.process_ids
        os.kill(first, signal.SIGKILL)

        def is_back() -> bool:
            crew.look_after()
            return len(crew.process_ids) == 2 and crew.process_ids[0] != first

        until(is_back)
        assert crew.process_ids[1] == second

        members = crew.process_ids
    assert not any(lives(each) for each in members)


def test_one_that_keeps_dying_rests_longer_and_longer(tmp_path: Path) -> None:
    """The first death costs no rest, so that one crash is hardly noticed; the second does."""
    counted = tmp_path / "starts"
    script = f"open({str(counted)!r}, 'a').write('x'); print('ready', flush=True)"
    with Crew([starting(script)]) as crew:

        def starts() -> int:
            crew.look_after()
            return len(counted.read_text())

        until(lambda: starts() == 2)
        until(lambda: starts() == 2 and crew.process_ids == [])
        crew.look_after()

        assert crew.process_ids == []


def test_one_that_never_gets_ready_stops_all(tmp_path: Path) -> None:
    kept = tmp_path / "pid"
    tells = f"open({str(kept)!r}, 'w').write(str(os.getpid())); {WORKS}"

    with pytest.raises(
        ProcessFailed, match=r"process 1 .* status 3 .*\[process_failed\]"
    ) as failed:
        Crew([starting(tells), starting("sys.exit(3)")]).__enter__()

    assert failed.value.status == 3
    assert not lives(int(kept.read_text()))


def test_one_that_does_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "STOP_SECONDS", 0.2)
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True)"
    with Crew([starting(f"{deaf}; time.sleep(600)")]) as crew:
        (deaf_id,) = crew.process_ids

    assert not lives(deaf_id)


def test_a_crew_is_kept_until_somebody_ends_it() -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupted)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        with pytest.raises(KeyboardInterrupt), Crew([starting(WORKS)]) as crew:
            crew.keep()
    finally:
        signal.signal(signal.SIGALRM, before)

    assert not any(lives(each) for each in crew.process_ids)


def test_sockets_side_by_side_share_one_address_and_nothing_with_strangers() -> None:
    taken = listening_sockets("127.0.0.1", 0, 3)
    addresses = {each.getsockname() for each in taken}
    try:
        assert len(addresses) == 1
        with pytest.raises(AddressTaken, match=r"\[address_in_use\]"):
            listening_sockets("127.0.0.1", addresses.pop()[1], 2)
    finally:
        for each in taken:
            each.close()
