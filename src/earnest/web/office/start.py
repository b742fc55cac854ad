"""/office: where the staff begin: what waits for them, the soonest first.

Not here: the work itself; each page of it has a module of its own.
"""

from __future__ import annotations

from earnest.web.api.me import Myself
from earnest.web.api.searching import WorkList
from earnest.web.identity import Access
from earnest.web.office import rooms
from earnest.web.office.words import ROLES, STAGES, WORK
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit


async def show(visit: Visit) -> Answer:
    """Who is signed in, as what, and what waits."""
    work = None
    if rooms.CASES.is_open_to(visit.by):
        work = (await visit.ask("listWork", WorkList)).work
    me = await visit.ask("showMyself", Myself)
    return rooms.shown(
        visit,
        "start.html",
        me=me,
        roles=[ROLES[name] for name in me.roles_of_session],
        work=work,
        stages=STAGES,
        kinds=WORK,
    )


def pages() -> list[Page]:
    """The pages of this module."""
    return [Page(path="/office", name="office", access=Access.STAFF, show=show)]
