"""The embedded server: start, stop, faults of its directory, and what a kill leaves behind.

A kill is a real one: another process starts the server, commits a row, and gets signal 9.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from earnest.store.directory import running_server_url
from earnest.store.embedded import EmbeddedServer
from earnest.store.errors import StoreError, StoreErrorCode

OWNER = """
import sys
from pathlib import Path

import psycopg

from earnest.store.embedded import EmbeddedServer

server = EmbeddedServer(Path(sys.argv[1]))
server.start()
connection = psycopg.connect(server.url)
connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
connection.execute("INSERT INTO kept VALUES (1)")
connection.commit()
connection.execute("INSERT INTO kept VALUES (2)")
print(server.process_id, flush=True)
sys.stdin.read()
"""
SOURCES = Path(__file__).parents[2] / "src"
ROWS = "SELECT number FROM kept ORDER BY number"


@pytest.fixture
def empty_directory() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="earnest-test-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def used_directory() -> Iterator[Path]:
    """A directory in which a server has run and was stopped."""
    path = Path(tempfile.mkdtemp(prefix="earnest-test-"))
    with EmbeddedServer(path):
        pass
    yield path
    shutil.rmtree(path)


@pytest.fixture
def directory(used_directory: Path, empty_directory: Path) -> Path:
    """A copy of the used directory, which saves the second that a new cluster takes."""
    subprocess.run(("cp", "-a", f"{used_directory}/.", empty_directory), check=True)
    return empty_directory


class Owner:
    """Another process that owns the server of a directory, with one row committed, one not."""

    def __init__(self, directory: Path) -> None:
        self.process = subprocess.Popen(
            (sys.executable, "-c", OWNER, directory),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=SOURCES,
        )
        assert self.process.stdout is not None
        self.server_process_id = int(self.process.stdout.readline())

    def kill(self) -> None:
        self.process.kill()
        self.close()

    def close(self) -> None:
        """Lets the process end by itself if it still can."""
        self.process.communicate()


def rows_after_next_start(directory: Path) -> list[tuple[int]]:
    with EmbeddedServer(directory) as server, psycopg.connect(server.url) as connection:
        return connection.execute(ROWS).fetchall()


def test_a_server_starts_in_an_empty_directory_and_keeps_its_data(empty_directory: Path) -> None:
    with EmbeddedServer(empty_directory) as server:
        ran = server.is_running
        with psycopg.connect(server.url) as connection:
            settings = connection.execute(
                "SELECT current_setting('fsync'), current_setting('synchronous_commit'),"
                " current_setting('listen_addresses'), current_setting('data_checksums'),"
                " current_setting('server_encoding'), current_database()"
            ).fetchone()
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")

    assert ran
    assert settings == ("on", "on", "", "on", "UTF8", "earnest")
    assert not server.is_running
    assert rows_after_next_start(empty_directory) == [(7,)]


def test_what_cannot_be_made_says_why_and_leaves_nothing_half_made(empty_directory: Path) -> None:
    # A file where the new cluster's directory belongs stands for a disk that refuses it.
    server = EmbeddedServer(empty_directory)
    in_the_way = empty_directory / "postgres.new"
    in_the_way.write_text("")

    with pytest.raises(StoreError) as caught:
        server.start()

    assert caught.value.code == StoreErrorCode.DATA_DIRECTORY_NOT_WRITABLE
    in_the_way.unlink()
    with server:
        assert server.is_running


def test_stopping_twice_is_harmless(directory: Path) -> None:
    server = EmbeddedServer(directory)
    server.start()
    server.stop()
    server.stop()

    assert not server.is_running


def test_the_socket_and_the_data_are_closed_to_other_accounts(directory: Path) -> None:
    with EmbeddedServer(directory):
        assert (directory / "postgres").stat().st_mode & 0o777 == 0o700
        assert (directory / "database.lock").stat().st_mode & 0o777 == 0o600


def test_a_path_too_long_for_a_socket_works_all_the_same(empty_directory: Path) -> None:
    deep = empty_directory / ("long" * 30)

    with EmbeddedServer(deep) as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert str(deep) not in server.url


def test_a_second_start_is_told_who_owns_the_directory_and_harms_nothing(directory: Path) -> None:
    owner = Owner(directory)
    try:
        with pytest.raises(StoreError) as caught:
            EmbeddedServer(directory).start()
        with psycopg.connect(running_server_url(directory) or "") as connection:
            assert connection.execute(ROWS).fetchall() == [(1,)]
    finally:
        owner.close()

    assert caught.value.code == StoreErrorCode.DATA_DIRECTORY_IN_USE
    assert f"process {owner.process.pid}" in caught.value.problem
    assert "--data" in caught.value.remedy


def test_a_second_start_in_the_same_process_is_refused_as_well(directory: Path) -> None:
    with EmbeddedServer(directory) as server:
        with pytest.raises(StoreError, match="data_directory_in_use"):
            EmbeddedServer(directory).start()

        assert server.is_running


def test_a_server_that_is_never_ready_is_given_up(directory: Path) -> None:
    with pytest.raises(StoreError, match="not ready after 0 seconds") as caught:
        EmbeddedServer(directory, patience_seconds=0).start()

    assert caught.value.code == StoreErrorCode.DATABASE_DID_NOT_START
    with EmbeddedServer(directory) as server:
        assert server.is_running


def test_a_long_log_is_put_aside_at_the_next_start(directory: Path) -> None:
    log = directory / "postgres.log"
    with log.open("ab") as file:
        file.truncate(11_000_000)

    with EmbeddedServer(directory):
        assert log.stat().st_size < 11_000_000
        assert (directory / "postgres.log.1").stat().st_size == 11_000_000


def test_no_url_is_known_when_nobody_runs_a_server(directory: Path) -> None:
    assert running_server_url(directory) is None
    with EmbeddedServer(directory) as server:
        assert running_server_url(directory) == server.url
    assert running_server_url(directory) is None


def test_the_server_that_a_killed_owner_left_running_is_taken_over(directory: Path) -> None:
    owner = Owner(directory)
    owner.kill()
    os.kill(owner.server_process_id, 0)  # it outlived its owner

    with EmbeddedServer(directory) as server, psycopg.connect(server.url) as connection:
        assert connection.execute(ROWS).fetchall() == [(1,)]
        assert server.process_id != owner.server_process_id


def test_owner_and_server_killed_together_lose_nothing(directory: Path) -> None:
    owner = Owner(directory)
    os.kill(owner.server_process_id, signal.SIGKILL)
    owner.kill()

    assert (directory / "postgres" / "postmaster.pid").exists()
    assert rows_after_next_start(directory) == [(1,)]


def test_a_process_id_that_another_program_has_now_does_not_stop_the_start(
    directory: Path,
) -> None:
    owner = Owner(directory)
    os.kill(owner.server_process_id, signal.SIGKILL)
    owner.kill()
    file = directory / "postgres" / "postmaster.pid"
    account = file.stat()
    # A program of the account that runs PostgreSQL, with the process id of the dead server.
    stranger = subprocess.Popen(
        ("sleep", "600"), user=account.st_uid, group=account.st_gid, cwd="/"
    )
    try:
        lines = file.read_text().splitlines()
        file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")

        assert rows_after_next_start(directory) == [(1,)]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_start_killed_while_it_made_the_cluster_is_begun_again(empty_directory: Path) -> None:
    half_made = empty_directory / "postgres.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")

    with EmbeddedServer(empty_directory) as server:
        assert server.is_running
    assert not half_made.exists()


def test_a_directory_that_is_a_file_cannot_be_used(empty_directory: Path) -> None:
    place = empty_directory / "file"
    place.write_text("")

    with pytest.raises(StoreError) as caught:
        EmbeddedServer(place / "data").start()

    assert caught.value.code == StoreErrorCode.DATA_DIRECTORY_NOT_WRITABLE
    assert str(place / "data") in caught.value.problem


def test_a_directory_without_the_right_to_write_cannot_be_used(empty_directory: Path) -> None:
    # Root may write anywhere, so the start is tried by an account that owns nothing here.
    empty_directory.chmod(0o555)
    script = OWNER.replace("server.start()", "os.geteuid() or os.seteuid(65534)\nserver.start()")
    tried = subprocess.run(
        (sys.executable, "-c", "import os\n" + script, empty_directory),
        capture_output=True,
        text=True,
        cwd=SOURCES,
        check=False,
    )

    assert tried.returncode == 1
    assert "data_directory_not_writable" in tried.stderr
    assert "Permission denied" in tried.stderr


def test_a_cluster_of_another_version_is_left_alone(empty_directory: Path) -> None:
    cluster = empty_directory / "postgres"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("17\n")

    with pytest.raises(StoreError) as caught:
        EmbeddedServer(empty_directory).start()

    assert caught.value.code == StoreErrorCode.DATA_DIRECTORY_OF_OTHER_VERSION
    assert "PostgreSQL 17" in caught.value.problem
    assert [path.name for path in cluster.iterdir()] == ["PG_VERSION"]


def test_a_server_that_cannot_start_says_why_and_frees_the_directory(directory: Path) -> None:
    with EmbeddedServer(directory):
        pass
    settings = directory / "postgres" / "postgresql.conf"
    good = settings.read_text()
    settings.write_text("no_such_setting = 1\n")

    with pytest.raises(StoreError, match="no_such_setting") as caught:
        EmbeddedServer(directory).start()
    settings.write_text(good)

    assert caught.value.code == StoreErrorCode.DATABASE_DID_NOT_START
    assert str(directory / "postgres.log") in caught.value.remedy
    with EmbeddedServer(directory) as server:
        assert server.is_running
