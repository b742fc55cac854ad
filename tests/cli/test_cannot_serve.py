"""`earnest serve` where it cannot: it says what is wrong and what to do, and leaves with 2.

Real processes, because what a person sees is what counts: one paragraph, and no stack trace.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.demo.running import Ran, Running, directory, earnest, free_ports, processes_about


def refused(ran: Ran, *said: str) -> None:
    """The command could not go on and said all of this."""
    text = " ".join(ran.err.split())
    assert "Traceback" not in text, text
    assert "earnest cannot go on: " in text
    for each in said:
        assert each in text, text
    assert ran.code == 2
    assert ran.out == ""


@contextmanager
def taken_port() -> Iterator[int]:
    """A port on which somebody else listens already; the next one is free."""
    port = free_ports()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        yield port


def test_without_rights_to_the_data_directory(tmp_path: Path) -> None:
    """Below a regular file not even root can make a directory."""
    (tmp_path / "file").write_text("")

    ran = earnest("serve", "--demo", "--data", tmp_path / "file" / "data")

    refused(
        ran, "cannot be written (Not a directory)", "--data DIR", "[data_directory_not_writable]"
    )


def test_without_rights_to_the_database_below_it() -> None:
    with directory() as data:
        data.mkdir()
        (data / "postgres").write_text("not a directory")

        ran = earnest("serve", "--data", data, "--port", str(free_ports()))

    refused(ran, "postgres cannot be read", "--data directory", "[data_directory_not_writable]")


def test_with_keys_that_cannot_be_read() -> None:
    with directory() as data:
        data.mkdir()
        (data / "keys.json").write_text("{}")

        ran = earnest("serve", "--data", data, "--port", str(free_ports()))

    refused(ran, "keys.json cannot be read", "EARNEST_TOKEN_KEY", "[keys_unreadable]")


def test_with_a_port_in_use() -> None:
    with taken_port() as port, directory() as data:
        ran = earnest("serve", "--demo", "--data", data, "--port", str(port))

        refused(ran, f"{port}", "--port", "[address_in_use]")
        assert processes_about(data) == {}


def test_with_the_providers_port_in_use() -> None:
    with taken_port() as port, directory() as data:
        ran = earnest("serve", "--demo", "--data", data, "--port", str(port - 1))

        refused(ran, f"http://127.0.0.1:{port}", "--port", "[sandbox_not_started]")
        assert processes_about(data) == {}


def test_with_an_address_of_another_machine() -> None:
    with directory() as data:
        ran = earnest("serve", "--data", data, "--host", "192.0.2.1")

    refused(ran, "192.0.2.1", "--host", "[address_unusable]")


def test_a_second_time_on_the_same_directory(demo: Running) -> None:
    ran = earnest("serve", "--demo", "--data", demo.data, "--port", str(free_ports()))

    refused(
        ran,
        f"{demo.data} is in use by another Earnest (process {demo.process.pid})",
        "Stop that one first, or choose another directory with --data.",
        "[data_directory_in_use]",
    )


def serve_on(url: str) -> Ran:
    """A server that is told to use this database."""
    with directory() as data:
        port = str(free_ports())
        return earnest("serve", "--data", data, "--port", port, EARNEST_DATABASE_URL=url)


def test_with_a_database_that_was_never_migrated(empty_database_url: str) -> None:
    ran = serve_on(empty_database_url)

    refused(ran, "no schema of Earnest yet", "Run `earnest migrate`", "[schema_older]")


def test_with_a_newer_schema(fresh_database_url: str) -> None:
    with psycopg.connect(fresh_database_url, autocommit=True) as connection:
        connection.execute("UPDATE earnest.alembic_version SET version_num = '9999'")

    ran = serve_on(fresh_database_url)

    refused(ran, "is at 9999", "a newer one", "[schema_newer]")


def test_with_a_url_that_is_none() -> None:
    refused(serve_on("the database"), "EARNEST_DATABASE_URL", "[database_url_malformed]")


def test_with_a_database_that_nobody_runs() -> None:
    url = f"postgresql://earnest@127.0.0.1:{free_ports()}/earnest"

    refused(serve_on(url), "127.0.0.1", "[database_unreachable]")


def test_a_worker_without_a_shared_database(tmp_path: Path) -> None:
    ran = earnest("worker", "--data", tmp_path)

    refused(ran, "set EARNEST_DATABASE_URL", "[database_url_missing]")


def test_with_a_mail_server_that_is_no_url(fresh_database_url: str) -> None:
    with directory() as data:
        ran = earnest(
            *("serve", "--data", data, "--port", str(free_ports())),
            EARNEST_DATABASE_URL=fresh_database_url,
            EARNEST_SMTP_URL="mail.example.com:25",
        )

    refused(ran, "smtp://user:password@host:port", "[smtp_url_malformed]")


def test_a_sandbox_with_a_port_in_use(tmp_path: Path) -> None:
    with taken_port() as port:
        ran = earnest("sandbox", "--data", tmp_path, "--port", str(port))

    refused(ran, str(port))


def test_tests_run_with_nothing_of_earnest_in_their_environment() -> None:
    """Otherwise these tests would show what this machine is set to, not what Earnest does."""
    ran = earnest("token", "li", "sales", "--data", "/proc/nowhere")

    refused(ran, "There is nothing of Earnest in /proc/nowhere", "[data_directory_missing]")
    assert os.environ.get("EARNEST_DATABASE_URL") is None
