"""What the database refuses by itself, whoever asks, each beside the nearest thing it accepts.

These are negative controls of the rules in `core`: were all of them wrong, this would still hold.
"""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

BUYER = "BUYER00000000001"
ORDER = "0RDER00000000001"
VIN = "LSVAA4182E2184847"
AT = "2026-03-01T12:00:00Z"
NAMES = ("buyer_id", "order_id")
Insert = Callable[..., None]

ROWS: dict[str, dict[str, Any]] = {
    "queue": {
        "queue_id": "su7-cn",
        "model_line": "SU7",
        "market": "CN",
        "time_zone": "Asia/Shanghai",
    },
    "terms_version": {
        "terms_hash": "terms",
        "version": "1",
        "body": "{}",
        "published_at": AT,
    },
    "catalogue_version": {
        "catalogue_hash": "catalogue",
        "version": "1",
        "body": "{}",
        "published_at": AT,
    },
    "orders": {
        "buyer_id": BUYER,
        "order_id": ORDER,
        "queue_id": "su7-cn",
        "rank": 1,
        "stage": "reserved",
        "sequence": 1,
        "terms_hash": "terms",
        "catalogue_hash": "catalogue",
        "price_minor": 31_890_000,
        "currency": "CNY",
        "vin": VIN,
        "reserved_at": AT,
        "changed_at": AT,
        "state": "{}",
    },
    "event": {
        "buyer_id": BUYER,
        "order_id": ORDER,
        "sequence": 1,
        "kind": "Reserved",
        "body": "{}",
        "actor": "buyer:1",
        "command_key": "key",
        "occurred_at": AT,
        "recorded_at": AT,
    },
    "posting": {
        "buyer_id": BUYER,
        "order_id": ORDER,
        "sequence": 1,
        "line": 1,
        "debit": "clearing",
        "credit": "deposits",
        "amount_minor": 500_000,
        "currency": "CNY",
    },
    "tender": {
        "buyer_id": BUYER,
        "order_id": ORDER,
        "tender_number": 1,
        "vin": VIN,
        "place": "Haikou",
        "sequence": 1,
    },
    "inspection": {
        "buyer_id": BUYER,
        "order_id": ORDER,
        "tender_number": 1,
        "result": "accepted",
        "confirmed_by": "buyer:1",
        "sequence": 1,
    },
    "balance_demand": {
        "buyer_id": BUYER,
        "order_id": ORDER,
        "tender_number": 1,
        "amount_minor": 31_390_000,
        "currency": "CNY",
        "due_at": AT,
        "sequence": 1,
    },
    "command": {
        "buyer_id": BUYER,
        "actor": "buyer:1",
        "key": "key",
        "content_hash": "hash",
        "order_id": ORDER,
        "answer": "{}",
        "decided_at": AT,
    },
    "deadline": {"buyer_id": BUYER, "order_id": ORDER, "kind": "cooling_off", "due_at": AT},
    "inbox": {
        "provider": "sandbox",
        "event_id": "evt_1",
        "kind": "paid",
        "body": "{}",
        "received_at": AT,
    },
    "demo_clock": {"offset_seconds": 0},
}
FACTS = (
    "terms_version",
    "catalogue_version",
    "event",
    "posting",
    "tender",
    "inspection",
    "balance_demand",
    "command",
)
GROWING = (
    "orders",
    "event",
    "posting",
    "tender",
    "inspection",
    "balance_demand",
    "deadline",
    "command",
)


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


def insert(connection: psycopg.Connection, table: str, **changes: object) -> None:
    """Inserts the table's example row with some columns changed, in a savepoint."""
    row = {**ROWS[table], **changes}
    names = SQL(", ").join(map(Identifier, row))
    values = SQL(", ").join(SQL("{}").format(value) for value in row.values())
    statement = SQL("INSERT INTO {} ({}) VALUES ({})")
    with connection.transaction():
        connection.execute(statement.format(Identifier("earnest", table), names, values))


