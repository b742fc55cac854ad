"""Asking until answered: the same bytes again after a loss, a refusal, or a key still running."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from random import Random
from typing import TypeVar

import pytest

from earnest.simulator.client import Client, Unanswered
from earnest.simulator.door import Door, Refusal, UnreadableAnswer, key_and_body
from earnest.simulator.wire import ConnectionLost, target_of

Result = TypeVar("Result")

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
BUSY = b"HTTP/1.1 503 Busy\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n"
BROKEN = b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"
RUNNING = b'HTTP/1.1 409 No\r\ncontent-length: 22\r\n\r\n{"code":"key_running"}'
OVER = b'HTTP/1.1 409 No\r\ncontent-length: 21\r\n\r\n{"code":"order_over"}'
CUT = b"HTTP/1.1 200 OK\r\ncontent-length: 200\r\n\r\n{"
GARBAGE = b"I am no web server\r\n\r\n"
HANG_UP = b""


class Scripted:
    """A server that gives one prepared answer for each request, and remembers the requests."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.requests: list[bytes] = []
        self.connections = 0
        self.ended: list[asyncio.Event] = []

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.ended.append(asyncio.Event())
        ended = self.ended[-1]
        while self.answers:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                break
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0] or 0)
            self.requests.append(head + await reader.readexactly(length))
            answer = self.answers.pop(0)
            writer.write(answer)
            if not answer.endswith((b"{}", b"\r\n\r\n", b'"}')) or answer in (GARBAGE, HANG_UP):
                break
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        ended.set()


def asked(server: Scripted, act: Callable[[Client], Awaitable[Result]]) -> Result:
    """Serve the script, and let a client act on it."""

    async def run() -> Result:
        listening = await asyncio.start_server(server.handle, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        client = Client(f"http://127.0.0.1:{port}", chance=Random(1), patience_s=5)
        try:
            return await act(client)
        finally:
            await client.close()
            for ended in server.ended:
                await ended.wait()
            listening.close()
            await listening.wait_closed()

    return asyncio.run(run())


def a_request(client: Client) -> bytes:
    return client.head("POST", "/things", token="t-1") + key_and_body(b"k-1", b'{"a":1}')


def test_a_request_is_what_http_asks_for() -> None:
    server = Scripted(OK)

    reply = asked(server, lambda client: client.ask(a_request(client)))

    assert (reply.status, reply.body) == (200, b"{}")
    (request,) = server.requests
    assert request.startswith(b"POST /things HTTP/1.1\r\nhost: 127.0.0.1:")
    assert b"\r\nauthorization: Bearer t-1\r\n" in request
    assert request.endswith(
        b"idempotency-key: k-1\r\ncontent-type: application/json\r\n"
        b'content-length: 7\r\n\r\n{"a":1}'
    )


@pytest.mark.parametrize(
    ("trouble", "name"),
    [
        (BUSY, "busy"),
        (RUNNING, "key_running"),
        (BROKEN, "server_error"),
        (CUT, "connection_lost"),
        (GARBAGE, "connection_lost"),
        (HANG_UP, "connection_lost"),
    ],
)
def test_the_same_bytes_are_sent_again_until_there_is_an_answer(trouble: bytes, name: str) -> None:
    server = Scripted(trouble, trouble, OK)
    troubles: dict[str, int] = {}

    async def act(client: Client) -> int:
        reply = await client.ask(a_request(client))
        troubles.update(client.troubles)
        return reply.status

    assert asked(server, act) == 200
    assert troubles == {name: 2}
    assert server.requests == [server.requests[0]] * 3


def test_a_conflict_that_is_final_is_an_answer() -> None:
    server = Scripted(OVER)

    assert asked(server, lambda client: client.ask(a_request(client))).status == 409


def test_a_server_that_keeps_failing_is_believed_in_the_end() -> None:
    server = Scripted(*[BROKEN] * 6)

    async def act(client: Client) -> int:
        return (await client.ask(a_request(client))).status

    assert asked(server, act) == 500
    assert len(server.requests) == 6


def test_connections_are_kept() -> None:
    server = Scripted(OK, OK, OK)

    async def act(client: Client) -> None:
        for _ in range(3):
            await client.ask(a_request(client))

    asked(server, act)

    assert (len(server.requests), server.connections) == (3, 1)


def test_nobody_there_is_unanswered_after_the_patience() -> None:
    async def ask() -> None:
        client = Client("http://127.0.0.1:1", chance=Random(1), patience_s=0.2)
        with pytest.raises(Unanswered, match="cannot connect"):
            await client.ask(a_request(client))
        with pytest.raises(ConnectionLost):
            await client.once(a_request(client))
        await client.close()

    asyncio.run(ask())


def test_an_address_must_be_one() -> None:
    with pytest.raises(ValueError, match="must begin with http"):
        target_of("ftp://files.example")
    assert target_of("http://[::1]:8080/base/").base == "/base"
    assert target_of("https://maker.example").port == 443


def test_a_door_reads_answers_and_problems() -> None:
    server = Scripted(OK, OVER, GARBAGE + OK)

    async def act(client: Client) -> None:
        door = Door(client, "t")
        assert await door.get("/x", dict[str, int]) == {}
        with pytest.raises(Refusal) as refused:
            await door.post("/x", {}, dict[str, int], key="k")
        assert (refused.value.status, refused.value.code) == (409, "order_over")

    asked(server, act)


def test_an_answer_of_another_shape_is_said_to_be_one() -> None:
    async def act(client: Client) -> None:
        with pytest.raises(UnreadableAnswer, match="GET /x"):
            await Door(client).get("/x", list[int])

    asked(Scripted(OK), act)


def test_a_connection_that_says_nothing_is_given_up_and_the_request_sent_again() -> None:
    """The server takes the first request and never answers it."""

    async def run() -> tuple[int, dict[str, int]]:
        first = asyncio.Event()
        writers: list[asyncio.StreamWriter] = []

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writers.append(writer)
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                await reader.readuntil(b"\r\n\r\n")
                if first.is_set():
                    writer.write(OK)
                first.set()
                await reader.read()

        listening = await asyncio.start_server(handle, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        client = Client(
            f"http://127.0.0.1:{port}", chance=Random(1), patience_s=20, answer_within_s=0.2
        )
        reply = await client.ask(a_request(client))
        await client.close()
        for writer in writers:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        listening.close()
        await listening.wait_closed()
        return reply.status, dict(client.troubles)

    assert asyncio.run(run()) == (200, {"timeout": 1, "connection_lost": 1})


def test_a_cancelled_request_takes_its_connection_with_it() -> None:
    async def act(client: Client) -> None:
        asking = asyncio.create_task(client.once(a_request(client)))
        await asyncio.sleep(0.05)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    half = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}"
    asked(Scripted(half, OK), act)


def test_a_problem_without_a_document_still_has_words() -> None:
    async def act(client: Client) -> None:
        with pytest.raises(Refusal, match="status 404 without a problem document"):
            await Door(client).get("/x", list[int])

    asked(Scripted(b"HTTP/1.1 404 No\r\ncontent-length: 2\r\n\r\n{}"[:-2] + b"<>"), act)
