"""A route as data: who may take it, what it takes and gives, and the function behind it.

The table of routes makes both the running doors (`wiring.py`) and their OpenAPI description
(`openapi.py`), so neither can say what the other does not do. Not here: any route.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec

from earnest.core.order.actor import Role
from earnest.core.values.instant import Instant
from earnest.desk.sights import Seen
from earnest.people.caller import Caller
from earnest.web.codes import Code
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import Headers
from earnest.web.reading import RawHeaders

Input = TypeVar("Input", bound=msgspec.Struct)


class NoInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A route that takes nothing but its path."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request as a handler sees it, once the door has checked who asks.

    `received_at` was stamped before anything was read. `content_hash` tells repetitions apart.
    `content` is the body of an upload, as it came.
    """

    path: dict[str, str]
    headers: RawHeaders
    language: str
    received_at: Instant
    content_hash: str
    caller: Caller | None = None
    content: bytes = b""

    @property
    def by(self) -> Caller:
        """Who asks. Only routes that are not public may want to know."""
        assert self.caller is not None, "a public route does not care who asks"
        return self.caller


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What a handler gives back: a value that becomes JSON, or bytes that are sent as they are.

    `seen` says what personal data the answer shows, and of whom; it is noted when staff asked.
    """

    value: Any = None
    status: int = 200
    headers: Headers = []
    raw: bytes | None = None
    media_type: str = "application/json"
    seen: tuple[Seen, ...] = ()


Handler: TypeAlias = Callable[[House, Asked, Input], Awaitable[Reply]]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """What is said about one operation. `path` counts from the API's base.

    `takes` is a query for GET and a body otherwise; `gives` is the type of the answer, None where
    it has no content. `needs_key` is for the header `Idempotency-Key`, `has_etag` for an answer
    with a version, `may_insist` for a request that may name one (`If-Match`). `roles` matters for
    `Access.ACTORS` and `Access.CONFIDANTS` only. `codes` are problems beside those that every
    route knows; `notes` are problem documents with a status that is no failure, and when they are
    given.
    With `largest_upload` the body is a file of at most so many bytes, and `takes` is the query.
    `gives_file` names the media types of an answer that is a file to keep.
    """

    method: str
    path: str
    operation: str
    summary: str
    tag: str
    access: Access
    takes: type[msgspec.Struct]
    gives: Any
    description: str = ""
    status: int = 200
    roles: frozenset[Role] = frozenset()
    needs_key: bool = False
    takes_admission: bool = False
    has_etag: bool = False
    may_insist: bool = False
    codes: tuple[Code, ...] = ()
    notes: dict[int, str] = {}
    largest_upload: int | None = None
    gives_file: tuple[str, ...] = ()


class Route(Operation, Generic[Input], frozen=True, kw_only=True):
    """An operation with the function behind it. A cacheable answer sets its own cache rules."""

    handler: Handler[Input]
    is_cacheable: bool = False
