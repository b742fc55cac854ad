"""Asking the real ASGI application in the process: no server, no client library, no network.

Not here: what is asked; each test file says that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import msgspec


class Told(msgspec.Struct, frozen=True):
    """An answer as it left the application."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - a test looks into any document
        """The body as a JSON document."""
        return msgspec.json.decode(self.body)

    @property
    def code(self) -> str:
        """The stable code of a problem document."""
        assert self.headers["content-type"].startswith("application/problem+json"), self.body
        return str(self.json["code"])


class Client:
    """Somebody at the doors, with or without a token."""

    def __init__(self, app: Any, token: str | None = None) -> None:  # noqa: ANN401 - any ASGI app
        self._app = app
        self._token = token

    async def get(self, path: str, **headers: str) -> Told:
        return await self.ask("GET", path, headers=headers)

    async def post(
        self, path: str, body: object = None, key: str | None = None, **headers: str
    ) -> Told:
        """Post a value as JSON, or bytes as they are."""
        named = headers if key is None else headers | {"idempotency_key": key}
        return await self.ask("POST", path, body, headers=named)

    async def ask(
        self, method: str, path: str, body: object = None, *, headers: dict[str, str]
    ) -> Told:
        """One request; underscores in header names stand for hyphens."""
        content = b"" if body is None else body
        pieces = [content if isinstance(content, bytes) else msgspec.json.encode(content)]
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("content-length", str(len(pieces[0])))
        return await self.stream(method, path, pieces, headers=named)

    async def stream(
        self, method: str, path: str, pieces: Iterable[bytes], *, headers: dict[str, str]
    ) -> Told:
        """One request whose body comes in pieces; what is never asked for is never made."""
        split = urlsplit(path)
        named = dict(headers)
        if self._token is not None:
            named.setdefault("authorization", f"Bearer {self._token}")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": split.path,
            "raw_path": split.path.encode(),
            "query_string": split.query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        source = iter(pieces)
        sent: list[Any] = []
        ended = False

        async def receive() -> dict[str, Any]:
            nonlocal ended
            if ended:
                return {"type": "http.disconnect"}
            piece = next(source, None)
            if piece is None:
                ended = True
                return {"type": "http.request", "body": b"", "more_body": False}
            return {"type": "http.request", "body": piece, "more_body": True}

        async def send(message: Any) -> None:  # noqa: ANN401 - ASGI's messages are dictionaries
            sent.append(message)

        await self._app(scope, receive, send)
        start = sent[0]
        told = {name.decode().lower(): value.decode() for name, value in start["headers"]}
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return Told(start["status"], told, body)
