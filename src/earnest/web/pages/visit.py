"""A request as a page sees it: who asks, in which language, with which form; the way to the API.

A page reads and acts through the operations of the API, by their names: the same guard, the same
types, the same rule behind them. So a page cannot do what a program could not. Not here: reading
the request (`doors.py`) and writing the page (`rendering.py`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from earnest.core.values.ids import BuyerId
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.sights import Seen
from earnest.people.caller import Caller
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access, admit
from earnest.web.pages.forms import Form
from earnest.web.pages.live import followed
from earnest.web.problems import Headers, Problem, TurnedAway
from earnest.web.reading import RawHeaders, content_hash, mismatch
from earnest.web.route import Asked, Route

Value = TypeVar("Value")


class Visit(msgspec.Struct, kw_only=True):
    """A request to a page. `problem` is why the form that was sent was refused, if it was.

    `is_by_link` tells that only the secret link of the order let its reader in, who may look at
    this order and do nothing. `nonce` names the browser. `address` is where the page is, with its
    query. `cookies` are those that the answer will set. `seen` is what personal data operations
    have answered, which is noted if the page shows it. `live` is where the page hears of changes;
    empty for most pages.
    """

    house: House
    routes: Mapping[str, Route[Any]]
    path: dict[str, str]
    query: dict[str, str]
    address: str
    headers: RawHeaders
    language: str
    received_at: Instant
    nonce: str
    method: str = "GET"
    caller: Caller | None = None
    is_by_link: bool = False
    form: Form = Form()
    problem: Problem | None = None
    cookies: Headers = []
    seen: list[Seen] = []
    live: str = ""

    @property
    def by(self) -> Caller:
        """Who asks. Only pages that are not public may want to know."""
        assert self.caller is not None, "a public page does not care who asks"
        return self.caller

    @property
    def buyer_id(self) -> BuyerId | None:
        """The buyer who is signed in, if it is one."""
        return None if self.caller is None else self.caller.buyer_id

    @property
    def actor_id(self) -> str:
        """Whom a form is made for."""
        return "" if self.caller is None or self.is_by_link else self.caller.actor.actor_id

    def in_language(self, language: str) -> str:
        """Where this page is in a language; going there keeps the choice."""
        return f"{self.address}{'&' if '?' in self.address else '?'}language={language}"

    def new_key(self) -> str:
        """An idempotency key for a form that is about to be written."""
        return secrets.token_hex(16)

    async def follow(self, topic: str, name: str) -> None:
        """Let the page hear of changes from now on. What it shows is read after that."""
        self.live = await followed(self.house, f"{topic}:{name}")

    async def ask(  # noqa: PLR0913 - what a request consists of, all but the first by name
        self,
        operation: str,
        gives: type[Value],
        body: Mapping[str, Any] | None = None,
        *,
        path: Mapping[str, str] | None = None,
        key: str | None = None,
        sequence: int | None = None,
        admission: str | None = None,
        content: bytes = b"",
    ) -> Value:
        """What an operation of the API answers, asked for by its name in this reader's name.

        `body` is the JSON of the body, or the query. Raises `TurnedAway`, as the API would refuse.
        """
        route = self.routes[operation]
        headers = _headers(key, sequence, admission)
        asked = self._asked(route, body or {}, path or {}, headers, content)
        try:
            wanted = msgspec.convert(body or {}, route.takes, strict=route.method != "GET")
        except msgspec.ValidationError as error:
            raise mismatch(error) from error
        reply = await route.handler(self.house, asked, wanted)
        self.seen.extend(reply.seen)
        answer = reply.raw if reply.raw is not None else reply.value
        assert isinstance(answer, gives), f"{operation} answers {type(answer).__name__}"
        return answer

    def _asked(
        self,
        route: Route[Any],
        body: Mapping[str, Any],
        path: Mapping[str, str],
        headers: Headers,
        content: bytes,
    ) -> Asked:
        if route.access is not Access.PUBLIC:
            if self.caller is None:
                raise TurnedAway(DoorCode.TOKEN_MISSING)
            admit(self.caller, route.access, route.roles)
        if self.is_by_link and not self._is_for_link(route, path):
            raise TurnedAway(Reason.NOT_PERMITTED)
        filled = route.path.format_map(dict(path))
        named = content or msgspec.json.encode(body)
        return Asked(
            path=dict(path),
            headers=headers,
            language=self.language,
            received_at=self.received_at,
            content_hash=content_hash(route.method, filled, named),
            caller=self.caller,
            content=content,
        )

    def _is_for_link(self, route: Route[Any], path: Mapping[str, str]) -> bool:
        """Whether a secret link opens this: reading what is public, or about its own order."""
        is_read = route.method == "GET" or route.access is Access.PUBLIC
        return is_read and path.get("order_id", self.path.get("order_id")) == self.path["order_id"]


def _headers(key: str | None, sequence: int | None, admission: str | None) -> Headers:
    headers: Headers = []
    if key is not None:
        headers.append((b"idempotency-key", key.encode("ascii", "replace")))
    if sequence is not None:
        headers.append((b"if-match", b'"%d"' % sequence))
    if admission is not None:
        headers.append((b"earnest-admission", admission.encode("ascii", "replace")))
    return headers
