"""Routes as Litestar handlers: every request passes the same checks in the same order.

The order is: stamp the instant, know the caller, open the door or not, read the body, run the
handler. Not here: the routes (`api/`) and the two hot doors, which do the same by hand.
"""

from __future__ import annotations

import asyncio
import re
import time
import traceback
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.types import Method

from earnest.desk.desk import CommandFailed, DeskFull, KeyRunning
from earnest.desk.ports import StoreUnavailable
from earnest.people.caller import Caller
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access, admit, caller_of
from earnest.web.languages import language_of
from earnest.web.noting import note_seen
from earnest.web.problems import Headers, TurnedAway, problem_body
from earnest.web.reading import (
    RawHeaders,
    content_hash,
    convert_query,
    decode,
    header,
    read_body,
)
from earnest.web.route import Asked, Reply, Route

log = structlog.get_logger(__name__)

BASE = "/api/v1"
"""Where the API lives."""

SAFE: Headers = [(b"x-content-type-options", b"nosniff")]
"""What every answer carries."""

PRIVATE: Headers = [(b"cache-control", b"no-store"), *SAFE]
"""What every answer carries that is meant for one reader."""

_encode = msgspec.json.Encoder().encode
UPLOAD_SECONDS = 60.0
"""How long an upload may take to arrive; somebody slower must not hold a place for ever."""

_NOT_FOUND = 404
_METHOD_NOT_ALLOWED = 405
_TEXT_LIMIT = 4_096
_PARAMETER = re.compile(r"\{\w+\}")

Beyond = Callable[[Request[Any, Any, Any], TurnedAway], Response[bytes] | None]
"""How pages answer where there is no door; None leaves it to the problem document."""

Endpoint = Callable[[Request[Any, Any, Any]], Awaitable[Response[bytes]]]


def wire(route: Route[Any], house: House, base: str) -> HTTPRouteHandler:
    """The Litestar handler of a route whose path counts from the base."""
    method: Method = route.method  # type: ignore[assignment]  # the table holds only HTTP's methods
    handler = HTTPRouteHandler(
        litestar_path(base + route.path),
        http_method=[method],
        name=route.operation,
        status_code=200,
        include_in_schema=False,
        media_type="application/json",
    )
    return handler(_endpoint(route, house))


def litestar_path(path: str) -> str:
    """A path of the table as Litestar writes it: every parameter is text."""
    return path.replace("}", ":str}")


def _endpoint(route: Route[Any], house: House) -> Endpoint:
    decoder = msgspec.json.Decoder(route.takes)

    async def endpoint(request: Request[Any, Any, Any]) -> Response[bytes]:
        received_at = house.clock.now()
        started = time.perf_counter()
        headers = request.scope["headers"]
        language = spoken(headers)
        caller: Caller | None = None
        try:
            if route.access is not Access.PUBLIC:
                caller = caller_of(headers, house.tokens, received_at)
                admit(caller, route.access, route.roles)
            body = await _body(request, route, house)
            is_upload = route.largest_upload is not None
            asked = Asked(
                path={name: str(value) for name, value in request.path_params.items()},
                headers=headers,
                language=language,
                received_at=received_at,
                content_hash=await _content_hash(request, route, body),
                caller=caller,
                content=body if is_upload else b"",
            )
            wanted = (
                convert_query(dict(request.query_params), route.takes)
                if route.method == "GET" or is_upload
                else decode(decoder, body)
            )
            reply = await route.handler(house, asked, wanted)
            await note_seen(house, caller, received_at, reply.seen)
            response = _answered(reply, route)
        except Exception as error:  # noqa: BLE001 - nothing may leave without a problem document
            response = _problem(turned_away(error, route.operation), language)
        _log(route, response.status_code or 0, caller, started)
        return response

    return endpoint


async def _body(request: Request[Any, Any, Any], route: Route[Any], house: House) -> bytes:
    """The body of a request. Uploads are large, so only a few are read at a time, each in haste."""
    headers = request.scope["headers"]
    if route.largest_upload is None:
        return await read_body(request.receive, headers, house.settings.body_limit)
    if house.uploads.locked():
        raise TurnedAway(DoorCode.DESK_FULL)
    async with house.uploads:
        return await read_body(request.receive, headers, route.largest_upload, UPLOAD_SECONDS)


