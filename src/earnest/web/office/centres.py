"""/office/delivery/centres/{centre_id}: a delivery centre: where it is, when it is open, its bays.

Not here: its days (`delivery.py`), and what is wrong with a centre, which the API says.
"""

from __future__ import annotations

from typing import Any

from earnest.core.order.centre import Centre
from earnest.web.api.centres import KEEPERS, CentreShown, CentresShown
from earnest.web.identity import Access
from earnest.web.office import rooms
from earnest.web.office.acting.fields import count_of
from earnest.web.office.rooms import DELIVERY
from earnest.web.pages.page import Answer, Moved, Page
from earnest.web.pages.rendering import ZONE
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said

NEW = "new"
"""Stands in the address for a centre that is not there yet."""

WEEKDAYS = (
    said("Monday"),
    said("Tuesday"),
    said("Wednesday"),
    said("Thursday"),
    said("Friday"),
    said("Saturday"),
    said("Sunday"),
)
_NAMED = ("names", "regions", "addresses")
_LANGUAGES = ("zh-Hans", "en")


async def show(visit: Visit) -> Answer:
    """The centre as it is kept, in fields; empty ones for a new centre."""
    centres = (await visit.ask("listCentres", CentresShown)).centres
    wanted = visit.path["centre_id"]
    centre = next((each for each in centres if each.centre_id == wanted), None)
    filled = {name: visit.form.get(name) for name in visit.form.fields}
    return rooms.shown(
        visit,
        "centre.html",
        centre=centre,
        values=_usual(centre) | filled,
        weekdays=list(enumerate(WEEKDAYS, start=1)),
        named=_NAMED,
    )


def _usual(centre: Centre | None) -> dict[str, str]:
    """What stands in the fields at first. A day of the week has one stretch of hours here."""
    values = {"centre_id": "", "time_zone": ZONE, "bays": "4", "minutes": "60", "closed_on": ""}
    values |= {f"{field}-{tag}": "" for field in _NAMED for tag in _LANGUAGES}
    values |= {f"{which}-{day}": "" for which in ("opens", "closes") for day in range(1, 8)}
    if centre is None:
        return values
    values |= {
        "centre_id": centre.centre_id,
        "time_zone": centre.time_zone,
        "bays": str(centre.bays),
        "minutes": str(centre.minutes),
        "closed_on": "\n".join(each.isoformat() for each in centre.closed_on),
    }
    for field in _NAMED:
        values |= {f"{field}-{tag}": text for tag, text in getattr(centre, field).items()}
    for hours in centre.hours:
        values[f"opens-{hours.weekday}"] = f"{hours.opens:%H:%M}"
        values[f"closes-{hours.weekday}"] = f"{hours.closes:%H:%M}"
    return values


async def submit(visit: Visit) -> Answer:
    """Keep the centre as the form says it."""
    form = visit.form
    centre_id = form.get("centre_id") or visit.path["centre_id"]
    body: dict[str, Any] = {
        "centre_id": centre_id,
        "time_zone": form.get("time_zone"),
        "bays": count_of(form.get("bays")),
        "minutes": count_of(form.get("minutes")),
        "hours": [
            {
                "weekday": day,
                "opens": _hour(form.get(f"opens-{day}")),
                "closes": _hour(form.get(f"closes-{day}")),
            }
            for day in range(1, 8)
            if form.get(f"opens-{day}") or form.get(f"closes-{day}")
        ],
        "closed_on": form.get("closed_on").split(),
    }
    for field in _NAMED:
        body[field] = {tag: form.get(f"{field}-{tag}") for tag in _LANGUAGES}
    await visit.ask("keepCentre", CentreShown, body, path={"centre_id": centre_id})
    return Moved(f"{DELIVERY.path}?centre={centre_id}")


def _hour(text: str) -> str:
    """A time as browsers write it, in full; other text as it is, for the API to turn away."""
    return f"{text}:00" if text.count(":") == 1 else text


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(
            path=f"{DELIVERY.path}/centres/{{centre_id}}",
            name="office-centre",
            access=Access.ACTORS,
            roles=KEEPERS,
            show=show,
            submit=submit,
        )
    ]
