"""Pages as Litestar handlers: every request passes the same checks in the same order.

The order is: stamp the instant, know the browser, the language and who is signed in, open the door
or not, read the form and see that it is ours, run the page, write it. Not here: the pages.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import structlog
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.people.caller import buyer_caller
from earnest.people.seals import LinkForged
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access, admit, caller_as
from earnest.web.languages import LANGUAGES
from earnest.web.linked import order_shown_by
from earnest.web.noting import note_seen
from earnest.web.pages import cookies
from earnest.web.pages.cookies import Cookies, cookies_of
from earnest.web.pages.forms import form_of
from earnest.web.pages.page import Answer, Moved, Page, Sent, Shown
from earnest.web.pages.rendering import render, with_query
from earnest.web.pages.visit import Visit
from earnest.web.problems import Headers, Problem, TurnedAway, coming_again, problem, retry_headers
from earnest.web.reading import RawHeaders, header, read_body
from earnest.web.refusals import status_of
from earnest.web.route import Route
from earnest.web.wiring import BASE, litestar_path, spoken, turned_away

log = structlog.get_logger(__name__)

HTML = "text/html; charset=utf-8"
SAFE_HEADERS: Headers = [
    (
        b"content-security-policy",
        b"; ".join(
            [
                b"default-src 'none'",
                b"script-src 'self'",
                b"style-src 'self'",
                b"img-src 'self' data: blob:",
                b"connect-src 'self'",
                b"form-action 'self'",
                b"base-uri 'none'",
                b"frame-ancestors 'none'",
            ]
        ),
    ),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(), microphone=(), payment=()"),
]
"""What every page carries: nothing is run, shown or sent that does not come from here."""

_SIGN_IN = frozenset(
    {
        DoorCode.TOKEN_MISSING,
        DoorCode.TOKEN_INVALID,
        DoorCode.TOKEN_EXPIRED,
        DoorCode.SESSION_ENDED,
    }
)
_SEE_OTHER = 303
_SET_COOKIE = b"set-cookie"
_LATER = 503
_NOTHING_ELSE = 404
_UPLOAD_SECONDS = 60.0


class Doors:
    """The pages over a house. `sign_in` is where somebody is sent who must sign in first."""

    def __init__(self, house: House, routes: Mapping[str, Route[Any]], sign_in: str) -> None:
        self._house = house
        self._routes = routes
        self._sign_in = sign_in
        self._cookies = Cookies(house.settings.public_url.startswith("https:"))

    def handlers(self, pages: Iterable[Page]) -> list[HTTPRouteHandler]:
        """The handlers of these pages."""
        return [
            handler
            for page in pages
            for handler in (self._handler(page, "GET"), self._handler(page, "POST"))
            if handler is not None
        ]

    def _handler(self, page: Page, method: str) -> HTTPRouteHandler | None:
        if (page.show if method == "GET" else page.submit) is None:
            return None
        handler = HTTPRouteHandler(
            litestar_path(page.path),
            http_method=[method],  # type: ignore[list-item]  # one of the two
            name=f"page:{page.name}:{method}",
            status_code=200,
            include_in_schema=False,
        )

        async def endpoint(request: Request[Any, Any, Any]) -> ASGIResponse:
            return await self._answer(page, request)

        return handler(endpoint)

    async def _answer(self, page: Page, request: Request[Any, Any, Any]) -> ASGIResponse:
        """Whatever happens, a page in plain words."""
        received_at = self._house.clock.now()
        started = time.perf_counter()
        visit = self._visit(request, received_at)
        try:
            chosen = visit.query.pop("language", "")
            if chosen in LANGUAGES and visit.method == "GET":
                response = self._in_language(visit, chosen)
            else:
                await self._let_in(page, visit, cookies_of(visit.headers))
                answer = await self._asked(page, visit, request)
                if not isinstance(answer, Moved):
                    await note_seen(self._house, visit.caller, received_at, visit.seen)
                response = self._response(visit, answer)
        except Exception as error:  # noqa: BLE001 - nobody may be left without a page
            response = self.refused(visit, turned_away(error, page.name))
        status = response.status_code
        took = round((time.perf_counter() - started) * 1_000, 1)
        log.info("answered", operation=f"page:{page.name}", status=status, milliseconds=took)
        return response

    async def _asked(self, page: Page, visit: Visit, request: Request[Any, Any, Any]) -> Answer:
        """The page's answer. A form that is refused is shown again, with the refusal beside it."""
        if visit.method != "POST":
            assert page.show is not None, "a page without a show has no such door"
            return await page.show(visit)
        assert page.submit is not None, "a page without forms has no such door"
        body = await self._body(page, request)
        visit.form = form_of(visit.headers, body)
        self._see_that_it_is_ours(visit)
        try:
            return await page.submit(visit)
        except Exception as error:
            away = turned_away(error, page.name)
            is_over = page.access is not Access.PUBLIC and away.code in _SIGN_IN
            if page.show is None or is_over or status_of(away.code) == _NOTHING_ELSE:
                raise away from error
            visit.problem = problem(away.code, visit.language, away.details)
            answer = await page.show(visit)
            if not isinstance(answer, Shown):
                raise away from error
            return Shown(
                template=answer.template,
                values=answer.values,
                status=visit.problem.status,
                headers=[*answer.headers, *coming_again(away.code)],
            )

    async def _body(self, page: Page, request: Request[Any, Any, Any]) -> bytes:
        headers = request.scope["headers"]
        limit = page.largest_form
        if limit <= self._house.settings.body_limit:
            return await read_body(request.receive, headers, limit)
        if self._house.uploads.locked():
            raise TurnedAway(DoorCode.DESK_FULL)
        async with self._house.uploads:
            return await read_body(request.receive, headers, limit, _UPLOAD_SECONDS)

    def _visit(self, request: Request[Any, Any, Any], received_at: Instant) -> Visit:
        scope = request.scope
        headers: RawHeaders = scope["headers"]
        known = cookies_of(headers)
        language = known.get(cookies.LANGUAGE, "")
        nonce = known.get(cookies.BROWSER, "")
        is_known = cookies.is_nonce(nonce)
        nonce = nonce if is_known else cookies.new_nonce()
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=200))
        return Visit(
            house=self._house,
            routes=self._routes,
            path={name: str(value) for name, value in scope.get("path_params", {}).items()},
            query={name: value.replace("\x00", "") for name, value in query.items()},
            address=with_query(scope["path"], {k: v for k, v in query.items() if k != "language"}),
            headers=headers,
            language=language if language in LANGUAGES else spoken(headers),
            received_at=received_at,
            nonce=nonce,
            method=scope["method"],
            cookies=[] if is_known else self._cookies.set(cookies.BROWSER, nonce),
        )

    async def _let_in(self, page: Page, visit: Visit, known: Mapping[str, str]) -> None:
        """Know who is signed in, and open the door or not."""
        token = known.get(cookies.SESSION)
        if token:
            try:
                visit.caller = caller_as(token, self._house.tokens, visit.received_at)
            except TurnedAway:
                visit.cookies += self._cookies.forget(cookies.SESSION)
        if page.by_link and visit.buyer_id is None and not self._is_staff(visit):
            await self._let_in_by_link(visit, known.get(cookies.LINK, ""))
        if page.access is not Access.PUBLIC:
            if visit.caller is None:
                raise TurnedAway(DoorCode.TOKEN_MISSING)
            admit(visit.caller, page.access, page.roles)
            if visit.is_by_link and visit.method != "GET":
                raise TurnedAway(Reason.NOT_PERMITTED)

    def _is_staff(self, visit: Visit) -> bool:
        return visit.caller is not None and visit.caller.may_read_all

    async def _let_in_by_link(self, visit: Visit, link: str) -> None:
        """Let in whoever has the link of this order; one that is over is said to be so."""
        try:
            key, _ = self._house.seals.read_link(link)
        except LinkForged:
            return
        if OrderId(visit.path.get("order_id", "")) == key.order_id:
            await order_shown_by(self._house, link, visit.received_at)
            visit.caller = buyer_caller(key.buyer_id, int(visit.received_at.timestamp()))
            visit.is_by_link = True

    def _see_that_it_is_ours(self, visit: Visit) -> None:
        """Turn away what another site sent in its reader's name, and pages of another reader."""
        origin = header(visit.headers, b"sec-fetch-site")
        is_sealed = self._house.seals.covers_form(
            visit.form.get("seal"), visit.nonce, visit.actor_id
        )
        if not is_sealed or origin not in {None, b"same-origin", b"none"}:
            raise TurnedAway(DoorCode.FORM_STALE)

    def _in_language(self, visit: Visit, chosen: str) -> ASGIResponse:
        """The same page, in the language that was chosen."""
        lasts = cookies.LANGUAGE_LASTS
        headers = self._cookies.set(cookies.LANGUAGE, chosen, lasts)
        return self._response(visit, Moved(visit.address, headers))

    def _response(self, visit: Visit, answer: Answer) -> ASGIResponse:
        match answer:
            case Moved(to=to, headers=own):
                assert place_within(to) == to, "people are sent to this house only"
                where = quote(to, safe="/?&=%#+:,;@!$'()*~-._")
                headers = [(b"location", where.encode("ascii")), *own]
                return self._sent(visit, b"", _SEE_OTHER, HTML, headers)
            case Sent(content=content, media_type=media_type, headers=own):
                return self._sent(visit, content, 200, media_type, own)
            case Shown(template=template, values=values, status=status, headers=own):
                content = render(template, visit, values)
                return self._sent(visit, content, status, HTML, own)

    def _sent(
        self, visit: Visit, content: bytes, status: int, media_type: str, own: Headers
    ) -> ASGIResponse:
        named = dict(SAFE_HEADERS) | dict(each for each in own if each[0] != _SET_COOKIE)
        setting = [*visit.cookies, *(each for each in own if each[0] == _SET_COOKIE)]
        headers = [*named.items(), (b"content-type", media_type.encode()), *setting]
        return ASGIResponse(
            body=content,
            status_code=status,
            headers=[(name.decode("ascii"), value.decode("latin-1")) for name, value in headers],
        )

    def beyond(self, request: Request[Any, Any, Any], away: TurnedAway) -> Response[bytes] | None:
        """The page for an address that is none, if a person asked for it."""
        wanted = header(request.scope["headers"], b"accept") or b""
        if b"text/html" not in wanted or request.scope["path"].startswith(BASE):
            return None
        page = self.refused(self._visit(request, self._house.clock.now()), away)
        named = dict(page.headers.headers)
        headers = {name.decode(): value.decode("latin-1") for name, value in named.items()}
        headers.pop("set-cookie", None)
        headers.pop("content-type")
        return Response(
            page.body, status_code=page.status_code, media_type="text/html", headers=headers
        )

    def refused(self, visit: Visit, away: TurnedAway) -> ASGIResponse:
        """The way to sign in, or a page that says what is the matter and the way out."""
        if away.code in _SIGN_IN and visit.method == "GET":
            to = with_query(self._sign_in, {"to": visit.address})
            return self._response(visit, Moved(to))
        shown: Problem = problem(away.code, visit.language, away.details)
        headers = [*away.headers, *(retry_headers() if shown.status == _LATER else ())]
        answer = Shown(
            template="pages/refused.html",
            values={"refusal": shown},
            status=shown.status,
            headers=headers,
        )
        return self._response(visit, answer)


def place_within(text: str, otherwise: str = "/") -> str:
    """An address of this house in a text that came from outside; another one leads home."""
    split = urlsplit(text)
    is_ours = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if is_ours and not split.netloc and "\\" not in text else otherwise
