"""Size: a file fits in a head, a function on a screen, and every file says what it is.

Not here: how a text is formatted, which ruff decides.
"""

import ast

from tests.tidy.source import files, findings, report, tree

LONGEST_FILE = 400
LONGEST_SQL = 600
LONGEST_FUNCTION = 70
SHORTEST_SENTENCE = 4
"""Words: fewer are a title, not a sentence."""


def long_file(name: str, text: str) -> list[str]:
    """A file that holds more than one subject."""
    limit = LONGEST_SQL if name.endswith(".sql") else LONGEST_FILE
    lines = len(text.splitlines())
    if lines <= limit:
        return []
    return [f"{name}: {lines} lines, {limit} are allowed; give its second subject its own file"]


def long_function(name: str, text: str) -> list[str]:
    """A function that does not fit on a screen."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                found.append(
                    f"{name}:{node.lineno}: {node.name} has {lines} lines, {LONGEST_FUNCTION} are "
                    "allowed; give a name to one of its steps and move it out"
                )
    return found


def unexplained_module(name: str, text: str) -> list[str]:
    """A file that does not say what it is."""
    first = (ast.get_docstring(ast.parse(text)) or "").partition("\n\n")[0]
    if first.rstrip().endswith((".", ":", "!", "?")) and len(first.split()) >= SHORTEST_SENTENCE:
        return []
    return [f"{name}:1: begin with a docstring: one sentence on what this file is, one on what not"]


def test_files_are_short() -> None:
    code = [*files("src/"), *files("benchmarks/"), *files("chaos/"), *files("src/", ".sql")]

    found = findings(long_file, code)

    assert not found, report(found)


def test_functions_are_short() -> None:
    found = findings(long_function, [*files("src/"), *files("benchmarks/"), *files("chaos/")])

    assert not found, report(found)


def test_every_module_says_what_it_is() -> None:
    found = findings(unexplained_module, [name for name in tree() if name.endswith(".py")])

    assert not found, report(found)


def test_a_long_file_is_found() -> None:
    assert not long_file("src/a.py", "x\n" * 400)
    assert long_file("src/a.py", "x\n" * 401) == [
        "src/a.py: 401 lines, 400 are allowed; give its second subject its own file"
    ]
    assert not long_file("src/a.sql", "x\n" * 600)
    assert len(long_file("src/a.sql", "x\n" * 601)) == 1


def test_a_long_function_is_found() -> None:
    assert not long_function("a.py", "def walk():\n" + "    step()\n" * 69)
    assert long_function("a.py", "async def walk():\n" + "    step()\n" * 70) == [
        "a.py:1: walk has 71 lines, 70 are allowed; give a name to one of its steps and move it out"
    ]


def test_a_module_without_a_sentence_is_found() -> None:
    assert not unexplained_module("a.py", '"""Ranks are counted here."""')
    assert len(unexplained_module("a.py", '"""Ranks."""')) == 1
    assert len(unexplained_module("a.py", "rank = 1")) == 1
