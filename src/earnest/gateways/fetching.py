"""Reading a published document from the web: one request, bounded in size and in time.

Not here: what the document says. Nothing is followed elsewhere: whoever compares a document with
what they noted wants it from the address they named.
"""

from __future__ import annotations

import asyncio

import aiohttp
import msgspec

LONGEST_DOCUMENT = 128 * 1024 * 1024
"""Bytes; the draw of a million entries has about fifty million."""

WITHIN_SECONDS = 60.0

_OK = 200


class FetchFailed(Exception):
    """A document that could not be had; the message says why and ends with its code."""


class _Problem(msgspec.Struct, frozen=True):
    code: str


async def fetch(
    url: str, *, longest: int = LONGEST_DOCUMENT, within_seconds: float = WITHIN_SECONDS
) -> bytes:
    """The bytes at an address, at most `longest` of them. Raises `FetchFailed`."""
    try:
        async with (
            asyncio.timeout(within_seconds),
            aiohttp.ClientSession() as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            return await _body(url, answer, longest)
    except TimeoutError as error:
        raise FetchFailed(
            f"{url} was not read within {within_seconds:.0f} seconds. [document_unreachable]"
        ) from error
    except (aiohttp.ClientError, ValueError) as error:
        raise FetchFailed(f"{url} cannot be read: {error}. [document_unreachable]") from error


async def _body(url: str, answer: aiohttp.ClientResponse, longest: int) -> bytes:
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > longest:
            raise FetchFailed(f"{url} has more than {longest:,} bytes. [document_too_long]")
    if answer.status != _OK:
        raise FetchFailed(f"{url} answered {answer.status}. [{_code(bytes(body))}]")
    return bytes(body)


def _code(body: bytes) -> str:
    """The code of a problem document; of anything else, that there was no document."""
    try:
        return msgspec.json.decode(body, type=_Problem).code
    except msgspec.DecodeError:
        return "document_unreachable"
