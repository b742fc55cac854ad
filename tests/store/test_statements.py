"""The form of statement files: what is read from them, and each way to break it."""

import pytest

from earnest.store.statements import (
    STATEMENTS,
    Statement,
    StatementFileError,
    merge_statements,
    parse_statements,
)

TWO = """\
-- name: lock_orders
-- Locks the orders of a group in id order,
-- so that two groups never wait for each other.
SELECT 1 FROM orders WHERE order_id = ANY(%(ids)s) AND rank %% 2 = %(parity)s FOR UPDATE;

-- name: count_orders
-- Counts.
SELECT count(*)
FROM orders;
"""


def test_a_statement_has_a_name_a_sentence_a_text_and_parameters() -> None:
    found = parse_statements("two.sql", TWO)

    assert found == {
        "lock_orders": Statement(
            "lock_orders",
            "Locks the orders of a group in id order, so that two groups never wait "
            "for each other.",
            "SELECT 1 FROM orders WHERE order_id = ANY(%(ids)s) AND rank %% 2 = %(parity)s "
            "FOR UPDATE",
            frozenset({"ids", "parity"}),
        ),
        "count_orders": Statement(
            "count_orders", "Counts.", "SELECT count(*)\nFROM orders", frozenset()
        ),
    }


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("SELECT 1;", "every statement starts with"),
        ("SELECT 1;\n" + TWO, "every statement starts with"),
        (TWO + TWO, "lock_orders is there twice"),
        ("-- name: LockOrders\n-- Why.\nSELECT 1;", "lower case"),
        ("-- name: one\nSELECT 1;", "a sentence"),
        ("-- name: one\n-- no full stop\nSELECT 1;", "a sentence"),
        ("-- name: one\n-- Why.\nSELECT 1", "one semicolon"),
        ("-- name: one\n-- Why.\nSELECT 1; SELECT 2;", "one semicolon"),
        ("-- name: one\n-- Why.\nSELECT %s;", "parameters are"),
        ("-- name: one\n-- Why.\nSELECT 5 % 2;", "parameters are"),
    ],
)
def test_a_file_that_breaks_the_form_is_named_with_the_rule(content: str, rule: str) -> None:
    with pytest.raises(StatementFileError, match=f"^broken.sql: .*{rule}"):
        parse_statements("broken.sql", content)


def test_a_name_is_unique_over_all_files() -> None:
    with pytest.raises(StatementFileError, match=r"b\.sql: lock_orders is already"):
        merge_statements({"a.sql": TWO, "b.sql": TWO})


def test_every_packaged_statement_was_read() -> None:
    assert "prepare_session" in STATEMENTS
    assert {name: statement.name for name, statement in STATEMENTS.items()} == {
        name: name for name in STATEMENTS
    }
