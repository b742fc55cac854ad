"""One example row of every table, and inserting it with a change.

Not here: what the database refuses (`test_facts.py`) and whose rights end where (`test_rights.py`).
"""

from collections.abc import Callable
from typing import Any

import psycopg
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
    "public_promise": {
        "promise_id": "spring",
        "queue_id": "su7-cn",
        "body": "{}",
        "published_at": AT,
    },
    "campaign": {
        "campaign_id": "summer",
        "version": 1,
        "queue_id": "su7-cn",
        "body": "{}",
        "actor": "staff:ida",
        "key": "key",
        "content_hash": "hash",
        "published_at": AT,
    },
    "campaign_count": {
        "campaign_id": "summer",
        "counter": "group:vip",
        "queue_id": "su7-cn",
        "quota": 50,
        "taken": 1,
    },
    "code_batch": {
        "actor": "staff:chen",
        "key": "key",
        "content_hash": "hash",
        "campaign_id": "summer",
        "group_id": "vip",
        "body": "{}",
        "issued_at": AT,
    },
    "priority_code": {
        "code_id": "C0DE000000000001",
        "campaign_id": "summer",
        "group_id": "vip",
        "valid_until": AT,
        "issued_by": "staff:chen",
        "batch_key": "key",
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
    "queue_move": {
        "buyer_id": BUYER,
        "order_id": ORDER,
        "sequence": 1,
        "change": 1,
        "queue_id": "su7-cn",
        "lane": "su7/red",
        "rank": 1,
        "cause": "reserved",
        "at": AT,
    },
    "capacity_version": {
        "capacity_version": 1,
        "digest": "digest",
        "begins": "2026-03-02",
        "ends": "2026-03-30",
        "body": "{}",
        "actor": "staff:eva",
        "key": "key",
        "content_hash": "hash",
        "published_at": AT,
    },
    "plan_version": {
        "plan_version": 1,
        "capacity_version": 1,
        "digest": "digest",
        "basis": "{}",
        "summary": "{}",
        "frozen_until": "2026-03-09",
        "actor": "staff:eva",
        "key": "key",
        "content_hash": "hash",
        "published_at": AT,
    },
    "plan_slot": {
        "buyer_id": BUYER,
        "order_id": ORDER,
        "plan_version": 1,
        "queue_id": "su7-cn",
        "plant": "north",
        "line": "1",
        "day": "2026-03-10",
        "arrives": "2026-03-13",
    },
    "published_plan": {"plan_version": 1},
    "freed_slot": {
        "buyer_id": BUYER,
        "order_id": ORDER,
        "plant": "north",
        "week": "2026-W12",
    },
    "centre": {
        "centre_id": "haikou",
        "bays": 2,
        "body": "{}",
        "changed_by": "staff:lin",
        "changed_at": AT,
    },
    "delivery": {
        "buyer_id": BUYER,
        "order_id": ORDER,
        "centre_id": "haikou",
        "bay": 2,
        "begins": AT,
        "ends": "2026-12-01T00:00:00Z",
    },
    "promise_outcome": {
        "buyer_id": BUYER,
        "order_id": ORDER,
        "given_on": "2026-01-05",
        "lane_group": "su7",
        "lead_days": 30,
        "days": -2,
        "counts_from": "2026-03-20",
    },
    "plan_carried_out": {"plan_version": 1, "carried_out_at": AT},
    "bulk_act": {
        "bulk_id": "BVLK000000000001",
        "actor": "staff:chen",
        "content_hash": "hash",
        "command": "{}",
        "buyer_ids": [BUYER],
        "order_ids": [ORDER],
        "asked_at": AT,
    },
    "bulk_finished": {"bulk_id": "BVLK000000000001", "finished_at": AT},
    "inbox": {
        "provider": "sandbox",
        "event_id": "evt_1",
        "kind": "paid",
        "body": "{}",
        "received_at": AT,
    },
    "demo_clock": {"offset_seconds": 0},
    "outside_account": {
        "account_id": "pay",
        "body": "{}",
        "currency": "CNY",
        "is_provider": True,
        "added_by": "staff:gu",
        "added_at": AT,
    },
    "outside_statement": {
        "statement_id": "STATEMENT0000001",
        "account_id": "pay",
        "number": "1",
        "digest": "a" * 64,
        "currency": "CNY",
        "begins": "2026-03-01",
        "ends": "2026-03-31",
        "opening_minor": 0,
        "closing_minor": 1,
        "imported_by": "staff:gu",
        "imported_at": AT,
    },
    "outside_line": {
        "statement_id": "STATEMENT0000001",
        "line": 1,
        "kind": "payment",
        "booked_on": "2026-03-02",
        "amount_minor": 1,
        "reference": "pay_1",
        "batch": "",
    },
    "publication": {
        "actor": "staff:lin",
        "key": "key",
        "content_hash": "hash",
        "kind": "terms",
        "terms_hash": "terms",
        "findings": "[]",
        "published_at": AT,
    },
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
    "publication",
    "queue_move",
    "campaign",
    "code_batch",
    "capacity_version",
    "plan_version",
    "plan_slot",
    "plan_carried_out",
    "promise_outcome",
    "bulk_act",
    "bulk_finished",
    "outside_account",
    "outside_statement",
    "outside_line",
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
    "queue_move",
    "plan_slot",
    "promise_outcome",
    "freed_slot",
    "delivery",
    "outside_match_posting",
)


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
