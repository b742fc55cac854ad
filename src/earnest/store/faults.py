"""Faults of the connection, turned into the one error that the desk and the doors know.

Not here: faults that a person must mend before Earnest starts (`errors.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from earnest.desk.ports import StoreUnavailable

_AWAY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    PoolClosed,
    PoolTimeout,
    TooManyRequests,
)
_COMMAND_KEY = "command_pkey"


@contextmanager
def named_faults() -> Iterator[None]:
    """Raise `StoreUnavailable` for what another try may mend.

    That is a lost connection, a full disk, a deadlock, a time limit, or a command that another
    process kept in the same instant. Everything else is a defect and passes as it is.
    """
    try:
        yield
    except _AWAY as error:
        raise StoreUnavailable(str(error)) from error
    except psycopg.errors.UniqueViolation as error:
        # Two processes were given one command. The other was first, and its answer counts.
        if error.diag.constraint_name == _COMMAND_KEY:
            raise StoreUnavailable(str(error)) from error
        raise


def is_lost_connection(error: psycopg.OperationalError) -> bool:
    """Whether the server or the network ended a connection that was borrowed from the pool."""
    if isinstance(error, PoolTimeout):
        return False
    return error.sqlstate is None or isinstance(error, psycopg.errors.AdminShutdown)
