"""SQL has a home: a file, a name and a sentence. None of it hides in a Python string (ADR 0005).

Not here: whether a statement is right, which the store's own tests find out.
"""

import ast
import re

from tests.tidy.source import docstrings, files, findings, report

_STATEMENT = re.compile(
    r"""\s*(
        SELECT\s | INSERT\s+INTO\s | UPDATE\s+\S+\s+SET\s | DELETE\s+FROM\s | TRUNCATE\s
      | (CREATE|ALTER|DROP)\s+(OR\s+REPLACE\s+)?(UNIQUE\s+)?
        (TABLE|INDEX|VIEW|SCHEMA|ROLE|USER|TYPE|FUNCTION|TRIGGER|DATABASE|SEQUENCE|EXTENSION)\s
      | WITH\s+\w+\s+AS\s | (GRANT|REVOKE)\s+\S+\s+ON\s | LOCK\s+TABLE\s | COPY\s+\S+\s+(FROM|TO)\s
      | SET\s+(LOCAL|ROLE|SESSION)\s | (LISTEN|NOTIFY)\s+\w+\s*;?\s*$
      | (BEGIN|COMMIT|ROLLBACK)\s*;?\s*$
    )""",
    re.VERBOSE,
)
# In lower case only what cannot be an English sentence counts.
_LOWER_STATEMENT = re.compile(
    r"\s*(select\s.+\sfrom\s|insert\s+into\s|delete\s+from\s|update\s+\w+\s+set\s)", re.DOTALL
)


def sql_in_python(name: str, text: str) -> list[str]:
    """A string that is a statement."""
    module = ast.parse(text)
    explained = docstrings(module)
    found = []
    for node in ast.walk(module):
        if not isinstance(node, ast.Constant) or id(node) in explained:
            continue
        value = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
        # A statement with nothing after its first word continues in the next piece of an f-string.
        if isinstance(value, str) and (
            _STATEMENT.match(value + " ") or _LOWER_STATEMENT.match(value + " ")
        ):
            start = value.strip().partition("\n")[0][:40]
            found.append(
                f"{name}:{node.lineno}: {start!r} is SQL; move it to a file in store/queries/, "
                "with a name and a sentence that says why"
            )
    return found


def test_no_sql_in_python_strings() -> None:
    found = findings(sql_in_python, files("src/"))

    assert not found, report(found)


def test_sql_in_a_string_is_found() -> None:
    bad = [
        'a = "SELECT 1"',
        'a = f"SELECT {columns} FROM orders"',
        "a = '''\n    INSERT INTO orders VALUES (1)'''",
        'a = b"UPDATE orders SET stage = 1"',
        'a = "DELETE FROM orders"',
        'a = "create"; b = "CREATE TABLE orders ()"',
        'a = "WITH late AS (SELECT 1) SELECT 2"',
        'a = "COMMIT"',
        'a = "select id from orders"',
        'a = "delete from orders"',
    ]

    silent = [text for text in bad if len(sql_in_python("a.py", text)) != 1]

    assert silent == []


def test_english_is_not_sql() -> None:
    good = [
        '"""SELECT is explained in this docstring."""',
        'a = "Select a colour, then confirm."',
        'a = "update the address"',
        'a = "BEGIN with the deposit"',
        'a = "created"',
        'a = "Grant of a deferral"',
        'a = "with"',
    ]

    assert [found for text in good for found in sql_in_python("a.py", text)] == []
