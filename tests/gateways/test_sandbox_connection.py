"""The lean webhook connection against receivers that answer badly, byte by byte."""

import asyncio
from collections.abc import Awaitable, Callable

from earnest.gateways.payments.sandbox_server.connection import (
    NO_ANSWER,
    Answer,
    Connection,
    target_of,
)
from tests.gateways.running import run

Script = Callable[[int, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

REQUEST = b"content-length: 2\r\n\r\n{}"
FINE = b"HTTP/1.1 204 No Content\r\n\r\n"


def answers_from(script: Script, requests: int = 1, give_up_after: float = 5.0) -> list[Answer]:
    """Post so many requests, one after another, to a receiver that follows the script.

    The script is told which socket it serves, counted from one.
    """

    async def post_all() -> list[Answer]:
        sockets = 0

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal sockets
            sockets += 1
            await script(sockets, reader, writer)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        ended: asyncio.Queue[Answer] = asyncio.Queue()
        connection = Connection(
            target_of(f"http://127.0.0.1:{port}/"), lambda _self, answer: ended.put_nowait(answer)
        )
        answers = []
        for _ in range(requests):
            connection.post(REQUEST, 0.0)
            try:
                answers.append(await asyncio.wait_for(ended.get(), give_up_after))
            except TimeoutError:
                connection.abandon()
                answers.append(await ended.get())
            # Let the socket's end arrive before the next request, as it does between payments.
            await asyncio.sleep(0.01)
        connection.abandon()
        assert ended.empty()
        server.close()
        await server.wait_closed()
        return answers

    return run(post_all())


async def read_request(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"{}")


def test_one_socket_serves_many_requests() -> None:
    async def script(
        number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        assert number == 1
        for _ in range(3):
            assert (await read_request(reader)).startswith(b"POST / HTTP/1.1\r\nhost: 127.0.0.1:")
            writer.write(FINE)

    assert answers_from(script, requests=3) == [Answer(204)] * 3


def test_an_answer_may_arrive_in_pieces_with_a_body_and_a_wish() -> None:
    async def script(
        _number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await read_request(reader)
        for piece in (
            b"HTTP/1.1 503 Bu",
            b"sy\r\nRetry-Af",
            b"ter: 7\r\ncontent-length: 3\r\n\r\nno",
            b"!",
        ):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.005)
        await read_request(reader)
        writer.write(FINE)

    assert answers_from(script, requests=2) == [Answer(503, 7.0), Answer(204)]


def test_an_answer_that_ends_with_its_socket_is_an_answer() -> None:
    async def script(
        _number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\ntaken")

    assert answers_from(script, requests=2) == [Answer(200), Answer(200)]


def test_a_socket_that_closed_while_idle_is_replaced_without_a_lost_request() -> None:
    async def script(
        number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await read_request(reader)
        writer.write(FINE)
        if number == 1:
            # The second request meets a socket that closes under it without a word.
            await read_request(reader)

    assert answers_from(script, requests=2) == [Answer(204), Answer(204)]


def test_a_fresh_socket_that_closes_without_a_word_is_no_answer() -> None:
    async def script(
        _number: int, reader: asyncio.StreamReader, _writer: asyncio.StreamWriter
    ) -> None:
        await read_request(reader)

    assert answers_from(script) == [NO_ANSWER]


def test_half_a_status_line_is_no_answer() -> None:
    async def script(
        _number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 2")

    assert answers_from(script) == [NO_ANSWER]


def test_what_is_not_http_is_no_answer_and_the_next_request_opens_anew() -> None:
    async def script(
        number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await read_request(reader)
        writer.write(b"220 mail.example ready\r\n" if number == 1 else FINE)

    assert answers_from(script, requests=2) == [NO_ANSWER, Answer(204)]


def test_a_request_that_is_given_up_ends_once_and_the_next_one_works() -> None:
    async def script(
        number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await read_request(reader)
        if number == 1:
            await reader.read()
        writer.write(FINE)

    assert answers_from(script, requests=2, give_up_after=0.2) == [NO_ANSWER, Answer(204)]
