"""/account: a buyer's passkeys, where they are signed in, and who of the maker looked.

Not here: what has ended (`people/sessions.py`) and what a passkey is (`people/passkeys.py`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from earnest.desk.sights import SightKind
from earnest.desk.telling import day_words
from earnest.people.sessions import SessionKind
from earnest.web.api.me import SessionList
from earnest.web.api.passkeys import PasskeyAsked, PasskeyList
from earnest.web.api.sights import MySights
from earnest.web.identity import Access
from earnest.web.pages.browsers import browser_of
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
    """The buyer's passkeys and sessions, and what the maker was shown of them."""
    sessions = (await visit.ask("listMySessions", SessionList)).sessions
    held = await visit.ask("listMyPasskeys", PasskeyList)
    sights = await visit.ask("listMySights", MySights)
    # A token of a program opens the page too, but adds no way to come in.
    is_browser = any(each.is_this and each.kind is SessionKind.BROWSER for each in sessions)
    asked = await visit.ask("askForPasskey", PasskeyAsked) if is_browser else None
    values = {
        "sessions": sessions,
        "held": held,
        "asked": asked,
        "suggested": browser_of(visit.headers),
        "days": [(_day(each.day, visit.language), each) for each in sights.days[:MOST_DAYS]],
        "roles": ROLES,
        "kinds": SEEN,
    }
    return Shown(template="site/account.html", values=values)


def _day(day: date, language: str) -> str:
    return day_words(datetime.combine(day, time(), UTC), language, "UTC")


async def submit(visit: Visit) -> Answer:
    """Add or remove a passkey; end one session, or all of them, this one included."""
    if visit.form.name == "passkey-add":
        body = {"name": visit.form.get("passkey_name"), "answer": visit.form.get("answer")}
        await visit.ask("addPasskey", PasskeyList, body)
        return Moved(visit.address)
    if visit.form.name.startswith("passkey-remove"):
        body = {"passkey_id": visit.form.get("passkey_id")}
        await visit.ask("removePasskey", PasskeyList, body)
        return Moved(visit.address)
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
