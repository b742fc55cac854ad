"""/office/money/open: what is open on both sides with its age, and matching it by hand.

Not here: what is matched by itself. Nothing here changes an order or an entry.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from earnest.core.cases.second_person import is_another_person
from earnest.core.values.instant import zone
from earnest.web.api.accounts import BOOKKEEPERS
from earnest.web.api.matches import MatchedAgain
from earnest.web.api.reconciliation import DoubtShown, Reconciliation
from earnest.web.office import rooms
from earnest.web.office.money import kept
from earnest.web.office.rooms import MONEY
from earnest.web.office.words import DOUBTS, LINES, MATCHED
from earnest.web.pages.page import Answer, Moved, Page
from earnest.web.pages.rendering import ZONE
from earnest.web.pages.visit import Visit
from earnest.web.reconciling_shapes import BookedShown, LineShown, MatchShown

PATH = f"{MONEY.path}/open"


class OpenLineRow(NamedTuple):
    """An open line as it is listed: its age in days, and why nothing was guessed."""

    line: LineShown
    age: int
    doubt: DoubtShown | None


class OpenBookedRow(NamedTuple):
    """An open booked sum as it is listed, with its age in days."""

    booked: BookedShown
    age: int


async def show(visit: Visit) -> Answer:
    """Everything that is open, the oldest first, and the matches that people made."""
    about = visit.query.get("about", "").strip()
    seen = await visit.ask("showReconciliation", Reconciliation, {"about": about})
    today = visit.received_at.astimezone(zone(ZONE)).date()
    doubts = {each.line: each for each in seen.doubts}
    by = visit.by.actor.actor_id
    return rooms.shown(
        visit,
        "money_open.html",
        seen=seen,
        names={each.account.account_id: each.account for each in seen.accounts},
        lines=[
            OpenLineRow(each, _age(each.booked_on, today), doubts.get(each.key))
            for each in seen.lines
        ],
        booked=[OpenBookedRow(each, _age(each.booked_on, today)) for each in seen.booked],
        about=about,
        cause_words=MATCHED,
        matches=[(each, is_another_person(by, each.made_by)) for each in seen.matches],
        may_act=bool(visit.by.actor.roles & BOOKKEEPERS),
        line_words=LINES,
        doubt_words=DOUBTS,
    )


def _age(day: date, today: date) -> int:
    return max((today - day).days, 0)


async def submit(visit: Visit) -> Answer:
    """Match what was ticked, match again, approve, or take back."""
    form = visit.form
    path = {"match_id": form.get("match_id")}
    if form.name == "match":
        body = {
            "lines": form.all("lines"),
            "booked": form.all("booked"),
            "reason": form.get("reason"),
        }
        await visit.ask("matchByHand", MatchShown, body, key=form.key)
    elif form.name == "again":
        await visit.ask("matchAgain", MatchedAgain, key=form.key)
    elif form.name.startswith("approve"):
        await visit.ask("approveMatch", MatchShown, path=path, key=form.key)
    else:
        body = {"reason": form.get("reason")}
        await visit.ask("undoMatch", MatchShown, body, path=path, key=form.key)
    return Moved(PATH)


async def keep_open_items(visit: Visit) -> Answer:
    """Everything that is open, as a file to keep."""
    content = await visit.ask("exportOpenItems", bytes)
    return kept(content, f"open-items-{visit.received_at.date()}.csv")


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        MONEY.page("office-money-open", show, submit, PATH),
        MONEY.page("office-money-open-items", keep_open_items, path=f"{PATH}/file"),
    ]
