"""The pool of connections that serves requests and the worker.

Not here: which database (`embedded.py` or `EARNEST_DATABASE_URL`) and what is asked of it.

Every connection takes the role `earnest_app`, whatever its login may do besides, so that a
mistake in a statement cannot change a fact. A login that is a member of that role is all the
application needs; only migrations need the schema's owner.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from earnest.store.connection import CONNECT_SECONDS, check_server, check_url, unreachable
from earnest.store.errors import StoreError, StoreErrorCode
from earnest.store.statements import STATEMENTS

STATEMENT_SECONDS_MAX = 30
"""How long the server works on one statement before it gives up; a group takes milliseconds."""

IDLE_SECONDS_MAX = 60
"""How long an open transaction may stand still before the server ends it and frees its locks."""


class Pool(AsyncConnectionPool[AsyncConnection]):
    """Connections of the application.

    None is tried before it is used, which would cost every group and every read a round trip.
    Instead the first one that proves lost makes the pool look at all others, so that a restarted
    database costs one failure and not one for each connection.
    """

    @asynccontextmanager
    async def connection(
        self,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is the library's
    ) -> AsyncIterator[AsyncConnection]:
        """Lend a connection; commits at the end, rolls back on an exception."""
        try:
            async with super().connection(timeout) as connection:
                yield connection
        except psycopg.OperationalError:
            with suppress(psycopg.OperationalError):
                await self.check()
            raise


async def open_pool(
    url: str,
    *,
    size_min: int = 2,
    size_max: int = 10,
    waiting_max: int = 0,
    waiting_seconds: float = 30.0,
) -> Pool:
    """Open connections to a migrated database and keep them ready; close it with `close()`.

    At most `waiting_max` wait for a connection (0: without limit), each `waiting_seconds`; who
    comes beyond that gets an error at once, which `named_faults` makes `StoreUnavailable`.

    Every connection has the role `earnest_app`, reads instants in UTC, prepares each statement
    at its first use, and commits each statement by itself unless a transaction is opened.
    Raises `StoreError`: `database_url_malformed`, `database_unreachable`, `database_too_old`,
    `database_encoding_wrong`, `schema_older`, `role_not_granted`.
    """
    check_url(url)
    await _try_once(url)
    pool = Pool(
        url,
        kwargs={"prepare_threshold": 0, "connect_timeout": CONNECT_SECONDS},
        configure=prepare_session,
        min_size=size_min,
        max_size=size_max,
        max_waiting=waiting_max,
        timeout=waiting_seconds,
        open=False,
        name="earnest",
    )
    await pool.open(wait=True)
    return pool


async def prepare_session(connection: AsyncConnection) -> None:
    """Give a new connection its role, time zone, search path and limits.

    It commits each statement by itself unless a transaction is opened. Raises `StoreError`:
    `schema_older` when the role does not exist, `role_not_granted` when the login may not take
    it.
    """
    limits = {
        "statement_timeout_milliseconds": f"{STATEMENT_SECONDS_MAX * 1000}",
        "idle_timeout_milliseconds": f"{IDLE_SECONDS_MAX * 1000}",
    }
    await connection.set_autocommit(True)
    try:
        await connection.execute(STATEMENTS["prepare_session"].text, limits)
    except psycopg.errors.InvalidParameterValue as error:
        raise StoreError(
            StoreErrorCode.SCHEMA_OLDER,
            "The role earnest_app does not exist on this server.",
            "Run `earnest migrate` with the rights of the schema's owner.",
        ) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise StoreError(
            StoreErrorCode.ROLE_NOT_GRANTED,
            f"The login {connection.info.user} may not take the role earnest_app.",
            f"Let the schema's owner run: GRANT earnest_app TO {connection.info.user};",
        ) from error


async def _try_once(url: str) -> None:
    """One connection before the pool opens, because a pool only repeats what fails."""
    try:
        connection = await AsyncConnection.connect(
            url, autocommit=True, connect_timeout=CONNECT_SECONDS
        )
    except psycopg.OperationalError as error:
        raise unreachable(error) from error
    async with connection:
        row = await (await connection.execute(STATEMENTS["server_facts"].text)).fetchone()
        assert row is not None, "a server always knows its version"
        check_server(version=row[0], encoding=row[1])
        await prepare_session(connection)
