"""Servers run at their own speed here, and PostgreSQL stands ready where none is started."""

import os
from collections.abc import Iterator

import pytest

from tests.postgres import (
    fresh_database_url,
    postgres_server,
    postgres_servers,
    template_database,
)

__all__ = ["fresh_database_url", "postgres_server", "postgres_servers", "template_database"]

_MEASURED = "COVERAGE_PROCESS_CONFIG"


@pytest.fixture(autouse=True, scope="package")
def nobody_counts_lines() -> Iterator[None]:
    """Servers that are broken here are not measured by line, which would slow them down."""
    measured = os.environ.pop(_MEASURED, None)
    yield
    if measured is not None:
        os.environ[_MEASURED] = measured
