"""Reading a request safely: its body within a limit, its JSON strictly, its headers exactly.

Not here: who asks (`identity.py`) and what the fields mean (the route modules).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from hashlib import blake2b
from typing import Any, TypeAlias, TypeVar

import msgspec

from earnest.web.codes import DoorCode
from earnest.web.problems import TurnedAway

Receive: TypeAlias = Callable[[], Awaitable[Any]]
"""ASGI's way of handing over the next piece of a request."""

RawHeaders: TypeAlias = Iterable[tuple[bytes, bytes]]
"""Headers as ASGI gives them: lower-case names, values as they came."""

_KEY = re.compile(rb"[\x21-\x7e]{1,200}\Z")
_ETAG = re.compile(rb'"(\d{1,9})"\Z')
_NUL = b"\\u0000"
_DIGEST_BYTES = 16

BODY_SECONDS = 20.0
"""How long a body may take to arrive."""

Value = TypeVar("Value")


def header(headers: RawHeaders, name: bytes) -> bytes | None:
    """The first header of this (lower-case) name."""
    for each, value in headers:
        if each == name:
            return value
    return None


async def read_body(
    receive: Receive, headers: RawHeaders, limit: int, seconds: float = BODY_SECONDS
) -> bytes:
    """The whole body, or turned away as soon as it is known to be larger than the limit.

    A body that announces its size is turned away unread; one that does not is counted while it
    arrives, so no client can fill the memory. One that does not arrive in time is given up, so
    that nobody holds a place for ever.
    """
    announced = header(headers, b"content-length")
    if announced is not None and (not announced.isdigit() or int(announced) > limit):
        raise too_large(limit)
    try:
        async with asyncio.timeout(seconds):
            return await _arriving(receive, limit)
    except TimeoutError as error:
        raise TurnedAway(DoorCode.BODY_CUT_SHORT) from error


async def _arriving(receive: Receive, limit: int) -> bytes:
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        return _within(message.get("body", b""), limit)
    pieces: list[bytes] = []
    size = 0
    while message["type"] == "http.request":
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        pieces.append(piece)
        if not message.get("more_body", False):
            return b"".join(pieces)
        message = await receive()
    raise TurnedAway(DoorCode.BODY_CUT_SHORT)


def _within(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise too_large(limit)
    return body


def too_large(limit: int) -> TurnedAway:
    """The refusal of a body above the limit."""
    return TurnedAway(DoorCode.BODY_TOO_LARGE, {"limit": str(limit)})


def decode(decoder: msgspec.json.Decoder[Value], body: bytes) -> Value:
    """The body as its type, strictly: nothing unknown, nothing missing, nothing converted.

    An empty body counts as an empty object, so that a command without content needs none.
    """
    if _NUL in body:
        # PostgreSQL stores no NUL, and no text of a person has one.
        raise TurnedAway(DoorCode.CHARACTER_UNSUITABLE)
    try:
        return decoder.decode(body or b"{}")
    except msgspec.ValidationError as error:
        raise mismatch(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise TurnedAway(DoorCode.MALFORMED_JSON) from error


def convert_query(query: dict[str, str], kind: type[Value]) -> Value:
    """Query parameters as their type; numbers and instants are read from text."""
    if any("\x00" in value for value in query.values()):
        raise TurnedAway(DoorCode.CHARACTER_UNSUITABLE)
    try:
        return msgspec.convert(query, kind, strict=False)
    except msgspec.ValidationError as error:
        raise mismatch(error) from error


_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>.*?)`(?: - at `(?P<place>.*)`)?\Z")
_MISSING = re.compile(r"Object missing required field `(?P<field>.*?)`(?: - at `(?P<place>.*)`)?\Z")
_WRONG = re.compile(r"(?P<expected>Expected .*?)(?:, got .*?)?(?: - at `(?P<place>.*)`)?\Z")
_PLACE = re.compile(r" - at `(?P<place>.*)`\Z")


def mismatch(error: msgspec.ValidationError) -> TurnedAway:
    """What is wrong with a body, with the place; never with what the person wrote there."""
    text = str(error)
    for pattern, code in ((_UNKNOWN, DoorCode.UNKNOWN_FIELD), (_MISSING, DoorCode.FIELD_MISSING)):
        found = pattern.match(text)
        if found is not None:
            place = found["place"] or "$"
            return TurnedAway(code, {"field": f"{place}.{found['field']}".removeprefix("$.")})
    place_found = _PLACE.search(text)
    place = "$" if place_found is None else place_found["place"]
    details = {"field": place.removeprefix("$.")}
    wrong = _WRONG.match(text)
    if wrong is not None:
        details["expected"] = wrong["expected"].removeprefix("Expected ").replace("`", "")
    return TurnedAway(DoorCode.WRONG_TYPE, details)


def idempotency_key(headers: RawHeaders) -> str:
    """The key that makes a repeated request the same request."""
    value = header(headers, b"idempotency-key")
    if value is None:
        raise TurnedAway(DoorCode.KEY_MISSING)
    if not _KEY.match(value):
        raise TurnedAway(DoorCode.KEY_MALFORMED)
    return value.decode("ascii")


def expected_sequence(headers: RawHeaders) -> int | None:
    """The version that `If-Match` asks for; None without the header or for any version (`*`)."""
    value = header(headers, b"if-match")
    if value is None or value.strip() == b"*":
        return None
    found = _ETAG.match(value.strip())
    if found is None:
        raise TurnedAway(DoorCode.ETAG_MALFORMED)
    return int(found[1])


def is_known_version(headers: RawHeaders, etag: bytes) -> bool:
    """Whether `If-None-Match` names this version, so that it need not be sent again."""
    value = header(headers, b"if-none-match")
    if value is None:
        return False
    known = [each.strip().removeprefix(b"W/") for each in value.split(b",")]
    return etag in known or b"*" in known


def content_hash(method: str, path: str, body: bytes) -> str:
    """The digest that tells a repeated request from another one with the same key."""
    digest = blake2b(f"{method} {path}\n".encode(), digest_size=_DIGEST_BYTES)
    digest.update(body)
    return digest.hexdigest()
