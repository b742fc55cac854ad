"""/account: where a buyer is signed in, and signing out everywhere.

Not here: what has ended (`people/sessions.py`).
"""

from __future__ import annotations

from earnest.web.api.me import SessionList
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Moved, Page, Shown
from earnest.web.pages.sessions import forget
from earnest.web.pages.visit import Visit


async def show(visit: Visit) -> Answer:
    """Every session of the buyer that has not ended."""
    found = await visit.ask("listMySessions", SessionList)
    return Shown(template="site/account.html", values={"sessions": found.sessions})


async def submit(visit: Visit) -> Answer:
    """End one session, or all of them, this one included."""
    if visit.form.name == "end-all":
        await visit.ask("endAllMySessions", SessionList)
        return Moved("/sign-in", forget(visit))
    session_id = visit.form.get("session_id")
    await visit.ask("endMySession", SessionList, {"session_id": session_id})
    is_this = session_id == visit.by.session_id
    return Moved("/sign-in", forget(visit)) if is_this else Moved(visit.address)


def pages() -> list[Page]:
    """The pages of this module."""
    return [Page(path="/account", name="account", access=Access.BUYER, show=show, submit=submit)]
