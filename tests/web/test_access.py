"""Who gets through which door: every route with every role, on own and on foreign orders.

The matrix is walked over the routes that really run, so a route without a guard is found even if
nobody listed it; a planted one proves that. Not here: what an admitted request does.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Litestar, Request, get
from litestar.routes import HTTPRoute

from earnest.core.order.actor import Role
from earnest.web.api.operations import top_routes
from earnest.web.api.reservations import OPERATION as RESERVE
from earnest.web.api.webhooks import OPERATION as WEBHOOK
from earnest.web.app import described
from earnest.web.identity import Access
from earnest.web.route import Operation
from earnest.web.wiring import BASE, litestar_path
from tests.web.asking import Client
from tests.web.maker import World, world

PUBLIC = {
    ("GET", "/api/v1/offers"),
    ("GET", "/api/v1/public-promises"),
    ("GET", "/api/v1/terms/{terms_hash:str}"),
    ("GET", "/api/v1/terms/{terms_hash:str}/contract"),
    ("GET", "/api/v1/terms/{terms_hash:str}/source"),
    ("GET", "/api/v1/catalogues/{catalogue_hash:str}"),
    ("GET", "/api/v1/queues/{queue_id:str}"),
    ("GET", "/api/v1/queues/{queue_id:str}/pauses"),
    ("GET", "/api/v1/campaigns/{campaign_id:str}/draw"),
    ("GET", "/api/v1/campaigns/{campaign_id:str}/draw/document"),
    ("POST", "/api/v1/quotes"),
    ("POST", "/api/v1/quotes/outcomes"),
    ("POST", "/api/v1/terms/lint"),
    ("GET", "/api/v1/health"),
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/api/v1/campaigns"),
    ("GET", "/api/v1/centres"),
    ("GET", "/api/v1/campaigns/{campaign_id:str}"),
}
"""The only doors for everybody. The webhooks are open as well, to whoever signs."""

STAFF = ("sales", "planning", "delivery", "finance", "terms_editor", "admin", "auditor")
TURNED_AWAY = {"token_missing", "token_invalid", "token_expired", "session_ended", "not_permitted"}


def doors(app: Litestar) -> list[tuple[str, str]]:
    """Every method and path that the running application answers."""
    return sorted(
        (method, route.path_format.replace("}", ":str}"))
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method in route.methods
        if method != "OPTIONS"
    )


def address(path: str, order_id: str) -> str:
    """A path with its parameters filled in."""
    filled = path.replace("{order_id:str}", order_id)
    return filled.replace("{terms_hash:str}", "none").replace("{catalogue_hash:str}", "none")


async def code_for(who: Client, method: str, path: str, order_id: str) -> tuple[int, str]:
    """What a request without content gets: its status, and the code of its problem."""
    told = await who.ask(method, address(path, order_id), headers={"idempotency-key": "matrix"})
    is_problem = told.headers["content-type"].startswith("application/problem+json")
    return told.status, told.code if is_problem else ""


async def unguarded(here: World, app: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - any app
    """Doors that let somebody in who shows no token."""
    order_id = await here.deposited()
    return [
        door
        for door in doors(app)
        if (await code_for(Client(app), *door, order_id))[1] not in TURNED_AWAY
    ]


def test_only_the_public_doors_open_without_a_token() -> None:
    async def story() -> None:
        async with world() as here:
            assert set(await unguarded(here, here.app)) == PUBLIC

    asyncio.run(story())


def test_a_planted_door_without_a_guard_is_found() -> None:
    @get("/api/v1/orders/{order_id:str}/everything")
    async def everything(request: Request[Any, Any, Any]) -> dict[str, str]:
        return dict(request.path_params)

    async def story() -> None:
        async with world() as here:
            here.app.register(everything)

            found = set(await unguarded(here, here.app)) - PUBLIC

            assert found == {("GET", "/api/v1/orders/{order_id:str}/everything")}

    asyncio.run(story())


def test_every_running_door_stands_in_the_table() -> None:
    async def story() -> None:
        async with world() as here:
            hot = {RESERVE.operation, WEBHOOK.operation}
            listed = {
                (each.method, BASE + litestar_path(each.path))
                for each in described()
                if each.operation not in hot
            } | {(each.method, each.path) for each in top_routes()}

            assert set(doors(here.app)) == listed

    asyncio.run(story())


def may_enter(operation: Operation, role: str) -> bool:
    """What the table says about a role; written down once more, in other words than the code's."""
    match operation.access:
        case Access.PUBLIC:
            return True
        case Access.BUYER:
            return role == "buyer"
        case Access.READERS:
            return role not in {"admin", "terms_editor"}
        case Access.ACTORS:
            return role in {each.value for each in operation.roles}
        case Access.CONFIDANTS:
            return role in {"buyer", "auditor"} | {each.value for each in operation.roles}
        case Access.OFFICE:
            return role in {"auditor"} | {each.value for each in operation.roles}
        case Access.ADMIN:
            return role == "admin"
        case Access.OVERSEERS:
            return role in {"admin", "auditor"} | {each.value for each in operation.roles}
        case Access.STAFF:
            return role != "buyer"
        case Access.SIGNED_IN:
            return True
        case Access.EDITORS:
            return role == "terms_editor"


