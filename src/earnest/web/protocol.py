"""The HTTP protocol of the doors: uvicorn's, with a short way for the two hot doors.

uvicorn reads requests and minds connections, time-outs and what is sent ahead of its turn. For a
hot door this calls the door at once and writes the answer in one piece, instead of two ASGI
messages that are taken apart and checked again: a tenth of what a request costs at a launch. It
also bounds the connections, and so the memory that their requests take. Not here: what the doors
do, and every other door, which takes uvicorn's way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, cast

import structlog
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from earnest.web.app import Doors
from earnest.web.codes import DoorCode
from earnest.web.problems import TurnedAway, problem_body
from earnest.web.wiring import PRIVATE, places, spoken

if TYPE_CHECKING:
    from litestar.types import HTTPScope, Receive
    from uvicorn._types import ASGI3Application

    from earnest.web.hot import HotDoor

log = structlog.get_logger(__name__)

_CLOSE = (b"connection", b"close")

MOST_CONNECTIONS = 4_096
"""Connections that are served at once; who comes beyond that is told to come again."""


class DoorsProtocol(HttpToolsProtocol):
    """One connection to the doors: a class that `uvicorn.Config` takes as `http`.

    Beyond `most_connections` a request is answered 503 and its connection closed; a connection
    beyond twice as many is closed unheard, so that even idle ones cannot fill the memory.
    """

    most_connections = MOST_CONNECTIONS

    def connection_made(  # type: ignore[override]  # as uvicorn narrows it
        self, transport: asyncio.Transport
    ) -> None:
        """Begin a connection, unless there are far too many."""
        super().connection_made(transport)
        if len(self.connections) > 2 * self.most_connections:
            transport.abort()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Begin to answer the request whose head was read and whose turn it is."""
        if len(self.connections) > self.most_connections:
            self._run(_turn_away(cycle))
            return
        doors = cast("object", app)
        door = doors.hot_door(cycle.scope["path"]) if isinstance(doors, Doors) else None
        if door is None:
            super()._start_asgi_task(cycle, app)
            return
        self._run(_answer(cycle, door))

    def _run(self, answering: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(answering)
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)


async def _turn_away(cycle: RequestResponseCycle) -> None:
    """Answer 503 to a connection too many, and close it."""
    language = spoken(cycle.scope["headers"])
    status, headers, body = problem_body(TurnedAway(DoorCode.DESK_FULL), language)
    cycle.keep_alive = False
    length = (b"content-length", b"%d" % len(body))
    answer = _whole(status, [*cycle.default_headers, *PRIVATE, *headers, length, _CLOSE], body)
    await _send(cycle, answer)


async def _answer(cycle: RequestResponseCycle, door: HotDoor) -> None:
    """Let a hot door answer, and end the request as uvicorn would."""
    scope, receive = cast("HTTPScope", cycle.scope), cast("Receive", cycle.receive)
    try:
        status, headers, body = await door.answer(scope, receive)
        cycle.keep_alive = cycle.keep_alive and _CLOSE not in headers
        ending = [] if cycle.keep_alive or _CLOSE in headers else [_CLOSE]
        answer = _whole(status, [*cycle.default_headers, *headers, *ending], body)
    except Exception as defect:  # noqa: BLE001 - the connection ends, the server does not
        _give_up(cycle, defect)
        return
    await _send(cycle, answer)


async def _send(cycle: RequestResponseCycle, answer: bytes) -> None:
    """Write an answer as soon as the buyer takes it, and end the request."""
    if cycle.flow.write_paused and not cycle.disconnected:
        await cycle.flow.drain()
    if cycle.disconnected:
        return
    cycle.response_started = cycle.response_complete = True
    cycle.transport.write(answer)
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    on_response: Any = cycle.on_response
    on_response()


def _give_up(cycle: RequestResponseCycle, defect: Exception) -> None:
    log.error("hot_door_failed", error=type(defect).__name__, at=places(defect))
    cycle.transport.close()


def _whole(status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> bytes:
    """An answer as it stands on the wire."""
    lines = b"".join([b"%b: %b\r\n" % header for header in headers])
    # Whatever a value holds, it must not begin a header of its own.
    assert lines.count(b"\n") == lines.count(b"\r") == len(headers), "a header is one line"
    return b"%b%b\r\n%b" % (STATUS_LINE[status], lines, body)
