"""Migrations: up from nothing, again, by a later version, by the wrong login; and who may start."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from earnest.store.connection import connect
from earnest.store.embedded import EmbeddedServer
from earnest.store.errors import StoreError, StoreErrorCode
from earnest.store.jobs_schema import JobsSchema, installed_jobs_schema
from earnest.store.migrate import migrate
from earnest.store.schema import (
    REVISIONS,
    Revision,
    check_schema,
    current_revision,
    expected_revision,
    needed_revision,
    revisions_of,
)
from tests.postgres import PostgresServer

TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = %s"


class StepOfTheFuture(Revision, frozen=True):
    """A step that a later version of Earnest brings."""

    text: str

    def read(self) -> str:
        return self.text


def later(text: str, phase: str = "pre") -> tuple[Revision, ...]:
    name = f"{len(REVISIONS) + 1:04}"
    assert phase in {"pre", "post"}
    return (*REVISIONS, StepOfTheFuture(name, phase, f"{name}_{phase}_later.sql", text))  # type: ignore[arg-type]  # checked on the line above


def revision_of(url: str) -> str | None:
    with connect(url) as connection:
        return current_revision(connection)


def test_an_empty_database_becomes_one_that_may_be_served(empty_database_url: str) -> None:
    with pytest.raises(StoreError, match="no schema of Earnest yet") as caught:
        check_schema(empty_database_url)
    assert caught.value.code == StoreErrorCode.SCHEMA_OLDER
    assert "earnest migrate" in caught.value.remedy

    assert migrate(empty_database_url) == tuple(step.name for step in REVISIONS)

    check_schema(empty_database_url)
    assert revision_of(empty_database_url) == expected_revision()


def test_migrating_again_does_nothing(fresh_database_url: str) -> None:
    assert migrate(fresh_database_url) == ()
    check_schema(fresh_database_url)


def test_steps_are_plain_files_numbered_without_gaps() -> None:
    names = ["0002_post_b.sql", "rights.sql", "0001_pre_a.sql", "0003_pre_c.sql"]

    steps = revisions_of(names)

    assert [(step.name, step.phase) for step in steps] == [
        ("0001", "pre"),
        ("0002", "post"),
        ("0003", "pre"),
    ]
    with pytest.raises(AssertionError, match="numbered without gaps"):
        revisions_of(["0001_pre_a.sql", "0003_pre_c.sql"])


def test_code_that_is_newer_than_the_schema_asks_for_a_migration(fresh_database_url: str) -> None:
    newer_code = later("CREATE TABLE earnest.later (number int)")

    with pytest.raises(StoreError) as caught:
        check_schema(fresh_database_url, newer_code)
    assert caught.value.code == StoreErrorCode.SCHEMA_OLDER

    assert migrate(fresh_database_url, newer_code) == (expected_revision(newer_code),)
    check_schema(fresh_database_url, newer_code)


def test_code_starts_before_its_post_steps_have_run(fresh_database_url: str) -> None:
    newer_code = later("DROP TABLE earnest.webhook_endpoint", "post")

    assert needed_revision(newer_code) == needed_revision(REVISIONS)
    check_schema(fresh_database_url, newer_code)


def test_code_that_is_older_than_the_schema_neither_starts_nor_migrates(
    fresh_database_url: str,
) -> None:
    migrate(fresh_database_url, later("CREATE TABLE earnest.later (number int)"))

    for refused in (check_schema, migrate):
        with pytest.raises(StoreError) as caught:
            refused(fresh_database_url)
        assert caught.value.code == StoreErrorCode.SCHEMA_NEWER


def test_a_migration_that_fails_leaves_nothing_behind(fresh_database_url: str) -> None:
    broken = later("CREATE TABLE earnest.later (number int); SELECT 1 / 0;")

    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(fresh_database_url, broken)

    assert revision_of(fresh_database_url) == expected_revision()
    with psycopg.connect(fresh_database_url) as connection:
        assert connection.execute("SELECT to_regclass('earnest.later')").fetchone() == (None,)


def test_a_percent_sign_in_a_step_is_a_percent_sign(fresh_database_url: str) -> None:
    migrate(fresh_database_url, later("CREATE TABLE earnest.later AS SELECT 7 % 4 AS rest, '%s'"))

    with psycopg.connect(fresh_database_url) as connection:
        assert connection.execute("SELECT * FROM earnest.later").fetchall() == [(3, "%s")]


def test_the_job_library_has_its_own_schema_with_every_step_recorded(
    fresh_database_url: str,
) -> None:
    packaged = {(name,) for name in installed_jobs_schema().steps}
    with psycopg.connect(fresh_database_url) as connection:
        recorded = connection.execute("SELECT name FROM earnest.procrastinate_migration")
        assert set(recorded) == packaged
        assert connection.execute(TABLES, ["procrastinate"]).fetchone() == (4,)
        assert connection.execute(TABLES, ["public"]).fetchone() == (0,)


def test_a_newer_job_library_brings_only_its_own_steps(empty_database_url: str) -> None:
    newer = installed_jobs_schema()
    steps = {name: text for name, text in newer.steps.items() if name < "03.02"}
    # The library's first step is the whole schema of its first version.
    first = min(steps)
    oldest = JobsSchema(steps[first], {first: steps[first]})
    older = JobsSchema("", steps)
    functions = (
        "SELECT to_regproc('procrastinate.procrastinate_defer_jobs_v1') IS NOT NULL,"
        " has_table_privilege('earnest_app', 'procrastinate.procrastinate_jobs', 'INSERT')"
    )
    recorded = "SELECT count(*) FROM earnest.procrastinate_migration"

    migrate(empty_database_url, jobs=oldest)
    migrate(empty_database_url, jobs=older)
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute(functions).fetchone() == (False, True)
        assert connection.execute(recorded).fetchone() == (len(older.steps),)

    migrate(empty_database_url, jobs=newer)
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute(functions).fetchone() == (True, True)
        assert connection.execute(recorded).fetchone() == (len(newer.steps),)


@pytest.fixture
def plain_owner(postgres_server: PostgresServer) -> Iterator[str]:
    """URL of a database whose owner is no superuser, as managed services have it."""
    name = postgres_server.create_database()
    with psycopg.connect(postgres_server.url_of(name), autocommit=True) as connection:
        connection.execute("CREATE ROLE earnest_test_owner LOGIN PASSWORD 'owner'")
        connection.execute(f"ALTER DATABASE {name} OWNER TO earnest_test_owner")
    yield postgres_server.url_of(name, user="earnest_test_owner", password="owner")
    postgres_server.drop_database(name)
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute("DROP ROLE earnest_test_owner")


@pytest.mark.usefixtures("template_database")
def test_an_owner_without_other_rights_migrates_when_the_role_exists(plain_owner: str) -> None:
    assert migrate(plain_owner) == tuple(step.name for step in REVISIONS)
    assert migrate(plain_owner) == ()


def test_a_login_that_owns_nothing_is_told_so(
    fresh_database_url: str, postgres_server: PostgresServer, plain_owner: str
) -> None:
    assert plain_owner
    name = fresh_database_url.partition("@/")[2].partition("?")[0]
    url = postgres_server.url_of(name, user="earnest_test_owner", password="owner")

    for revisions in (REVISIONS, later("CREATE TABLE earnest.later (number int)")):
        with pytest.raises(StoreError) as caught:
            migrate(url, revisions)
        assert caught.value.code == StoreErrorCode.RIGHTS_MISSING


def test_an_owner_that_may_not_create_the_role_is_told_what_to_ask_for() -> None:
    # Roles belong to a whole server, so this needs one on which nobody has migrated.
    with (
        tempfile.TemporaryDirectory(prefix="earnest-test-") as directory,
        EmbeddedServer(Path(directory)) as server,
    ):
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE ROLE owner LOGIN")
            connection.execute("ALTER DATABASE earnest OWNER TO owner")
        url = server.url.replace("postgres@", "owner@")
        with pytest.raises(StoreError) as caught:
            migrate(url)
        assert caught.value.code == StoreErrorCode.ROLE_CANNOT_BE_CREATED
        assert "CREATE ROLE earnest_app NOLOGIN" in caught.value.remedy

        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("ALTER ROLE owner CREATEROLE")
        migrate(url)
        with psycopg.connect(url) as connection:
            connection.execute("SET ROLE earnest_app")
