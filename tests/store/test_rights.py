"""What the application may and may not do, and the shape that lets the tables be spread later."""

from typing import LiteralString

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.store.facts import AT, BUYER, GROWING, NAMES, ORDER, run

# Rights ------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["buyer_id", "order_id", "queue_id", "currency", "reserved_at"])
def test_the_application_cannot_change_what_an_order_is(
    application: psycopg.Connection, column: str
) -> None:
    statement = SQL("UPDATE earnest.orders SET {name} = {name}").format(name=Identifier(column))

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(statement)


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE {} SET stage = 'deposited', sequence = 2", "orders"),
        ("SELECT FROM {} FOR UPDATE", "orders"),
        ("UPDATE {} SET next_rank = next_rank + 500", "queue"),
        ("DELETE FROM {}", "deadline"),
        ("UPDATE {} SET outcome = 'recorded'", "inbox"),
        ("UPDATE {} SET offset_seconds = 604800", "demo_clock"),
    ],
)
def test_the_application_does_its_daily_work(
    application: psycopg.Connection, statement: str, table: str
) -> None:
    assert run(application, statement, table) == 1


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("DELETE FROM {}", "orders"),
        ("TRUNCATE {}", "orders"),
        ("DELETE FROM {}", "inbox"),
        ("UPDATE {} SET body = '{{}}'", "inbox"),
        ("UPDATE {} SET market = 'DE'", "queue"),
        ("CREATE TABLE {} ()", "mine"),
        ("ALTER TABLE {} DISABLE TRIGGER append_only", "event"),
        ("DROP TABLE {}", "event"),
    ],
)
def test_the_application_does_nothing_else(
    application: psycopg.Connection, statement: str, table: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run(application, statement, table)


def test_a_rank_is_never_given_out_twice(connection: psycopg.Connection) -> None:
    run(connection, "UPDATE {} SET next_rank = 501", "queue")

    with pytest.raises(psycopg.errors.RestrictViolation, match="was given out already"):
        run(connection, "UPDATE {} SET next_rank = 500", "queue")


def test_the_application_erases_a_person_and_the_facts_stay(
    application: psycopg.Connection,
) -> None:
    row = "INSERT INTO people.buyer VALUES ({}, 'Li', 'li@example.cn', NULL, 'zh-Hans', {})"
    application.execute(SQL(row).format(BUYER, AT))
    application.execute(SQL(PASSKEY).format(BUYER, AT))

    assert application.execute("DELETE FROM people.buyer").rowcount == 1
    assert run(application, "SELECT FROM {}", "event") == 1
    assert application.execute("SELECT FROM people.passkey").rowcount == 0


PASSKEY = """
    INSERT INTO people.passkey
        (credential_id, buyer_id, public_key, sign_count, transports, name, added_at)
    VALUES ('a', {}, 'b', 0, '{{}}', 'Telephone', {})
"""


@pytest.mark.parametrize("column", ["public_key", "buyer_id", "staff_id", "name", "added_at"])
def test_the_application_cannot_change_whose_a_passkey_is_or_what_opens_with_it(
    application: psycopg.Connection, column: str
) -> None:
    statement = SQL("UPDATE people.passkey SET {name} = {name}").format(name=Identifier(column))

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(statement)


PRIVATE = (
    ("evidence", "digest, content", "encode(sha256('a'), 'hex'), 'a'"),
    ("notice_mark", "sequence, channel, kind, proof", "1, 'in_app', 'opened', 'login'"),
    (
        "message",
        "number, said_by, author, text, key, content_hash",
        "1, 'buyer', 'buyer:li', 'When?', 'key', 'hash'",
    ),
)
"""Personal facts: a table, columns beside buyer, order and instant, and values for them."""


@pytest.mark.parametrize(("table", "columns", "values"), PRIVATE, ids=[row[0] for row in PRIVATE])
def test_personal_facts_are_added_and_never_changed(
    connection: psycopg.Connection, table: str, columns: str, values: str
) -> None:
    instant = SQL({"evidence": "stored_at", "message": "said_at"}.get(table, "at"))
    name = Identifier("people", table)
    adding = SQL("INSERT INTO {} (buyer_id, order_id, {}, {}) VALUES ({}, {}, now(), {})")
    more = adding.format(name, instant, SQL(columns), BUYER, ORDER, SQL(values))
    connection.execute("SET LOCAL ROLE earnest_app")
    begun = SQL("INSERT INTO people.conversation (buyer_id, order_id) VALUES ({}, {})")
    connection.execute(begun.format(BUYER, ORDER))
    connection.execute(more)

    for verb in ("UPDATE {} SET order_id = ''", "DELETE FROM {}"):
        statement = SQL(verb).format(name)
        connection.execute("SET LOCAL ROLE earnest_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(statement)
        connection.execute("RESET ROLE")
        refused = pytest.raises(psycopg.errors.RestrictViolation, match="append-only")
        with refused, connection.transaction():
            connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people.act SET actor_id = 'staff:other'",
        "DELETE FROM people.act",
        "DELETE FROM people.staff",
        "UPDATE people.session SET ends_at = ends_at + interval '1 day'",
        "DELETE FROM people.ended_actor",
    ],
)
def test_the_application_hides_nothing_that_staff_did_and_revives_no_session(
    application: psycopg.Connection, statement: LiteralString
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(statement)


def test_not_even_the_owner_changes_what_staff_did(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO people.act (at, actor_id, kind, subject) VALUES (now(), 'staff:a', 'k', 's')"
    )

    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        connection.execute("DELETE FROM people.act")


def test_evidence_is_what_its_digest_says(connection: psycopg.Connection) -> None:
    row = SQL("INSERT INTO people.evidence VALUES ({}, {}, 'x', 'a', now())")

    with pytest.raises(psycopg.errors.CheckViolation, match="evidence_is_what_its_digest_says"):
        connection.execute(row.format(BUYER, ORDER))


# Shape of the schema -----------------------------------------------------------------------


def test_every_growing_table_can_be_spread_over_machines_by_buyer(
    connection: psycopg.Connection,
) -> None:
    unique_keys = connection.execute("""
        SELECT t.relname, a.attname FROM pg_index i
        JOIN pg_class t ON t.oid = i.indrelid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
        WHERE i.indisunique AND t.relnamespace = 'earnest'::regnamespace
    """).fetchall()
    found = {table: {first for name, first in unique_keys if name == table} for table in GROWING}

    assert found == {table: {"buyer_id"} for table in GROWING}


def test_no_reference_leaves_its_order(connection: psycopg.Connection) -> None:
    references = connection.execute("""
        SELECT c.conrelid::regclass::text, array_agg(a.attname ORDER BY k.place)
        FROM pg_constraint c
        CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number
        WHERE c.contype = 'f' AND c.connamespace = 'earnest'::regnamespace
        GROUP BY c.oid, c.conrelid
    """).fetchall()
    of_orders = [columns for table, columns in references if table.split(".")[-1] in GROWING]

    assert len(of_orders) == 7
    assert {tuple(columns[:2]) for columns in of_orders} == {NAMES}
