"""What is said about a database that cannot be used, by the direct connection and by the pool."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime

import anyio
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from earnest.store.connection import check_server, connect
from earnest.store.errors import StoreError, StoreErrorCode
from earnest.store.pool import open_pool
from tests.postgres import PostgresServer


def open_and_close_pool(url: str) -> None:
    async def run() -> None:
        async with await open_pool(url, size_min=1, size_max=1):
            pass

    anyio.run(run)


def connect_and_close(url: str) -> None:
    connect(url).close()


DOORS = pytest.mark.parametrize("door", [connect_and_close, open_and_close_pool])
Door = Callable[[str], None]


@DOORS
@pytest.mark.parametrize(
    "url",
    [
        "",
        "earnest",
        "localhost:5432/earnest",
        "mysql://root:secret@localhost/earnest",
        "http://localhost:5432",
        "postgresql:/localhost/earnest",
        "postgresql://user:secret@localhost:port/earnest",
        "postgresql://user:secret@localhost/earnest?no_such_parameter=1",
        "postgresql://user:sec%ret@localhost/earnest",
        "host=localhost password=secret",
    ],
)
def test_a_url_that_is_none_is_refused_without_repeating_it(door: Door, url: str) -> None:
    with pytest.raises(StoreError) as caught:
        door(url)

    assert caught.value.code == StoreErrorCode.DATABASE_URL_MALFORMED
    assert "postgresql://user:password@host:5432/database" in caught.value.remedy
    assert "secret" not in str(caught.value)


@DOORS
def test_a_server_that_does_not_answer_is_named(door: Door) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with pytest.raises(StoreError) as caught:
        door(f"postgresql://earnest:secret@127.0.0.1:{port}/earnest")

    assert caught.value.code == StoreErrorCode.DATABASE_UNREACHABLE
    assert str(port) in caught.value.problem
    assert "EARNEST_DATABASE_URL" in caught.value.remedy
    assert "secret" not in str(caught.value)


@DOORS
def test_a_database_that_does_not_exist_is_named(
    door: Door, postgres_server: PostgresServer
) -> None:
    with pytest.raises(StoreError, match="no_such_database") as caught:
        door(postgres_server.url_of("no_such_database"))

    assert caught.value.code == StoreErrorCode.DATABASE_UNREACHABLE


@DOORS
def test_a_database_that_is_not_in_utf_8_is_refused(
    door: Door, postgres_server: PostgresServer
) -> None:
    statement = "CREATE DATABASE old_text ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(statement)
    try:
        with pytest.raises(StoreError, match="LATIN1") as caught:
            door(postgres_server.url_of("old_text"))
    finally:
        postgres_server.drop_database("old_text")

    assert caught.value.code == StoreErrorCode.DATABASE_ENCODING_WRONG


def test_a_server_before_15_is_too_old() -> None:
    check_server(version=150_000, encoding="UTF8")
    with pytest.raises(StoreError, match="PostgreSQL 14") as caught:
        check_server(version=149_999, encoding="UTF8")

    assert caught.value.code == StoreErrorCode.DATABASE_TOO_OLD


def test_a_pooled_connection_is_the_application_and_lives_in_utc(database_url: str) -> None:
    async def run() -> tuple[object, ...] | None:
        async with await open_pool(database_url) as pool, pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT current_user, current_setting('statement_timeout'),"
                " current_setting('search_path'), timestamptz '2026-03-01 00:00+08'"
            )
            return await cursor.fetchone()

    answer = anyio.run(run)

    instant = datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert answer == ("earnest_app", "30s", "earnest, people, procrastinate", instant)
    assert isinstance(answer[3], datetime)
    assert answer[3].tzinfo is UTC


@pytest.fixture
def stranger(postgres_server: PostgresServer) -> str:
    """A login without any rights, the same in every test."""
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        exists = "SELECT 1 FROM pg_roles WHERE rolname = 'earnest_test_stranger'"
        if connection.execute(exists).fetchone() is None:
            connection.execute("CREATE ROLE earnest_test_stranger LOGIN PASSWORD 'stranger'")
    return "earnest_test_stranger"


def test_a_login_that_may_not_take_the_role_is_told_which_grant_is_missing(
    postgres_server: PostgresServer, database_url: str, stranger: str
) -> None:
    name = database_url.partition("@/")[2].partition("?")[0]
    url = postgres_server.url_of(name, user=stranger, password="stranger")

    with pytest.raises(StoreError) as caught:
        open_and_close_pool(url)

    assert caught.value.code == StoreErrorCode.ROLE_NOT_GRANTED
    assert caught.value.remedy == f"Let the schema's owner run: {grant(stranger)}"

    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(SQL("GRANT earnest_app TO {}").format(Identifier(stranger)))
        try:
            open_and_close_pool(url)
        finally:
            connection.execute(SQL("REVOKE earnest_app FROM {}").format(Identifier(stranger)))


def grant(login: str) -> str:
    return f"GRANT earnest_app TO {login};"
