"""The schema of the job library (procrastinate), taken from the installed library itself.

Not here: our own steps (`migrate.py`), and jobs themselves.

A new database gets the library's whole schema at once and remembers which of the library's
steps that contains. A database made by an earlier version of the library gets the steps that
came since.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import psycopg
from procrastinate.schema import SchemaManager

from earnest.store.statements import STATEMENTS


class JobsSchema(msgspec.Struct, frozen=True):
    """What a version of the library brings: its whole schema, and its steps by their names."""

    whole: str
    steps: dict[str, str]


def installed_jobs_schema() -> JobsSchema:
    """The schema of the library that is installed here."""
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    steps = {file.name: file.read_text("utf-8") for file in files}
    return JobsSchema(SchemaManager.get_schema(), steps)


def create_jobs_schema(connection: psycopg.Connection, library: JobsSchema) -> None:
    """Give a database without job tables the whole schema, inside the open transaction."""
    if _steps_applied(connection):
        return
    connection.execute(STATEMENTS["create_procrastinate_schema"].text)
    connection.execute(STATEMENTS["enter_procrastinate_schema"].text)
    connection.execute(library.whole.encode())
    _record(connection, sorted(library.steps))


def bring_later_jobs_steps(connection: psycopg.Connection, library: JobsSchema) -> None:
    """Apply the library's steps that a database does not have.

    Each step has a transaction of its own, because a step may use what the one before added to
    an enumeration, and PostgreSQL allows that only after a commit.
    """
    for name in sorted(library.steps.keys() - _steps_applied(connection)):
        with connection.transaction():
            connection.execute(STATEMENTS["enter_procrastinate_schema"].text)
            connection.execute(library.steps[name].encode())
            _record(connection, [name])


def _steps_applied(connection: psycopg.Connection) -> set[str]:
    return {row[0] for row in connection.execute(STATEMENTS["procrastinate_steps"].text)}


def _record(connection: psycopg.Connection, names: list[str]) -> None:
    connection.execute(STATEMENTS["record_procrastinate_steps"].text, {"names": names})