async def _content_hash(request: Request[Any, Any, Any], route: Route[Any], body: bytes) -> str:
    """What tells a repeated request from another one; for an upload the query belongs to it."""
    path = request.scope["path"]
    if route.largest_upload is None:
        return content_hash(route.method, path, body)
    whole = f"{path}?{request.scope['query_string'].decode('latin-1')}"
    return await asyncio.to_thread(content_hash, route.method, whole, body)


def turned_away(error: Exception, operation: str) -> TurnedAway:
    """The refusal that an exception means. What nobody foresaw is a defect and is logged."""
    match error:
        case TurnedAway():
            return error
        case DeskFull():
            return TurnedAway(DoorCode.DESK_FULL)
        case KeyRunning():
            return TurnedAway(DoorCode.KEY_RUNNING)
        case StoreUnavailable():
            return TurnedAway(DoorCode.STORE_UNAVAILABLE)
        case CommandFailed():
            # The desk has logged what happened.
            return TurnedAway(DoorCode.DEFECT)
        case _:
            log.error(
                "door_failed", operation=operation, error=type(error).__name__, at=places(error)
            )
            return TurnedAway(DoorCode.DEFECT)


def places(error: BaseException) -> list[str]:
    """Where an error came from, line by line. Its message stays out: it may quote a person."""
    return [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]


def spoken(headers: RawHeaders) -> str:
    """The language a request asks to be answered in."""
    accepted = header(headers, b"accept-language") or b""
    return language_of(accepted[:_TEXT_LIMIT].decode("latin-1"))


class BeyondRoutes:
    """The answer where Litestar found no route, or an error passed every other net."""

    def __init__(self, doors: Iterable[tuple[str, str]], beyond: Beyond | None = None) -> None:
        """Know the methods and paths of all doors, to say what an address does take."""
        self._beyond = beyond
        self._doors = [(method, _pattern(path)) for method, path in doors]

    def __call__(self, request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        """The page or problem document for an error outside a door."""
        away = self._away(request, error)
        page = None if self._beyond is None else self._beyond(request, away)
        return _problem(away, spoken(request.scope["headers"])) if page is None else page

    def _away(self, request: Request[Any, Any, Any], error: Exception) -> TurnedAway:
        status = error.status_code if isinstance(error, HTTPException) else 0
        if status == _NOT_FOUND:
            return TurnedAway(DoorCode.ROUTE_UNKNOWN)
        if status == _METHOD_NOT_ALLOWED:
            allowed = ", ".join(self._allowed(request.scope["path"]))
            headers = [(b"allow", allowed.encode("ascii"))]
            return TurnedAway(DoorCode.METHOD_UNSUITABLE, {"allowed": allowed}, headers)
        return turned_away(error, "litestar")

    def _allowed(self, path: str) -> list[str]:
        return sorted({method for method, pattern in self._doors if pattern.fullmatch(path)})


def _pattern(path: str) -> re.Pattern[str]:
    """A path of the table as a pattern of addresses."""
    return re.compile(_PARAMETER.sub("[^/]+", path))


def _answered(reply: Reply, route: Route[Any]) -> Response[bytes]:
    content = reply.raw if reply.raw is not None else _encode(reply.value)
    if reply.status in {204, 304}:
        content = b""
    default = SAFE if route.is_cacheable else PRIVATE
    return _response(content, reply.status, reply.media_type, [*default, *reply.headers])


def _problem(away: TurnedAway, language: str) -> Response[bytes]:
    status, headers, body = problem_body(away, language)
    return _response(body, status, "", [*PRIVATE, *headers])


def _response(content: bytes, status: int, media_type: str, headers: Headers) -> Response[bytes]:
    texts = {name.decode("ascii"): value.decode("latin-1") for name, value in headers}
    named = texts.pop("content-type", media_type)
    return Response(content, status_code=status, media_type=named, headers=texts)


def _log(route: Route[Any], status: int, caller: Caller | None, started: float) -> None:
    """One line a request: which door, how it ended, what kind of person. Never who or what."""
    log.info(
        "answered",
        operation=route.operation,
        status=status,
        by="nobody" if caller is None else caller.actor.actor_id.partition(":")[0],
        milliseconds=round((time.perf_counter() - started) * 1_000, 1),
    )
