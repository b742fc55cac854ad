"""The data directory of an embedded server: whose it is, and what an earlier owner left in it.

Not here: starting a server (`embedded.py`).
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import time
from pathlib import Path

from earnest.store.errors import StoreError, StoreErrorCode

_PAUSE_SECONDS = 0.02
_PROCESSES = Path("/proc")


def make_data_directory(directory: Path) -> None:
    """Make sure that the directory exists and that files can be made in it.

    Raises `StoreError` (`data_directory_not_writable`).
    """
    probe = directory / ".writable"
    try:
        directory.mkdir(mode=0o711, parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise not_writable(directory, error) from error


def not_writable(path: Path, error: OSError) -> StoreError:
    """The fault of a path that the system does not let Earnest make or write."""
    return StoreError(
        StoreErrorCode.DATA_DIRECTORY_NOT_WRITABLE,
        f"Earnest cannot write {path}: {error.strerror}.",
        "Give this account the right to write there, or choose another place with --data.",
    )


class DirectoryLock:
    """The right to run the one server of a data directory, kept until released or dead."""

    def __init__(self, directory: Path) -> None:
        """Prepares the lock; nothing is taken yet."""
        self._path = _lock_path(directory)
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock. Raises `StoreError` (`data_directory_in_use`) if a process has it."""
        assert self._descriptor is None, "a lock is taken once"
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            owner = _announced(self._path).get("process_id", "unknown")
            raise StoreError(
                StoreErrorCode.DATA_DIRECTORY_IN_USE,
                f"{self._path.parent} is in use by another Earnest (process {owner}).",
                "Stop that one first, or choose another directory with --data.",
            ) from error
        self._descriptor = descriptor
        self._write({"process_id": str(os.getpid())})

    def announce(self, url: str) -> None:
        """Write down how other programs of this account reach the server."""
        self._write({"process_id": str(os.getpid()), "url": url})

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held.

        The file stays: removing it would let two processes lock two files of one name.
        """
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def _write(self, content: dict[str, str]) -> None:
        assert self._descriptor is not None, "only the owner writes"
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps(content).encode(), 0)


def running_server_url(directory: Path) -> str | None:
    """URL of the embedded server that another process runs in this directory, if one does.

    For commands such as `audit` and `order show`, which may run beside `serve`.
    """
    path = _lock_path(directory.absolute())
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _announced(path).get("url")
    finally:
        os.close(descriptor)
    return None


class Leftover:
    """What an owner that was killed left in a cluster directory."""

    def __init__(self, cluster: Path) -> None:
        """Looks at nothing yet."""
        self._file = cluster / "postmaster.pid"

    def stop_server(self, *, patience_seconds: int) -> None:
        """Stop a server that outlived its owner, so that nothing of that owner still runs.

        Transactions that were under way are rolled back; finished ones are on disk.
        """
        process_id = self._living_server()
        if process_id is None:
            return
        for request in (signal.SIGINT, signal.SIGQUIT):
            os.kill(process_id, request)
            for _ in range(int(patience_seconds / _PAUSE_SECONDS)):
                if not _is_alive(process_id):
                    return
                time.sleep(_PAUSE_SECONDS)

    def disown_process_id(self, dead_process_id: int) -> None:
        """Correct the files of a dead server whose process id seems to be alive.

        Another program may have that id now, or nobody has collected the dead process, as
        happens in containers. The files themselves stay, because PostgreSQL finds in them the
        shared memory that processes of the dead server may still use. Only on systems that
        tell what a process runs; elsewhere PostgreSQL's message says which file to remove.
        """
        lines = self._lines()
        if not lines or not _PROCESSES.is_dir() or _works_in(int(lines[0]), self._file.parent):
            return
        for path in (self._file, self._file.with_name(".s.PGSQL.5432.lock")):
            if path.exists():
                rest = path.read_text().splitlines()[1:]
                with path.open("r+") as file:
                    file.write("\n".join((str(dead_process_id), *rest)) + "\n")
                    file.truncate()

    def _living_server(self) -> int | None:
        """Process id of the server that still answers on the socket of this cluster."""
        lines = self._lines()
        if len(lines) < 5 or not lines[4]:  # noqa: PLR2004 - line five names the socket's directory
            return None
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(Path(lines[4]) / f".s.PGSQL.{lines[3]}"))
            except OSError:
                return None
        return int(lines[0])

    def _lines(self) -> list[str]:
        return self._file.read_text().splitlines() if self._file.exists() else []


def _is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    # A dead process that nobody collects still has its number, but no working directory.
    return not _PROCESSES.is_dir() or _working_directory(process_id) is not None


def _works_in(process_id: int, directory: Path) -> bool:
    """Whether a living process works in a directory, as a server works in its cluster."""
    return _working_directory(process_id) == directory.resolve()


def _working_directory(process_id: int) -> Path | None:
    try:
        return (_PROCESSES / str(process_id) / "cwd").readlink()
    except OSError:
        return None


def _lock_path(directory: Path) -> Path:
    return directory / "database.lock"


def _announced(path: Path) -> dict[str, str]:
    """What the owner of a lock wrote into it; empty while it is just writing."""
    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in content.items()}
