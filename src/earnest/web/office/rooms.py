"""The rooms of the office: where each is, and for whom. Nobody sees a link that is not theirs.

Not here: what is done in them; each has a module of its own.
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.core.order.actor import STAFF, Role
from earnest.people.caller import Caller
from earnest.web.api.accounts import BOOKKEEPERS
from earnest.web.api.centres import KEEPERS
from earnest.web.api.planning import PLANNERS
from earnest.web.api.searching import HANDLES_BUYERS
from earnest.web.identity import Access, is_welcome
from earnest.web.pages.page import FORM_LIMIT, Page, Shown, Shows
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """A room: its address, its name, what is done there, and who may come in, as for a page."""

    path: str
    title: str
    about: str
    access: Access
    roles: frozenset[Role] = frozenset()

    def is_open_to(self, caller: Caller) -> bool:
        """Whether somebody may come in."""
        return is_welcome(caller, self.access, self.roles)

    def page(
        self,
        name: str,
        show: Shows,
        submit: Shows | None = None,
        path: str | None = None,
        largest_form: int = FORM_LIMIT,
    ) -> Page:
        """A page of the room, for those who may come in."""
        return Page(
            path=path or self.path,
            name=name,
            access=self.access,
            roles=self.roles,
            show=show,
            submit=submit,
            largest_form=largest_form,
        )


ORDERS = Room(
    path="/office/orders",
    title=said("Orders"),
    about=said("Find an order, see all of it, and do what it needs."),
    access=Access.OFFICE,
    roles=STAFF,
)
CASES = Room(
    path="/office/cases",
    title=said("Cases"),
    about=said("Disputes with their clocks, evidence, and decisions by two people."),
    access=Access.OFFICE,
    roles=HANDLES_BUYERS,
)
MESSAGES = Room(
    path="/office/messages",
    title=said("Messages"),
    about=said("Buyers who wait for an answer, and what was said about each order."),
    access=Access.OFFICE,
    roles=HANDLES_BUYERS,
)
LAUNCHES = Room(
    path="/office/launches",
    title=said("Launches"),
    about=said("Watch a sale as it runs: rate, payments, quotas, and what is in trouble."),
    access=Access.OFFICE,
    roles=STAFF,
)
CAMPAIGNS = Room(
    path="/office/campaigns",
    title=said("Campaigns"),
    about=said("Announce launches, change them without taking away, issue codes, see what came."),
    access=Access.STAFF,
)
DELIVERY = Room(
    path="/office/delivery",
    title=said("Delivery"),
    about=said("The day of a centre: bays, cars arriving, and what each handover still lacks."),
    access=Access.OFFICE,
    roles=KEEPERS,
)
PLAN = Room(
    path="/office/plan",
    title=said("Plan"),
    about=said("What plants can build by week; try a plan, see who moves and why, apply it."),
    access=Access.ACTORS,
    roles=PLANNERS,
)
MONEY = Room(
    path="/office/money",
    title=said("Money"),
    about=said(
        "What is held beside the books, statements, refunds with their clocks, the journal."
    ),
    access=Access.OVERSEERS,
    roles=BOOKKEEPERS,
)
TERMS = Room(
    path="/office/terms",
    title=said("Terms"),
    about=said("Write terms with the law beside you, compare, publish, put on sale."),
    access=Access.EDITORS,
)
PEOPLE = Room(
    path="/office/people",
    title=said("People"),
    about=said("Staff and their roles, tokens of programs, and who did what when."),
    access=Access.OVERSEERS,
)

ROOMS = (ORDERS, CASES, MESSAGES, DELIVERY, LAUNCHES, CAMPAIGNS, PLAN, MONEY, TERMS, PEOPLE)
"""Every room, in the order in which they are listed."""


def rooms_of(caller: Caller | None) -> list[Room]:
    """The rooms that somebody may enter."""
    return [] if caller is None else [room for room in ROOMS if room.is_open_to(caller)]


def shown(visit: Visit, template: str, **values: Any) -> Shown:  # noqa: ANN401 - whatever it shows
    """A page of the office, with the way to the rooms of its reader."""
    here = visit.address.partition("?")[0]
    rooms = [(room, here.startswith(room.path)) for room in rooms_of(visit.caller)]
    return Shown(template=f"office/{template}", values={"rooms": rooms, **values})