def test_every_door_opens_for_exactly_its_roles() -> None:
    async def story() -> None:
        async with world(is_demo=True) as here:
            order_id = await here.deposited()
            operations = [(BASE, each) for each in described() if each is not WEBHOOK]
            operations += [("", each) for each in top_routes()]
            differing = []
            for base, operation in operations:
                path = base + litestar_path(operation.path)
                # Fresh tokens for each door: behind one of them everybody signs out everywhere.
                here.pass_time(seconds=1)
                people = {"buyer": here.buyer()} | {
                    role: here.staff(role, name=role.replace("_", "-")) for role in STAFF
                }
                for role, who in people.items():
                    _, code = await code_for(who, operation.method, path, order_id)
                    if (code not in TURNED_AWAY) != may_enter(operation, role):
                        differing.append((operation.operation, role, code))

            assert differing == []

    asyncio.run(story())


def test_a_foreign_order_does_not_exist() -> None:
    async def story() -> None:
        async with world() as here:
            order_id = await here.deposited("one")
            before = here.snapshot()
            stranger = here.buyer("two")
            about_orders = [
                each
                for each in described()
                if "{order_id}" in each.path
                and (each.access in READING or Role.BUYER in each.roles)
            ]
            assert len(about_orders) == 54
            for operation in about_orders:
                path = f"{BASE}{operation.path.replace('{order_id}', order_id)}"
                path = path.replace("{number}", "1")
                body = b"" if operation.method == "GET" else sample(operation)
                if operation.largest_upload is not None:
                    path, body = f"{path}?{urlencode(msgspec.json.decode(body))}", b"a text"
                told = await stranger.ask(
                    operation.method, path, body, headers={"idempotency-key": operation.operation}
                )
                assert (told.status, told.code) == (404, "order_unknown"), operation.operation
            assert (await stranger.get("/api/v1/orders")).json["orders"] == []
            assert here.snapshot() == before

    asyncio.run(story())


READING = {Access.READERS, Access.CONFIDANTS}
"""Doors to what a buyer may read of an own order."""

SAMPLES: dict[str, Any] = {
    "acknowledgement": {"clause_id": "terms", "text_hash": "a", "language": "en"},
    "agreed": True,
    "case_number": 1,
    "centre_id": "shanghai-meridian",
    "delivered_at": "2024-07-19T00:00:00Z",
    "demand_number": 1,
    "description": "x",
    "kind": "document",
    "outcome": "withdrawn",
    "claim": None,
    "item": "costs",
    "evidence": "invoice 12",
    "amount": {"amount": 1, "currency": "CNY"},
    "appointment": {"begins": "2024-08-01T00:00:00Z", "ends": "2024-08-01T01:00:00Z"},
    "checklist": [],
    "configuration": {"model": "s7-max", "options": []},
    "ground": "delay",
    "choice": "keep",
    "number": 1,
    "terms_hash": "unknown",
    "acknowledgements": [],
    "occurred_at": "2024-07-19T00:00:00Z",
    "origin": "chat",
    "overrides": [{"field": "cure_days", "value": 30}],
    "price": {"amount": 1, "currency": "CNY"},
    "promise_id": "spring",
    "proof": "a newspaper",
    "result": "accepted",
    "subject": "paint",
    "text": "Take a month.",
    "until": "2024-09-01T00:00:00Z",
}
"""A well-written value for every field that a buyer's command can have."""


def sample(operation: Operation) -> bytes:
    """A well-written body for a buyer's command."""
    fields = [each.name for each in msgspec.structs.fields(operation.takes) if each.required]
    return msgspec.json.encode({name: SAMPLES[name] for name in fields})


def test_staff_see_every_order_and_buyers_their_own() -> None:
    async def story() -> None:
        async with world() as here:
            one, two = await here.deposited("one"), await here.deposited("two")

            seen = {
                who: {
                    each["order_id"] for each in (await client.get("/api/v1/orders")).json["orders"]
                }
                for who, client in {
                    "one": here.buyer("one"),
                    "sales": here.staff("sales"),
                    "auditor": here.staff("auditor"),
                }.items()
            }

            assert seen == {"one": {one}, "sales": {one, two}, "auditor": {one, two}}

    asyncio.run(story())


def test_an_unknown_order_is_unknown_to_staff_too() -> None:
    async def story() -> None:
        async with world() as here:
            for order_id in ("0000000000000000", "short", "ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ", "%00"):
                told = await here.staff("sales").get(f"/api/v1/orders/{order_id}")
                assert (told.status, told.code) == (404, "order_unknown")
            told = await here.staff("planning").post(
                "/api/v1/orders/0000000000000000/ship", {"destination": "Haikou"}, "k"
            )
            assert (told.status, told.code) == (404, "order_unknown")

    asyncio.run(story())
