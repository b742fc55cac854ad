"""A client for crowds: kept-alive connections, and asking again with the same key until answered.

A launch ends for a buyer with an answer, not with an error: when the server is busy, restarts or
loses the connection, the very same bytes are sent again, idempotency key included. What to ask for
is not here.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from random import Random
from time import perf_counter

from earnest.simulator.wire import ConnectionLost, Reply, Target, Wire, open_wire, target_of

ANSWER_WITHIN_S = 30.0
"""A request without an answer for so long is given up, and sent again on another connection."""

PATIENCE_S = 300.0
"""How long somebody keeps asking for one answer."""

_FIRST_BACK_OFF_S = 0.05
_LONGEST_BACK_OFF_S = 1.0
_KEY_RUNNING_BACK_OFF_S = 0.05
_DEFAULT_RETRY_AFTER_S = 0.5
_SERVER_ERROR_BACK_OFF_S = 0.2
_MOST_SERVER_ERRORS = 5
_SERVICE_UNAVAILABLE = 503
_CONFLICT = 409
_TOO_MANY = 429
_SERVER_ERRORS = frozenset({500, 502, 504})


class Unanswered(Exception):
    """Nobody gave an answer within the patience; the deed may or may not have been done."""


class Client:
    """Connections to one server, opened as needed and kept; how many are in use is the caller's."""

    def __init__(
        self,
        url: str,
        *,
        chance: Random,
        patience_s: float = PATIENCE_S,
        answer_within_s: float = ANSWER_WITHIN_S,
    ) -> None:
        """Talk to the server at `url`; `chance` spreads repeated requests over time.

        Raises `ValueError` for an address that is none.
        """
        self.target: Target = target_of(url)
        self.troubles: Counter[str] = Counter()
        self._chance = chance
        self._patience_s = patience_s
        self._answer_within_s = answer_within_s
        self._idle: list[Wire] = []
        self._busy: set[Wire] = set()
        self._watching: asyncio.Task[None] | None = None

    def head(self, method: str, path: str, *, token: str = "") -> bytes:
        """The unchanging start of a request; what follows is further headers and the body."""
        authorization = f"authorization: Bearer {token}\r\n" if token else ""
        return (
            f"{method} {self.target.base}{path} HTTP/1.1\r\nhost: {self.target.authority}\r\n"
            f"accept-language: en\r\n{authorization}"
        ).encode()

    async def ask(self, request: bytes) -> Reply:
        """Send a request until it has an answer that is final; raises `Unanswered`.

        Not final are: a lost connection, 503 and 429 (waits as asked), 409 `key_running`, and the
        first few server errors. Everything sent here must therefore be safe to repeat.
        """
        started = perf_counter()
        lost = 0
        errors = 0
        running = 0
        while True:
            try:
                reply = await self.once(request)
            except ConnectionLost as loss:
                trouble, last = "connection_lost", str(loss)
                wait = min(_FIRST_BACK_OFF_S * 2**lost, _LONGEST_BACK_OFF_S)
                lost += 1
            else:
                status = reply.status
                if status < _CONFLICT:
                    return reply
                if status in (_SERVICE_UNAVAILABLE, _TOO_MANY):
                    asked = reply.retry_after
                    trouble, wait = "busy", _DEFAULT_RETRY_AFTER_S if asked is None else asked
                elif status == _CONFLICT and b'"key_running"' in reply.body:
                    trouble = "key_running"
                    wait = min(_KEY_RUNNING_BACK_OFF_S * 2**running, _LONGEST_BACK_OFF_S)
                    running += 1
                elif status in _SERVER_ERRORS:
                    errors += 1
                    trouble, wait = "server_error", _SERVER_ERROR_BACK_OFF_S
                    if errors > _MOST_SERVER_ERRORS:
                        return reply
                else:
                    return reply
                last = f"status {status}"
            self.troubles[trouble] += 1
            if perf_counter() - started + wait > self._patience_s:
                raise Unanswered(f"no answer within {self._patience_s:g} s, at last: {last}")
            await asyncio.sleep(wait * (1 + self._chance.random() / 2))

    async def once(self, request: bytes) -> Reply:
        """Send a request a single time; raises `ConnectionLost`."""
        wire = await self._wire()
        self._busy.add(wire)
        try:
            reply = await wire.send(request, perf_counter())
        except asyncio.CancelledError:
            wire.abort()
            raise
        finally:
            self._busy.discard(wire)
        if wire.is_open:
            self._idle.append(wire)
        return reply

    async def close(self) -> None:
        """Close every connection."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        for wire in [*self._idle, *self._busy]:
            wire.abort()
        self._idle.clear()
        # The loop closes aborted sockets in its next turn.
        await asyncio.sleep(0)

    async def _wire(self) -> Wire:
        while self._idle:
            wire = self._idle.pop()
            if wire.is_open:
                return wire
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())
        return await open_wire(self.target)

    async def _watch(self) -> None:
        """Give up requests that wait too long: a dead server may never close its connections."""
        while True:
            await asyncio.sleep(min(1.0, self._answer_within_s))
            limit = perf_counter() - self._answer_within_s
            for wire in [each for each in self._busy if each.busy_since < limit]:
                self.troubles["timeout"] += 1
                wire.abort()
