"""Fixtures of the desk's tests: databases, and log lines kept for a test to look at."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from tests.postgres import (
    fresh_database_url,
    postgres_server,
    postgres_servers,
    template_database,
)

__all__ = [
    "fresh_database_url",
    "logged",
    "postgres_server",
    "postgres_servers",
    "template_database",
]


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[EventDict]]:
    """What was logged during the test, instead of printing it."""
    with capture_logs() as lines:
        yield lines
