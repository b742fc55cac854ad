"""Fixtures of the tests of the whole: one running demo for all of them, and a PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.demo.running import Running, running_demo
from tests.postgres import (
    fresh_database_url,
    postgres_server,
    postgres_servers,
    template_database,
)

__all__ = ["fresh_database_url", "postgres_server", "postgres_servers", "template_database"]


@pytest.fixture(scope="session")
def demo() -> Iterator[Running]:
    """A running demo."""
    with running_demo() as running:
        yield running