def run(connection: psycopg.Connection, statement: str, table: str = "event") -> int:
    """Runs a statement about a table in a savepoint and returns how many rows it touched."""
    with connection.transaction():
        text = SQL(statement).format(Identifier("earnest", table))
        return connection.execute(text).rowcount


# Append-only -------------------------------------------------------------------------------


@pytest.mark.parametrize("table", FACTS)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_not_even_the_owner_changes_a_fact(
    connection: psycopg.Connection, table: str, verb: str
) -> None:
    first = next(iter(ROWS[table]))
    rest = {
        "UPDATE": f" {{}} SET {first} = {first}",
        "DELETE": " FROM {}",
        "TRUNCATE": " {} CASCADE",
    }
    with pytest.raises(psycopg.errors.RestrictViolation, match="is append-only") as caught:
        run(connection, verb + rest[verb], table)

    assert f"{verb} is refused" in str(caught.value)


def test_not_even_a_replica_changes_a_fact(connection: psycopg.Connection) -> None:
    connection.execute("SET LOCAL session_replication_role = replica")

    with pytest.raises(psycopg.errors.RestrictViolation):
        run(connection, "DELETE FROM {}")


@pytest.mark.parametrize("table", FACTS)
@pytest.mark.parametrize("verb", ["UPDATE {} SET", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_has_no_right_to_change_a_fact(
    application: psycopg.Connection, table: str, verb: str
) -> None:
    first = next(iter(ROWS[table]))
    statement = f"{verb} {first} = {first}" if verb.endswith("SET") else verb

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run(application, statement, table)


@pytest.mark.parametrize("table", FACTS)
def test_the_application_adds_and_reads_facts(application: psycopg.Connection, table: str) -> None:
    # A second row beside the example; only its key differs.
    key: dict[str, dict[str, Any]] = {
        "terms_version": {"terms_hash": "terms 2"},
        "catalogue_version": {"catalogue_hash": "catalogue 2"},
        "event": {"sequence": 2},
        "posting": {"line": 2},
        "tender": {"tender_number": 2},
        "balance_demand": {"sequence": 2},
        "command": {"key": "key 2"},
        "inspection": {"tender_number": 2},
    }
    if table == "balance_demand":
        insert(application, "event", sequence=2)
    if table == "inspection":
        insert(application, "tender", tender_number=2)

    insert(application, table, **key[table])

    assert run(application, "SELECT FROM {}", table) == 2


@pytest.mark.parametrize("table", [name for name in ROWS if name != "demo_clock"])
def test_a_key_is_used_once(connection: psycopg.Connection, table: str) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        insert(connection, table)


def test_an_upsert_is_a_change_as_well(connection: psycopg.Connection) -> None:
    row = "INSERT INTO {} SELECT * FROM earnest.event ON CONFLICT "

    assert run(connection, row + "DO NOTHING") == 0
    with pytest.raises(psycopg.errors.RestrictViolation):
        run(connection, row + "(buyer_id, order_id, sequence) DO UPDATE SET kind = 'Other'")


# No balance before an inspection -----------------------------------------------------------


@pytest.fixture
def inspected(connection: psycopg.Connection) -> Callable[[str], None]:
    """Tender number 2, looked at with a result."""

    def inspect(result: str) -> None:
        insert(connection, "event", sequence=2)
        insert(connection, "tender", tender_number=2)
        insert(connection, "inspection", tender_number=2, result=result)

    return inspect


@pytest.mark.parametrize("result", ["accepted", "accepted_with_remarks"])
def test_a_balance_is_demanded_after_a_passed_inspection(
    connection: psycopg.Connection, inspected: Callable[[str], None], result: str
) -> None:
    inspected(result)

    insert(connection, "balance_demand", tender_number=2, sequence=2)


def test_no_balance_is_demanded_after_a_refused_inspection(
    connection: psycopg.Connection, inspected: Callable[[str], None]
) -> None:
    inspected("refused")

    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="names_inspected_car"):
        insert(connection, "balance_demand", tender_number=2, sequence=2)
    with pytest.raises(psycopg.errors.CheckViolation, match="only_after_passed_inspection"):
        insert(connection, "balance_demand", tender_number=2, sequence=2, passed=False)
    with pytest.raises(psycopg.errors.NotNullViolation):
        insert(connection, "balance_demand", tender_number=2, sequence=2, passed=None)


def test_no_balance_is_demanded_for_a_tendered_car_that_nobody_inspected(
    connection: psycopg.Connection,
) -> None:
    insert(connection, "event", sequence=2)
    insert(connection, "tender", tender_number=2)

    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="names_inspected_car"):
        insert(connection, "balance_demand", tender_number=2, sequence=2)


