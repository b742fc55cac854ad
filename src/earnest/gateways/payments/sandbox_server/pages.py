"""The hosted payment page: what a buyer sees between the seller's site and the way back.

Plain HTML from template files, no script. It decides nothing: the same operation pays here and at
the machines' door.
"""

import secrets
from datetime import datetime, timedelta, timezone
from html import escape
from importlib import resources
from string import Template
from urllib.parse import parse_qs, quote, urlsplit

from earnest.gateways.payments.links import CheckoutLink, expires_at
from earnest.gateways.payments.sandbox_server.http import Reply, Request, problem_reply
from earnest.gateways.payments.sandbox_server.operations import Attempt
from earnest.gateways.payments.sandbox_server.problems import Problem
from earnest.gateways.payments.sandbox_server.provider import Provider
from earnest.gateways.payments.sandbox_server.records import Paid
from earnest.gateways.payments.sandbox_server.texts import LANGUAGE_NAMES, TEXTS

_BEIJING = timezone(timedelta(hours=8))
_HTML = "text/html; charset=utf-8"
_LONGEST_ATTEMPT = 200
_FIELDS_AT_MOST = 10
_DECIMALS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "BHD": 3, "KWD": 3, "TND": 3}
_URL_SIGNS = "!#$%&'()*+,/:;=?@[]~"


def money(amount_minor: int, currency: str) -> str:
    """Return a sum as people write it, with the currency's own number of decimals."""
    decimals = _DECIMALS.get(currency, 2)
    major, minor = divmod(amount_minor, 10**decimals)
    return f"{major:,}.{minor:0{decimals}} {currency}" if decimals else f"{major:,} {currency}"


class Pages:
    """The doors for a buyer's browser."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        folder = resources.files("earnest.gateways.payments.sandbox_server") / "templates"
        self._page = Template((folder / "pay.html").read_text("utf-8"))
        self._form = Template((folder / "form.html").read_text("utf-8"))
        self._css = (folder / "sandbox.css").read_bytes()

    async def css(self, request: Request) -> Reply:
        """``GET /sandbox.css``."""
        del request
        caching = ((b"cache-control", b"max-age=3600"),)
        return Reply(content_type="text/css; charset=utf-8", body=self._css, headers=caching)

    async def show(self, request: Request) -> Reply:
        """``GET /pay?…``: the form for a good link, and a page that says what to do otherwise."""
        operations = self._provider.operations
        link = operations.read_link(request.query)
        if isinstance(link, Problem):
            return self._refusal(request, link)
        expired = operations.expired(link)
        if expired is not None:
            return self._refusal(request, expired)
        language = _language(request)
        return self._html(request, language, "title", self._form_of(request, language, link), link)

    async def pay(self, request: Request) -> Reply:
        """``POST /pay?…``: do it and send the buyer back to the seller (303)."""
        fields = _form_fields(request)
        if isinstance(fields, Problem):
            return self._refusal(request, fields)
        operations = self._provider.operations
        was = self._provider.books.last_number
        record = operations.pay(request.query, fields)
        if isinstance(record, Problem):
            return self._refusal(request, record)
        await self._provider.commit(record, was=was)
        link = operations.read_link(request.query)
        assert isinstance(link, CheckoutLink), "a link that was just paid is a good link"
        outcome = "paid" if isinstance(record, Paid) else "declined"
        back = _way_back(link.return_url, outcome)
        if back is None:
            language = _language(request)
            text = f"<p>{escape(TEXTS[language][f'{outcome}_text'])}</p>"
            reply = self._html(request, language, f"{outcome}_title", text, link)
        else:
            reply = Reply(303, _HTML, headers=((b"location", back.encode("ascii")),))
        return self._provider.maybe_lost(reply, record, was=was)

    def _form_of(self, request: Request, language: str, link: CheckoutLink) -> str:
        """Return the form with the link's own words, all of them escaped."""
        texts = {name: escape(text) for name, text in TEXTS[language].items()}
        until = expires_at(link)
        account = self._provider.books.account(link.reference)
        is_paid = account is not None and account.captured_minor > 0
        already = f'<p class="notice" role="status">{texts["already_paid"]}</p>' if is_paid else ""
        return self._form.substitute(
            texts,
            amount=escape(money(link.amount_minor, link.currency)),
            payee=escape(link.merchant),
            description=escape(link.description),
            reference=escape(link.reference),
            until=_written(until, language),
            until_machine=until.isoformat(),
            already_paid=already,
            query=escape(request.query),
            # One key per page shown: a double click is one payment, a second visit is another.
            attempt=secrets.token_urlsafe(12),
        )

    def _refusal(self, request: Request, problem: Problem) -> Reply:
        """Say why a link cannot be paid: as a page to browsers, as a document to programs."""
        if b"text/html" not in request.headers.get(b"accept", b""):
            return problem_reply(problem)
        language = _language(request)
        texts = TEXTS[language]
        text = texts.get(problem.code, texts["other_problem"])
        code = f"{escape(texts['code_label'])}: <code>{escape(problem.code)}</code>"
        body = f'<p>{escape(text)}</p><p class="code">{code}</p>'
        return self._html(request, language, "refused_title", body, None, status=problem.status)

    def _html(
        self,
        request: Request,
        language: str,
        title: str,
        body: str,
        link: CheckoutLink | None,
        *,
        status: int = 200,
    ) -> Reply:
        """Return a whole page that may load its own style and nothing else."""
        texts = TEXTS[language]
        page = self._page.substitute(
            language=language,
            title=escape(texts[title]),
            provider=escape(texts["provider"]),
            languages_label=escape(texts["languages_label"]),
            languages=_language_links(request.query, language),
            test_notice=escape(texts["test_notice"]),
            body=body,
        )
        # Browsers hold the redirect after a form against form-action too, so the seller's origin
        # has to stand there.
        origin = _origin(link.return_url) if link is not None else ""
        policy = (
            f"default-src 'none'; style-src 'self'; form-action 'self' {origin}; "
            "base-uri 'none'; frame-ancestors 'none'"
        )
        headers = (
            (b"content-security-policy", policy.encode("ascii")),
            (b"cache-control", b"no-store"),
            (b"referrer-policy", b"no-referrer"),
            (b"x-content-type-options", b"nosniff"),
        )
        return Reply(status, _HTML, page.encode(), headers)


