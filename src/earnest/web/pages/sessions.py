"""Beginning and ending a session: the cookie that holds the token of who is signed in.

Not here: who may have a token, and what has ended (`people/sessions.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime

from earnest.web.identity import caller_as
from earnest.web.pages.cookies import LINK, SESSION, Cookies
from earnest.web.pages.visit import Visit
from earnest.web.problems import Headers


def begin(visit: Visit, token: str) -> Headers:
    """The headers that begin a session with this token; it ends when the token does."""
    caller = caller_as(token, visit.house.tokens, visit.received_at)
    lasts = datetime.fromtimestamp(caller.expires_at, tz=UTC) - visit.received_at
    return _cookies(visit).set(SESSION, token, lasts)


async def end(visit: Visit) -> Headers:
    """End the session: its token is good nowhere any more, and a secret link is forgotten too."""
    caller = visit.caller
    if caller is not None and caller.session_id:
        actor_id, now = caller.actor.actor_id, visit.received_at
        await visit.house.sessions.end_own(caller.session_id, actor_id, now)
    return forget(visit)


def forget(visit: Visit) -> Headers:
    """The headers that let this browser forget who was signed in."""
    cookies = _cookies(visit)
    return [*cookies.forget(SESSION), *cookies.forget(LINK)]


def keep_link(visit: Visit, link: str) -> Headers:
    """The headers that let this browser look at the order of a secret link until it is closed."""
    return _cookies(visit).set(LINK, link)


def _cookies(visit: Visit) -> Cookies:
    return Cookies(visit.house.settings.public_url.startswith("https:"))
