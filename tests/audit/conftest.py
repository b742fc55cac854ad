"""Fixtures of the audit's tests: one filled town, and a copy of it for each test to spoil."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.audit.town import Town, filled
from tests.postgres import (
    PostgresServer,
    database_url,
    fresh_database_url,
    postgres_server,
    postgres_servers,
    template_database,
)

__all__ = [
    "database_url",
    "fresh_database_url",
    "postgres_server",
    "postgres_servers",
    "template_database",
]


@pytest.fixture(scope="session")
def original(postgres_server: PostgresServer, template_database: str) -> Iterator[Town]:
    """The filled town that is only copied."""
    name = postgres_server.create_database(template_database)
    yield asyncio.run(filled(postgres_server.url_of(name)))
    postgres_server.drop_database(name)


@pytest.fixture
def town(postgres_server: PostgresServer, original: Town) -> Iterator[Town]:
    """A copy of the filled town for one test. Its provider's books belong to all tests."""
    name = postgres_server.create_database(original.database)
    yield original.copied(postgres_server.url_of(name))
    postgres_server.drop_database(name)


@pytest.fixture
def own_town(postgres_server: PostgresServer, template_database: str) -> Iterator[Town]:
    """A town filled for one test, for those that touch the provider's books."""
    name = postgres_server.create_database(template_database)
    yield asyncio.run(filled(postgres_server.url_of(name)))
    postgres_server.drop_database(name)
