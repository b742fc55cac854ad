"""/office/sign-in: the staff show the token they were given; in a demo a click is enough.

Not here: who gets a token (`earnest token`).
"""

from __future__ import annotations

from datetime import timedelta

from earnest.demo.stage import PEOPLE
from earnest.people.tokens import LONGEST_TOKEN
from earnest.web.codes import DoorCode
from earnest.web.identity import Access, caller_as
from earnest.web.pages.doors import place_within
from earnest.web.pages.page import Answer, Moved, Page, Shown
from earnest.web.pages.sessions import begin
from earnest.web.pages.visit import Visit
from earnest.web.problems import TurnedAway

DEMO_LASTS = timedelta(days=3 * 365)
"""Demo sessions outlive the jumps of the demo's clock."""


async def show(visit: Visit) -> Answer:
    """The field for the token, and in a demo everybody who works there."""
    people = {} if visit.house.advance is None else PEOPLE
    return Shown(template="office/sign_in.html", values={"people": people})


async def submit(visit: Visit) -> Answer:
    """Begin the session of a member of staff."""
    to = place_within(visit.query.get("to", ""), "/office")
    if visit.form.name == "demo":
        return Moved(to, begin(visit, _demo_token(visit)))
    token = visit.form.get("token")[:LONGEST_TOKEN]
    if caller_as(token, visit.house.tokens, visit.received_at).buyer_id is not None:
        raise TurnedAway(DoorCode.TOKEN_INVALID)
    return Moved(to, begin(visit, token))


def _demo_token(visit: Visit) -> str:
    found = PEOPLE.get(visit.form.get("who"))
    if visit.house.advance is None or found is None:
        raise TurnedAway(DoorCode.DEMO_ONLY)
    staff_id, roles = found
    return visit.house.tokens.for_staff(staff_id, roles, visit.received_at, DEMO_LASTS)


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path="/office/sign-in",
            name="office-sign-in",
            access=Access.PUBLIC,
            show=show,
            submit=submit,
        )
    ]
