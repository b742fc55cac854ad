"""An embedded PostgreSQL in a data directory: started, recovered after a crash, stopped.

Not here: schema (`migrate.py`) and connections (`pool.py`). A server that somebody else runs is
not touched by any of this; it is named by `EARNEST_DATABASE_URL`.

One process owns a data directory at a time, by a lock on a file that the system releases
however the process ends. The server lives longer than an owner that was killed, so whoever gets
the lock next first stops what is left, and PostgreSQL then recovers from its own log.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg

from earnest.store.directory import DirectoryLock, Leftover, make_data_directory, not_writable
from earnest.store.engine import ENGINE_VERSION, Account, program
from earnest.store.errors import StoreError, StoreErrorCode
from earnest.store.statements import STATEMENTS


def _buffers_in_megabytes() -> int:
    """An eighth of the machine's memory, from 128 MB to 1 GB.

    Measured: with 256 MB and a million orders stored each reservation reads four pages and
    writes four that had to make room, with 1 GB hardly any.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(max(memory // 8 >> 20, 128), 1024)


_SETTINGS = (
    ("listen_addresses", ""),
    ("port", "5432"),
    ("unix_socket_permissions", "0700"),
    # What was acknowledged survives a power cut; whatever the configuration file says.
    ("fsync", "on"),
    ("synchronous_commit", "on"),
    ("full_page_writes", "on"),
    ("max_connections", "100"),
    # Measured with 250,000 orders: 1 GB of log forces checkpoints that make the log of deposits
    # and locks eight times as long. Compressing the log brought nothing.
    ("max_wal_size", "4GB"),
    # After each checkpoint the first change of a page writes it whole: with a million orders
    # stored a launch would pay for that every five minutes.
    ("checkpoint_timeout", "15min"),
    ("shared_buffers", f"{_buffers_in_megabytes()}MB"),
)
_DATABASE = "earnest"
_SUPERUSER = "postgres"
_SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_PATH_LENGTH_MAX = 103
_PAUSE_SECONDS = 0.02
_STOP_SECONDS = 60
_LOG_BYTES_MAX = 10_000_000
_LOG_LINES_SHOWN = 6
_STILL_IN_USE = "pre-existing shared memory block"
_PID_TAKEN = 'lock file "postmaster.pid" already exists'
_START_ATTEMPTS = 100


class EmbeddedServer:
    """PostgreSQL in `data_directory`, for as long as this object is started.

    Use it as a context manager. `start` takes about a second on an empty directory and a few
    tenths on a used one; recovery after a crash takes as long as PostgreSQL needs for it, at
    most `patience_seconds`. It listens on a unix socket inside the directory, never on a
    network, and only its own account and root can reach that socket.
    """

    def __init__(self, data_directory: Path, *, patience_seconds: int = 600) -> None:
        """Prepares a server; nothing is touched before `start`."""
        self._directory = data_directory.absolute()
        self._cluster = self._directory / "postgres"
        self._log = self._directory / "postgres.log"
        self._patience_seconds = patience_seconds
        self._lock = DirectoryLock(self._directory)
        self._process: subprocess.Popen[bytes] | None = None
        self._borrowed_socket_directory: Path | None = None

    def __enter__(self) -> Self:
        """Starts the server."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stops the server."""
        self.stop()

    @property
    def url(self) -> str:
        """Connection URL of the database `earnest` in this server."""
        return self._url_of(_DATABASE)

    @property
    def process_id(self) -> int:
        """Process id of the running server."""
        assert self._process is not None, "the server runs"
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the server process that this object started is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the server and make sure that its database exists.

        Raises `StoreError`: `data_directory_not_writable`, `data_directory_in_use`,
        `data_directory_of_other_version`, `database_engine_missing`,
        `database_account_missing`, `database_did_not_start`.
        """
        make_data_directory(self._directory)
        self._lock.take()
        try:
            self._start_locked()
        except BaseException:
            self.stop()
            raise
        atexit.register(self.stop)

    def stop(self) -> None:
        """Stop the server after a last checkpoint and free the directory. Safe to repeat."""
        atexit.unregister(self.stop)
        if self._process is not None:
            _end(self._process)
            self._process = None
        if self._borrowed_socket_directory is not None:
            shutil.rmtree(self._borrowed_socket_directory, ignore_errors=True)
            self._borrowed_socket_directory = None
        self._lock.release()

    def _start_locked(self) -> None:
        account = Account(self._cluster)
        account.reach(program("postgres"))
        account.reach(self._cluster)
        if self._cluster.exists():
            self._check_version()
        else:
            self._initialise(account)
        leftover = Leftover(self._cluster)
        leftover.stop_server(patience_seconds=_STOP_SECONDS)
        self._launch(account, leftover)
        self._ensure_database()
        self._lock.announce(self.url)

    def _check_version(self) -> None:
        try:
            version = (self._cluster / "PG_VERSION").read_text().strip()
        except OSError as error:
            raise StoreError(
                StoreErrorCode.DATA_DIRECTORY_NOT_WRITABLE,
                f"{self._cluster} cannot be read: {error.strerror}.",
                "Run Earnest as the account that made it, or choose another --data directory.",
            ) from error
        if version != str(ENGINE_VERSION):
            raise StoreError(
                StoreErrorCode.DATA_DIRECTORY_OF_OTHER_VERSION,
                f"{self._cluster} was made by PostgreSQL {version}; this is {ENGINE_VERSION}.",
                "Use the earlier Earnest, or dump with pg_dump and load into a new directory.",
            )

    def _initialise(self, account: Account) -> None:
        """Make the cluster beside its place and move it there whole.

        A start that is killed halfway therefore never leaves something that looks like a
        cluster. Built-in C.UTF-8 makes text sort the same on every machine.
        """
        fresh = self._directory / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            fresh.mkdir(mode=0o700)
        except OSError as error:
            raise not_writable(fresh, error) from error
        account.own(fresh)
        made = subprocess.run(  # noqa: S603 - our own program with our own arguments
            (
                *(program("initdb"), "--pgdata", fresh, "--username", _SUPERUSER),
                *("--auth", "trust", "--encoding", "UTF8", "--locale-provider", "builtin"),
                *("--builtin-locale", "C.UTF-8", "--locale", "C"),
            ),
            cwd="/",
            env=_ENVIRONMENT,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **account.popen_arguments,  # type: ignore[call-overload]  # typeshed lists each one
        )
        if made.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise self._did_not_start(made.stdout.decode(errors="replace"))
        fresh.rename(self._cluster)

    def _launch(self, account: Account, leftover: Leftover) -> None:
        """Run the server until it is ready; repeat while what is left of another one ends."""
        if self._log.exists() and self._log.stat().st_size > _LOG_BYTES_MAX:
            self._log.replace(self._log.with_suffix(".log.1"))
        sockets = self._socket_directory(account)
        settings = (f"--{name}={value}" for name, value in _SETTINGS)
        place = ("-D", self._cluster, f"--unix_socket_directories={sockets}")
        command = (program("postgres"), *place, *settings)
        said = ""
        for _ in range(_START_ATTEMPTS):
            with self._log.open("ab") as log:
                begins = log.tell()
                self._process = subprocess.Popen(  # noqa: S603 - our own program
                    command,
                    cwd="/",
                    env=_ENVIRONMENT,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    # A terminal sends Ctrl-C to the whole group; the database must end last.
                    start_new_session=True,
                    **account.popen_arguments,  # type: ignore[call-overload]  # as above
                )
            if self._becomes_ready(self._process):
                return
            said = self._log.read_bytes()[begins:].decode(errors="replace")
            if _PID_TAKEN in said:
                leftover.disown_process_id(self._process.pid)
            elif _STILL_IN_USE not in said:
                break
        raise self._did_not_start(said)

    def _becomes_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until the server accepts connections; False when its process ended instead."""
        status = self._cluster / "postmaster.pid"
        for _ in range(int(self._patience_seconds / _PAUSE_SECONDS)):
            try:
                process.wait(timeout=_PAUSE_SECONDS)
            except subprocess.TimeoutExpired:
                lines = status.read_text().splitlines() if status.exists() else []
                if lines[:1] == [str(process.pid)] and lines[-1].strip() == "ready":
                    return True
            else:
                return False
        raise self._did_not_start(f"It was not ready after {self._patience_seconds} seconds.")

    def _socket_directory(self, account: Account) -> Path:
        """Where the socket lies: in the cluster, unless the system forbids so long a path."""
        if len(str(self._cluster / _SOCKET_NAME).encode()) <= _SOCKET_PATH_LENGTH_MAX:
            return self._cluster
        if self._borrowed_socket_directory is None:
            self._borrowed_socket_directory = Path(tempfile.mkdtemp(prefix="earnest-"))
            account.own(self._borrowed_socket_directory)
            account.reach(self._borrowed_socket_directory)
        return self._borrowed_socket_directory

    def _url_of(self, database: str) -> str:
        place = self._borrowed_socket_directory or self._cluster
        return f"postgresql://{_SUPERUSER}@/{database}?host={quote(str(place), safe='')}"

    def _ensure_database(self) -> None:
        with psycopg.connect(self._url_of("postgres"), autocommit=True) as connection:
            if connection.execute(STATEMENTS["find_own_database"].text).fetchone() is None:
                connection.execute(STATEMENTS["create_own_database"].text)

    def _did_not_start(self, said: str) -> StoreError:
        lines = [line for line in said.splitlines() if line.strip()][-_LOG_LINES_SHOWN:]
        return StoreError(
            StoreErrorCode.DATABASE_DID_NOT_START,
            "The embedded PostgreSQL did not start:\n  " + "\n  ".join(lines) + "\n",
            f"The whole log is in {self._log}.",
        )


_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""What the programs see; variables such as PGPORT in our own environment must not reach them."""


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask for a fast shutdown, and force it when that takes too long."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait()
