"""PostgreSQL for the stories that are told on it as well."""

from tests.postgres import (
    fresh_database_url,
    postgres_server,
    postgres_servers,
    template_database,
)

__all__ = ["fresh_database_url", "postgres_server", "postgres_servers", "template_database"]
