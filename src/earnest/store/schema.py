"""Which schema this code needs, which one a database has, and whether they fit.

Not here: changing a schema (`migrate.py`).
"""

from __future__ import annotations

import re
from importlib import resources
from typing import Final, Literal

import msgspec
import psycopg

from earnest.store.connection import connect
from earnest.store.errors import StoreError, StoreErrorCode
from earnest.store.statements import STATEMENTS

_FILE_NAME = re.compile(r"(?P<revision>\d{4})_(?P<phase>pre|post)_[a-z0-9_]+\.sql")
_MIGRATE = "Run `earnest migrate` with the rights of the schema's owner."


class Revision(msgspec.Struct, frozen=True):
    """One step of the schema.

    A `pre` step runs before the code that needs it, and the code before it still works on its
    result. A `post` step takes away what no running code needs any more.
    """

    name: str
    phase: Literal["pre", "post"]
    file_name: str

    def read(self) -> str:
        """The SQL of this step."""
        return read_migration_file(self.file_name)


def read_migration_file(file_name: str) -> str:
    """The text of a file in `migrations/`."""
    return (resources.files("earnest.store") / "migrations" / file_name).read_text("utf-8")


def revisions_of(file_names: list[str]) -> tuple[Revision, ...]:
    """The steps in their order, from the names of their files."""
    steps = [
        Revision(found["revision"], "pre" if found["phase"] == "pre" else "post", found[0])
        for found in map(_FILE_NAME.fullmatch, sorted(file_names))
        if found
    ]
    names = [step.name for step in steps]
    assert names == [f"{number:04}" for number in range(1, len(steps) + 1)], "numbered without gaps"
    return tuple(steps)


REVISIONS: Final = revisions_of(
    [file.name for file in (resources.files("earnest.store") / "migrations").iterdir()]
)
"""Every step this code knows, oldest first."""


def expected_revision(revisions: tuple[Revision, ...] = REVISIONS) -> str:
    """The revision that a migrated database has."""
    return revisions[-1].name


def needed_revision(revisions: tuple[Revision, ...] = REVISIONS) -> str:
    """The oldest revision on which this code works: its last `pre` step."""
    return max(step.name for step in revisions if step.phase == "pre")


def current_revision(connection: psycopg.Connection) -> str | None:
    """The revision of a database; None when it was never migrated."""
    state = connection.execute(STATEMENTS["schema_state"].text).fetchone()
    if state is None or not state[0]:
        return None
    row = connection.execute(STATEMENTS["current_revision"].text).fetchone()
    return str(row[0]) if row else None


def check_schema(url: str, revisions: tuple[Revision, ...] = REVISIONS) -> None:
    """Make sure that this code can work on the database's schema.

    Raises `StoreError`: `schema_older`, `schema_newer`, and what `connect` raises.
    """
    with connect(url) as connection:
        current = current_revision(connection)
    if current is None:
        raise StoreError(
            StoreErrorCode.SCHEMA_OLDER, "The database has no schema of Earnest yet.", _MIGRATE
        )
    needed = needed_revision(revisions)
    if current < needed:
        raise StoreError(
            StoreErrorCode.SCHEMA_OLDER,
            f"The database's schema is at {current}, this Earnest needs {needed}.",
            _MIGRATE,
        )
    check_not_newer(current, revisions)


def check_not_newer(current: str, revisions: tuple[Revision, ...]) -> None:
    """Refuse a schema that this code does not know. Raises `StoreError` (`schema_newer`)."""
    if current > expected_revision(revisions):
        raise StoreError(
            StoreErrorCode.SCHEMA_NEWER,
            f"The database's schema is at {current}, this Earnest knows only up to "
            f"{expected_revision(revisions)}.",
            "Run the version of Earnest that migrated it, or a newer one.",
        )
