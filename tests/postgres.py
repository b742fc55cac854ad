"""Fixtures for tests that need PostgreSQL: a server per session, a fresh database per module.

Not here: tests. A room that needs them names them in its `conftest.py`:

    from tests.postgres import (
        database_url, postgres_server, postgres_servers, template_database,
    )

    __all__ = ["database_url", "postgres_server", "postgres_servers", "template_database"]

Every test that asks for `database_url` runs on an embedded server of its own session, and once
more on the server of `EARNEST_TEST_DATABASE_URL` when that is set (`.ci/run` starts a Debian
PostgreSQL 15 for it). That URL needs a superuser; the tests make and drop their own databases.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
        self._template = ""

    @property
    def template(self) -> str:
        """Name of a migrated, empty database; made when it is first asked for."""
        if not self._template:
            name = self.create_database()
            migrate(self.url_of(name))
            self._template = name
        return self._template

    def create_database(self, template: str = "template0") -> str:
        """Makes a database as a copy of another one and returns its name."""
        name = f"earnest_test_{uuid.uuid4().hex}"
        statement = SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
        self._run(statement.format(Identifier(name), Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Removes a database, whoever is still connected to it."""
        self._run(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def drop_template(self) -> None:
        """Removes what `template` made, if it made anything."""
        if self._template:
            self.drop_database(self._template)

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


@contextmanager
def running_server(name: str) -> Iterator[PostgresServer]:
    """The server of this name for as long as the context lasts: see `SERVERS`."""
    with ExitStack() as stack:
        if name == "external":
            server = PostgresServer(EXTERNAL_URL)
        else:
            directory = Path(tempfile.mkdtemp(prefix="earnest-test-"))
            stack.callback(shutil.rmtree, directory)
            server = PostgresServer(stack.enter_context(EmbeddedServer(directory)).url)
        stack.callback(server.drop_template)
        yield server


@pytest.fixture(scope="session")
def postgres_servers() -> Iterator[dict[str, PostgresServer]]:
    """Every server of `SERVERS` by its name, each started once for the whole session."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(running_server(name)) for name in SERVERS}


@pytest.fixture(scope="session", params=SERVERS)
def postgres_server(
    request: pytest.FixtureRequest, postgres_servers: dict[str, PostgresServer]
) -> PostgresServer:
    """One server after the other, so that every test that asks for it runs on each."""
    return postgres_servers[request.param]


@pytest.fixture(scope="session")
def template_database(postgres_server: PostgresServer) -> str:
    """Name of a migrated, empty database that others are copied from."""
    return postgres_server.template


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
