"""Events and commands are the language of the house: each class says in a sentence what it means.

Not here: that every event has its books (`bookkeeping`) and its fold, which tests/core proves.
"""

import ast

from tests.tidy.source import files, findings, report

_SHORTEST = 4
"""Words: fewer repeat the name of the class."""


def unexplained_class(name: str, text: str) -> list[str]:
    """A class without a sentence."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            sentence = (ast.get_docstring(node) or "").partition("\n\n")[0].rstrip()
            if len(sentence.split()) < _SHORTEST or not sentence.endswith("."):
                found.append(
                    f"{name}:{node.lineno}: {node.name}: say in a sentence what happened or what "
                    "is asked, for a reader who knows the trade and not the code"
                )
    return found


def spoken() -> list[str]:
    """The files that hold events and commands, in every room of core."""
    kinds = ("events", "commands")
    return [
        name
        for name in files("src/earnest/core/")
        if name.rpartition("/")[2].removesuffix(".py").partition("_")[0] in kinds
        or name.rpartition("/")[0].rpartition("/")[2] in kinds
    ]


def test_every_event_and_command_says_what_it_means() -> None:
    found = findings(unexplained_class, spoken())

    assert not found, report(found)


def test_the_orders_own_events_are_among_them() -> None:
    assert any(name.startswith("src/earnest/core/order/") for name in spoken())


def test_an_unexplained_event_is_found() -> None:
    assert not unexplained_class("a.py", 'class Locked:\n    """The configuration is fixed."""')
    assert len(unexplained_class("a.py", 'class Locked:\n    """Locked."""')) == 1
    assert len(unexplained_class("a.py", "class Locked:\n    at: int")) == 1
