"""The short way of the hot doors over real sockets: the same answers, and connections as ever.

Not here: what the doors answer to whom (`test_reservations.py`, `test_webhooks.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import msgspec
import pytest
import uvicorn
from litestar.types import HTTPScope, Receive, Scope, Send

from earnest.gateways.listening import listening_socket
from earnest.web.hot import Answered, HotDoor
from earnest.web.house import House
from earnest.web.protocol import DoorsProtocol
from tests.web.maker import World, reservation, world

RESERVATIONS = "/api/v1/reservations"


class Wire:
    """A connection to the doors on which bytes are written by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the next answer."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *lines = head.strip().split("\r\n")
        headers = dict(each.split(": ", 1) for each in lines)
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return int(line.split()[1]), headers, body

    async def is_closed(self) -> bool:
        """Whether nothing follows any more."""
        return await self.reader.read() == b""


class NarrowDoors(DoorsProtocol):
    """Doors for two connections."""

    most_connections = 2


@asynccontextmanager
async def served(
    here: World, protocol: type[DoorsProtocol] = DoorsProtocol
) -> AsyncIterator[Callable[[], Awaitable[Wire]]]:
    """The world's doors on a socket; yields how to connect to them."""
    taken = listening_socket("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(
            here.app,
            http=protocol,
            lifespan="off",
            ws="none",
            log_level="critical",
            proxy_headers=False,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[taken]))
    while not server.started:  # noqa: ASYNC110 - uvicorn sets a flag and has no event for it
        await asyncio.sleep(0.01)

    wires: list[Wire] = []

    async def connect() -> Wire:
        wires.append(Wire(*await asyncio.open_connection(*taken.getsockname()[:2])))
        return wires[-1]

    try:
        yield connect
    finally:
        for wire in wires:
            wire.writer.transport.abort()
        server.should_exit = True
        await serving


def told(story: Callable[[World, Callable[[], Awaitable[Wire]]], Awaitable[None]]) -> None:
    """Tell a story at doors that are open on a socket."""

    async def whole() -> None:
        async with world() as here, served(here) as connect:
            await asyncio.wait_for(story(here, connect), 20)

    asyncio.run(whole())


def asking(here: World, name: str, key: str, *more: str, version: str = "1.1") -> bytes:
    """A reservation as bytes."""
    body = msgspec.json.encode(reservation())
    head = [
        f"POST {RESERVATIONS} HTTP/{version}",
        "host: maker.example",
        f"authorization: Bearer {here.buyer_token(name)}",
        f"idempotency-key: {key}",
        f"content-length: {len(body)}",
        *more,
    ]
    return "\r\n".join((*head, "", "")).encode() + body


def test_the_short_way_gives_the_answer_of_the_application() -> None:
    async def story(here: World, connect: Callable[[], Awaitable[Wire]]) -> None:
        wire = await connect()
        for _ in range(2):
            wire.writer.write(asking(here, "one", "first"))
            status, headers, body = await wire.answer()
            through_asgi = await here.reserve()

            assert (status, body) == (through_asgi.status, through_asgi.body)
            assert headers.pop("server") == "uvicorn"
            assert headers.pop("date")
            assert headers == through_asgi.headers
            assert status == 201

    told(story)


def test_answers_keep_the_order_of_requests_sent_ahead() -> None:
    async def story(here: World, connect: Callable[[], Awaitable[Wire]]) -> None:
        wire = await connect()
        other = b"GET /api/v1/health HTTP/1.1\r\nhost: maker.example\r\n\r\n"
        wire.writer.write(asking(here, "one", "a") + other + asking(here, "two", "b"))
        answers = [await wire.answer() for _ in range(3)]

        assert [status for status, _, _ in answers] == [201, 200, 201]
        ranks = [msgspec.json.decode(body).get("rank") for _, _, body in answers]
        assert ranks == [1, None, 2]

    told(story)


@pytest.mark.parametrize(("more", "version"), [(("connection: close",), "1.1"), ((), "1.0")])
def test_whoever_wants_one_answer_only_gets_it_and_the_end(
    more: tuple[str, ...], version: str
) -> None:
    async def story(here: World, connect: Callable[[], Awaitable[Wire]]) -> None:
        wire = await connect()
        wire.writer.write(asking(here, "one", "a", *more, version=version))
        status, headers, _ = await wire.answer()

        assert (status, headers["connection"]) == (201, "close")
        assert await wire.is_closed()

    told(story)


