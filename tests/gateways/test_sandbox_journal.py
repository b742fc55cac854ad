"""The journal by itself: torn lines, damage, a second owner, a full disk."""

import asyncio
import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from earnest.gateways.payments.sandbox_server.journal import Journal, JournalUnusable
from earnest.gateways.payments.sandbox_server.records import ClockMoved, Opened, Record


@contextmanager
def opened(path: Path, *, durable: bool = False) -> Iterator[Journal]:
    journal = Journal(path, durable=durable)
    try:
        yield journal
    finally:
        journal.close()


def records(path: Path) -> list[Record]:
    with opened(path) as journal:
        return list(journal.replay())


def test_what_was_written_is_read_again_in_order(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "journal.jsonl"
    with opened(path) as journal:
        [first] = list(journal.replay())
        assert isinstance(first, Opened)
        journal.append(ClockMoved(1.0))
        journal.append(ClockMoved(2.0))
    assert records(path) == [first, ClockMoved(1.0), ClockMoved(2.0)]


def test_two_journals_have_different_names(tmp_path: Path) -> None:
    assert records(tmp_path / "a") != records(tmp_path / "b")


def test_a_torn_last_line_is_cut_off_and_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    [first] = records(path)
    with path.open("ab") as file:
        file.write(b'{"type":"clock_moved","offset')
    with opened(path) as journal:
        assert list(journal.replay()) == [first]
        journal.append(ClockMoved(3.0))
    assert records(path) == [first, ClockMoved(3.0)]


@pytest.mark.parametrize("line", [b"not json\n", b'{"type":"dreamt"}\n', b'{"type":"\xff"}\n'])
def test_a_damaged_line_stops_the_start_and_is_named(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "journal.jsonl"
    records(path)
    whole = path.read_bytes() + line + b'{"type":"clock_moved","offset_seconds":1}\n'
    path.write_bytes(whole)
    with pytest.raises(JournalUnusable, match=r"line 2 of .* is damaged"):
        records(path)
    assert path.read_bytes() == whole


def test_a_journal_belongs_to_one_process(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with opened(path), pytest.raises(JournalUnusable, match="another sandbox is using"):
        Journal(path)


def test_a_path_that_cannot_be_opened_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(JournalUnusable, match="name a file in a folder"):
        Journal(tmp_path)


def test_a_line_that_does_not_fit_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with opened(path) as journal:
        list(journal.replay())
        before = path.read_bytes()
        with _largest_file(len(before) + 10), pytest.raises(OSError, match=r"fitted|large"):
            journal.append(ClockMoved(1.0))
        assert path.read_bytes() == before
        journal.append(ClockMoved(2.0))
    assert records(path)[1:] == [ClockMoved(2.0)]


@contextmanager
def _largest_file(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_settling_waits_for_the_disk_only_in_durable_mode(tmp_path: Path) -> None:
    async def settle(journal: Journal) -> bool:
        """Say whether settling is still waiting while nobody syncs, then sync."""
        waiting = asyncio.ensure_future(journal.settle())
        await asyncio.sleep(0)
        was_waiting = not waiting.done()
        syncing = asyncio.create_task(journal.keep_syncing())
        await waiting
        syncing.cancel()
        await asyncio.gather(syncing, return_exceptions=True)
        return was_waiting

    for durable in (False, True):
        with opened(tmp_path / f"journal {durable}", durable=durable) as journal:
            list(journal.replay())
            journal.append(ClockMoved(1.0))
            assert asyncio.run(settle(journal)) is durable


def test_a_disk_that_fails_is_told_to_everybody_who_waits(tmp_path: Path) -> None:
    class BrokenDisk(Journal):
        def sync(self) -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    async def settle_twice(journal: Journal) -> list[str | None]:
        syncing = asyncio.create_task(journal.keep_syncing())
        errors: list[str | None] = []
        for _ in range(2):
            try:
                await journal.settle()
            except OSError as error:
                errors.append(error.strerror)
        await syncing
        return errors

    journal = BrokenDisk(tmp_path / "journal.jsonl", durable=True)
    list(journal.replay())
    assert asyncio.run(settle_twice(journal)) == ["Input/output error"] * 2
