"""Free ports on the loopback interface for the servers of a trial.

Not here: who listens there (`world.py`).
"""

from __future__ import annotations

import os
import socket

_FIRST = int(os.environ.get("EARNEST_CHAOS_PORT", "0"))
_LOWEST, _HIGHEST = 20_000, 60_000


def free_ports(count: int) -> int:
    """The first of so many neighbouring ports of which none is in use now."""
    start: int = _FIRST or _LOWEST + os.getpid() * 16 % (_HIGHEST - _LOWEST)
    for first in range(start, _HIGHEST, count):
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise AssertionError("there are no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
