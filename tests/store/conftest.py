"""Fixtures of the store's tests: servers, and databases on them."""

from tests.postgres import (
    database_url,
    empty_database_url,
    fresh_database_url,
    postgres_server,
    postgres_servers,
    template_database,
)

__all__ = [
    "database_url",
    "empty_database_url",
    "fresh_database_url",
    "postgres_server",
    "postgres_servers",
    "template_database",
]
