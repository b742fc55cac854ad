"""Taking an address to listen on, or saying plainly that it cannot be had.

Not here: what is served there.
"""

from __future__ import annotations

import errno
import socket

BACKLOG = 2_048
"""Connections that may wait to be accepted; a launch opens them in bursts."""


class AddressTaken(Exception):
    """The address cannot be listened on; the message says what to do."""


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens on this address; port 0 takes any free one. Raises `AddressTaken`."""
    return _taken(host, port, is_shared=False)


def listening_sockets(host: str, port: int, count: int) -> list[socket.socket]:
    """So many sockets on one address, among which the system deals new connections out evenly.

    Whoever holds one keeps the connections that wait at it, even while nobody accepts them. The
    address must be free of strangers: they could share it too. Raises `AddressTaken`.
    """
    with listening_socket(host, port) as probe:
        port = probe.getsockname()[1]
    taken: list[socket.socket] = []
    try:
        for _ in range(count):
            taken.append(_taken(host, port, is_shared=True))  # noqa: PERF401 - closed on failure
    except AddressTaken:
        for each in taken:
            each.close()
        raise
    return taken


def _taken(host: str, port: int, *, is_shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if is_shared:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        taken.bind((host, port))
        taken.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        taken.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            what_to_do = "Stop what uses it, or choose another with --port. [address_in_use]"
        else:
            what_to_do = (
                "Choose an address of this machine with --host, and a port that this account may "
                "use with --port. [address_unusable]"
            )
        raise AddressTaken(
            f"Nothing can listen on {host}:{port} ({error}). {what_to_do}"
        ) from error
    return taken