def test_no_balance_is_demanded_with_the_inspection_of_another_order(
    connection: psycopg.Connection,
) -> None:
    other = {"order_id": "0RDER00000000002"}
    insert(connection, "event", **other)
    insert(connection, "tender", **other)

    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="names_inspected_car"):
        insert(connection, "balance_demand", **other)


def test_whether_an_inspection_passed_follows_from_its_result(
    connection: psycopg.Connection,
) -> None:
    with pytest.raises(psycopg.errors.GeneratedAlways):
        insert(connection, "inspection", tender_number=2, result="refused", passed=True)


def test_an_inspection_needs_a_tender(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="tender"):
        insert(connection, "inspection", tender_number=2)


# Shapes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("posting", {"line": 2, "amount_minor": 0}),
        ("posting", {"line": 2, "amount_minor": -500_000}),
        ("posting", {"line": 2, "debit": "deposits"}),
        ("posting", {"line": 2, "debit": ""}),
        ("posting", {"line": 2, "currency": "cny"}),
        ("posting", {"line": 0}),
        ("orders", {"order_id": "0RDER00000000002", "stage": "shipped"}),
        ("orders", {"order_id": "0RDER00000000002", "rank": 0}),
        ("orders", {"order_id": "0RDER00000000002", "price_minor": 0}),
        ("orders", {"order_id": "0RDER00000000002", "currency": "Y"}),
        ("orders", {"order_id": "0RDER00000000002", "vin": "SHORT"}),
        ("orders", {"order_id": "0RDER00000000002", "sequence": 0}),
        ("orders", {"order_id": "SHORT"}),
        ("orders", {"buyer_id": "SHORT"}),
        ("event", {"sequence": 0}),
        ("event", {"sequence": 2, "actor": ""}),
        ("inspection", {"tender_number": 2, "result": "passed"}),
        ("inspection", {"tender_number": 2, "confirmed_by": ""}),
        ("tender", {"tender_number": 2, "vin": "SHORT"}),
        ("tender", {"tender_number": 2, "place": ""}),
        ("balance_demand", {"sequence": 2, "amount_minor": 0}),
        ("queue", {"queue_id": ""}),
        ("terms_version", {"terms_hash": "other", "body": "[]"}),
        ("catalogue_version", {"catalogue_hash": "other", "body": "1"}),
        ("demo_clock", {"singleton": False}),
        ("demo_clock", {"offset_seconds": -1}),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(
    connection: psycopg.Connection, table: str, changes: dict[str, object]
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        insert(connection, table, **changes)


def test_a_posting_has_the_event_that_caused_it(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="event"):
        insert(connection, "posting", sequence=2)


def test_a_tender_names_a_car(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.NotNullViolation, match="vin"):
        insert(connection, "tender", tender_number=2, vin=None)


def test_there_is_one_demonstration_clock(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        insert(connection, "demo_clock", offset_seconds=1)


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

    assert application.execute("DELETE FROM people.buyer").rowcount == 1
    assert run(application, "SELECT FROM {}", "event") == 1


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

    assert len(of_orders) == 6
    assert {tuple(columns[:2]) for columns in of_orders} == {NAMES}
