"""A PostgreSQL that never waits for its disk, for the control of the power cut.

The embedded server of the product insists on fsync whatever a configuration says, so this one
starts the same programs itself. Not here: anything that people run.
"""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

from chaos.ports import free_ports
from earnest.store.embedded import EmbeddedServer
from earnest.store.engine import Account, program

_READY_TRIES = 1_200
_PAUSE_S = 0.05
_ENDS_WITHIN_S = 60.0


class UnsafeServer:
    """A server on the cluster that an `EmbeddedServer` made in the same folder."""

    def __init__(self, folder: Path) -> None:
        """Nothing is started yet."""
        self._safe = EmbeddedServer(folder)
        self._cluster = folder.absolute() / "postgres"
        self._log = folder / "unsafe.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._port = free_ports(1)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/earnest"

    @property
    def process_id(self) -> int:
        """The first of its processes."""
        assert self._process is not None, "the server runs"
        return self._process.pid

    def start(self) -> None:
        """Make the cluster the safe way, then run it without fsync."""
        self._safe.start()
        self._safe.stop()
        settings = {
            "fsync": "off",
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
            "max_wal_size": "4GB",
        }
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                (
                    *(program("postgres"), "-D", self._cluster),
                    *(f"--{name}={value}" for name, value in settings.items()),
                ),
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **Account(self._cluster).popen_arguments,  # type: ignore[call-overload]  # typeshed lists each one
            )
        self._wait(self._process)

    def stop(self) -> None:
        """Ask for a fast shutdown."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(_ENDS_WITHIN_S)
        self._process = None

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        status = self._cluster / "postmaster.pid"
        for _ in range(_READY_TRIES):
            try:
                process.wait(timeout=_PAUSE_S)
            except subprocess.TimeoutExpired:
                lines = status.read_text().splitlines() if status.exists() else []
                if lines[:1] == [str(process.pid)] and lines[-1].strip() == "ready":
                    return
            else:
                break
        raise AssertionError(f"the unsafe server does not start; {self._log} says why")
