"""Fixtures of the store's tests: servers, and databases on them."""

from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest

from earnest.store.pool import open_pool
from tests.postgres import (
    SERVERS,
    PostgresServer,
    database_url,
    empty_database_url,
    fresh_database_url,
    postgres_server,
    postgres_servers,
    template_database,
)
from tests.store.facts import ROWS, insert
from tests.store.house import House, memory_house, postgres_house

__all__ = [
    "database_url",
    "empty_database_url",
    "fresh_database_url",
    "postgres_server",
    "postgres_servers",
    "template_database",
]


@pytest.fixture(params=["memory", *SERVERS])
async def house(
    request: pytest.FixtureRequest, postgres_servers: dict[str, PostgresServer]
) -> AsyncIterator[House]:
    """A store of each kind, empty but for the small maker's documents."""
    if request.param == "memory":
        made = memory_house()
        await made.publish()
        yield made
        return
    server = postgres_servers[request.param]
    name = server.create_database(server.template)
    try:
        async with await open_pool(server.url_of(name)) as pool:
            made = postgres_house(pool)
            await made.publish()
            yield made
    finally:
        server.drop_database(name)


@pytest.fixture
def connection(database_url: str) -> Iterator[psycopg.Connection]:
    """The owner's connection, on which every order fact exists once; undone after the test."""
    with psycopg.connect(database_url) as owner, owner.transaction(force_rollback=True):
        for table in ROWS:
            insert(owner, table)
        yield owner


@pytest.fixture
def application(connection: psycopg.Connection) -> psycopg.Connection:
    """The same connection with the rights of the application."""
    connection.execute("SET LOCAL ROLE earnest_app")
    return connection
