"""The frame of the two hot doors: plain ASGI, no framework and no log between socket and desk.

A launch is thousands of reservations a second; what every request would pay here is left out.
Not here: what the doors do (`api/reservations.py`, `api/webhooks.py`).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias, cast

from litestar.types import HTTPResponseStartEvent, HTTPScope, Receive, Scope, Send

from earnest.desk.watching import Latencies
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.problems import Headers, TurnedAway, problem_body
from earnest.web.wiring import PRIVATE, spoken, turned_away

_NO_CONTENT = 204

Answered: TypeAlias = tuple[int, Headers, bytes]
"""Status, headers and body."""

HotHandler: TypeAlias = Callable[[House, HTTPScope, Receive], Awaitable[Answered]]
"""Takes the house, the ASGI scope and the way to receive the body."""


class HotDoor:
    """One door as an ASGI application, with its counts by status."""

    def __init__(
        self,
        house: House,
        operation: str,
        handler: HotHandler,
        counts: dict[int, int],
        latencies: Latencies | None = None,
    ) -> None:
        """Stand ready; `counts` and, where they are given, `latencies` grow with every answer."""
        self._house = house
        self._operation = operation
        self._handler = handler
        self._counts = counts
        self._latencies = latencies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request by ASGI's messages."""
        status, headers, body = await self.answer(cast("HTTPScope", scope), receive)
        start: HTTPResponseStartEvent = {
            "type": "http.response.start",
            "status": status,
            "headers": headers,
        }
        await send(start)
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def answer(self, scope: HTTPScope, receive: Receive) -> Answered:
        """The whole answer to one request, whatever happens."""
        began_at = time.perf_counter()
        try:
            _post_only(scope["method"])
            status, headers, body = await self._handler(self._house, scope, receive)
        except Exception as error:  # noqa: BLE001 - nothing may leave without a problem document
            away = turned_away(error, self._operation)
            status, headers, body = problem_body(away, spoken(scope["headers"]))
        self._counts[status] = self._counts.get(status, 0) + 1
        if self._latencies is not None:
            self._latencies.add(time.perf_counter() - began_at)
        return status, [*PRIVATE, *headers, *_length(status, body)], body


def _post_only(method: str) -> None:
    if method != "POST":
        raise TurnedAway(DoorCode.METHOD_UNSUITABLE, {"allowed": "POST"}, [(b"allow", b"POST")])


def _length(status: int, body: bytes) -> Headers:
    """The length of the body; an answer without content has none (RFC 9110)."""
    return [] if status == _NO_CONTENT else [(b"content-length", b"%d" % len(body))]
