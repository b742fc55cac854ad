"""/sign-in and /sign-out: a code to an address, a passkey, or one of the demo's buyers by a click.

Not here: codes and accounts (`people/signing_in.py`) and passkeys (`people/passkeys.py`).
"""

from __future__ import annotations

from datetime import timedelta

from earnest.core.values.ids import BuyerId
from earnest.demo.buyers import register_demo_buyer
from earnest.demo.stage import BUYERS
from earnest.people.passkeys import PasskeyRefused, PasskeyShown
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
    passkeys = visit.house.passkeys
    values = {
        "address": visit.form.get("address"),
        "is_sent": visit.form.name == "code",
        "buyers": BUYERS if is_demo else {},
        "site": passkeys.site,
        "passkey": passkeys.ask_to_sign_in(visit.nonce, visit.received_at),
    }
    return Shown(template="site/sign_in.html", values=values)


async def submit(visit: Visit) -> Answer:
    """Send a code, or begin the session of whoever has it."""
    to = place_within(visit.query.get("to", ""))
    if visit.form.name == "demo":
        return Moved(to, begin(visit, await _demo_token(visit)))
    if visit.form.name == "passkey":
        return Moved(to, begin(visit, await _passkey_token(visit)))
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
    return await _begun(visit, buyer)


async def _passkey_token(visit: Visit) -> str:
    shown = PasskeyShown(visit.form.get("answer"), visit.nonce)
    buyer = await visit.house.passkeys.sign_in(shown, visit.received_at)
    if isinstance(buyer, PasskeyRefused):
        raise TurnedAway(DoorCode(buyer.value))
    return await _begun(visit, buyer)


async def _begun(visit: Visit, buyer_id: BuyerId) -> str:
    house, browser = visit.house, browser_of(visit.headers)
    lasts = house.settings.buyer_tokens_last
    return await house.sessions.begin_buyer(buyer_id, browser, visit.received_at, lasts)


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
