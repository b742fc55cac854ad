"""The sandbox's journal: one JSON line per record, written before anybody is answered.

A line has left the process before the answer does, so a killed sandbox loses nothing. Against a
power cut only ``durable`` protects: it makes an answer wait until the line is on the disk, in
groups; without it the disk is asked once a second, off the path of the requests, and a power cut
may take the last second. It is not a database: it is read once, at the start.
"""

import asyncio
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from earnest.gateways.payments.sandbox_server.records import Opened, Record

SYNC_SECONDS = 1.0

_SYNC_SECONDS_DURABLE = 0.0


class JournalUnusable(Exception):
    """The journal cannot be used; the message says what to do."""


class Journal:
    """An append-only file that belongs to one process at a time."""

    def __init__(self, path: Path, *, durable: bool = False) -> None:
        """Open or create the file and take it for this process; raise ``JournalUnusable``."""
        self._path = path
        self._durable = durable
        self._encoder = msgspec.json.Encoder()
        self._file = self._open()
        self._size = os.fstat(self._file).st_size
        self._synced = self._size
        self._dirty = asyncio.Event()
        self._failure: OSError | None = None
        self._synced_waiters: list[tuple[int, asyncio.Future[None]]] = []

    def _open(self) -> int:
        """Open the file and lock it against a second sandbox."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise JournalUnusable(
                f"the journal {self._path} cannot be opened ({error.strerror}); "
                "name a file in a folder that you may write to"
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(file)
            raise JournalUnusable(
                f"another sandbox is using {self._path}; stop it or name another journal"
            ) from error
        return file

    def replay(self) -> Iterator[Record]:
        """Yield all records; cut off a last line that was never finished.

        An empty journal gets its first line here. A damaged line before the last raises
        ``JournalUnusable``: guessing about money is worse than not starting.
        """
        if self._size == 0:
            opened = Opened(os.urandom(4).hex())
            self.append(opened)
            yield opened
            return
        decoder = msgspec.json.Decoder(Record)
        end = 0
        with self._path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.endswith(b"\n"):
                    break
                try:
                    yield decoder.decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    raise JournalUnusable(
                        f"line {number} of {self._path} is damaged ({error}); restore the file "
                        "from a copy, or start with a new journal"
                    ) from error
                end += len(line)
        if end != self._size:
            os.ftruncate(self._file, end)
            self._size = end

    def append(self, record: Record) -> None:
        """Write one line; raise ``OSError``, with the file as before, if it does not fit whole."""
        line = self._encoder.encode(record) + b"\n"
        written = os.write(self._file, line)
        if written != len(line):
            os.ftruncate(self._file, self._size)
            raise OSError(f"only {written} of {len(line)} bytes fitted into {self._path}")
        self._size += written
        self._dirty.set()

    async def settle(self) -> None:
        """In durable mode, return once everything written so far is on the disk.

        Raise ``OSError`` when the disk has failed: nothing that follows would be safe either.
        """
        if self._failure is not None:
            raise self._failure
        if not self._durable or self._synced >= self._size:
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._synced_waiters.append((self._size, waiter))
        await waiter

    async def keep_syncing(self) -> None:
        """Bring what was written to the disk, again and again, in a thread; runs until cancelled.

        While one group is on its way the next one gathers, so the group needs no timer. A disk that
        fails ends every waiting answer, and every later one, with its error.
        """
        pause = _SYNC_SECONDS_DURABLE if self._durable else SYNC_SECONDS
        while True:
            await self._dirty.wait()
            await asyncio.sleep(pause)
            self._dirty.clear()
            target = self._size
            try:
                await asyncio.to_thread(self.sync)
            except OSError as error:
                self._failure = error
                self._release(self._size, error)
                return
            self._synced = target
            self._release(target, None)

    def sync(self) -> None:
        """Bring everything written so far to the disk; blocks."""
        os.fdatasync(self._file)

    def _release(self, position: int, error: OSError | None) -> None:
        """Wake those whose lines are on the disk, or all with the disk's error."""
        waiting = self._synced_waiters
        self._synced_waiters = []
        for wanted, waiter in waiting:
            if waiter.done():
                continue
            if error is not None:
                waiter.set_exception(error)
            elif wanted <= position:
                waiter.set_result(None)
            else:
                self._synced_waiters.append((wanted, waiter))

    def close(self) -> None:
        """Bring everything to the disk and let go of the file."""
        os.fdatasync(self._file)
        os.close(self._file)
