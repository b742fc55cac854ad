"""`migrate`, `token`, `diagram`, `replay`'s slips, the worker and the sandbox on their own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from earnest.core.order.actor import Role
from earnest.core.order.diagram import markdown
from earnest.gateways.clock import Clock
from earnest.keyring import tokens_of
from earnest.people.tokens import TokenRejected
from earnest.settings import SettingsError, read_settings
from earnest.store.schema import expected_revision
from tests.cli.calling import Terminal
from tests.demo.running import asked, free_ports


def test_migrate_says_what_it_did_and_can_be_repeated(
    terminal: Terminal, empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARNEST_DATABASE_URL", empty_database_url)

    first = terminal.run("migrate", "--data", tmp_path)
    again = terminal.run("migrate", "--data", tmp_path)

    revision = expected_revision()
    assert first.code == again.code == 0
    assert first.out.startswith("applied 0001")
    assert first.out.endswith(f"The schema is at {revision}.\n")
    assert again.out == f"The schema is at {revision}.\n"


def test_beside_a_database_elsewhere_no_key_is_made_that_nobody_knows(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARNEST_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    signing = terminal.run("token", "li-wei", "sales", "--data", tmp_path)
    looking = terminal.run("doctor", "--data", tmp_path)

    assert "[token_key_missing]" in signing.err
    assert looking.code == 1
    assert list(tmp_path.iterdir()) == []


def test_a_token_is_for_one_person_with_roles_and_hours(terminal: Terminal, tmp_path: Path) -> None:
    ran = terminal.run("token", "li-wei", "sales", "finance", "--hours", "2", "--data", tmp_path)

    settings = read_settings({}, data=tmp_path)
    now = Clock().now()
    caller = tokens_of(settings).verify(ran.out.strip(), now)
    assert ran.code == 0
    assert ran.out.count("\n") == 1
    assert caller.actor.actor_id == "staff:li-wei"
    assert caller.actor.roles == {Role.SALES, Role.FINANCE}
    with pytest.raises(TokenRejected, match="token_expired"):
        tokens_of(settings).verify(ran.out.strip(), now + timedelta(hours=3))


def test_the_address_of_the_site_is_said_or_follows_from_host_and_port(tmp_path: Path) -> None:
    for said, public_url in {
        "": "http://127.0.0.1:8080",
        "https://orders.example": "https://orders.example",
        "https://orders.example:8443/": "https://orders.example:8443",
    }.items():
        settings = read_settings({"EARNEST_PUBLIC_URL": said}, data=tmp_path)
        assert settings.public_url == public_url
        assert settings.local_url == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    "said",
    [
        *("orders.example", "ftp://orders.example", "https://", "https://orders.example/shop"),
        *("https://orders.example:port", "https://an@orders.example", "https://[orders.example"),
    ],
)
def test_an_address_that_is_none_is_refused(said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="public_url_malformed"):
        read_settings({"EARNEST_PUBLIC_URL": said}, data=tmp_path)


def test_payouts_have_a_pace_of_their_own_or_that_of_the_pages(tmp_path: Path) -> None:
    for said, pace in (
        ({}, 1_000),
        ({"EARNEST_CHECKOUTS_PER_SECOND": "50"}, 50),
        ({"EARNEST_CHECKOUTS_PER_SECOND": "40", "EARNEST_PAYOUTS_PER_SECOND": "10"}, 10),
        ({"EARNEST_PAYOUTS_PER_SECOND": "20"}, 20),
    ):
        assert read_settings(said, data=tmp_path).payouts_per_second == pace
    for name in ("PAYOUTS_PER_SECOND", "CHECKOUTS_PER_SECOND"):
        with pytest.raises(SettingsError, match=f"{name.lower()}_malformed"):
            read_settings({f"EARNEST_{name}": "fast"}, data=tmp_path)


def test_the_country_of_telephones_is_said_or_china(tmp_path: Path) -> None:
    for said, country in {"": "CN", "DE": "DE"}.items():
        settings = read_settings({"EARNEST_PHONE_COUNTRY": said}, data=tmp_path)
        assert settings.phone_country == country
    for said in ("Germany", "de", "XX"):
        with pytest.raises(SettingsError, match="phone_country_unknown"):
            read_settings({"EARNEST_PHONE_COUNTRY": said}, data=tmp_path)


def test_a_token_for_a_role_that_nobody_has(terminal: Terminal, tmp_path: Path) -> None:
    ran = terminal.run("token", "li-wei", "boss", "--data", tmp_path)

    assert ran.code == 2
    roles = "sales, planning, delivery, finance, terms_editor, admin or auditor"
    assert f"staff act as {roles}" in ran.err
    assert "[role_unknown]" in ran.err


def test_the_diagram_is_the_page_of_the_transition_table(terminal: Terminal) -> None:
    ran = terminal.run("diagram")

    assert (ran.code, ran.out) == (0, markdown())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--speed", "quick"), "--speed is a factor such as 60, or max, not quick"),
        (("--url", "http://127.0.0.1:9"), "--url needs --sandbox-url"),
        ((), "No demo was found in"),
        (
            ("--url", "http://127.0.0.1:9", "--sandbox-url", "http://127.0.0.1:9"),
            "EARNEST_ADMIN_TOKEN",
        ),
    ],
)
def test_a_replay_that_cannot_begin(
    terminal: Terminal, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    ran = terminal.run("replay", "su7", "--data", tmp_path, *arguments)

    assert ran.code == 2
    assert said in " ".join(ran.err.split())


def _until(process: subprocess.Popen[str], said: str) -> str:
    assert process.stdout is not None, "it is a pipe"
    for line in process.stdout:
        if said in line:
            return line
    raise AssertionError(f"it never said {said!r}")


@contextmanager
def _started(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A command that goes on; it does not outlive the test, even where it does not stop."""
    with subprocess.Popen(
        [sys.executable, "-m", "earnest", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_durable_sandbox_runs_until_it_is_stopped(tmp_path: Path) -> None:
    port = free_ports()
    with _started("sandbox", "--durable", "--data", tmp_path, "--port", str(port)) as process:
        line = _until(process, "The sandbox payment provider is at")
        status = asked(f"http://127.0.0.1:{port}/api/status")
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)

    assert line == f"The sandbox payment provider is at http://127.0.0.1:{port}\n"
    assert status["offset_seconds"] == 0
    assert "Traceback" not in rest
    assert process.returncode == 0


@pytest.mark.parametrize("request_to_stop", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_runs_until_it_is_stopped(
    fresh_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request_to_stop: signal.Signals,
) -> None:
    monkeypatch.setenv("EARNEST_DATABASE_URL", fresh_database_url)
    with _started("worker", "--data", tmp_path) as process:
        line = _until(process, "at work")
        process.send_signal(request_to_stop)
        rest, _ = process.communicate(timeout=30)

    assert line == "The worker is at work (Ctrl-C stops it).\n"
    assert rest.endswith("Stopped.\n")
    assert "Traceback" not in rest
    assert process.returncode == 0
