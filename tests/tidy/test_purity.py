"""The core is pure (ADR 0001): its imports are named here, and it asks the world for nothing.

Not here: the layers between rooms, which import-linter checks from `pyproject.toml`.
"""

import ast

from tests.tidy.source import files, findings, imports, report

CORE = "src/earnest/core/"

# Parts of the standard library that compute and do nothing else. `zoneinfo` reads the zone tables
# that ship with tzdata: they are constants, as the law of calendars is for a court.
ALLOWED = frozenset(
    {"__future__", "abc", "typing", "types", "enum", "dataclasses", "inspect"}
    | {"collections", "itertools", "functools", "operator", "bisect", "heapq", "graphlib", "copy"}
    | {"math", "decimal", "fractions", "statistics", "datetime", "calendar", "zoneinfo"}
    | {"string", "re", "textwrap", "unicodedata", "json", "struct", "base64", "hashlib", "hmac"}
    | {"tomllib"}
)
PLANNER_ONLY = frozenset({"numba", "numpy"})
WORLDLY_CALLS = frozenset({"open", "print", "input", "exec", "eval", "hash", "id", "__import__"})
"""`hash` and `id` are here because their answer differs from one process to the next."""
CLOCK_CALLS = frozenset({"now", "utcnow", "today", "fromtimestamp"})


def impure_import(name: str, text: str) -> list[str]:
    """An import that could bring the world into a rule."""
    allowed = ALLOWED | {"msgspec"}
    if name.startswith(f"{CORE}plan/"):
        allowed |= PLANNER_ONLY
    return [
        f"{name}:{line}: core may not import {module}; let the desk fetch it and pass the value in"
        for line, module in imports(ast.parse(text))
        if module.partition(".")[0] not in allowed
        and module != "earnest.core"
        and not module.startswith("earnest.core.")
    ]


def worldly_call(name: str, text: str) -> list[str]:
    """A call that reads the clock, a file or the process, or that waits."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
            found.append(f"{name}:{node.lineno}: core never waits; waiting belongs to the desk")
        elif isinstance(node, ast.Global | ast.Nonlocal):
            found.append(f"{name}:{node.lineno}: core keeps no state; return the new value instead")
        elif isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in WORLDLY_CALLS:
                found.append(
                    f"{name}:{node.lineno}: core may not call {called.id}(); pass the value in"
                )
            elif isinstance(called, ast.Attribute) and called.attr in CLOCK_CALLS:
                owner = ast.unparse(called.value)
                if owner.rpartition(".")[2] in {"datetime", "date"}:
                    found.append(
                        f"{name}:{node.lineno}: core may not call {owner}.{called.attr}(); "
                        "take `now` as an argument"
                    )
    return found


def test_core_imports_only_what_computes() -> None:
    found = findings(impure_import, files(CORE))

    assert not found, report(found)


def test_core_asks_the_world_for_nothing() -> None:
    found = findings(worldly_call, files(CORE))

    assert not found, report(found)


def test_an_impure_import_is_found() -> None:
    worldly = ("asyncio", "os", "time", "random", "socket", "pathlib", "uuid", "secrets", "logging")
    doors = ("psycopg", "litestar", "aiohttp")

    for module in (*worldly, *doors):
        assert len(impure_import(f"{CORE}a.py", f"import {module}")) == 1, module
        assert len(impure_import(f"{CORE}a.py", f"from {module} import b")) == 1, module
    assert len(impure_import(f"{CORE}a.py", "from earnest.store import pool")) == 1
    assert len(impure_import(f"{CORE}order/a.py", "import numpy")) == 1
    assert not impure_import(f"{CORE}plan/a.py", "import numpy")
    assert not impure_import(f"{CORE}a.py", "import msgspec\nfrom earnest.core.values import money")


def test_a_worldly_call_is_found() -> None:
    bad = [
        "open('terms.toml')",
        "moment = datetime.now(UTC)",
        "moment = datetime.datetime.utcnow()",
        "day = date.today()",
        "moment = datetime.fromtimestamp(0)",
        "key = hash(order)",
        "async def decide(): ...",
        "def count():\n    global total",
    ]

    silent = [text for text in bad if len(worldly_call("a.py", text)) != 1]

    assert silent == []
    assert not worldly_call("a.py", "moment = window.now()\nday = order.today()")
