"""What the database refuses by itself, whoever asks, each beside the nearest thing it accepts.

These are negative controls of the rules in `core`: were all of them wrong, this would still hold.
"""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.store.facts import FACTS, ROWS, insert, run

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
        "publication": {"key": "key 2"},
        "campaign": {"version": 2, "key": "key 2"},
        "code_batch": {"key": "key 2"},
        "inspection": {"tender_number": 2},
        "queue_move": {"sequence": 2},
        "capacity_version": {"capacity_version": 2, "key": "key 2"},
        "plan_version": {"plan_version": 2, "key": "key 2"},
        "plan_slot": {"plan_version": 2},
        "plan_carried_out": {"plan_version": 2},
        "promise_outcome": {"given_on": "2026-01-06"},
        "bulk_act": {"bulk_id": "BVLK000000000002"},
        "bulk_finished": {"bulk_id": "BVLK000000000002"},
        "outside_account": {"account_id": "bank"},
        "outside_statement": {
            "statement_id": "STATEMENT0000002",
            "number": "2",
            "digest": "b" * 64,
        },
        "outside_line": {"line": 2},
    }
    if table == "plan_carried_out":
        insert(application, "plan_version", plan_version=2, key="key 2")
    if table == "bulk_finished":
        insert(application, "bulk_act", bulk_id="BVLK000000000002")
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
        ("publication", {"key": "key 2", "kind": "catalogue"}),
        ("publication", {"key": "key 2", "kind": "offer"}),
        ("publication", {"key": "key 2", "queue_id": "su7-cn"}),
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
