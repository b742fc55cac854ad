"""/webhook-endpoints: the maker's systems that are told of events, and how deliveries fared.

Administrators act, auditors look. Not here: what is told (`gateways/announcement.py`), and messages
that come in from providers (`webhooks.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.order.events import EVENTS
from earnest.core.values.instant import Instant
from earnest.desk.endpoints import Delivery
from earnest.gateways.endpoints import Endpoint, explanation_of, is_usable
from earnest.gateways.webhooks import WebhookDelivered, WebhookResult
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.reading import idempotency_key
from earnest.web.route import Asked, Handler, NoInput, Reply, Route
from earnest.web.shapes import Name

KINDS = frozenset(each.__name__ for each in EVENTS)
"""What an address can be told of."""


class EndpointGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address to be told of events of these kinds; of all where none is named."""

    url: Annotated[str, Meta(min_length=1, max_length=500)]
    kinds: Annotated[tuple[Name, ...], Meta(max_length=200)] = ()


class SwitchGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the address is told from now on."""

    active: bool


class DeliveryGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A delivery, by the id that the receiver saw."""

    webhook_id: Name


async def list_endpoints(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Every address."""
    found = tuple(
        EndpointShown(
            endpoint_id=each.endpoint_id,
            url=each.url,
            kinds=each.kinds,
            active=each.active,
            created_at=each.created_at,
            rotated_at=each.rotated_at,
        )
        for each in await house.endpoints.book.endpoints()
    )
    return Reply(value=EndpointList(endpoints=found))


async def add_endpoint(house: House, asked: Asked, given: EndpointGiven) -> Reply:
    """Add an address; its secret is shown this once."""
    if not is_usable(given.url) or not set(given.kinds) <= KINDS:
        raise TurnedAway(DoorCode.ENDPOINT_UNSUITABLE)
    by, key = asked.by.actor.actor_id, idempotency_key(asked.headers)
    made = await house.endpoints.add(given.url, given.kinds, key, by)
    if made is None:
        raise TurnedAway(DoorCode.KEY_REUSED)
    return Reply(status=201, value=_secret(made))


async def switch_endpoint(house: House, asked: Asked, given: SwitchGiven) -> Reply:
    """Switch an address on or off."""
    endpoint_id, by = asked.path["endpoint_id"], asked.by.actor.actor_id
    if not await house.endpoints.switch(endpoint_id, by, active=given.active):
        raise TurnedAway(DoorCode.ENDPOINT_UNKNOWN)
    return await list_endpoints(house, asked, NoInput())


async def rotate_secret(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Give an address another secret, shown this once; the one before signs as well for a day."""
    made = await house.endpoints.rotate(asked.path["endpoint_id"], asked.by.actor.actor_id)
    if made is None:
        raise TurnedAway(DoorCode.ENDPOINT_UNKNOWN)
    return Reply(value=_secret(made))


async def test_endpoint(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Post something that is no event, and say at once what became of it."""
    result = await house.endpoints.test(asked.path["endpoint_id"], asked.by.actor.actor_id)
    if result is None:
        raise TurnedAway(DoorCode.ENDPOINT_UNKNOWN)
    return _tried(result)


async def list_deliveries(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The last deliveries of an address, the newest first."""
    found = await house.endpoints.book.deliveries(asked.path["endpoint_id"])
    return Reply(value=Deliveries(deliveries=tuple(found)))


async def deliver_again(house: House, asked: Asked, given: DeliveryGiven) -> Reply:
    """Post one event to one address once more, and say at once what became of it."""
    endpoint_id, by = asked.path["endpoint_id"], asked.by.actor.actor_id
    result = await house.endpoints.again(endpoint_id, given.webhook_id, by)
    if result is None:
        raise TurnedAway(DoorCode.DELIVERY_UNKNOWN)
    return _tried(result)


class EndpointShown(msgspec.Struct, frozen=True, kw_only=True):
    """An address. Until a day after `rotated_at` the secret before signs as well."""

    endpoint_id: str
    url: str
    kinds: tuple[str, ...]
    active: bool
    created_at: Instant
    rotated_at: Instant | None


class EndpointList(msgspec.Struct, frozen=True, kw_only=True):
    """Every address, the oldest first."""

    endpoints: tuple[EndpointShown, ...]


class EndpointSecret(msgspec.Struct, frozen=True, kw_only=True):
    """The secret with which an address checks what it is sent, shown this once."""

    endpoint_id: str
    secret: str


class Deliveries(msgspec.Struct, frozen=True, kw_only=True):
    """The last deliveries of an address, the newest first."""

    deliveries: tuple[Delivery, ...]


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an attempt."""

    is_delivered: bool
    explanation: str


def _secret(made: Endpoint) -> EndpointSecret:
    return EndpointSecret(endpoint_id=made.endpoint_id, secret=made.secret)


def _tried(result: WebhookResult) -> Reply:
    is_delivered = isinstance(result, WebhookDelivered)
    return Reply(value=Tried(is_delivered=is_delivered, explanation=explanation_of(result)))


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/webhook-endpoints",
            operation="listEndpoints",
            summary="The addresses that are told of events.",
            tag="staff",
            access=Access.OVERSEERS,
            takes=NoInput,
            handler=list_endpoints,
            gives=EndpointList,
        ),
        Route(
            method="POST",
            path="/webhook-endpoints",
            operation="addEndpoint",
            summary="Add an address; its secret is shown once.",
            description="It is told of what happens from at most five seconds later on, signed as "
            "Standard Webhooks says. An address is https, or on the server's own machine.",
            tag="staff",
            access=Access.ADMIN,
            takes=EndpointGiven,
            handler=add_endpoint,
            gives=EndpointSecret,
            status=201,
            needs_key=True,
            codes=(DoorCode.ENDPOINT_UNSUITABLE, DoorCode.KEY_REUSED),
        ),
        *(_route_of_one(*each) for each in _OF_ONE),
    ]


_OF_ONE: tuple[tuple[str, str, str, str, type[msgspec.Struct], Handler[Any], Any], ...] = (
    (
        "POST",
        "switch",
        "switchEndpoint",
        "Switch an address on or off.",
        SwitchGiven,
        switch_endpoint,
        EndpointList,
    ),
    (
        "POST",
        "rotate",
        "rotateSecret",
        "Another secret, shown once; the one before signs as well for a day.",
        NoInput,
        rotate_secret,
        EndpointSecret,
    ),
    (
        "POST",
        "test",
        "testEndpoint",
        "Post a test, and say what became of it.",
        NoInput,
        test_endpoint,
        Tried,
    ),
    (
        "GET",
        "deliveries",
        "listDeliveries",
        "The last deliveries with their results.",
        NoInput,
        list_deliveries,
        Deliveries,
    ),
    (
        "POST",
        "deliver-again",
        "deliverAgain",
        "Post one event to one address once more.",
        DeliveryGiven,
        deliver_again,
        Tried,
    ),
)


def _route_of_one(
    method: str,
    path: str,
    operation: str,
    summary: str,
    takes: type[msgspec.Struct],
    handler: Handler[Any],
    gives: Any,  # noqa: ANN401 - any type, as a route has it
) -> Route[Any]:
    """What can be asked about one address."""
    return Route(
        method=method,
        path=f"/webhook-endpoints/{{endpoint_id}}/{path}",
        operation=operation,
        summary=summary,
        tag="staff",
        access=Access.OVERSEERS if method == "GET" else Access.ADMIN,
        takes=takes,
        handler=handler,
        gives=gives,
        codes=(DoorCode.ENDPOINT_UNKNOWN, DoorCode.DELIVERY_UNKNOWN),
    )
