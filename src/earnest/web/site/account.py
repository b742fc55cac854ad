"""/account: where a buyer is signed in, signing out everywhere, and who of the maker looked.

Not here: what has ended (`people/sessions.py`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from earnest.desk.sights import SightKind
from earnest.desk.telling import day_words
from earnest.web.api.me import SessionList
from earnest.web.api.sights import MySights
from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Moved, Page, Shown
from earnest.web.pages.sessions import forget
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said

MOST_DAYS = 60
"""Lines about who looked that the page shows at most, the newest first."""

ROLES: dict[str, str] = {
    "sales": said("Sales"),
    "planning": said("Planning"),
    "delivery": said("Delivery"),
    "finance": said("Finance"),
    "admin": said("Administration"),
    "auditor": said("Audit"),
    "terms_editor": said("Terms"),
}
"""Who of the maker it was, in a buyer's words."""

SEEN: dict[SightKind, str] = {
    SightKind.BUYER: said("your name and how to reach you"),
    SightKind.FOUND: said("a list of orders with your name"),
    SightKind.MESSAGES: said("your messages"),
    SightKind.WAITING: said("that you wait for an answer"),
    SightKind.CASES: said("your disputes"),
    SightKind.EVIDENCE: said("evidence that was filed"),
    SightKind.DISPUTE_PACK: said("the dispute pack"),
    SightKind.PAPERS: said("your papers"),
    SightKind.APPOINTMENTS: said("your appointment"),
    SightKind.PAYERS: said("payments on a bank's statement"),
}
"""What was shown, in a buyer's words."""


async def show(visit: Visit) -> Answer:
    """Every session of the buyer that has not ended, and what the maker was shown of them."""
    found = await visit.ask("listMySessions", SessionList)
    sights = await visit.ask("listMySights", MySights)
    values = {
        "sessions": found.sessions,
        "days": [(_day(each.day, visit.language), each) for each in sights.days[:MOST_DAYS]],
        "roles": ROLES,
        "kinds": SEEN,
    }
    return Shown(template="site/account.html", values=values)


def _day(day: date, language: str) -> str:
    return day_words(datetime.combine(day, time(), UTC), language, "UTC")


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
