"""The doors as one Litestar application.

Not here: starting a server and making what stands behind the doors (`main.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import msgspec
from litestar import Litestar
from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.types import (
    HTTPScope,
    LifeSpanReceive,
    LifeSpanScope,
    LifeSpanSend,
    Receive,
    Scope,
    Send,
)

from earnest import __version__
from earnest.web import openapi
from earnest.web.api import (
    accounts,
    announcing,
    attribution,
    bulk,
    buyers,
    campaign_list,
    campaigns,
    capacity_changes,
    cases,
    centre_days,
    centres,
    codes,
    commands,
    configuring,
    contract_drafts,
    contracts,
    conversations,
    demo_clock,
    documents,
    drafting,
    endpoints,
    linting,
    matches,
    me,
    message_agreements,
    notices,
    offers,
    operations,
    order_links,
    orders,
    outcomes,
    outside_statements,
    packs,
    papers,
    passkeys,
    pauses,
    payments,
    places,
    plan_board,
    plan_runs,
    planning,
    previews,
    promises,
    proofs,
    quotes,
    reconciliation,
    reservations,
    searching,
    sights,
    signing,
    staff,
    statements,
    terms,
    timelines,
    tokens,
    trail,
    waiting_room,
    watching,
    webhooks,
    windows,
)
from earnest.web.hot import HotDoor
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.route import Asked, NoInput, Operation, Reply, Route
from earnest.web.wiring import BASE, Beyond, BeyondRoutes, wire


class Doors(Litestar):
    """The application. The two hot doors stand before Litestar's router, which costs a third."""

    hot: dict[str, HotDoor]
    hot_prefixes: tuple[tuple[str, HotDoor], ...]

    async def __call__(
        self,
        scope: Scope | LifeSpanScope,
        receive: Receive | LifeSpanReceive,
        send: Send | LifeSpanSend,
    ) -> None:
        """Answer one request."""
        if scope["type"] == ScopeType.HTTP:
            http = cast("HTTPScope", scope)
            door = self.hot_door(http["path"])
            if door is not None:
                await door(http, cast("Receive", receive), cast("Send", send))
                return
        await super().__call__(scope, receive, send)

    def hot_door(self, path: str) -> HotDoor | None:
        """The hot door at this path, if there is one."""
        door = self.hot.get(path)
        if door is not None:
            return door
        for prefix, hot in self.hot_prefixes:
            if path.startswith(prefix):
                return hot
        return None


def routes() -> list[Route[Any]]:
    """Every route below the API's base but the two hot ones, which are no Litestar handlers."""
    return [
        *offers.routes(),
        *promises.routes(),
        *documents.routes(),
        *linting.routes(),
        *drafting.routes(),
        *terms.routes(),
        *quotes.routes(),
        *outcomes.routes(),
        *orders.routes(),
        *searching.routes(),
        *timelines.routes(),
        *places.routes(),
        *watching.routes(),
        *waiting_room.routes(),
        *signing.routes(),
        *statements.routes(),
        *accounts.routes(),
        *outside_statements.routes(),
        *matches.routes(),
        *reconciliation.routes(),
        *previews.routes(),
        *windows.routes(),
        *configuring.routes(),
        *contracts.routes(),
        *contract_drafts.routes(),
        *payments.routes(),
        *commands.routes(),
        *bulk.routes(),
        *cases.routes(),
        *notices.routes(),
        *conversations.routes(),
        *message_agreements.routes(),
        *order_links.routes(),
        *packs.routes(),
        *papers.routes(),
        *buyers.routes(),
        *proofs.routes(),
        *campaign_list.routes(),
        *campaigns.routes(),
        *announcing.routes(),
        *attribution.routes(),
        *codes.routes(),
        *pauses.routes(),
        *planning.routes(),
        *staff.routes(),
        *me.routes(),
        *passkeys.routes(),
        *tokens.routes(),
        *trail.routes(),
        *sights.routes(),
        *endpoints.routes(),
        *centres.routes(),
        *centre_days.routes(),
        *capacity_changes.routes(),
        *plan_runs.routes(),
        *plan_board.routes(),
        *demo_clock.routes(),
        *operations.routes(),
        _description_route(),
    ]


def described() -> list[Operation]:
    """Every operation of the API, the hot ones included, as its description lists them."""
    return [reservations.OPERATION, *routes(), webhooks.OPERATION]


def create_app(
    house: House, pages: Sequence[HTTPRouteHandler] = (), beyond: Beyond | None = None
) -> Doors:
    """The application over a house; `pages` are further handlers of their own (site, office).

    `beyond` answers people, as pages, where there is no door; programs get problem documents.
    """
    based = [(BASE, route) for route in routes()]
    based += [("", route) for route in operations.top_routes()]
    doors = [(route.method, base + route.path) for base, route in based]
    nowhere: Any = BeyondRoutes(doors, beyond)
    app = Doors(
        route_handlers=[*(wire(route, house, base) for base, route in based), *pages],
        exception_handlers={Exception: nowhere},
        openapi_config=None,
        logging_config=None,
        # The doors count bodies themselves, while they arrive.
        request_max_body_size=None,
    )
    app.hot, app.hot_prefixes = hot_doors(house)
    return app


def hot_doors(house: House) -> tuple[dict[str, HotDoor], tuple[tuple[str, HotDoor], ...]]:
    """The two hot doors of a house, by path and by what a path begins with."""
    counts = house.counts
    reserve = HotDoor(house, "reserve", reservations.reserve, counts.reservations, counts.latencies)
    webhook = HotDoor(house, "receiveWebhook", webhooks.receive_webhook, counts.webhooks)
    return (
        {f"{BASE}{reservations.OPERATION.path}": reserve},
        ((f"{BASE}{webhooks.OPERATION.path.partition('{')[0]}", webhook),),
    )


def _description_route() -> Route[Any]:
    made: list[bytes] = []

    async def describe(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
        """The description of this API. It is made once and never differs."""
        if not made:
            whole = openapi.document(described(), base=BASE, version=__version__)
            made.append(msgspec.json.encode(whole))
        return Reply(raw=made[0], headers=[(b"cache-control", b"public, max-age=300")])

    return Route(
        method="GET",
        path="/openapi.json",
        operation="describe",
        summary="This description.",
        tag="operations",
        access=Access.PUBLIC,
        takes=NoInput,
        handler=describe,
        gives=dict[str, Any],
        is_cacheable=True,
    )
