"""The demo's payment provider as a process: started, found again, told apart, stopped.

Not here: the sandbox itself (`tests/gateways`).
"""

import os
import signal
from pathlib import Path

import pytest

from earnest.demo.provider import SandboxFailed, sandbox_process
from earnest.settings import read_settings
from tests.demo.running import asked, directory, free_ports, processes_about

NOWHERE = "http://127.0.0.1:9/webhooks"


def _key(data: Path) -> str:
    return read_settings({}, data=data).keys.merchant_key


def test_it_runs_for_as_long_as_it_is_needed() -> None:
    with directory() as data:
        port = free_ports()

        with sandbox_process(data, port, NOWHERE, _key(data)) as url:
            assert asked(f"{url}/api/status")["offset_seconds"] == 0
            assert len(processes_about(data)) == 1

        assert processes_about(data) == {}
        assert not (data / "sandbox.pid").exists()


def test_one_that_already_answers_is_used_and_stopped() -> None:
    with directory() as data:
        port, key = free_ports(), _key(data)
        with sandbox_process(data, port, NOWHERE, key):
            (first,) = processes_about(data)

            with sandbox_process(data, port, NOWHERE, key):
                assert list(processes_about(data)) == [first]

            assert processes_about(data) == {}


def test_one_of_another_installation_is_left_alone() -> None:
    with directory() as data, directory() as other:
        port = free_ports()
        with sandbox_process(data, port, NOWHERE, _key(data)):
            with (
                pytest.raises(SandboxFailed, match=r"--port\. \[sandbox_of_another\]"),
                sandbox_process(other, port, NOWHERE, _key(other)),
            ):
                pass

            assert len(processes_about(data)) == 1


def test_one_that_cannot_start_says_where_to_read_why() -> None:
    with directory() as data:
        key = _key(data)
        (data / "sandbox.jsonl").mkdir()

        with (
            pytest.raises(SandboxFailed, match=r"sandbox\.log says why"),
            sandbox_process(data, free_ports(), NOWHERE, key),
        ):
            pass

        assert "sandbox.jsonl" in (data / "sandbox.log").read_text()
        assert processes_about(data) == {}


def test_one_that_died_meanwhile_is_no_trouble() -> None:
    with directory() as data, sandbox_process(data, free_ports(), NOWHERE, _key(data)):
        (process_id,) = processes_about(data)
        os.kill(process_id, signal.SIGKILL)


def test_a_process_that_took_the_number_of_a_dead_one_is_spared() -> None:
    with directory() as data, sandbox_process(data, free_ports(), NOWHERE, _key(data)):
        (process_id,) = processes_about(data)
        (data / "sandbox.pid").write_text(str(os.getpid()))
        os.kill(process_id, signal.SIGTERM)
