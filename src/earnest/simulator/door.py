"""Earnest's API as one person sees it: a token, a few verbs, answers as values.

The hot path of a launch writes its requests itself (`launch.py`); all else goes through here.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from earnest.simulator.client import Client
from earnest.simulator.wire import Reply

API = "/api/v1"

_FIRST_ERROR = 400

Shape = TypeVar("Shape")


class Problem(msgspec.Struct, frozen=True):
    """What a problem document says; `code` is stable."""

    code: str = ""
    title: str = ""
    detail: str = ""
    details: dict[str, object] = {}


class Refusal(Exception):
    """The server answered with a problem where an answer was expected."""

    def __init__(self, asked: str, status: int, problem: Problem) -> None:
        """Say what was asked and what came back."""
        words = problem.detail or problem.title
        super().__init__(f"{asked} was answered {status} {problem.code}: {words}")
        self.status = status
        self.code = problem.code


class UnreadableAnswer(Exception):
    """The server's answer has not the shape that the API promises."""


class Door:
    """A server through the eyes of whoever holds the token; no token is a stranger."""

    def __init__(self, client: Client, token: str = "", *, base: str = API) -> None:
        self._client = client
        self._token = token
        self._base = base

    async def get(self, path: str, shape: type[Shape]) -> Shape:
        """Read something. Raises `Refusal`, `UnreadableAnswer` and `Unanswered`."""
        head = self._client.head("GET", self._base + path, token=self._token)
        return read_reply(await self._client.ask(head + b"\r\n"), f"GET {path}", shape)

    async def post(self, path: str, body: object, shape: type[Shape], *, key: str = "") -> Shape:
        """Ask for something under an idempotency key. Raises as `get` does."""
        request = self.post_request(path, msgspec.json.encode(body), key=key)
        return read_reply(await self._client.ask(request), f"POST {path}", shape)

    async def post_once(self, path: str, body: object, shape: type[Shape]) -> Shape:
        """Ask for something that must not be asked twice. Raises `ConnectionLost` besides."""
        request = self.post_request(path, msgspec.json.encode(body))
        return read_reply(await self._client.once(request), f"POST {path}", shape)

    def post_request(self, path: str, content: bytes, *, key: str = "") -> bytes:
        """The bytes of a POST request with a JSON body."""
        head = self._client.head("POST", self._base + path, token=self._token)
        return head + key_and_body(key.encode(), content)


def key_and_body(key: bytes, content: bytes) -> bytes:
    """The end of a request: idempotency key (where there is one), length and JSON body."""
    named = b"idempotency-key: %b\r\n" % key if key else b""
    return b"%bcontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (
        named,
        len(content),
        content,
    )


def problem_of(reply: Reply) -> Problem:
    """Read a problem document; one that is none has the status as its only word."""
    try:
        return msgspec.json.decode(reply.body, type=Problem)
    except msgspec.DecodeError:
        return Problem(title=f"status {reply.status} without a problem document")


def read_reply(reply: Reply, asked: str, shape: type[Shape]) -> Shape:
    """Read an answer as a value. Raises `Refusal` and `UnreadableAnswer`."""
    if reply.status >= _FIRST_ERROR:
        raise Refusal(asked, reply.status, problem_of(reply))
    try:
        return msgspec.json.decode(reply.body, type=shape)
    except msgspec.DecodeError as error:
        raise UnreadableAnswer(f"{asked}: {error}") from error
