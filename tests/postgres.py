"""Fixtures for tests that need PostgreSQL: a server per session, a fresh database per module.

Not here: tests. A room that needs them names them in its `conftest.py`:

    from tests.postgres import database_url, postgres_server, template_database

    __all__ = ["database_url", "postgres_server", "template_database"]

Every test that asks for `database_url` runs on an embedded server of its own session, and once
more on the server of `EARNEST_TEST_DATABASE_URL` when that is set (`.ci/run` starts a Debian
PostgreSQL 15 for it). That URL needs a superuser; the tests make and drop their own databases.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from earnest.store.embedded import EmbeddedServer
from earnest.store.migrate import migrate

EXTERNAL_URL = os.environ.get("EARNEST_TEST_DATABASE_URL", "")
SERVERS = ["embedded", "external"] if EXTERNAL_URL else ["embedded"]


class PostgresServer:
    """A running server on which tests make databases; `url` is that of a superuser."""

    def __init__(self, url: str) -> None:
        self.url = url

    def create_database(self, template: str = "template0") -> str:
        """Makes a database as a copy of another one and returns its name."""
        name = f"earnest_test_{uuid.uuid4().hex}"
        statement = SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
        self._run(statement.format(Identifier(name), Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Removes a database, whoever is still connected to it."""
        self._run(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def url_of(self, database: str, *, user: str = "", password: str = "") -> str:
        """The URL of a database on this server, for its superuser or for another login."""
        parts = conninfo_to_dict(self.url)
        login = user or str(parts.get("user") or "postgres")
        secret = quote(password or str(parts.get("password") or ""))
        # The host stands among the parameters, where a socket's directory is allowed as well.
        place = urlencode({key: parts[key] for key in ("host", "port") if parts.get(key)})
        return f"postgresql://{login}:{secret}@/{database}?{place}"

    def _run(self, statement: psycopg.sql.Composed) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session", params=SERVERS)
def postgres_server(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    """A server of this session: the embedded one, then the one that the environment names."""
    if request.param == "external":
        yield PostgresServer(EXTERNAL_URL)
        return
    directory = Path(tempfile.mkdtemp(prefix="earnest-test-"))
    try:
        with EmbeddedServer(directory) as server:
            yield PostgresServer(server.url)
    finally:
        shutil.rmtree(directory)


@pytest.fixture(scope="session")
def template_database(postgres_server: PostgresServer) -> Iterator[str]:
    """Name of a migrated, empty database that others are copied from."""
    name = postgres_server.create_database()
    migrate(postgres_server.url_of(name))
    yield name
    postgres_server.drop_database(name)


@pytest.fixture(scope="module")
def database_url(postgres_server: PostgresServer, template_database: str) -> Iterator[str]:
    """URL of a migrated, empty database that belongs to one module of tests."""
    name = postgres_server.create_database(template_database)
    yield postgres_server.url_of(name)
    postgres_server.drop_database(name)


@pytest.fixture
def fresh_database_url(postgres_server: PostgresServer, template_database: str) -> Iterator[str]:
    """URL of a migrated, empty database that belongs to one test."""
    name = postgres_server.create_database(template_database)
    yield postgres_server.url_of(name)
    postgres_server.drop_database(name)


@pytest.fixture
def empty_database_url(postgres_server: PostgresServer) -> Iterator[str]:
    """URL of a database that was never migrated."""
    name = postgres_server.create_database()
    yield postgres_server.url_of(name)
    postgres_server.drop_database(name)
