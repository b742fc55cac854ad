"""/office/plan/promises and /office/plan/inversions: how promises stand, and who was passed.

Not here: telling the buyers, which jobs do (`desk/planning/carrying.py`, `desk/places/passing.py`).
"""

from __future__ import annotations

from earnest.core.queue.overtaking import Why
from earnest.web.api.plan_board import Overtakings, PromiseHealth
from earnest.web.office.planning.board import WEEK, day_of, shown, whole
from earnest.web.office.rooms import PLAN
from earnest.web.pages.page import Answer, Page
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said

REASONS: dict[str, str] = {
    Why.ASKED_FOR_LATER: said("The buyer asked for later"),
    Why.PLANT_NOT_ALLOWED: said("Not built in that plant"),
    Why.SCARCE: said("What it needs was used up"),
    Why.HOLD: said("Not paid, or the bank took it back"),
    Why.COOLING_OFF: said("Still cooling off"),
}
"""Published reasons that justify an overtaking."""

BARS = (
    ("kept", said("kept"), "good"),
    ("early", said("early"), "soft"),
    ("open", said("still open"), "rest"),
    ("at_risk", said("at risk"), "warn"),
    ("broken", said("broken"), "bad"),
)
"""What a bar of promises is made of, in its order."""


async def show_promises(visit: Visit) -> Answer:
    """How promises stand, by week of the reservation and lane group."""
    wanted = {}
    if day_of(visit.query.get("begins", "")) is not None:
        wanted["begins"] = visit.query["begins"]
    health = await visit.ask("showPromiseHealth", PromiseHealth, wanted)
    length = health.ends - health.begins
    return shown(
        visit,
        "promises.html",
        health=health,
        bars=BARS,
        before=health.begins - length,
        after=health.ends,
        last=health.ends - WEEK,
    )


async def show_overtakings(visit: Visit) -> Answer:
    """Who was served before an earlier rank, with the reason or without any."""
    only = visit.query.get("only") == "inversions"
    page = whole(visit.query.get("page", "1"))
    body = {"page": page, "only_inversions": only}
    found = await visit.ask("listOvertakings", Overtakings, body)
    return shown(visit, "inversions.html", found=found, only=only, reasons=REASONS)


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        PLAN.page("office-plan-promises", show_promises, path=f"{PLAN.path}/promises"),
        PLAN.page("office-plan-inversions", show_overtakings, path=f"{PLAN.path}/inversions"),
    ]
