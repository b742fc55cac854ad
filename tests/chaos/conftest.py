"""Servers run at their own speed here, and PostgreSQL stands ready where none is started."""

from tests.postgres import (
    fresh_database_url,
    postgres_server,
    postgres_servers,
    template_database,
)
from tests.unmeasured import nobody_counts_lines

__all__ = [
    "fresh_database_url",
    "nobody_counts_lines",
    "postgres_server",
    "postgres_servers",
    "template_database",
]
