"""/sign-in and /sign-out: a code to an address, or one of the demo's buyers by a click.

Not here: codes and accounts (`people/signing_in.py`).
"""

from __future__ import annotations

from datetime import timedelta

from earnest.demo.buyers import register_demo_buyer
from earnest.demo.stage import BUYERS
from earnest.people.proving import NotProven
from earnest.people.signing_in import is_address
from earnest.web.codes import DoorCode
from earnest.web.identity import Access
from earnest.web.pages.browsers import browser_of
from earnest.web.pages.doors import place_within
from earnest.web.pages.page import Answer, Moved, Page, Shown
from earnest.web.pages.sessions import begin, end
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway

DEMO_LASTS = timedelta(days=3 * 365)
"""Demo sessions outlive the jumps of the demo's clock."""


async def show(visit: Visit) -> Answer:
    """The field for the address, or for the code once one was sent."""
    is_demo = visit.house.advance is not None
    values = {
        "address": visit.form.get("address"),
        "is_sent": visit.form.name == "code",
        "buyers": BUYERS if is_demo else {},
    }
    return Shown(template="site/sign_in.html", values=values)


async def submit(visit: Visit) -> Answer:
    """Send a code, or begin the session of whoever has it."""
    to = place_within(visit.query.get("to", ""))
    if visit.form.name == "demo":
        return Moved(to, begin(visit, await _demo_token(visit)))
    address = visit.form.get("address")
    if not is_address(address):
        raise TurnedAway(DoorCode.ADDRESS_UNSUITABLE)
    if visit.form.name == "code":
        return Moved(to, begin(visit, await _token(visit, address)))
    why_not = await visit.house.sign_in.send_code(address, visit.language, visit.received_at)
    if why_not is not None:
        raise TurnedAway(DoorCode(why_not.value))
    values = {"address": address, "is_sent": True, "buyers": {}}
    return Shown(template="site/sign_in.html", values=values)


async def _token(visit: Visit, address: str) -> str:
    house = visit.house
    code = visit.form.get("code")
    buyer = await house.sign_in.confirm(address, code, visit.language, visit.received_at)
    if isinstance(buyer, NotProven):
        raise TurnedAway(DoorCode(buyer.value))
    lasts, browser = house.settings.buyer_tokens_last, browser_of(visit.headers)
    return await house.sessions.begin_buyer(buyer, browser, visit.received_at, lasts)


async def _demo_token(visit: Visit) -> str:
    who = visit.form.get("who")
    if visit.house.advance is None or who not in BUYERS:
        raise TurnedAway(DoorCode.DEMO_ONLY)
    buyer_id = await register_demo_buyer(
        visit.house.register, who, visit.language, visit.received_at
    )
    browser, now = browser_of(visit.headers), visit.received_at
    return await visit.house.sessions.begin_buyer(buyer_id, browser, now, DEMO_LASTS)


async def leave(visit: Visit) -> Answer:
    """End the session."""
    # Whoever uses this browser next shall not find pages of this reader by going back.
    return Moved("/", [*await end(visit), (b"clear-site-data", b'"cache"')])


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(path="/sign-in", name="sign-in", access=Access.PUBLIC, show=show, submit=submit),
        Page(path="/sign-out", name="sign-out", access=Access.PUBLIC, submit=leave),
    ]
