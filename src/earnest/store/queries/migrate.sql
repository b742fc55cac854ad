-- name: lock_migrations
-- Lets only one program at a time change the schema; the lock ends with the connection.
SELECT pg_advisory_lock(4921307816650313571);

-- name: create_earnest_schema
-- Makes the schema in which the revision of the database is kept.
CREATE SCHEMA IF NOT EXISTS earnest;

-- name: create_procrastinate_schema
-- Keeps the tables of the job library apart from ours.
CREATE SCHEMA IF NOT EXISTS procrastinate;

-- name: enter_procrastinate_schema
-- Makes the job library's own SQL, which names no schema, work inside its own.
SET LOCAL search_path = procrastinate;

-- name: schema_state
-- Tells which revision a database has, or that it has none, without failing on an empty one.
SELECT to_regclass('earnest.alembic_version') IS NOT NULL AS has_revision;

-- name: current_revision
-- Reads the revision that the last migration left.
SELECT version_num FROM earnest.alembic_version;

-- name: procrastinate_steps
-- Lists the steps of the job library's schema that this database already has.
SELECT name FROM earnest.procrastinate_migration;

-- name: record_procrastinate_steps
-- Remembers which steps of the job library's schema were applied, so that a later version adds only its own.
INSERT INTO earnest.procrastinate_migration (name) SELECT unnest(%(names)s::text[]);
