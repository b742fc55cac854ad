"""The cookies of the pages: who is signed in, which language, which browser, which secret link.

All are for this site only and never for scripts. Not here: what a session's token proves
(`people/tokens.py`) and what a form's seal covers (`people/seals.py`).
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie

import msgspec

from earnest.web.problems import Headers
from earnest.web.reading import RawHeaders

SESSION = "earnest_session"
LANGUAGE = "earnest_language"
BROWSER = "earnest_browser"
LINK = "earnest_link"

NONCE_CHARACTERS = 32
LANGUAGE_LASTS = timedelta(days=400)
_NONCE = re.compile(rf"[0-9a-f]{{{NONCE_CHARACTERS}}}\Z")
_LONGEST = 8_192


class Cookies(msgspec.Struct, frozen=True):
    """Sets cookies; over HTTPS they never leave on another way."""

    is_secure: bool

    def set(
        self, name: str, value: str, lasts: timedelta | None = None, path: str = "/"
    ) -> Headers:
        """The header that sets a cookie, for as long as the browser is open if nothing is said."""
        age = "" if lasts is None else f"; Max-Age={int(lasts.total_seconds())}"
        secure = "; Secure" if self.is_secure else ""
        text = f"{name}={value}; Path={path}; HttpOnly; SameSite=Lax{age}{secure}"
        return [(b"set-cookie", text.encode("ascii"))]

    def forget(self, name: str) -> Headers:
        """The header that lets a browser forget a cookie."""
        return self.set(name, "", timedelta(0))


def cookies_of(headers: RawHeaders) -> dict[str, str]:
    """The cookies of a request; what is no cookie counts as none."""
    found: dict[str, str] = {}
    for name, value in headers:
        if name == b"cookie" and len(value) <= _LONGEST:
            jar: SimpleCookie = SimpleCookie()
            try:
                jar.load(value.decode("latin-1"))
            except CookieError:
                continue
            found.update({key: morsel.value for key, morsel in jar.items()})
    return found


def new_nonce() -> str:
    """A name for a browser that has none yet."""
    return secrets.token_hex(NONCE_CHARACTERS // 2)


def is_nonce(text: str) -> bool:
    """Whether a browser's name is one that was given here."""
    return bool(_NONCE.match(text))
