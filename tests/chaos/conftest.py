"""PostgreSQL for the tests of this folder that need no server of their own."""

from tests.postgres import (
    fresh_database_url,
    postgres_server,
    postgres_servers,
    template_database,
)

__all__ = ["fresh_database_url", "postgres_server", "postgres_servers", "template_database"]
