"""One kept-alive HTTP/1.1 connection, written for a load of thousands of requests a second.

The crowd, the server, the provider and the database share one small machine, so a request may cost
the crowd only some microseconds: bytes in, status and body out. Trying again is not here
(`client.py`).
"""

from __future__ import annotations

import asyncio
import ssl
from typing import cast
from urllib.parse import urlsplit

import httptools
import msgspec

LONGEST_HEADERS_AT_ONCE = 64
"""Answers with more headers than this are not read any further; no server of ours sends them."""


class ConnectionLost(Exception):
    """The connection ended before a whole answer came; whether the deed was done is unknown."""


class Reply(msgspec.Struct, gc=False):
    """A whole answer. `retry_after` is in seconds, None where none was given."""

    status: int
    body: bytes
    retry_after: float | None = None
    etag: str = ""


class Target(msgspec.Struct, frozen=True):
    """A server's address, read once; `base` stands before every path."""

    host: str
    port: int
    authority: str
    base: str
    tls: ssl.SSLContext | None = None


def target_of(url: str) -> Target:
    """Read a server's address; raise `ValueError` unless it is plain http or https."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"an address must begin with http:// or https://, not {url!r}")
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    return Target(
        host=parts.hostname,
        port=parts.port or (443 if tls else 80),
        authority=parts.netloc.rpartition("@")[2],
        base=parts.path.rstrip("/"),
        tls=tls,
    )


async def open_wire(target: Target) -> Wire:
    """Connect; raise `ConnectionLost` when nobody answers there."""
    loop = asyncio.get_running_loop()
    try:
        _, wire = await loop.create_connection(Wire, target.host, target.port, ssl=target.tls)
    except OSError as error:
        raise ConnectionLost(f"cannot connect to {target.authority}: {error}") from error
    return wire


class Wire(asyncio.Protocol):
    """A connection that carries one request at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._waiting: asyncio.Future[Reply] | None = None
        self._status = 0
        self._parts: list[bytes] = []
        self._retry_after: float | None = None
        self._etag = ""
        self.is_open = False
        self.busy_since = 0.0
        self.uses = 0

    def send(self, request: bytes, now: float) -> asyncio.Future[Reply]:
        """Send a request at the instant `now` of a measuring clock; the future has the answer.

        It fails with `ConnectionLost` when the connection ends first.
        """
        assert self._waiting is None, "a connection carries one request at a time"
        waiting = self._loop.create_future()
        if self._transport is None or not self.is_open:
            waiting.set_exception(ConnectionLost("the connection was closed"))
            return waiting
        self._waiting = waiting
        self.busy_since = now
        self.uses += 1
        self._transport.write(request)
        return waiting

    def abort(self) -> None:
        """Close at once; a request under way is lost."""
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()
        self._lose("the connection was given up")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the loop's transport (uvloop's is one without being derived from asyncio's)."""
        self._transport = cast("asyncio.Transport", transport)
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        """Read a piece of an answer; what is not HTTP ends the connection."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        self.is_open = False
        self._lose(str(exc) if exc is not None else "the server closed the connection")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the two headers that change what a client does next."""
        if len(name) == 4 and name.lower() == b"etag":  # noqa: PLR2004 - the length of the word
            self._etag = value.decode("latin-1")
        elif len(name) == 11 and name.lower() == b"retry-after" and value.isdigit():  # noqa: PLR2004 - the length of the word
            self._retry_after = float(value[:6])

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body."""
        self._parts.append(body)

    def on_message_complete(self) -> None:
        """Hand the answer over and be ready for the next request."""
        status = self._parser.get_status_code()
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        reply = Reply(status, body, self._retry_after, self._etag)
        self._parts = []
        self._retry_after = None
        self._etag = ""
        if not self._parser.should_keep_alive():
            self.is_open = False
            if self._transport is not None:
                self._transport.close()
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(reply)

    def _lose(self, why: str) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(ConnectionLost(why))
