"""Bringing a database to the schema this code knows: alembic over plain SQL files.

Not here: what a schema must be for this code to start (`schema.py`).

Steps are the files of `migrations/`, numbered and named `pre` or `post`. They run in one
transaction under one lock, so they happen whole or not at all. After them come what is new in
the job library's schema, and the rights of the application's role; both may be repeated.
"""

from __future__ import annotations

from importlib import resources
from types import ModuleType

import psycopg
import sqlalchemy
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionMap
from sqlalchemy.pool import NullPool

from earnest.store.connection import connect
from earnest.store.errors import StoreError, StoreErrorCode
from earnest.store.jobs_schema import (
    JobsSchema,
    bring_later_jobs_steps,
    create_jobs_schema,
    installed_jobs_schema,
)
from earnest.store.schema import (
    REVISIONS,
    Revision,
    check_not_newer,
    current_revision,
    read_migration_file,
)
from earnest.store.statements import STATEMENTS


def migrate(
    url: str, revisions: tuple[Revision, ...] = REVISIONS, jobs: JobsSchema | None = None
) -> tuple[str, ...]:
    """Apply every step that the database does not have; returns the names of those steps.

    `jobs` is the schema of the job library, by default that of the installed one. Needs the
    rights of the schema's owner. Raises `StoreError`: what `connect` raises, `schema_newer`,
    `rights_missing`, `role_cannot_be_created`.
    """
    library = jobs or installed_jobs_schema()
    # Alembic speaks through SQLAlchemy, which only carries our own connection here.
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: connect(url), poolclass=NullPool
    )
    try:
        with connect(url, autocommit=True) as keeper:
            keeper.execute(STATEMENTS["lock_migrations"].text)
            before = current_revision(keeper) or ""
            check_not_newer(before, revisions)
            with engine.begin() as carrier:
                _run_steps(carrier, revisions, library)
            bring_later_jobs_steps(keeper, library)
            with keeper.transaction():
                keeper.execute(read_migration_file("rights.sql").encode())
    except sqlalchemy.exc.ProgrammingError as error:
        raise _without_rights(error.orig) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise _without_rights(error) from error
    return tuple(step.name for step in revisions if step.name > before)


def _run_steps(
    carrier: sqlalchemy.Connection, revisions: tuple[Revision, ...], library: JobsSchema
) -> None:
    """Let alembic find and run the steps that are missing, inside the open transaction.

    Alembic usually wants a Python file for each step; here each SQL file is made to look like
    one, so that a step is SQL and nothing else.
    """
    connection = carrier.connection.driver_connection
    assert isinstance(connection, psycopg.Connection), "the engine's creator made it"
    connection.execute(STATEMENTS["create_earnest_schema"].text)
    script = ScriptDirectory(str(resources.files("earnest.store")))
    names_before = [None, *(step.name for step in revisions)]
    modules = [
        _StepModule(step, before, connection)
        for step, before in zip(revisions, names_before, strict=False)
    ]
    script.revision_map = RevisionMap(
        lambda: [Script(module, module.revision, module.__name__) for module in modules]
    )

    def missing_steps(current: str, _: MigrationContext) -> list[RevisionStep]:
        return script._upgrade_revs("head", current)  # noqa: SLF001 - `alembic upgrade` wants an environment file to make this very call

    with EnvironmentContext(Config(), script, fn=missing_steps) as environment:
        environment.configure(connection=carrier, version_table_schema="earnest")
        environment.run_migrations()
    create_jobs_schema(connection, library)


class _StepModule(ModuleType):
    """What alembic expects of a migration file: its name, the one before, how to upgrade."""

    def __init__(self, step: Revision, before: str | None, connection: psycopg.Connection) -> None:
        super().__init__(step.file_name, step.file_name)
        self.revision = step.name
        self.down_revision = before
        self._text = step.read().encode()
        self._connection = connection

    def upgrade(self) -> None:
        """Run the file's SQL as it stands."""
        self._connection.execute(self._text)


def _without_rights(error: BaseException | None) -> StoreError:
    """The fault of a login that may not do what a migration does."""
    said = str(error).splitlines()[0]
    if "role" in said and "create" in said:
        return StoreError(
            StoreErrorCode.ROLE_CANNOT_BE_CREATED,
            f"The role earnest_app does not exist and this login may not create it: {said}.",
            "Let an administrator run: CREATE ROLE earnest_app NOLOGIN; "
            "GRANT earnest_app TO your_login; and migrate again.",
        )
    return StoreError(
        StoreErrorCode.RIGHTS_MISSING,
        f"This login may not change the schema: {said}.",
        "Migrate with the login that owns the database: earnest migrate --url ...",
    )