def _written(instant: datetime, language: str) -> str:
    """Return an instant for reading, with its zone: China's own for its readers."""
    if language == "zh-Hans":
        return f"{instant.astimezone(_BEIJING):%Y-%m-%d %H:%M}（北京时间）"
    return instant.strftime("%Y-%m-%d %H:%M UTC")


def _language(request: Request) -> str:
    """Choose the page's language: the link's wish, else the browser's, else English."""
    wished = request.parameter("lang")
    if wished in TEXTS:
        return wished
    accepted = request.headers.get(b"accept-language", b"").decode("latin-1").lower()
    for wish in accepted.split(","):
        if wish.strip().startswith("zh"):
            return "zh-Hans"
        if wish.strip().startswith("en"):
            return "en"
    return "en"


def _language_links(query: str, current: str) -> str:
    """Return links to the same page in each language; the wish stands after the signature."""
    signed = "&".join(part for part in query.split("&") if not part.startswith("lang="))
    links = []
    for code, name in LANGUAGE_NAMES.items():
        mark = ' aria-current="true"' if code == current else ""
        address = escape(f"/pay?{signed}&lang={code}")
        links.append(f'<a href="{address}" lang="{code}" hreflang="{code}"{mark}>{name}</a>')
    return "".join(links)


def _form_fields(request: Request) -> Attempt | Problem:
    """Read the form's three fields."""
    try:
        fields = parse_qs(request.body.decode("ascii"), max_num_fields=_FIELDS_AT_MOST)
    except ValueError:
        return Problem(400, "form_malformed", "send the form of the payment page")
    attempt = fields.get("attempt", [""])[0]
    method = fields.get("method", ["card"])[0]
    decision = fields.get("decision", [""])[0]
    if not 0 < len(attempt) <= _LONGEST_ATTEMPT or method not in ("card", "wallet"):
        return Problem(422, "form_invalid", "send the fields attempt and method of the page")
    if decision == "pay":
        return Attempt(attempt, method, "pay")
    if decision == "decline":
        return Attempt(attempt, method, "decline")
    return Problem(422, "form_invalid", "the field decision must be pay or decline")


def _way_back(return_url: str, outcome: str) -> str | None:
    """Return where to send the buyer, with a hint that proves nothing; the webhook does."""
    if not _origin(return_url):
        return None
    address, mark, fragment = quote(return_url, safe=_URL_SIGNS).partition("#")
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}payment={outcome}{mark}{fragment}"


def _origin(return_url: str) -> str:
    """Return scheme, host and port of a web address, or nothing for any other text."""
    try:
        parts = urlsplit(return_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    if not all(character.isalnum() or character in ".-" for character in host):
        return ""
    if not host.isascii():
        return ""
    return f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
