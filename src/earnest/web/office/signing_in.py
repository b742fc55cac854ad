"""/office/sign-in: a code to one's address and then the second factor; a token; a click in a demo.

Whoever has shown only the address holds a session without roles, which opens the second step and
one's own page and nothing else. Not here: the factors themselves (`people`).
"""

from __future__ import annotations

from datetime import timedelta

from earnest.demo.stage import PEOPLE
from earnest.people.passkeys import PasskeyShown
from earnest.people.proving import NotProven
from earnest.people.signing_in import is_address
from earnest.people.staff_door import NextStep
from earnest.people.tokens import LONGEST_TOKEN
from earnest.web.codes import DoorCode
from earnest.web.identity import Access, caller_as
from earnest.web.pages.browsers import browser_of
from earnest.web.pages.doors import place_within
from earnest.web.pages.page import Answer, Moved, Page, Shown
from earnest.web.pages.rendering import with_query
from earnest.web.pages.sessions import begin, end
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway

DEMO_LASTS = timedelta(days=3 * 365)
"""Demo sessions outlive the jumps of the demo's clock."""

SECOND_STEP = "/office/sign-in/second-step"
ACCOUNT = "/office/account"


async def show(visit: Visit) -> Answer:
    """The field for the address, or for the code; and in a demo everybody who works there."""
    people = {} if visit.house.advance is None else PEOPLE
    values = {
        "people": people,
        "address": visit.form.get("address"),
        "is_sent": visit.form.name == "code",
    }
    return Shown(template="office/sign_in.html", values=values)


async def submit(visit: Visit) -> Answer:
    """Send a code, or begin the session of a member of staff."""
    to = place_within(visit.query.get("to", ""), "/office")
    match visit.form.name:
        case "demo":
            return Moved(to, begin(visit, await _demo_token(visit)))
        case "address":
            return await _send_code(visit)
        case "code":
            return await _first_step(visit, to)
        case _:
            return Moved(to, begin(visit, _given_token(visit)))


async def _send_code(visit: Visit) -> Answer:
    address = visit.form.get("address")
    if "@" not in address or not is_address(address):
        raise TurnedAway(DoorCode.ADDRESS_UNSUITABLE)
    why_not = await visit.house.staff_door.send_code(address, visit.received_at)
    if why_not is not None:
        raise TurnedAway(DoorCode(why_not.value))
    values = {"people": {}, "address": address, "is_sent": True}
    return Shown(template="office/sign_in.html", values=values)


async def _first_step(visit: Visit, to: str) -> Answer:
    """Whoever has the code goes on to the second factor, where one is set or needed."""
    door, now = visit.house.staff_door, visit.received_at
    member = await door.confirm(visit.form.get("address"), visit.form.get("code"), now)
    if isinstance(member, NotProven):
        raise TurnedAway(DoorCode(member.value))
    token, left = await door.let_in(member, browser_of(visit.headers), now, "code")
    return Moved(_next_place(left, to), begin(visit, token))


def _next_place(left: NextStep, to: str) -> str:
    match left:
        case NextStep.NOTHING:
            return to
        case NextStep.SHOW_FACTOR:
            return with_query(SECOND_STEP, {"to": to})
        case NextStep.SET_UP_FACTOR:
            return ACCOUNT


def _given_token(visit: Visit) -> str:
    token = visit.form.get("token")[:LONGEST_TOKEN]
    if caller_as(token, visit.house.tokens, visit.received_at).buyer_id is not None:
        raise TurnedAway(DoorCode.TOKEN_INVALID)
    return token


async def _demo_token(visit: Visit) -> str:
    """A session of the demo's people, in the roles that they have by now."""
    found = PEOPLE.get(visit.form.get("who"))
    if visit.house.advance is None or found is None:
        raise TurnedAway(DoorCode.DEMO_ONLY)
    staff_id, roles = found
    member = await visit.house.staffing.book.member(staff_id)
    if member is not None and not member.active:
        raise TurnedAway(DoorCode.STAFF_INACTIVE)
    return await visit.house.sessions.begin_staff(
        staff_id,
        roles if member is None else member.roles,
        browser_of(visit.headers),
        visit.received_at,
        DEMO_LASTS,
        "demo",
    )


async def show_second_step(visit: Visit) -> Answer:
    """The field for the code of the second factor, or the button of a passkey, or both."""
    house, by = visit.house, visit.by
    if not await house.second_factors.is_set(by.staff_id):
        return Moved(ACCOUNT)
    values = {
        "has_codes": await house.second_factors.has_codes(by.staff_id),
        "site": house.passkeys.site,
        "passkey": await house.passkeys.ask_for_factor(
            by.staff_id, by.session_id, visit.received_at
        ),
    }
    return Shown(template="office/second_step.html", values=values)


async def take_second_step(visit: Visit) -> Answer:
    """Take a code or a passkey, and begin a session with every role."""
    house, staff_id, now = visit.house, visit.by.staff_id, visit.received_at
    is_passkey = visit.form.name == "passkey"
    shown: str | PasskeyShown = visit.form.get("code")
    if is_passkey:
        shown = PasskeyShown(visit.form.get("answer"), visit.by.session_id)
    refused = await house.second_factors.check(staff_id, shown, now)
    if refused is not None:
        raise TurnedAway(DoorCode(refused.value))
    to = place_within(visit.query.get("to", ""), "/office")
    how = "code and passkey" if is_passkey else "code and second factor"
    return Moved(to, await whole_session(visit, how))


async def whole_session(visit: Visit, how: str) -> list[tuple[bytes, bytes]]:
    """Put a session with every role in place of the one without."""
    house, now = visit.house, visit.received_at
    member = await house.staffing.book.member(visit.by.staff_id)
    if member is None or not member.active:
        raise TurnedAway(DoorCode.STAFF_INACTIVE)
    token = await house.staff_door.begin(member, browser_of(visit.headers), now, how)
    await end(visit)
    return begin(visit, token)


async def show_invitation(visit: Visit) -> Answer:  # noqa: ARG001 - as all
    """What an invitation is for; a mail program that opens the link uses nothing up."""
    return Shown(template="office/invitation.html")


async def accept(visit: Visit) -> Answer:
    """Use the link, which shows that the address is the person's own."""
    house, now = visit.house, visit.received_at
    member = await house.staffing.join(visit.path["secret"], now)
    if member is None:
        raise TurnedAway(DoorCode.INVITATION_OVER)
    token, left = await house.staff_door.let_in(
        member, browser_of(visit.headers), now, "invitation"
    )
    return Moved(_next_place(left, "/office"), begin(visit, token))


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/office/sign-in",
            name="office-sign-in",
            access=Access.PUBLIC,
            show=show,
            submit=submit,
        ),
        Page(
            path=SECOND_STEP,
            name="office-second-step",
            access=Access.STAFF,
            show=show_second_step,
            submit=take_second_step,
        ),
        Page(
            path="/office/invitation/{secret}",
            name="office-invitation",
            access=Access.PUBLIC,
            show=show_invitation,
            submit=accept,
        ),
    ]
