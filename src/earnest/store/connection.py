"""One direct connection to the database, with faults named; for migrations and checks.

Not here: the pool that serves requests (`pool.py`).
"""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict

from earnest.store.errors import StoreError, StoreErrorCode
from earnest.store.statements import STATEMENTS

VERSION_NEEDED = 150_000
"""PostgreSQL 15, as `server_version_num` writes it."""

CONNECT_SECONDS = 10
_FORM = "Write it as postgresql://user:password@host:5432/database."
_CHECK = "Check EARNEST_DATABASE_URL, that the server runs, and that it lets this login in."


def check_url(url: str) -> None:
    """Refuse what is no connection URL. Raises `StoreError` (`database_url_malformed`).

    The URL is never repeated in a message, because it may hold a password.
    """
    try:
        parts = conninfo_to_dict(url) if "://" in url else {}
        port = str(parts.get("port") or "")
    except psycopg.ProgrammingError:
        parts, port = {}, ""
    ports_are_numbers = all(part.isdecimal() for part in port.split(",") if part)
    if not url.startswith(("postgresql://", "postgres://")) or not parts or not ports_are_numbers:
        raise StoreError(
            StoreErrorCode.DATABASE_URL_MALFORMED,
            "EARNEST_DATABASE_URL is not the address of a PostgreSQL database.",
            _FORM,
        )


def unreachable(error: psycopg.Error) -> StoreError:
    """The fault that a failed connection is, with what the server or the network said."""
    said = str(error).strip().replace("\n", " ")
    return StoreError(
        StoreErrorCode.DATABASE_UNREACHABLE, f"The database cannot be reached: {said}.", _CHECK
    )


def connect(url: str, *, autocommit: bool = False) -> psycopg.Connection:
    """A connection to a server that can carry Earnest.

    Raises `StoreError`: `database_url_malformed`, `database_unreachable`, `database_too_old`,
    `database_encoding_wrong`.
    """
    check_url(url)
    try:
        connection = psycopg.connect(url, connect_timeout=CONNECT_SECONDS, autocommit=True)
    except psycopg.OperationalError as error:
        raise unreachable(error) from error
    try:
        row = connection.execute(STATEMENTS["server_facts"].text).fetchone()
        assert row is not None, "a server always knows its version"
        check_server(version=row[0], encoding=row[1])
    except BaseException:
        connection.close()
        raise
    connection.autocommit = autocommit
    return connection


def check_server(*, version: int, encoding: str) -> None:
    """Refuse a server that is too old (`version` as `server_version_num`) or not in UTF-8."""
    if version < VERSION_NEEDED:
        raise StoreError(
            StoreErrorCode.DATABASE_TOO_OLD,
            f"The database runs PostgreSQL {version // 10_000}; Earnest needs 15 or newer.",
            "Upgrade the server, or leave EARNEST_DATABASE_URL unset to use the embedded one.",
        )
    if encoding != "UTF8":
        raise StoreError(
            StoreErrorCode.DATABASE_ENCODING_WRONG,
            f"The database stores text as {encoding}; Earnest needs UTF8.",
            "Create the database with: CREATE DATABASE earnest ENCODING 'UTF8' TEMPLATE template0.",
        )
