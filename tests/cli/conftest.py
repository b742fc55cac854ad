"""Fixtures of the command line's tests: a running demo, databases, and a terminal of 80 columns."""

import os
from collections.abc import Iterator

import pytest

from tests.cli.calling import Terminal
from tests.demo.running import Running, running_demo
from tests.postgres import (
    empty_database_url,
    fresh_database_url,
    postgres_server,
    postgres_servers,
    template_database,
)

__all__ = [
    "empty_database_url",
    "fresh_database_url",
    "postgres_server",
    "postgres_servers",
    "template_database",
]


@pytest.fixture(scope="session")
def demo() -> Iterator[Running]:
    """A running demo."""
    with running_demo() as running:
        yield running


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal of 80 columns, without anything of Earnest in its environment."""
    for name in list(os.environ):
        if name.startswith("EARNEST_") and not name.startswith("EARNEST_TEST"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "80")
    return Terminal(capsys)
