"""`earnest serve --demo` from the first start to the last stop: everything comes, stays and goes.

Not here: a kill, after which nothing may be lost (`tests/chaos`).
"""

import os
import signal
from pathlib import Path

import pytest

from tests.demo.running import (
    PROCESSES,
    Running,
    asked,
    directory,
    free_ports,
    processes_about,
    start,
)


def test_a_demo_starts_answers_stops_and_goes_on_where_it_was() -> None:
    with directory() as data:
        port = free_ports()
        first = start(data, port, "--demo")
        made = first.reserved("one")
        first.pays(made)
        moved = first.earnest("demo", "--advance-hours", "48")
        assert moved.code == 0, moved
        then = asked_clock(first)

        assert first.stop(signal.SIGINT) == 0
        assert processes_about(data) == {}

        second = start(data, port, "--demo")
        shown = second.ask(f"/orders/{made['order_id']}")
        now = asked_clock(second)
        provider = asked(f"{second.file.sandbox_url}/api/status")
        code = second.stop(signal.SIGTERM)

        assert (shown["stage"], shown["rank"]) == ("deposited", 1)
        assert now["offset_seconds"] == then["offset_seconds"] == 48 * 3600
        assert provider["offset_seconds"] == 48 * 3600
        assert code == 0
        assert second.said.endswith("Stopped.\n")
        assert processes_about(data) == {}


def asked_clock(running: Running) -> dict[str, int]:
    """The demo's clock."""
    clock: dict[str, int] = running.ask("/demo/clock", "admin")
    return clock


def test_a_provider_that_outlived_a_killed_server_is_used_and_stopped() -> None:
    with directory() as data:
        port = free_ports()
        killed = start(data, port, "--demo")
        made = killed.reserved("one")
        os.kill(killed.process.pid, signal.SIGKILL)
        killed.process.communicate()
        outlived = _sandbox_id(data)
        assert _lives(outlived)

        second = start(data, port, "--demo")
        assert _sandbox_id(data) == outlived
        second.pays(made)
        assert second.stop() == 0

        assert not _lives(outlived)
        assert processes_about(data) == {}


def _sandbox_id(data: Path) -> int:
    return int((data / "sandbox.pid").read_text())


def _lives(process_id: int) -> bool:
    try:
        return bool((PROCESSES / str(process_id) / "cmdline").read_bytes())
    except OSError:
        return False


@pytest.mark.parametrize("path", ["/offers", "/openapi.json", "/health"])
def test_a_demo_answers_everybody(demo: Running, path: str) -> None:
    assert asked(f"{demo.url}/api/v1{path}")


def test_the_people_of_the_demo_are_told_apart(demo: Running) -> None:
    """Whoever reads the terminal sees addresses and names, and no token."""
    assert f"Earnest is open at {demo.url} (Ctrl-C stops it)\n" in demo.said
    everything = demo.earnest("demo").out
    assert demo.file.sandbox_url in everything
    assert "earnest demo --token finance" in everything
    for who, token in demo.file.tokens.items():
        assert who in everything
        assert token not in everything
        assert demo.earnest("demo", "--token", who).out == f"{token}\n"


def test_what_a_demo_writes_down_is_for_its_owner_only(demo: Running) -> None:
    for name in ("demo.json", "keys.json"):
        assert (demo.data / name).stat().st_mode & 0o077 == 0
