"""/office/people/webhooks: the maker's systems that are told of events.

Not here: telling them (`gateways/endpoints.py`).
"""

from __future__ import annotations

from earnest.desk.endpoints import DeliveryResult
from earnest.people.caller import Privilege
from earnest.web.api.endpoints import (
    Deliveries,
    EndpointList,
    EndpointSecret,
    EndpointShown,
    Tried,
)
from earnest.web.codes import DoorCode
from earnest.web.office import rooms
from earnest.web.office.event_words import EVENT_WORDS
from earnest.web.office.rooms import PEOPLE
from earnest.web.pages.page import Answer, Moved, Page
from earnest.web.pages.visit import Visit
from earnest.web.pages.wording import said
from earnest.web.problems import TurnedAway

WEBHOOKS = f"{PEOPLE.path}/webhooks"

RESULTS: dict[DeliveryResult, tuple[str, str]] = {
    DeliveryResult.DELIVERED: (said("Taken"), "good"),
    DeliveryResult.LATE: (said("Comes again"), "warn"),
    DeliveryResult.GONE: (said("Gone"), "bad"),
    DeliveryResult.REFUSED: (said("Cannot be sent"), "bad"),
}
"""What became of a delivery, and the kind of tag that shows it."""

NOT_TAKEN: tuple[str, ...] = (
    said("the receiver did not answer in time"),
    said("the receiver could not be reached"),
    said("the receiver answered"),
)
"""How explanations that are kept begin (`gateways/webhooks.py`); what follows is the machine's."""


def explained(explanation: str) -> tuple[str, str]:
    """An explanation as a text that pages translate, and what the machine said after it."""
    for words in NOT_TAKEN:
        if explanation.startswith(words):
            return words, explanation.removeprefix(words).lstrip(": ")
    return explanation, ""


async def show_list(visit: Visit) -> Answer:
    """Every address."""
    found = await visit.ask("listEndpoints", EndpointList)
    return rooms.shown(
        visit,
        "webhooks.html",
        endpoints=found.endpoints,
        event_words=EVENT_WORDS,
        may_act=Privilege.ADMIN in visit.by.privileges,
    )


async def add(visit: Visit) -> Answer:
    """Add an address, and show its secret this once."""
    body = {"url": visit.form.get("url"), "kinds": visit.form.all("kind")}
    made = await visit.ask("addEndpoint", EndpointSecret, body, key=visit.form.key)
    return rooms.shown(visit, "webhook_secret.html", made=made)


async def show_one(visit: Visit, tried: Tried | None = None) -> Answer:
    """One address with its last deliveries, and what became of an attempt just now."""
    endpoint = await _endpoint(visit)
    path = {"endpoint_id": endpoint.endpoint_id}
    return rooms.shown(
        visit,
        "webhook.html",
        endpoint=endpoint,
        deliveries=(await visit.ask("listDeliveries", Deliveries, path=path)).deliveries,
        results=RESULTS,
        explained=explained,
        event_words=EVENT_WORDS,
        tried=tried,
        may_act=Privilege.ADMIN in visit.by.privileges,
    )


async def act(visit: Visit) -> Answer:
    """Test, switch, rotate, or post something again."""
    path = {"endpoint_id": visit.path["endpoint_id"]}
    match visit.form.name:
        case "rotate":
            made = await visit.ask("rotateSecret", EndpointSecret, path=path)
            return rooms.shown(visit, "webhook_secret.html", made=made)
        case "test":
            return await show_one(visit, await visit.ask("testEndpoint", Tried, path=path))
        case "on" | "off":
            body = {"active": visit.form.name == "on"}
            await visit.ask("switchEndpoint", EndpointList, body, path=path)
            return Moved(visit.address)
        case _:
            wanted = {"webhook_id": visit.form.get("webhook_id")}
            tried = await visit.ask("deliverAgain", Tried, wanted, path=path)
            return await show_one(visit, tried)


async def _endpoint(visit: Visit) -> EndpointShown:
    found = (await visit.ask("listEndpoints", EndpointList)).endpoints
    wanted = visit.path["endpoint_id"]
    endpoint = next((each for each in found if each.endpoint_id == wanted), None)
    if endpoint is None:
        raise TurnedAway(DoorCode.ENDPOINT_UNKNOWN)
    return endpoint


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        PEOPLE.page("office-webhooks", show_list, add, WEBHOOKS),
        PEOPLE.page("office-webhook", show_one, act, f"{WEBHOOKS}/{{endpoint_id}}"),
    ]
