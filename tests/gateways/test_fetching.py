"""Reading a document from the web: whole, or a sentence with a code, never more than allowed."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from earnest.gateways.fetching import FetchFailed, fetch


async def fetched(answer: bytes, **limits: float) -> bytes:
    """What comes of asking a server that answers everybody with these bytes."""
    over = asyncio.Event()
    served: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        served.append(task)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            if not answer:
                await over.wait()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        return await fetch(f"http://127.0.0.1:{port}/", **limits)  # type: ignore[arg-type]  # the table names each by its type
    finally:
        over.set()
        await asyncio.gather(*served)
        server.close()
        await server.wait_closed()


def answer(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def test_a_document_is_read_whole() -> None:
    assert asyncio.run(fetched(answer("200 OK", b"{}"))) == b"{}"


@pytest.mark.parametrize(
    ("said", "limits", "code"),
    [
        (answer("409 Conflict", b'{"code":"draw_not_revealed"}'), {}, "draw_not_revealed"),
        (answer("502 Bad Gateway", b"<html>"), {}, "document_unreachable"),
        (answer("302 Found", b"", "location: /other"), {}, "document_unreachable"),
        (answer("200 OK", b"four"), {"longest": 3}, "document_too_long"),
        (b"no protocol at all\r\n\r\n", {}, "document_unreachable"),
        (b"", {"within_seconds": 0.2}, "document_unreachable"),
    ],
)
def test_what_is_no_document_is_said_with_its_code(
    said: bytes, limits: dict[str, float], code: str
) -> None:
    with pytest.raises(FetchFailed, match=rf"\[{code}\]"):
        asyncio.run(fetched(said, **limits))


def test_an_address_that_is_none_is_said() -> None:
    with pytest.raises(FetchFailed, match="document_unreachable"):
        asyncio.run(fetch("http://"))