def test_a_body_that_is_too_large_ends_the_connection() -> None:
    async def story(here: World, connect: Callable[[], Awaitable[Wire]]) -> None:
        wire = await connect()
        limit = here.house.settings.body_limit
        head = f"POST {RESERVATIONS} HTTP/1.1\r\ncontent-length: {limit + 1}\r\n"
        token = f"authorization: Bearer {here.buyer_token()}\r\nidempotency-key: a\r\n\r\n"
        wire.writer.write(head.encode() + token.encode())
        status, headers, body = await wire.answer()

        assert (status, headers["connection"]) == (413, "close")
        assert msgspec.json.decode(body)["code"] == "body_too_large"
        assert await wire.is_closed()

    told(story)


def test_a_connection_too_many_is_told_to_come_again_and_succeeds_when_there_is_room() -> None:
    async def story() -> None:
        async with world() as here, served(here, NarrowDoors) as connect:
            wires = [await connect() for _ in range(2)]
            for wire, name in zip(wires, ("one", "two"), strict=True):
                wire.writer.write(asking(here, name, "a"))
                assert (await wire.answer())[0] == 201
            third = await connect()
            third.writer.write(asking(here, "three", "a"))
            status, headers, body = await third.answer()

            assert (status, headers["connection"]) == (503, "close")
            assert 2 <= int(headers["retry-after"]) <= 10
            assert msgspec.json.decode(body)["code"] == "desk_full"
            assert await third.is_closed()
            wires[0].writer.close()
            again = await connect()
            again.writer.write(asking(here, "three", "a"))
            while (await again.answer())[0] == 503:
                again = await connect()
                again.writer.write(asking(here, "three", "a"))
            assert len(here.memory.tables.orders) == 3

    asyncio.run(asyncio.wait_for(story(), 20))


def test_far_too_many_connections_are_closed_unheard() -> None:
    async def story() -> None:
        async with world() as here, served(here, NarrowDoors) as connect:
            wires = [await connect() for _ in range(5)]
            with suppress(ConnectionError):
                assert await wires[-1].is_closed()
            wires[0].writer.write(asking(here, "one", "a"))

            assert (await wires[0].answer())[0] == 503

    asyncio.run(asyncio.wait_for(story(), 20))


def test_whoever_waits_to_be_told_to_go_on_is_told() -> None:
    async def story(here: World, connect: Callable[[], Awaitable[Wire]]) -> None:
        wire = await connect()
        head, body = asking(here, "one", "a", "expect: 100-continue").split(b"\r\n\r\n", 1)
        wire.writer.write(head + b"\r\n\r\n")
        assert await wire.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.writer.write(body)

        assert (await wire.answer())[0] == 201

    told(story)


class ShortWayOnly(HotDoor):
    """A hot door that nobody reaches by ASGI's messages."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError(f"{scope['type']} went the long way: {receive}, {send}")


def replaced(here: World, handler: Callable[..., Awaitable[Answered]]) -> None:
    """Another handler behind the door of reservations."""
    here.app.hot[RESERVATIONS] = ShortWayOnly(here.house, "reserve", handler, {})


def test_whoever_leaves_before_the_answer_harms_nobody() -> None:
    async def story(here: World, connect: Callable[[], Awaitable[Wire]]) -> None:
        begun, gone, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def slow(_house: House, _scope: HTTPScope, receive: Receive) -> Answered:
            begun.set()
            await gone.wait()
            while (await receive())["type"] != "http.disconnect":
                pass
            ended.set()
            return 200, [], b"nobody hears this"

        replaced(here, slow)
        wire = await connect()
        wire.writer.write(asking(here, "one", "a"))
        await begun.wait()
        wire.writer.transport.abort()
        gone.set()
        await ended.wait()

        other = await connect()
        other.writer.write(b"GET /api/v1/health HTTP/1.1\r\nhost: maker.example\r\n\r\n")
        assert (await other.answer())[0] == 200

    told(story)


def test_no_value_begins_a_header_of_its_own() -> None:
    async def story(here: World, connect: Callable[[], Awaitable[Wire]]) -> None:
        async def defective(_house: House, _scope: HTTPScope, _receive: Receive) -> Answered:
            return 200, [(b"etag", b"1\r\nset-cookie: stolen=1")], b"{}"

        replaced(here, defective)
        wire = await connect()
        wire.writer.write(asking(here, "one", "a"))

        assert await wire.is_closed()

    told(story)
