"""/office: where the staff begin, with what their roles let them do.

Not here: the work itself; each page of it has a module of its own.
"""

from __future__ import annotations

from earnest.web.identity import Access
from earnest.web.pages.page import Answer, Page, Shown
from earnest.web.pages.visit import Visit


async def show(visit: Visit) -> Answer:
    """Who is signed in, and as what."""
    names = sorted({*visit.by.actor.roles, *visit.by.privileges})
    return Shown(template="office/start.html", values={"roles": names})


def pages() -> list[Page]:
    """The pages of this module."""
    return [Page(path="/office", name="office", access=Access.STAFF, show=show)]
