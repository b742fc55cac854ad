"""/office/people: the staff and their rights, tokens of programs, and the trail of what was done.

Administrators act, auditors look. Not here: the rules (`people/staffing.py`) and one's own account
(`account.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from earnest.core.cases.second_person import is_another_person
from earnest.people.caller import Privilege
from earnest.web.api.me import SessionList
from earnest.web.api.sights import SightsShown
from earnest.web.api.staff import OneOfStaff, StaffList
from earnest.web.api.trail import MOST_ON_A_PAGE, TrailShown
from earnest.web.office import rooms
from earnest.web.office.acting.fields import day_after, moment_of
from earnest.web.office.event_words import EVENT_WORDS
from earnest.web.office.rooms import PEOPLE
from earnest.web.office.words import ACTS, ROLES, SIGHTS
from earnest.web.pages.page import Answer, Moved, Page, Sent
from earnest.web.pages.visit import Visit

ROLE_FORMS = {
    "give": "giveRole",
    "approve": "approveRole",
    "decline": "declineRole",
    "take": "takeRole",
}
FORMS = {
    "invite-again": "inviteAgain",
    "deactivate": "deactivateStaff",
    "reactivate": "reactivateStaff",
    "reset-factor": "resetSecondFactor",
}
"""Forms of a person's page and the operations they ask for."""


def _may_act(visit: Visit) -> bool:
    return Privilege.ADMIN in visit.by.privileges


async def show_list(visit: Visit) -> Answer:
    """Everybody, and what waits for a second person."""
    found = await visit.ask("listStaff", StaffList)
    by = visit.by.actor.actor_id
    return rooms.shown(
        visit,
        "people.html",
        staff=found.staff,
        wishes=[
            (each, is_another_person(by, each.asked_by, f"staff:{each.staff_id}"))
            for each in found.wishes
        ],
        may_act=_may_act(visit),
        role_words=ROLES,
    )


async def act_on_list(visit: Visit) -> Answer:
    """Invite somebody, or decide a wish."""
    form = visit.form
    if form.name == "invite":
        body = {
            "staff_id": form.get("staff_id"),
            "name": form.get("name"),
            "email": form.get("email"),
            "language": form.get("speaks"),
            "roles": form.all("role"),
        }
        done = await visit.ask("inviteStaff", OneOfStaff, body)
        return Moved(f"{PEOPLE.path}/staff/{done.staff.staff_id}")
    return await _change_role(visit, form.get("staff_id"))


async def show_person(visit: Visit) -> Answer:
    """One person: who they are, their roles, and what can be done about them."""
    path = {"staff_id": visit.path["staff_id"]}
    found = await visit.ask("showStaff", OneOfStaff, path=path)
    by, own = visit.by.actor.actor_id, f"staff:{found.staff.staff_id}"
    return rooms.shown(
        visit,
        "person.html",
        person=found.staff,
        wishes=[(each, is_another_person(by, each.asked_by, own)) for each in found.wishes],
        by_two=found.given_by_two,
        may_act=_may_act(visit) and is_another_person(by, own),
        is_own=not is_another_person(by, own),
        role_words=ROLES,
    )


async def act_on_person(visit: Visit) -> Answer:
    """Change somebody's rights."""
    staff_id = visit.path["staff_id"]
    if visit.form.name in FORMS:
        await visit.ask(FORMS[visit.form.name], OneOfStaff, path={"staff_id": staff_id})
        return Moved(visit.address)
    return await _change_role(visit, staff_id)


async def _change_role(visit: Visit, staff_id: str) -> Answer:
    deed = visit.form.get("deed")
    operation = ROLE_FORMS.get(deed, "giveRole")
    body = {"role": visit.form.get("role")}
    await visit.ask(operation, OneOfStaff, body, path={"staff_id": staff_id})
    return Moved(visit.address)


async def show_tokens(visit: Visit) -> Answer:
    """The tokens of all programs."""
    found = await visit.ask("listTokens", SessionList)
    return rooms.shown(
        visit,
        "people_tokens.html",
        tokens=found.sessions,
        may_act=_may_act(visit),
        role_words=ROLES,
    )


async def revoke(visit: Visit) -> Answer:
    """End the token of a program."""
    await visit.ask("revokeToken", SessionList, {"session_id": visit.form.get("session_id")})
    return Moved(visit.address)


async def show_trail(visit: Visit) -> Answer:
    """Who did what when, and on which order."""
    names = ("by", "kind", "order_id")
    words = {"acts": ACTS, "event_words": EVENT_WORDS}
    return await _listed(visit, "trail.html", "showTrail", TrailShown, names, **words)


async def keep_trail(visit: Visit) -> Answer:
    """The trail as a file to keep."""
    content = await visit.ask("exportTrail", bytes, _filter(visit))
    name = f"trail-{visit.received_at.date()}.csv"
    headers = [(b"content-disposition", f'attachment; filename="{name}"'.encode())]
    return Sent(content=content, media_type="text/csv; charset=utf-8", headers=headers)


async def show_sights(visit: Visit) -> Answer:
    """Who was shown whose personal data."""
    words = {"kinds": SIGHTS, "role_words": ROLES}
    return await _listed(visit, "sights.html", "showSights", SightsShown, ("by", "about"), **words)


async def _listed(
    visit: Visit,
    template: str,
    operation: str,
    gives: type[TrailShown | SightsShown],
    names: Sequence[str],
    **words: Any,  # noqa: ANN401 - whatever the template says with
) -> Answer:
    """A page of a list, by what it can be filtered by and by days."""
    body = _filter(visit, names)
    if visit.query.get("cursor"):
        body["cursor"] = visit.query["cursor"]
    found = await visit.ask(operation, gives, {**body, "limit": str(MOST_ON_A_PAGE // 4)})
    asked = {name: visit.query.get(name, "") for name in (*names, "first", "last")}
    return rooms.shown(
        visit,
        template,
        found=found,
        asked=asked,
        query=urlencode(asked),
        staff=(await visit.ask("listStaff", StaffList)).staff,
        **words,
    )


def _filter(visit: Visit, names: Sequence[str] = ("by", "kind", "order_id")) -> dict[str, str]:
    """What was asked for, without what was left empty; the last day is part of it."""
    query = visit.query
    asked = {name: query.get(name, "").strip() for name in names}
    if query.get("first"):
        asked["begins"] = moment_of(query["first"])
    if query.get("last"):
        asked["ends"] = day_after(query["last"])
    return {name: value for name, value in asked.items() if value}


def pages() -> list[Page]:
    """The pages of this module."""
    trail = f"{PEOPLE.path}/trail"
    return [
        PEOPLE.page("office-people", show_list, act_on_list),
        PEOPLE.page("office-trail", show_trail, path=trail),
        PEOPLE.page("office-sights", show_sights, path=f"{PEOPLE.path}/sights"),
        PEOPLE.page("office-trail-file", keep_trail, path=f"{trail}/file"),
        PEOPLE.page("office-tokens", show_tokens, revoke, f"{PEOPLE.path}/tokens"),
        PEOPLE.page(
            "office-person", show_person, act_on_person, f"{PEOPLE.path}/staff/{{staff_id}}"
        ),
    ]
