"""A proxy before the payment provider that fails in every way a network and a provider can.

Connections break before the provider saw the request and after it did it; 429 and 500 come with
and without an effect. No request fails for ever. Not here: webhooks, which the sandbox itself
doubles, delays and sends in another order.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, TCPConnector, web

FAULTY_SHARE = 0.3
"""This part of requests has a fault at a try; the next try draws again."""

MOST_FAULTS = 2
"""Faults that one request meets at most, so that every life ends."""

BEFORE, AFTER = "lost before the effect", "lost after the effect"
REFUSED, FAILED, FAILED_AFTER = "429", "500 before the effect", "500 after the effect"
FAULTS = (BEFORE, AFTER, REFUSED, FAILED, FAILED_AFTER)
_HOP = frozenset({"connection", "content-length", "transfer-encoding", "date", "server"})


class Proxy:
    """Passes requests on to `target`, or does not. `met` counts the faults by kind."""

    def __init__(self, port: int, seed: int) -> None:
        """Listen at a port of the loopback interface; `target` is set before anybody asks."""
        self.url = f"http://127.0.0.1:{port}"
        self.target = ""
        self.met: Counter[str] = Counter()
        self._port = port
        self._seed = seed
        self._tries: Counter[str] = Counter()
        self._session: ClientSession | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Proxy]:
        """Serve for as long as the context lasts."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._pass_on)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        async with ClientSession(connector=TCPConnector(limit=0)) as session:
            self._session = session
            await web.TCPSite(runner, "127.0.0.1", self._port).start()
            try:
                yield self
            finally:
                await runner.cleanup()

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        fault = self._fault(f"{request.method} {request.path_qs} ", body)
        if fault is not None:
            self.met[fault] += 1
        if fault == BEFORE:
            return _broken(request)
        if fault in {REFUSED, FAILED}:
            status = 429 if fault == REFUSED else 500
            return web.Response(status=status, headers={"retry-after": "0"})
        try:
            status, headers, content = await self._forwarded(request, body)
        except (ClientError, OSError):
            return _broken(request)
        if fault == AFTER:
            return _broken(request)
        if fault == FAILED_AFTER:
            return web.Response(status=500)
        return web.Response(status=status, headers=headers, body=content)

    async def _forwarded(
        self, request: web.Request, body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        assert self._session is not None, "the proxy runs"
        kept = {name: text for name, text in request.headers.items() if name.lower() not in _HOP}
        kept["host"] = urlsplit(self.target).netloc
        async with self._session.request(
            request.method,
            self.target + request.path_qs,
            data=body,
            headers=kept,
            allow_redirects=False,
        ) as answer:
            content = await answer.read()
            headers = {
                name: text for name, text in answer.headers.items() if name.lower() not in _HOP
            }
            return answer.status, headers, content

    def _fault(self, what: str, body: bytes) -> str | None:
        """The fault of this try of a request: drawn from seed, content and number of the try."""
        digest = hashlib.blake2b(what.encode() + body, digest_size=8).hexdigest()
        self._tries[digest] += 1
        number = self._tries[digest]
        if number > MOST_FAULTS:
            return None
        drawn = hashlib.blake2b(f"{self._seed}:{digest}:{number}".encode(), digest_size=8).digest()
        share = int.from_bytes(drawn[:4]) / 2**32
        return FAULTS[drawn[4] % len(FAULTS)] if share < FAULTY_SHARE else None


def _broken(request: web.Request) -> web.StreamResponse:
    """Break the connection; what is returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
